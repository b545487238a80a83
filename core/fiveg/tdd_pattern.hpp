// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TddPattern: which symbols of which slot are downlink and uplink (TS 38.213 clause 11.1), or FDD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/fiveg/numerology.hpp"

namespace kiriko {

/// A period of slots: D downlink, U uplink, S special. In FDD every slot is both.
class TddPattern {
 public:
  static constexpr std::size_t longest = 640;  ///< 10 ms at 960 kHz

  /// FDD.
  TddPattern() = default;
  /// "DDDSU" or "FDD"; `special_symbols` splits a special slot into downlink, guard and uplink symbols and
  /// must sum to 14. S needs a guard of at least one symbol.
  static Result<TddPattern> parse(std::string_view slots, std::string_view special_symbols = "10:2:2");

  bool is_fdd() const noexcept { return slots_.empty(); }
  /// 1 for FDD.
  std::size_t period() const noexcept { return is_fdd() ? 1 : slots_.size(); }

  /// Symbols (0 to 14) of the slot with this number since time 0.
  int downlink_symbols(std::uint64_t slot) const noexcept { return symbols(slot, 'U', special_downlink_); }
  int uplink_symbols(std::uint64_t slot) const noexcept { return symbols(slot, 'D', special_uplink_); }
  /// Whether the slot has any downlink (uplink) symbol: a special slot may have both.
  bool is_downlink(std::uint64_t slot) const noexcept { return downlink_symbols(slot) > 0; }
  bool is_uplink(std::uint64_t slot) const noexcept { return uplink_symbols(slot) > 0; }
  bool is_special(std::uint64_t slot) const noexcept {
    return !is_fdd() && slots_[slot % slots_.size()] == 'S';
  }

  /// 0 to 1 of one slot's symbols.
  double downlink_fraction(std::uint64_t slot) const noexcept {
    return static_cast<double>(downlink_symbols(slot)) / symbols_per_slot;
  }
  double uplink_fraction(std::uint64_t slot) const noexcept {
    return static_cast<double>(uplink_symbols(slot)) / symbols_per_slot;
  }
  /// 0 to 1 of a period's symbols.
  double downlink_share() const noexcept;
  double uplink_share() const noexcept;

  std::string special_symbols() const;
  friend bool operator==(const TddPattern&, const TddPattern&) = default;
  friend std::string to_string(const TddPattern& pattern) {
    return pattern.is_fdd() ? "FDD" : pattern.slots_;
  }

 private:
  int symbols(std::uint64_t slot, char without, int of_special) const noexcept {
    if (is_fdd()) return symbols_per_slot;
    const char kind = slots_[slot % slots_.size()];
    return kind == 'S' ? of_special : kind == without ? 0 : symbols_per_slot;
  }

  std::string slots_;
  int special_downlink_{10};
  int special_uplink_{2};
};

}  // namespace kiriko
