// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Transmitter: serialisation at a rate, exact to the fraction of a nanosecond over any number of packets.
#pragma once

#include <cstdint>

#include "core/base/units.hpp"

namespace kiriko {

/// Keeps when the line is free as nanoseconds plus remainder/rate, so that back-to-back packets add no
/// rounding error however fast the link: start = max(ready, free), end = start + bits / rate.
class Transmitter {
 public:
  struct Times {
    ModelTime start;  ///< first bit
    ModelTime end;    ///< last bit, rounded up
  };

  void set_rate(BitsPerSecond rate) noexcept {
    rate_ = static_cast<std::uint64_t>(rate.value);
    remainder_ = 0;
    cached_bytes_ = 0;
    cached_ns_ = 0;
    cached_remainder_ = 0;
  }

  bool unlimited() const noexcept { return rate_ == 0; }

  Times send(ModelTime ready, std::uint32_t bytes) noexcept {
    if (rate_ == 0) return {ready, ready};
    if (free_ns_ < ready.ns) {
      free_ns_ = ready.ns;
      remainder_ = 0;
    }
    const ModelTime start = free_at();
    if (bytes != cached_bytes_) measure(bytes);
    free_ns_ += cached_ns_;
    remainder_ += cached_remainder_;
    if (remainder_ >= rate_) {
      remainder_ -= rate_;
      ++free_ns_;
    }
    return {start, ModelTime{free_ns_ + (remainder_ != 0 ? 1 : 0)}};
  }

  /// As send(), of a packet that starts at once, for free_at() is not later; its last bit. Without a rate it takes no time.
  ModelTime send_when_free(ModelTime ready, std::uint32_t bytes) noexcept {
    if (bytes != cached_bytes_) measure(bytes);
    free_ns_ = ready.ns + cached_ns_;
    remainder_ = cached_remainder_;
    return free_at();
  }

  /// When a packet that is ready now could start.
  ModelTime free_at() const noexcept { return ModelTime{free_ns_ + (remainder_ != 0 ? 1 : 0)}; }
  /// Forgets what was planned past `now`: the next packet starts then at the earliest.
  void replan_from(ModelTime now) noexcept {
    free_ns_ = now.ns;
    remainder_ = 0;
  }

 private:
  void measure(std::uint32_t bytes) noexcept {
    cached_bytes_ = bytes;
    if (rate_ == 0) return;
    const std::uint64_t bit_ns = static_cast<std::uint64_t>(bytes) * 8'000'000'000ULL;
    cached_ns_ = static_cast<std::int64_t>(bit_ns / rate_);
    cached_remainder_ = bit_ns % rate_;
  }

  std::uint64_t rate_{};
  std::int64_t free_ns_{};
  std::uint64_t remainder_{};
  std::uint32_t cached_bytes_{};
  std::int64_t cached_ns_{};
  std::uint64_t cached_remainder_{};
};

}  // namespace kiriko
