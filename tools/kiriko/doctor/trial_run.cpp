// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The trial is a scenario like any other: loaded, built, run and its ledgers checked by what `kiriko run` uses.
#include "tools/kiriko/doctor/trial_run.hpp"

#include <fmt/format.h>

#include "tools/kiriko/run_session.hpp"
#include "tools/kiriko/tables.hpp"

namespace kiriko::doctor {
namespace {

constexpr int switches = 8;
constexpr int hosts_per_switch = 4;
constexpr int hosts = switches * hosts_per_switch;
constexpr double bits_per_packet = 500 * 8;

std::string scenario_text(const TrialRun& trial) {
  const auto rate = static_cast<std::int64_t>(trial.packets_per_second * bits_per_packet / hosts) + 1;
  std::string nodes = "functions:\n  - {name: middle, function: switch}\n";
  std::string ends = "hosts:\n", links = "links:\n", traffic = "traffic:\n";
  for (int s = 0; s < switches; ++s) {
    nodes += fmt::format("  - {{name: s{}, function: switch}}\n", s);
    links += fmt::format("  - {{ends: [s{}, middle], rate: 10Gbit/s, delay: 50us}}\n", s);
  }
  for (int h = 0; h < hosts; ++h) {
    ends += fmt::format("  - {{name: h{}}}\n", h);
    links += fmt::format("  - {{ends: [h{}, s{}], rate: 10Gbit/s, delay: 50us}}\n", h, h / hosts_per_switch);
    traffic += fmt::format(
        "  - {{name: f{0}, from: h{0}, to: h{1}, model: poisson, with: {{rate: {2}bit/s, size: 500 B}}}}\n",
        h, (h + hosts / 2) % hosts, rate);
  }
  return fmt::format("name: doctor\nrun: {{duration: 1h, packets: {}}}\n", trial_packets) + ends + nodes +
         links + traffic;
}

}  // namespace

Result<TrialResult> run_trial(const TrialRun& trial) {
  LoadResult loaded = load({.text = scenario_text(trial), .file_name = "trial"}, load_tables());
  if (!loaded.ok()) return fail(loaded.problems.front());
  loaded.scenario.run.clock = trial.clock;
  loaded.scenario.run.workers = trial.workers;

  TrialResult out;
  std::atomic<bool> stop{false};
  RunProgress last;
  RunOptions options;
  options.stop = &stop;
  if (trial.clock == ClockKind::real_time) options.until = ModelTime{} + trial.wall;
  options.progress = [&](const RunProgress& now) {
    const double wall = static_cast<double>(now.wall_ns - last.wall_ns) * 1e-9;
    if (last.wall_ns > 0 && wall > 0)
      out.rates.push_back(static_cast<double>(now.packet_hops - last.packet_hops) / wall);
    last = now;
    if (trial.clock == ClockKind::virtual_time && now.wall_ns >= trial.wall.ns) stop = true;
  };
  auto session = RunSession::create(std::move(loaded.scenario), std::move(options));
  if (!session) return fail(session.error());
  const RunResult result = (*session)->run();
  if (result.end == RunEnd::fault) return fail({.message = "the trial run failed", .found = result.fault});
  out.packet_hops_per_second = result.wall.packets_per_second;
  for (const LinkFidelity& link : result.wall.links) out.lateness.merge(link.lateness);
  return out;
}

}  // namespace kiriko::doctor
