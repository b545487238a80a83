// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Clocks that set the horizon: virtual time (as far as events go) and real time (the TSC now).
#pragma once

#include <poll.h>

#include <cstdint>
#include <span>

#include "core/base/units.hpp"

namespace kiriko {

enum class ClockKind : std::uint8_t { virtual_time, real_time };

/// Model time read off the TSC: nanoseconds since start(). One instance a run. The first start of a process takes
/// 50 ms to hold the TSC against the monotonic clock.
class RealClock {
 public:
  void start() noexcept;
  ModelTime now() const noexcept;

 private:
  std::uint64_t origin_{};
  double ns_per_cycle_{};
};

/// Lets a thread that waits for the real clock sleep, with a timer of microseconds (Linux gives 50 µs of slack
/// otherwise) for as long as the object lives.
class PreciseSleep {
 public:
  PreciseSleep() noexcept;
  ~PreciseSleep();
  PreciseSleep(const PreciseSleep&) = delete;
  PreciseSleep& operator=(const PreciseSleep&) = delete;
  void sleep(Duration duration) const noexcept;
  /// Ends early when one of the descriptors turns readable.
  void sleep(Duration duration, std::span<pollfd> wakers) const noexcept;

 private:
  long slack_before_;
};

/// Wall time for progress and costs only; it never enters the model.
std::int64_t wall_ns() noexcept;

}  // namespace kiriko
