// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A run's result made by hand: two slices, three groups, a burst, a missed KPI, hostile names on request.
#pragma once

#include <algorithm>
#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko::test {

inline constexpr const char* hostile_name = "<script>alert(\"x\")</script>&'\x01\xff";

inline FlowResult sample_flow(const std::string& name, const std::string& group, const std::string& slice,
                              std::int64_t base_ns, std::uint64_t per_second) {
  FlowResult flow;
  flow.name = name;
  flow.group = group;
  flow.slice = slice;
  flow.source = "truck1";
  flow.destination = "edge";
  flow.model = "periodic";
  for (std::size_t s = 0; s < 60; ++s) {
    const bool burst = s >= 20 && s < 35;
    FlowSecond second;
    second.sent = per_second;
    second.received = burst ? per_second * 9 / 10 : per_second;
    second.received_bytes = second.received * 300;
    for (std::uint64_t i = 0; i < second.received; ++i) {
      const auto delay = base_ns + static_cast<std::int64_t>((i * 7919 + s * 104729) % 1000) * base_ns /
                                       2000 * (burst ? 8 : 1);
      flow.tally.delay.record(delay);
      flow.tally.jitter.record(delay / 10);
      second.delay_sum_ns += delay;
      second.delay_max_ns = std::max(second.delay_max_ns, delay);
    }
    flow.tally.sent += second.sent;
    flow.tally.sent_bytes += second.sent * 300;
    flow.tally.received += second.received;
    flow.tally.received_bytes += second.received_bytes;
    flow.seconds.push_back(second);
  }
  flow.tally.longest_gap = milliseconds(120);
  flow.windows = {flow.tally};
  flow.drops = {{"queue_full @ s1 → s2", flow.tally.lost()}};
  return flow;
}

inline RunResult sample_result() {
  RunResult result;
  result.scenario = "platoon";
  result.title = "Three platoons on a ring";
  result.description =
      "Nine trucks in three platoons, an edge site, an access ring and a background load that grows tenfold.";
  result.scenario_sha256 = std::string(64, 'a');
  result.version = "0.1.0";
  result.clock = "virtual";
  result.file = "scenarios/trials/transport platoon.yaml";
  result.overrides = {"controller.policy=static"};
  result.seed = 7;
  result.until = result.ended_at = ModelTime{seconds(60).ns};
  result.windows = {MeasureWindow{}};
  result.flows = {sample_flow("control1", "platoon_control", "v2x", 2'000'000, 270),
                  sample_flow("control2", "platoon_control", "v2x", 2'500'000, 270),
                  sample_flow("video1", "sensor_sharing", "v2x", 5'000'000, 400),
                  sample_flow("web1", "background", "embb", 18'000'000, 900)};
  for (int i = 1; i <= 6; ++i) {
    LinkDirectionResult link;
    link.link = "s" + std::to_string(i) + " → s" + std::to_string(i % 6 + 1);
    link.packets = 100000;
    link.bytes = 50'000'000;
    link.dropped = static_cast<std::uint64_t>(i) * 10;
    link.utilisation = 0.15 * i;
    link.queueing.record(1000 * i, 1000);
    link.queueing.record(90000 * i, 3);
    link.seconds_mbit_s.assign(60, 12.5 * i);
    result.links.push_back(link);
  }
  NodeResult node;
  node.name = "s1";
  node.kind = "switch";
  node.ledger.in = node.ledger.out = 1000;
  node.metrics = {{"forwarded", 1000}};
  result.nodes = {node};
  result.events = {
      {ModelTime{0}, "change", "controller.routing", "routes at the start [SetForwarding x6]", 0},
      {ModelTime{seconds(10).ns}, "timeline", "timeline", "the ring is cut between s1 and s2", 4},
      {ModelTime{milliseconds(10'011).ns}, "change", "controller.routing",
       "link ring1 down [SetForwarding x6]", 0},
      {ModelTime{seconds(20).ns}, "timeline", "timeline", "background load x10", 0},
      {ModelTime{seconds(21).ns}, "timeline", "timeline", "edge UPF fails", 12},
      {ModelTime{seconds(35).ns}, "timeline", "timeline", "background load back to normal", 0},
      {ModelTime{seconds(50).ns}, "note", "timeline", "all repaired", 0}};
  KpiResult met{.name = "platoon control delay",
                .metric = "delay",
                .scope = "group:platoon_control",
                .statistic = "p99.99",
                .comparison = "<=",
                .source = "TS 22.186 R.5.2-006",
                .threshold = 2e7,
                .measured = 1.23456e7,
                .unit = "ns",
                .samples = 31590,
                .met = true,
                .enough_samples = true,
                .window = {},
                .note = ""};
  KpiResult missed{.name = "background loss",
                   .metric = "loss_ratio",
                   .scope = "group:background",
                   .statistic = "ratio",
                   .comparison = "<=",
                   .source = "expert's guess",
                   .threshold = 0.01,
                   .measured = 0.025,
                   .unit = "",
                   .samples = 54000,
                   .met = false,
                   .enough_samples = false,
                   .window = {ModelTime{seconds(20).ns}, ModelTime{seconds(35).ns}},
                   .note = "few samples"};
  result.kpis = {met, missed};
  result.ledger.created = 110400;
  result.ledger.consumed = 107640;
  result.ledger.dropped[static_cast<std::size_t>(DropReason::queue_full)] = 2760;
  result.packet_hops = 4'123'456;
  result.unverified = {"background: scale of the burst (expert's guess)"};
  result.wall.wall_seconds = 1.5;
  result.wall.speed = 40;
  return result;
}

/// The sample with every name replaced by one that means harm to HTML, XML, JSON and terminals.
inline RunResult hostile_result() {
  RunResult result = sample_result();
  result.title = result.description = result.file = hostile_name;
  for (FlowResult& flow : result.flows) {
    flow.name = flow.group = flow.slice = hostile_name;
    flow.drops = {{std::string("queue_full @ ") + hostile_name, 3}};
  }
  for (auto& link : result.links) link.link = hostile_name;
  for (auto& node : result.nodes) node.name = node.kind = hostile_name;
  for (auto& event : result.events) event.text = event.author = hostile_name;
  for (auto& event : result.events) event.kind = "failure";
  for (auto& kpi : result.kpis) kpi.name = kpi.scope = kpi.source = kpi.note = hostile_name;
  result.unverified = result.overrides = {hostile_name};
  return result;
}

}  // namespace kiriko::test
