// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of the TSC and of the monotonic clock; sleeping.
#include "core/time/clock.hpp"

#include <rte_cycles.h>
#include <sys/prctl.h>

#include <ctime>

namespace kiriko {

void RealClock::start() noexcept {
  ns_per_cycle_ = 1e9 / static_cast<double>(rte_get_tsc_hz());
  origin_ = rte_rdtsc();
}

ModelTime RealClock::now() const noexcept {
  return ModelTime{static_cast<std::int64_t>(static_cast<double>(rte_rdtsc() - origin_) * ns_per_cycle_)};
}

PreciseSleep::PreciseSleep() noexcept : slack_before_(prctl(PR_GET_TIMERSLACK)) {
  prctl(PR_SET_TIMERSLACK, 1000UL);
}

PreciseSleep::~PreciseSleep() {
  if (slack_before_ > 0) prctl(PR_SET_TIMERSLACK, static_cast<unsigned long>(slack_before_));
}

void PreciseSleep::sleep(Duration duration) const noexcept {
  const timespec t{duration.ns / 1'000'000'000, duration.ns % 1'000'000'000};
  clock_nanosleep(CLOCK_MONOTONIC, 0, &t, nullptr);
}

std::int64_t wall_ns() noexcept {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

}  // namespace kiriko
