// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A whole file becomes a whole Scenario: indexes, addresses, QoS flows, events and KPIs resolved.
#include <catch2/catch.hpp>

#include "scenarios/loader/load.hpp"
#include "tests/scenarios/loader/test_tables.hpp"

using namespace kiriko;

namespace {

constexpr const char* cell = R"(
name: cell
run: {duration: 20s, seed: 7, workers: 2}
slices:
  - {name: v2x, s_nssai: 4-000001, priority: 1, dLLatency: 10ms, dLThptPerSlice: {guaThpt: 5Mbit/s, maxThpt: 9Mbit/s},
     rRMPolicyMinRatio: 30}
  - {name: embb, s_nssai: "1"}
ues:
  - {name: "truck{i}", count: 3, cells: ["gnb{i}", "gnb*"], slice: v2x, five_qi: 86, upf: edge, standby_upfs: ["*"],
     ambr: {uplink: 10Mbit/s}, radio: {mcs: 7}}
hosts:
  - {name: a}
  - {name: b, address: 10.0.0.1}
functions:
  - {name: "gnb{i}", count: 3, function: gnb}
  - {name: edge, function: upf}
  - {name: core, function: upf, serves: 10.46.0.0/16}
  - {name: s1, function: switch}
links:
  - {name: "n3{i}", ends: ["gnb{i}", s1], count: 3, rate: 1Gbit/s, delay: 1ms}
  - {ends: [s1, edge], rate: 10Mbit/s, delay: 2ms, loss: 0.1, backward: {delay: 5ms},
     slices: [{slice: v2x, guaranteed: 2Mbit/s, weight: 3}]}
  - {ends: [s1, core]}
  - {ends: [edge, a]}
  - {ends: [core, b]}
  - {ends: [edge, a], capture: true}
traffic:
  - {name: control, from: "truck*", to: a, model: periodic, with: {period: 30ms}, spread: 30ms}
  - {name: video, from: a, to: truck2, slice: embb, five_qi: 2, port: 4000, model: constant, with: {rate: 1Mbit/s}}
  - {name: audio, from: a, to: truck2, slice: embb, five_qi: 2, model: constant, with: {rate: 64kbit/s}}
  - {name: platoon, from: "truck*", to: "truck*", model: periodic}
  - {name: wired, from: a, to: a, model: tcp, count: 1}
timeline:
  - {at: 9s, do: link_change, link: s1-edge, loss: 0.5}
  - {at: 5s, do: link_change, link: s1-edge, delay: 3ms}
  - {at: 6s, do: burst_on, flows: "group:control"}
  - {at: 7s, do: move_ue, ue: truck1, to: gnb3}
  - {at: 8s, do: policy_change, with: {policy: reactive}}
kpis:
  - {name: k1, metric: delay, scope: "group:control", statistic: p99.9, comparison: <=, threshold: 10ms, source: s}
  - {name: k2, metric: loss_ratio, scope: "slice:embb", statistic: ratio, comparison: <, threshold: 0.1%, source: s, window: [1s, 2s]}
  - {name: k3, metric: utilisation, scope: "link:n3*/backward", statistic: max, comparison: ">=", threshold: 0.5, source: s}
parameters:
  - {name: size, value: 300 B, note: guess}
)";

std::string without(std::string text, const std::string& line_part) {
  const std::size_t at = text.find(line_part);
  const std::size_t begin = text.rfind('\n', at);
  return text.erase(begin, text.find('\n', at) - begin);
}

const LoadResult& loaded() {
  static const std::string text = without(cell, "name: wired");
  static const LoadResult result = load_text(text);
  return result;
}

}  // namespace

TEST_CASE("when a file is right, then there are no problems and the run is as declared") {
  REQUIRE(to_text(loaded().problems, "test.yaml").empty());
  const Scenario& s = loaded().scenario;
  CHECK(s.name == "cell");
  CHECK(s.run.duration == seconds(20));
  CHECK(s.run.seed == 7);
  CHECK(s.run.workers == 2);
  CHECK(s.run.packets == 131072);
  CHECK(s.run.clock == ClockKind::virtual_time);
  CHECK(s.slices.size() == 2);
  CHECK(s.slices[0].dl_latency == milliseconds(10));
  CHECK(s.slices[0].dl_maximum == BitsPerSecond{9'000'000});
  REQUIRE(s.radio_shares.size() == 2);
  CHECK(s.radio_shares[0].slice == SliceId{0});
  CHECK(s.radio_shares[0].minimum == 30);
}

