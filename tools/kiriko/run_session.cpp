// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Build, run, collect: the composition of core, functions, controller and scenario.
#include "tools/kiriko/run_session.hpp"

#include <fmt/format.h>

#include "scenarios/run/collect.hpp"
#include "tools/kiriko/real_time_verdict.hpp"
#include "vnf/catalogue.hpp"

namespace kiriko {
namespace {

// DPDK keeps pools by name for the whole process.
std::string next_pool_name() {
  static std::atomic<std::uint64_t> count{0};
  return "run" + std::to_string(count.fetch_add(1));
}

Duration control_channel_delay(const Scenario& scenario) {
  return scenario.controller.get<Duration>("control_channel_delay");
}

// A run whose start was refused does not emulate what its scenario says.
void mark_refused_start(RunResult& result) {
  for (const EventRecord& event : result.events) {
    if (event.kind != "failure" || event.at > ModelTime{0}) continue;
    result.end = RunEnd::fault;
    result.fault +=
        (result.fault.empty() ? "" : "\n") + ("refused at the start: " + event.author + ": " + event.text);
  }
}

}  // namespace

std::vector<Problem> check_runnable(const Scenario& scenario) {
  std::vector<Problem> problems;
  if (scenario.run.clock == ClockKind::real_time) return problems;
  for (const ScenarioNode& node : scenario.nodes)
    if (node.kind == NodeKind::device)
      problems.push_back({.message = "a device needs the real clock",
                          .where = "devices." + node.name,
                          .found = "clock: virtual",
                          .hint = "set run.clock to real, or run with --clock real"});
  return problems;
}

Result<std::unique_ptr<RunSession>> RunSession::create(Scenario scenario, RunOptions options) {
  if (const auto problems = check_runnable(scenario); !problems.empty()) return fail(problems.front());
  auto pool = PacketPool::create(next_pool_name(), scenario.run.packets);
  if (!pool) return fail(pool.error());
  auto captures = LinkCaptures::create(scenario, options.captures);
  if (!captures) return fail(captures.error());
  auto built = build(scenario, options.functions.value_or(catalogue()), captures->taps());
  if (!built) return fail(built.error());
  return std::unique_ptr<RunSession>(new RunSession(std::move(scenario), std::move(options), std::move(*pool),
                                                    std::move(*captures), std::move(*built)));
}

RunSession::RunSession(Scenario scenario, RunOptions options, PacketPool pool, LinkCaptures captures,
                       BuiltScenario built)
    : scenario_(std::move(scenario)),
      options_(std::move(options)),
      pool_(std::move(pool)),
      captures_(std::move(captures)),
      hosts_(std::move(built.hosts)),
      emulation_(std::make_unique<Emulation>(
          Emulation::Setup{std::move(built.graph), &pool_, scenario_.run.clock, scenario_.run.workers,
                           scenario_.run.spin_window, control_channel_delay(scenario_)})) {}

RunResult RunSession::run() {
  RunResult result;
  identify(result);
  static const std::atomic<bool> never_stops{false};
  const std::atomic<bool>& stop = options_.stop == nullptr ? never_stops : *options_.stop;

  const auto schedule = make_schedule(scenario_, *emulation_, result.events);
  schedule->start();
  const std::int64_t began = wall_ns();
  const auto progress = [&](ModelTime now) {
    if (options_.progress)
      options_.progress({now, result.until, wall_ns() - began, emulation_->packet_hops()});
  };
  // What is due at the start alone: if it is refused, the rest would tell nothing.
  emulation_->run(ModelTime{0}, *schedule, stop, progress);
  mark_refused_start(result);
  if (result.end == RunEnd::complete) emulation_->run(result.until, *schedule, stop, progress);
  const std::int64_t wall = wall_ns() - began;
  schedule->stop();

  collect(scenario_, *emulation_, hosts_, result);
  if (result.ended_at < result.until && result.end == RunEnd::complete) result.end = RunEnd::interrupted;
  finish_captures(result);
  result.wall.wall_seconds = static_cast<double>(wall) * 1e-9;
  result.wall.packets_per_second =
      wall > 0 ? static_cast<double>(result.packet_hops) / result.wall.wall_seconds : 0.0;
  result.wall.speed = wall > 0 ? result.ended_at.seconds() / result.wall.wall_seconds : 0.0;
  result.wall.workers = emulation_->workers();
  measure_fidelity(result);
  return result;
}

void RunSession::finish_captures(RunResult& result) {
  const auto finished = captures_.finish(result.ended_at);
  if (finished) return;
  result.end = RunEnd::fault;
  result.fault += (result.fault.empty() ? "" : "\n") + to_string(finished.error());
}

void RunSession::identify(RunResult& result) const {
  result.scenario = scenario_.name;
  result.title = scenario_.title;
  result.description = scenario_.description;
  result.scenario_sha256 = options_.scenario_sha256;
  result.version = KIRIKO_VERSION;
  result.clock = scenario_.run.clock == ClockKind::real_time ? "real" : "virtual";
  result.file = options_.file;
  result.overrides = options_.overrides;
  result.seed = scenario_.run.seed;
  result.until_asked = options_.until.has_value();
  result.until = options_.until.value_or(ModelTime{} + scenario_.run.duration);
  result.unverified = scenario_.unverified;
}

void RunSession::measure_fidelity(RunResult& result) const {
  result.wall.tolerance = scenario_.run.tolerance;
  if (scenario_.run.clock != ClockKind::real_time) return;
  for (const ScenarioLink& link : scenario_.links) {
    for (const auto direction : {LinkDirection::forward, LinkDirection::backward}) {
      const Histogram& lateness = emulation_->lateness(link.id, direction);
      if (lateness.count() != 0)
        result.wall.links.push_back(
            {emulation_->transmit_port(link.id, direction).name(), lateness.count(), lateness});
    }
  }
  for (const GraphNode& node : emulation_->graph().nodes)
    if (node.source != nullptr)
      result.wall.devices.push_back({node.view.name, node.source->missed(), node.source->unseen()});
  judge_real_time(result.wall, emulation_->worst_lag());
}

}  // namespace kiriko
