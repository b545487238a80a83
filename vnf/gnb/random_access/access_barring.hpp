// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// AccessBarring: devices held back before their random access, by chance (TS 36.331 clause 5.3.3.11, TS 38.331 clause 5.3.14.5).
#pragma once

#include <cstdint>

#include "core/base/random.hpp"
#include "core/base/units.hpp"

namespace kiriko {

/// Access Class Barring of LTE and one access category's Unified Access Control of NR draw alike.
struct AccessBarring {
  double factor{1};  ///< probability that a draw lets a device pass: ac-BarringFactor, uac-BarringFactor
  Duration time{seconds(4)};  ///< ac-BarringTime, uac-BarringTime; mean of one wait

  constexpr bool active() const noexcept { return factor < 1; }
  /// How long a device waits in all: after each draw that fails (0.7 + 0.6 · rand) · time. A factor of 0 bars for good; this
  /// gives up counting after `most_draws`.
  Duration wait(RandomStream& draws, std::uint32_t most_draws = 1000) const noexcept {
    Duration waited{};
    for (std::uint32_t i = 0; active() && i < most_draws && !draws.chance(factor); ++i)
      waited +=
          Duration{static_cast<std::int64_t>((0.7 + 0.6 * draws.uniform()) * static_cast<double>(time.ns))};
    return waited;
  }
};

}  // namespace kiriko