TEST_CASE("when a template has a count, then its copies are nodes in order with their own texts") {
  const Scenario& s = loaded().scenario;
  REQUIRE(s.nodes.size() == 11);
  CHECK(s.nodes[0].name == "a");
  CHECK(s.nodes[2].name == "truck1");
  CHECK(s.nodes[4].name == "truck3");
  CHECK(s.nodes[5].name == "gnb1");
  for (std::size_t i = 0; i < s.nodes.size(); ++i) CHECK(s.nodes[i].id.value == i);
  REQUIRE(s.ues.size() == 3);
  CHECK(s.ues[1].cells == std::vector<NodeId>{NodeId{6}, NodeId{5}, NodeId{7}});
  CHECK(s.ues[1].session.serving_gnb == NodeId{6});
  CHECK(s.ues[1].session.standby_upfs == std::vector<NodeId>{NodeId{9}});
  CHECK(s.ues[1].radio.mcs == 7);
  CHECK(s.ues[1].session.ambr == Ambr{BitsPerSecond{10'000'000}, BitsPerSecond{0}});
}

TEST_CASE("when addresses are not declared, then they are given in order around those that are") {
  const Scenario& s = loaded().scenario;
  CHECK(s.nodes[0].address == Ipv4Address(10, 0, 0, 2));
  CHECK(s.nodes[1].address == Ipv4Address(10, 0, 0, 1));
  CHECK(s.nodes[2].address == Ipv4Address(10, 45, 0, 1));
  CHECK(s.ues[2].session.ue_address == Ipv4Address(10, 45, 0, 3));
  CHECK(s.nodes[5].address == Ipv4Address(10, 200, 0, 1));
  CHECK(s.nodes[8].address == Ipv4Address(10, 200, 0, 4));
  CHECK(s.nodes[8].serves == Ipv4Prefix{Ipv4Address(10, 45, 0, 0), 16});
  CHECK_FALSE(s.nodes[10].address.has_value());
}

TEST_CASE("when links are declared, then radio links follow them and directions differ where they say so") {
  const Scenario& s = loaded().scenario;
  REQUIRE(s.links.size() == 8 + 9);
  const ScenarioLink& n6 = s.links[3];
  CHECK(n6.name == "s1-edge");
  CHECK(n6.forward.delay == milliseconds(2));
  CHECK(n6.backward.delay == milliseconds(5));
  CHECK(n6.backward.loss == 0.1);
  CHECK(n6.forward.limit_packets == 1000);
  REQUIRE(n6.forward_shares.size() == 1);
  CHECK(n6.forward_shares[0].weight == 3);
  CHECK(n6.backward_shares == n6.forward_shares);
  CHECK(s.links[7].name == "edge-a+2");
  CHECK(s.links[7].capture);
  CHECK(s.links[8].radio);
  CHECK(s.links[8].a == NodeId{2});
  CHECK(s.ues[0].radio_links == std::vector<LinkId>{LinkId{8}, LinkId{9}, LinkId{10}});
}

TEST_CASE("when traffic is from many to one, then there is a flow a pair, spread in time") {
  const Scenario& s = loaded().scenario;
  REQUIRE(s.flows.size() == 3 + 2 + 6);
  const FlowSpec& second = s.flows[1].spec;
  CHECK(second.id == FlowId{1});
  CHECK(second.name == "control/truck2-a");
  CHECK(second.group == "control");
  CHECK(second.start == ModelTime{10'000'000});
  CHECK(second.source_address == Ipv4Address(10, 45, 0, 2));
  CHECK(second.destination_address == Ipv4Address(10, 0, 0, 2));
  CHECK(second.source_port == 10001);
  CHECK(second.destination_port == 10001);
  CHECK(second.slice == SliceId{0});
  CHECK(s.flows[1].five_qi == 86);
  CHECK(second.qfi == 1);
  CHECK(second.deadline == milliseconds(5));
  CHECK(second.windows.size() == 2);
  CHECK(s.flows[3].spec.name == "video");
}

TEST_CASE("when a flow's slice and 5QI are not the UE's, then the session gets a QoS flow for it") {
  const Scenario& s = loaded().scenario;
  CHECK(s.ues[0].session.flows.empty());
  const auto& flows = s.ues[1].session.flows;
  REQUIRE(flows.size() == 2);
  CHECK(flows[0].qfi == Qfi{2});
  CHECK(flows[1].qfi == Qfi{2});
  CHECK(flows[0].slice == SliceId{1});
  CHECK(flows[0].five_qi == 2);
  CHECK(flows[0].port == 4000);
  CHECK(flows[0].peer == Ipv4Address(10, 0, 0, 2));
  CHECK(s.flows[3].spec.qfi == 2);
  CHECK(s.flows[3].spec.source_port == 4000);
}

