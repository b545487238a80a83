// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TokenClock: a token bucket as a theoretical arrival time (GCRA) on model time, exact to the fraction of a nanosecond.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/units.hpp"

namespace kiriko {

/// Conforms while it is no more than the burst ahead of model time. Rate 0 means unlimited. The time is kept as
/// nanoseconds plus remainder/rate, so that over any window the octets charged are at most burst + rate × t and
/// the last packet.
class TokenClock {
 public:
  TokenClock() = default;
  TokenClock(BitsPerSecond rate, Duration burst)
      : rate_(static_cast<std::uint64_t>(rate.value)), burst_(burst) {}

  bool conforms(ModelTime now) const noexcept { return rate_ == 0 || theoretical() - now <= burst_; }
  /// When it next conforms; `now` if it does.
  ModelTime conforms_at(ModelTime now) const noexcept {
    return rate_ == 0 ? now : std::max(now, theoretical() - burst_);
  }
  /// What was not used before `time` is forgone.
  void skip_to(ModelTime time) noexcept {
    if (theoretical_ns_ >= time.ns) return;
    theoretical_ns_ = time.ns;
    remainder_ = 0;
  }
  void charge(std::uint32_t bytes) noexcept {
    if (rate_ == 0) return;
    if (bytes != cached_bytes_) {
      const std::uint64_t bit_ns = static_cast<std::uint64_t>(bytes) * 8'000'000'000ULL;
      cached_bytes_ = bytes;
      cached_ns_ = static_cast<std::int64_t>(bit_ns / rate_);
      cached_remainder_ = bit_ns % rate_;
    }
    theoretical_ns_ += cached_ns_;
    remainder_ += cached_remainder_;
    if (remainder_ >= rate_) {
      remainder_ -= rate_;
      ++theoretical_ns_;
    }
  }
  /// Changes rate and burst, keeping what was already used.
  void adjust(BitsPerSecond rate, Duration burst) noexcept {
    theoretical_ns_ = theoretical().ns;
    remainder_ = 0;
    rate_ = static_cast<std::uint64_t>(rate.value);
    burst_ = burst;
    cached_bytes_ = 0;
  }

 private:
  /// Rounded up.
  ModelTime theoretical() const noexcept { return ModelTime{theoretical_ns_ + (remainder_ != 0 ? 1 : 0)}; }

  std::uint64_t rate_{};
  Duration burst_{};
  std::int64_t theoretical_ns_{};
  std::uint64_t remainder_{};
  std::uint32_t cached_bytes_{};  ///< what the last packet's octets take: nearly all have one of a few sizes
  std::int64_t cached_ns_{};
  std::uint64_t cached_remainder_{};
};

}  // namespace kiriko
