// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From figures to what may be promised.
#include "tools/kiriko/doctor/advice.hpp"

#include <algorithm>

namespace kiriko::doctor {
namespace {

// Below this a second worker is not worth its CPU.
constexpr double worthwhile_gain = 1.2;
// Packets that come this much later under load than without are more than the machine can keep in time.
constexpr std::int64_t bearable_growth = 10;
constexpr Duration always_bearable = milliseconds(1);
constexpr Duration least_tolerance = microseconds(10);
constexpr Duration greatest_tolerance = seconds(3600);

}  // namespace

Duration tolerance_for(Duration p99) {
  const Duration wanted = std::min(p99, greatest_tolerance / 2) * 2;
  for (Duration step = least_tolerance; step < greatest_tolerance; step = step * 10)
    for (const std::int64_t factor : {1, 2, 5})
      if (step * factor >= wanted) return std::min(step * factor, greatest_tolerance);
  return greatest_tolerance;
}

Advice advise(const Measures& measures) {
  Advice out;
  out.virtual_rate = measures.one_worker.low;
  if (measures.two_workers && measures.two_workers->low > measures.one_worker.low * worthwhile_gain)
    out.workers = 2;
  const Duration light = measures.light.worst_p99, loaded = measures.loaded.worst_p99;
  out.real_rate_is_tried = loaded <= std::max(always_bearable, light * bearable_growth);
  out.real_rate =
      out.real_rate_is_tried ? measures.loaded.packet_hops_per_second : measures.light.packet_hops_per_second;
  out.tolerance = tolerance_for(out.real_rate_is_tried ? std::max(light, loaded) : light);
  return out;
}

}  // namespace kiriko::doctor
