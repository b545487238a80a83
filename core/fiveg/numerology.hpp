// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NR numerologies (TS 38.211 clause 4) and transmission bandwidths (TS 38.101-1 and -2 Table 5.3.2-1).
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/units.hpp"

namespace kiriko {

enum class FrequencyRange : std::uint8_t { fr1, fr2 };

std::string_view to_string(FrequencyRange range);

inline constexpr int subcarriers_per_resource_block = 12;  ///< TS 38.211 clause 4.4.4.1
inline constexpr int symbols_per_slot = 14;                ///< normal cyclic prefix, TS 38.211 Table 4.3.2-1

/// Subcarrier spacing 15·2^µ kHz (TS 38.211 Tables 4.2-1 and 4.3.2-1), normal cyclic prefix.
class Numerology {
 public:
  static constexpr int highest_mu = 6;

  constexpr Numerology() = default;
  static Result<Numerology> from_mu(int mu);
  /// 15, 30, 60, 120, 240, 480 or 960.
  static Result<Numerology> from_subcarrier_spacing_khz(int khz);

  constexpr int mu() const noexcept { return mu_; }
  constexpr int subcarrier_spacing_khz() const noexcept { return 15 << mu_; }
  /// 1 ms / 2^µ, a whole number of nanoseconds for every µ.
  constexpr Duration slot_duration() const noexcept { return Duration{1'000'000 >> mu_}; }
  constexpr int slots_per_subframe() const noexcept { return 1 << mu_; }
  constexpr int slots_per_frame() const noexcept { return 10 << mu_; }
  /// From the slot's start to its `symbol`-th symbol's (0 to 14), rounded down; symbols taken as equally long.
  constexpr Duration symbol_offset(int symbol) const noexcept {
    return Duration{slot_duration().ns * symbol / symbols_per_slot};
  }
  /// Extended cyclic prefix exists for µ = 2 only (TS 38.211 Table 4.2-1).
  constexpr bool has_extended_cyclic_prefix() const noexcept { return mu_ == 2; }

  friend constexpr auto operator<=>(const Numerology&, const Numerology&) = default;

 private:
  constexpr explicit Numerology(int mu) : mu_(mu) {}
  int mu_{1};
};

/// N_RB of a carrier; a Problem for a combination the tables leave empty, naming the allowed bandwidths.
Result<int> resource_blocks(FrequencyRange range, Numerology numerology, int bandwidth_mhz);

}  // namespace kiriko
