// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PolicingBucket: an exact token bucket on model time, the same decisions as GCRA (ITU-T I.371) makes.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/base/units.hpp"

namespace kiriko {

/// What a bucket fills with and up to. Rate 0: no limit.
struct TokenRate {
  BitsPerSecond rate{};
  Bytes burst{};
  friend bool operator==(const TokenRate&, const TokenRate&) = default;

  static constexpr std::int64_t largest_burst = 1'000'000'000;  ///< octets; a full bucket fits 63 bits
  constexpr std::int64_t depth() const noexcept { return burst.count * 8 * 1'000'000'000; }
};

/// Counts in 1e-9 bit, so that a rate in bit/s times nanoseconds is whole: nothing is ever rounded.
class PolicingBucket {
 public:
  PolicingBucket() = default;
  explicit PolicingBucket(const TokenRate& rate, ModelTime now = ModelTime{}) noexcept
      : level_(rate.depth()), filled_(now) {}

  /// Takes the packet's tokens if there are enough; else takes none.
  bool take(const TokenRate& rate, Bytes size, ModelTime now) noexcept {
    if (rate.rate.value == 0) return true;
    fill(rate, now);
    const std::int64_t need = size.count * 8 * 1'000'000'000;
    if (need > level_) return false;
    level_ -= need;
    return true;
  }
  void fill(const TokenRate& rate, ModelTime now) noexcept {
    if (now <= filled_) return;
    const auto added = static_cast<__int128>(rate.rate.value) * (now - filled_).ns;
    level_ = static_cast<std::int64_t>(std::min<__int128>(level_ + added, rate.depth()));
    filled_ = now;
  }
  bool full(const TokenRate& rate) const noexcept { return level_ == rate.depth(); }
  /// Counts what has come in by `old` until now; the level never exceeds the new depth.
  void change(const TokenRate& old, const TokenRate& next, ModelTime now) noexcept {
    fill(old, now);
    filled_ = now;
    // Without a limit until now there was nothing to use up.
    level_ = old.rate.value == 0 ? next.depth() : std::min(level_, next.depth());
  }

 private:
  std::int64_t level_{};
  ModelTime filled_{};
};

}  // namespace kiriko
