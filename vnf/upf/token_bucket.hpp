// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TokenBucket: exact policing on model time, in integers of bit/s × ns.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/units.hpp"

namespace kiriko::upf {

/// One QER in one direction. A token is 1e-9 bit, so that rate [bit/s] × elapsed [ns] needs no division and
/// nothing is rounded: over any span t the octets passed are at most depth + rate × t, to the bit.
class TokenBucket {
 public:
  static constexpr std::int64_t tokens_per_octet = 8'000'000'000;
  static constexpr Bytes least_depth{2000};  ///< one packet of any usual MTU always fits
  static constexpr Bytes greatest_depth{500'000'000};

  TokenBucket() = default;
  /// Full at `now`. Rate 0: unlimited.
  TokenBucket(BitsPerSecond rate, Duration burst, ModelTime now) noexcept {
    set(rate, burst, now);
    tokens_ = depth_;
  }

  /// Another rate from `now` on; tokens stay, cut to the new depth. From "unlimited" it starts full.
  void set(BitsPerSecond rate, Duration burst, ModelTime now) noexcept {
    const bool was_unlimited = rate_ == 0;
    refill(now);
    rate_ = std::max<std::int64_t>(rate.value, 0);
    const __int128 depth = static_cast<__int128>(rate_) * std::max<std::int64_t>(burst.ns, 0);
    depth_ =
        static_cast<std::int64_t>(std::clamp<__int128>(depth, __int128{least_depth.count} * tokens_per_octet,
                                                       __int128{greatest_depth.count} * tokens_per_octet));
    tokens_ = was_unlimited ? depth_ : std::min(tokens_, depth_);
    last_ = now;
  }
  /// Whether `octets` may pass at `now`; takes nothing.
  bool conforms(std::uint32_t octets, ModelTime now) noexcept {
    if (rate_ == 0) return true;
    refill(now);
    return tokens_ >= static_cast<std::int64_t>(octets) * tokens_per_octet;
  }
  /// After conforms() at the same instant.
  void take(std::uint32_t octets) noexcept {
    if (rate_ != 0) tokens_ -= static_cast<std::int64_t>(octets) * tokens_per_octet;
  }
  /// Both at once.
  bool try_take(std::uint32_t octets, ModelTime now) noexcept {
    if (rate_ == 0) {
      last_ = now;
      return true;
    }
    refill(now);
    const std::int64_t left = tokens_ - static_cast<std::int64_t>(octets) * tokens_per_octet;
    if (left < 0) return false;
    tokens_ = left;
    return true;
  }
  /// When it was asked last (or, of a bucket with a rate, set).
  ModelTime last() const noexcept { return last_; }
  BitsPerSecond rate() const noexcept { return BitsPerSecond{rate_}; }
  Bytes depth() const noexcept { return Bytes{depth_ / tokens_per_octet}; }

 private:
  void refill(ModelTime now) noexcept {
    if (now <= last_) return;
    // None of them is negative.
    std::uint64_t gained;
    const bool full = __builtin_mul_overflow(static_cast<std::uint64_t>(now.ns - last_.ns),
                                             static_cast<std::uint64_t>(rate_), &gained) ||
                      __builtin_add_overflow(gained, static_cast<std::uint64_t>(tokens_), &gained);
    last_ = now;
    tokens_ = full ? depth_ : static_cast<std::int64_t>(std::min(gained, static_cast<std::uint64_t>(depth_)));
  }

  std::int64_t tokens_{};
  ModelTime last_{};
  std::int64_t rate_{};
  std::int64_t depth_{};
};
static_assert(sizeof(TokenBucket) == 32);

}  // namespace kiriko::upf
