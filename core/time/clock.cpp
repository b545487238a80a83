// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of the TSC and of the monotonic clock; sleeping.
#include "core/time/clock.hpp"

#include <rte_cycles.h>
#include <sys/prctl.h>

#include <ctime>
#include <limits>

namespace kiriko {
namespace {

constexpr std::int64_t calibration_ns = 50'000'000;

struct BothClocks {
  std::uint64_t cycles{};
  std::int64_t ns{};
};

// Of several readings the one that was interrupted least.
BothClocks read_both() noexcept {
  BothClocks best;
  std::uint64_t shortest = std::numeric_limits<std::uint64_t>::max();
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t before = rte_rdtsc();
    const std::int64_t ns = wall_ns();
    const std::uint64_t took = rte_rdtsc() - before;
    if (took >= shortest) continue;
    shortest = took;
    best = {before + took / 2, ns};
  }
  return best;
}

// Not rte_get_tsc_hz(): it is rounded to 10 MHz, which is up to 0.2 % of every delay and rate.
double measure_ns_per_cycle() noexcept {
  const BothClocks first = read_both();
  const timespec wait{0, calibration_ns};
  clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, nullptr);
  const BothClocks last = read_both();
  return static_cast<double>(last.ns - first.ns) / static_cast<double>(last.cycles - first.cycles);
}

}  // namespace

void RealClock::start() noexcept {
  static const double measured = measure_ns_per_cycle();
  ns_per_cycle_ = measured;
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

void PreciseSleep::sleep(Duration duration, std::span<pollfd> wakers) const noexcept {
  const timespec t{duration.ns / 1'000'000'000, duration.ns % 1'000'000'000};
  ppoll(wakers.data(), wakers.size(), &t, nullptr);
}

std::int64_t wall_ns() noexcept {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

}  // namespace kiriko
