// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The worst link and every device that failed, in one sentence each.
#include "tools/kiriko/real_time_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/report/figure_text.hpp"

namespace kiriko {
namespace {

constexpr double judged_quantile = 0.99;

Duration p99(const Histogram& late) { return Duration{late.quantile(judged_quantile)}; }

void add(WallFacts& facts, const std::string& reason) {
  facts.valid = false;
  facts.invalid_because += (facts.invalid_because.empty() ? "" : "; ") + reason;
}

void judge_device(WallFacts& facts, const DeviceFidelity& device) {
  if (const Duration unseen = p99(device.unseen); unseen > facts.tolerance)
    add(facts,
        fmt::format(
            "device {}: 99 % of the frames must be seen at most {} after they came, but p99 is up to {}",
            device.device, to_string(facts.tolerance), delay_text(static_cast<double>(unseen.ns))));
  const std::uint64_t came = device.unseen.count() + device.missed;
  if (static_cast<double>(device.missed) > static_cast<double>(came) * (1 - judged_quantile))
    add(facts, fmt::format("device {}: {} of {} frames were lost before they could be taken", device.device,
                           device.missed, came));
}

}  // namespace

void judge_real_time(WallFacts& facts, Emulation::Lag worst_lag) {
  const auto worst =
      std::max_element(facts.links.begin(), facts.links.end(),
                       [](const auto& a, const auto& b) { return p99(a.lateness) < p99(b.lateness); });
  if (worst != facts.links.end() && p99(worst->lateness) > facts.tolerance)
    add(facts,
        fmt::format(
            "{}: 99 % of the packets must be at most {} late, but p99 is {}; furthest behind the clock by {} "
            "at {:.3f} s",
            worst->link, to_string(facts.tolerance), delay_text(static_cast<double>(p99(worst->lateness).ns)),
            delay_text(static_cast<double>(worst_lag.by.ns)), worst_lag.at.seconds()));
  for (const DeviceFidelity& device : facts.devices) judge_device(facts, device);
}

}  // namespace kiriko