TEST_CASE("when the timeline is out of order, then it is sorted and changes build on each other") {
  const auto& timeline = loaded().scenario.timeline;
  REQUIRE(timeline.size() == 5);
  CHECK(timeline[0].at == ModelTime{5'000'000'000});
  const auto& first = std::get<LinkChangeEvent>(timeline[0].action);
  CHECK(first.forward.delay == milliseconds(3));
  CHECK(first.backward.delay == milliseconds(3));
  CHECK(first.forward.loss == 0.1);
  const auto& last = std::get<LinkChangeEvent>(timeline[4].action);
  CHECK(last.forward.delay == milliseconds(3));
  CHECK(last.forward.loss == 0.5);
  CHECK(last.forward.rate == BitsPerSecond{10'000'000});
  const auto& burst = std::get<BurstOnEvent>(timeline[1].action);
  CHECK(burst.flows == std::vector<FlowId>{FlowId{0}, FlowId{1}, FlowId{2}});
  CHECK(burst.scale == 10);
  CHECK(timeline[1].text == "burst_on: group:control x10");
  CHECK(std::get<MoveUeEvent>(timeline[2].action).target_gnb == NodeId{7});
  CHECK(std::get<PolicyChangeEvent>(timeline[3].action).options.get<std::string>("policy") == "reactive");
  CHECK(loaded().scenario.controller.get<std::string>("policy") == "static");
}

TEST_CASE("when KPIs are declared, then scope, statistic, threshold and window are resolved") {
  const Scenario& s = loaded().scenario;
  REQUIRE(s.kpis.size() == 3);
  CHECK(s.kpis[0].metric == KpiMetric::delay);
  CHECK(s.kpis[0].statistic == KpiStatistic::quantile);
  CHECK(s.kpis[0].quantile == Approx(0.999));
  CHECK(s.kpis[0].threshold == 10e6);
  CHECK(s.kpis[0].flows.size() == 3);
  CHECK(s.kpis[0].window == 0);
  CHECK(s.kpis[1].threshold == Approx(0.001));
  CHECK(s.kpis[1].comparison == KpiComparison::less);
  CHECK(s.kpis[1].window == 1);
  CHECK(s.windows[1] == MeasureWindow{ModelTime{1'000'000'000}, ModelTime{2'000'000'000}});
  CHECK(s.kpis[2].metric == KpiMetric::utilisation);
  CHECK(s.kpis[2].links == std::vector<LinkId>{LinkId{0}, LinkId{1}, LinkId{2}});
  CHECK_FALSE(s.kpis[2].forward);
  CHECK(s.kpis[2].backward);
}

TEST_CASE(
    "when a figure is declared unverified or an unverified default is used, then the scenario says so") {
  const auto& unverified = loaded().scenario.unverified;
  CHECK(std::find(unverified.begin(), unverified.end(), "size = 300 B (guess)") != unverified.end());
  CHECK(std::find(unverified.begin(), unverified.end(), "the function 'gnb': mcs = 20") != unverified.end());
}

TEST_CASE("when a seed is given beside the file, then it wins") {
  const std::string text = without(cell, "name: wired");
  const LoadResult result = load({.text = text, .file_name = "x", .seed = 99}, test_tables());
  REQUIRE(result.ok());
  CHECK(result.scenario.run.seed == 99);
}

TEST_CASE("when traffic leads from a node to itself, then that is a problem") {
  const std::string problems = problems_of(cell);
  CHECK(problems.find("traffic from a node to itself only; found 'wired'") != std::string::npos);
}

TEST_CASE("when a file is too large or does not exist, then loading says so") {
  const std::string large(maximum_text + 1, ' ');
  CHECK(problems_of(large).find("the file is too large") != std::string::npos);
  const LoadResult none = load_file({.text = {}, .file_name = "no/such/file.yaml"}, test_tables());
  REQUIRE(none.problems.size() == 1);
  CHECK(to_string(none.problems[0]) == "no/such/file.yaml: there is no such file");
}

TEST_CASE("when there are very many problems, then the first are told and that there are more") {
  std::string text = "name: x\nrun: {duration: 1s}\nhosts:\n";
  for (int i = 0; i < 300; ++i) text += "  - {nam: h}\n";
  const LoadResult result = load_text(text);
  REQUIRE(result.problems.size() == maximum_problems);
  CHECK(result.problems.front().where == "test.yaml:4:5");
  CHECK(result.problems.back().message == "there are more problems; these are the first");
}
