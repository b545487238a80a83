// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Both ends of a flow and the drops between them, put together.
#include "scenarios/run/collect.hpp"

#include <algorithm>
#include <cmath>

namespace kiriko {
namespace {

std::uint64_t dropped_in_window(const Emulation& emulation, FlowId flow, std::size_t window) {
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < emulation.graph().nodes.size(); ++i)
    sum += emulation.node_drops(NodeId{i}).count_in_window(flow, window);
  for (std::uint32_t i = 0; i < emulation.graph().links.size(); ++i)
    for (const auto direction : {LinkDirection::forward, LinkDirection::backward})
      sum += emulation.link_drops(LinkId{i}, direction).count_in_window(flow, window);
  return sum;
}

void add_drops(const DropAccount& account, const std::string& place, FlowId flow, FlowResult& result) {
  for (std::size_t r = 0; r < drop_reason_count; ++r) {
    const auto count = account.count(flow, static_cast<DropReason>(r));
    if (count != 0) result.drops.emplace_back(std::string(drop_reason_texts[r].name) + " @ " + place, count);
  }
}

FlowResult flow_result(const Scenario& scenario, const Emulation& emulation, const ScenarioFlow& flow) {
  const FlowSpec& spec = flow.spec;
  FlowResult out;
  out.name = spec.name;
  out.group = spec.group;
  out.source = scenario.nodes[spec.source.value].name;
  out.destination = scenario.nodes[spec.destination.value].name;
  out.slice = spec.slice == no_slice ? "" : scenario.slices[spec.slice.value].name;
  out.model = spec.model;
  for (std::uint32_t i = 0; i < emulation.graph().nodes.size(); ++i)
    add_drops(emulation.node_drops(NodeId{i}), scenario.nodes[i].name, spec.id, out);
  for (std::uint32_t i = 0; i < emulation.graph().links.size(); ++i)
    for (const auto direction : {LinkDirection::forward, LinkDirection::backward})
      add_drops(emulation.link_drops(LinkId{i}, direction),
                emulation.transmit_port(LinkId{i}, direction).name(), spec.id, out);
  return out;
}

// A packet neither received nor dropped nor never made is still on its way. A closed loop makes good what was dropped.
void settle(FlowTally& tally, std::uint64_t dropped, bool closed_loop) {
  tally.close_gaps();
  dropped += tally.unmade;
  const std::uint64_t missing = tally.sent > tally.received ? tally.sent - tally.received : 0;
  tally.held_at_end = closed_loop ? missing : missing - std::min(missing, dropped);
}

void merge_seconds(std::vector<FlowSecond>& into, const std::vector<FlowSecond>& from) {
  if (into.size() < from.size()) into.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    into[i].sent += from[i].sent;
    into[i].received += from[i].received;
    into[i].received_bytes += from[i].received_bytes;
    into[i].delay_sum_ns += from[i].delay_sum_ns;
    into[i].delay_max_ns = std::max(into[i].delay_max_ns, from[i].delay_max_ns);
  }
}

void collect_flows(const Scenario& scenario, const Emulation& emulation, const std::vector<Host*>& hosts,
                   RunResult& result) {
  for (const ScenarioFlow& flow : scenario.flows) {
    FlowResult& out = result.flows.emplace_back(flow_result(scenario, emulation, flow));
    out.windows.resize(scenario.windows.size());
  }
  for (const Host* host : hosts) {
    if (host == nullptr) continue;
    for (const auto& ends : {host->sent(), host->received()}) {
      for (const FlowEndMeasure& end : ends) {
        FlowResult& out = result.flows[end.flow.value];
        for (std::size_t w = 0; w < end.tallies.size(); ++w) out.windows[w].merge(end.tallies[w]);
        merge_seconds(out.seconds, end.seconds);
      }
    }
  }
  for (std::uint32_t i = 0; i < result.flows.size(); ++i) {
    FlowResult& out = result.flows[i];
    for (std::size_t w = 0; w < out.windows.size(); ++w)
      settle(out.windows[w], dropped_in_window(emulation, FlowId{i}, w), out.model == "tcp");
    if (!out.windows.empty()) out.tally = out.windows.front();
    if (out.tally.unmade != 0)
      out.drops.emplace_back(std::string(name_of(DropReason::pool_exhausted)) + " @ " + out.source,
                             out.tally.unmade);
  }
}

void collect_links(const Emulation& emulation, RunResult& result) {
  const double seconds = result.ended_at.seconds();
  for (std::uint32_t i = 0; i < emulation.graph().links.size(); ++i) {
    for (const auto direction : {LinkDirection::forward, LinkDirection::backward}) {
      const LinkTransmitPort& port = emulation.transmit_port(LinkId{i}, direction);
      const LinkTransmitPort::Carried carried = port.carried_by(result.ended_at);
      LinkDirectionResult& out = result.links.emplace_back();
      out.link = port.name();
      out.packets = carried.packets;
      out.bytes = carried.bytes;
      out.dropped = port.ledger().dropped_total();
      out.queueing = port.queueing();
      if (port.properties().rate.value > 0 && seconds > 0)
        out.utilisation = carried.wire_bits / (static_cast<double>(port.properties().rate.value) * seconds);
      const auto begun = static_cast<std::size_t>(std::ceil(seconds));
      for (const std::uint64_t bytes : port.bytes_by_second())
        if (out.seconds_mbit_s.size() < begun)
          out.seconds_mbit_s.push_back(static_cast<double>(bytes) * 8e-6);
    }
  }
}

void collect_nodes(const Scenario& scenario, const Emulation& emulation, RunResult& result) {
  for (const ScenarioNode& node : scenario.nodes) {
    const EngineNode& made = emulation.node(node.id);
    Report report;
    made.function().report(report);
    NodeResult& out = result.nodes.emplace_back();
    out.name = node.name;
    switch (node.kind) {
      case NodeKind::host: out.kind = "host"; break;
      case NodeKind::ue: out.kind = "ue"; break;
      case NodeKind::function: out.kind = node.function; break;
      case NodeKind::device: out.kind = "device " + node.function; break;
    }
    out.ledger = made.exits().ledger();
    out.held = report.held;
    out.metrics = report.metrics;
    if (const std::uint64_t missed = made.exits().pool_exhausted(); missed != 0)
      result.events.push_back({result.ended_at, "failure", "engine",
                               node.name + ": " + std::to_string(missed) +
                                   " packets could not be made, the pool was empty; raise run.packets",
                               missed});
  }
}

}  // namespace

void collect(const Scenario& scenario, const Emulation& emulation, const std::vector<Host*>& hosts,
             RunResult& result) {
  result.windows = scenario.windows;
  result.ended_at = emulation.now();
  collect_flows(scenario, emulation, hosts, result);
  collect_links(emulation, result);
  collect_nodes(scenario, emulation, result);
  result.packet_hops = emulation.packet_hops();
  const Conservation conservation = emulation.check_conservation();
  result.ledger = conservation.total;
  result.held = conservation.held;
  result.pool_in_use = conservation.pool_in_use;
  for (const Problem& problem : conservation.problems) {
    result.end = RunEnd::fault;
    result.fault += (result.fault.empty() ? "" : "\n") + to_string(problem);
  }
  result.kpis = judge(scenario, result);
}

}  // namespace kiriko
