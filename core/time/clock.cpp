// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of the TSC and of the monotonic clock.
#include "core/time/clock.hpp"

#include <rte_cycles.h>

#include <ctime>

namespace kiriko {

void RealClock::start() noexcept {
  ns_per_cycle_ = 1e9 / static_cast<double>(rte_get_tsc_hz());
  origin_ = rte_rdtsc();
}

ModelTime RealClock::now() const noexcept {
  return ModelTime{static_cast<std::int64_t>(static_cast<double>(rte_rdtsc() - origin_) * ns_per_cycle_)};
}

std::int64_t wall_ns() noexcept {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

}  // namespace kiriko
