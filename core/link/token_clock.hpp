// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TokenClock: a token bucket as a theoretical arrival time (GCRA), in 1/1024 ns, on model time.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/units.hpp"

namespace kiriko {

/// Conforms while it is no more than the burst ahead of model time. Rate 0 means unlimited.
class TokenClock {
 public:
  TokenClock() = default;
  TokenClock(BitsPerSecond rate, Duration burst) : rate_(rate.value), burst_(burst.ns * scale) {}

  bool unlimited() const noexcept { return rate_ == 0; }
  bool conforms(ModelTime now) const noexcept {
    return rate_ == 0 || theoretical_ - now.ns * scale <= burst_;
  }
  /// When it next conforms; `now` if it does.
  ModelTime conforms_at(ModelTime now) const noexcept {
    if (conforms(now)) return now;
    return ModelTime{(theoretical_ - burst_ + scale - 1) / scale};
  }
  void charge(ModelTime now, std::uint32_t bytes) noexcept {
    if (rate_ == 0) return;
    const auto cost = static_cast<__int128>(bytes) * 8 * 1'000'000'000 * scale / rate_;
    theoretical_ = std::max(theoretical_, now.ns * scale) + static_cast<std::int64_t>(cost);
  }
  /// Changes rate and burst, keeping what was already used.
  void adjust(BitsPerSecond rate, Duration burst) noexcept {
    rate_ = rate.value;
    burst_ = burst.ns * scale;
  }

 private:
  static constexpr std::int64_t scale = 1024;
  std::int64_t rate_{};
  std::int64_t burst_{};
  std::int64_t theoretical_{};
};

}  // namespace kiriko
