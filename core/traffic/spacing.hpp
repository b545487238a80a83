// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Spacing: gaps between packets at a rate, in whole nanoseconds without drift.
#pragma once

#include <cstdint>

#include "core/base/units.hpp"

namespace kiriko {

/// The sum of n gaps is the exact time of n sizes at the rate, rounded down. No gaps at rate 0.
class Spacing {
 public:
  Spacing() = default;
  explicit Spacing(BitsPerSecond rate) noexcept : rate_(rate.value) {}

  /// The time that `bytes` take.
  Duration gap(std::uint32_t bytes) noexcept {
    if (rate_ <= 0) return Duration{0};
    const __int128 work = static_cast<__int128>(bytes) * 8'000'000'000 + carry_;
    carry_ = static_cast<std::int64_t>(work % rate_);
    return Duration{static_cast<std::int64_t>(work / rate_)};
  }

 private:
  std::int64_t rate_{0};
  std::int64_t carry_{0};
};

}  // namespace kiriko
