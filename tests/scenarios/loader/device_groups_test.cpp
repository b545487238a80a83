// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a device group stands for.
#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <algorithm>

#include "tests/scenarios/loader/test_tables.hpp"

using namespace kiriko;

namespace {

std::string with_groups(const std::string& groups, const std::string& more = "") {
  return fmt::format(R"(
name: groups
run: {{duration: 10s}}
slices: [{{name: meters, s_nssai: "3"}}]
hosts: [{{name: server}}]
functions:
  - {{name: gnb1, function: gnb}}
  - {{name: gnb2, function: gnb}}
  - {{name: upf1, function: upf}}
links: [{{ends: [gnb1, upf1]}}, {{ends: [gnb2, upf1]}}, {{ends: [upf1, server]}}]
device_groups:
{}
{})",
                     groups, more);
}

NodeId node_named(const Scenario& scenario, std::string_view name) {
  for (const ScenarioNode& node : scenario.nodes)
    if (node.name == name) return node.id;
  return no_node;
}

std::string told_of(const std::string& groups) {
  std::string text;
  for (const Problem& problem : load_text(with_groups(groups)).problems) text += to_string(problem) + "\n";
  return text;
}

}  // namespace

TEST_CASE("when a group reports, then one UE stands for its devices and one flow for their reports") {
  const LoadResult loaded =
      load_text(with_groups("  - {name: meters, devices: 30000, profile: periodic_report, to: server, cells: "
                            "[gnb1], slice: meters, five_qi: 9,\n"
                            "     radio: {mcs: 10}, deadline: 10s, with: {time_compression: 60}}"));
  INFO((loaded.problems.empty() ? "" : to_string(loaded.problems[0])));
  REQUIRE(loaded.problems.empty());
  const Scenario& scenario = loaded.scenario;
  REQUIRE(scenario.ues.size() == 1);
  CHECK(scenario.ues[0].node == node_named(scenario, "meters"));
  CHECK(scenario.ues[0].radio.mcs == 10);
  REQUIRE(scenario.flows.size() == 1);
  const FlowSpec& flow = scenario.flows[0].spec;
  CHECK(flow.name == "meters");
  CHECK(flow.model == "m2m_periodic");
  CHECK(flow.source == node_named(scenario, "meters"));
  CHECK(flow.options.get<std::int64_t>("devices") == 30'000);
  CHECK(flow.options.get<double>("time_compression") == 60);
  CHECK(flow.deadline == seconds(10));
}

TEST_CASE("when a group is a template, then each copy has its UE and its flow") {
  const LoadResult loaded =
      load_text(with_groups("  - {name: \"update{i}\", count: 2, devices: \"{1000*i}\", profile: "
                            "software_update, to: server, cells: [\"gnb{i}\"]}",
                            "hosts_unused:\n"));
  // An unknown key beside it is still told.
  REQUIRE(loaded.problems.size() == 1);
  CHECK(to_string(loaded.problems[0]).find("hosts_unused") != std::string::npos);
  const Scenario& scenario = loaded.scenario;
  const auto& unverified = scenario.unverified;
  CHECK(std::count(unverified.begin(), unverified.end(), "software_update: mean_interval = 180d") == 1);
  REQUIRE(scenario.ues.size() == 2);
  REQUIRE(scenario.flows.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const FlowSpec& flow = scenario.flows[i].spec;
    CHECK(flow.source == node_named(scenario, "server"));
    CHECK(flow.destination == scenario.ues[i].node);
    CHECK(flow.options.get<std::int64_t>("devices") == static_cast<std::int64_t>(1000 * (i + 1)));
    CHECK(flow.options.get<Bytes>("payload_minimum") == Bytes{200});
    CHECK(scenario.ues[i].cells == std::vector{node_named(scenario, fmt::format("gnb{}", i + 1))});
  }
}

TEST_CASE("when a group is wrong, then the problem says where and what") {
  const std::string rest = ", to: server, cells: [gnb1], slice: meters}";
  CHECK(told_of("  - {name: a, devices: 5, profile: sleep" + rest).find("even_arrivals") !=
        std::string::npos);
  CHECK(told_of("  - {name: a, devices: 5000000, profile: mass_event" + rest).find("2000000") !=
        std::string::npos);
  CHECK(told_of("  - {name: a, devices: 5, profile: mass_event, cells: [gnb1]}").find("'to'") !=
        std::string::npos);
  CHECK(told_of("  - {name: a, devices: 5, profile: mass_event, cells: [gnb1], to: nobody}").find("nobody") !=
        std::string::npos);
  CHECK_FALSE(told_of("  - {name: a, devices: 5, profile: mass_event" + rest.substr(0, rest.size() - 1) +
                      ", with: 3}")
                  .empty());
  CHECK(told_of("  - {name: a, devices: 5, profile: mass_event" + rest.substr(0, rest.size() - 1) +
                ", with: {sze: 3}}")
            .find("size") != std::string::npos);
  CHECK_FALSE(told_of("  - 3").empty());
  // Every copy of a template lacks the same.
  CHECK(told_of("  - {name: \"a{i}\", count: 3, devices: 5, profile: mass_event, cells: [gnb1]}")
            .find("'to'") != std::string::npos);
}

TEST_CASE("when a profile is of one device's model, then the flow has as many sources") {
  const LoadResult loaded = load_text(
      with_groups("  - {name: cars, devices: 40, profile: v2x_awareness, to: server, cells: [gnb1]}\n"
                  "  - {name: players, devices: 5, profile: cloud_gaming, to: server, cells: [gnb2], "
                  "device_spread: 20ms, with: {rate: 8 Mbit/s}}"));
  INFO((loaded.problems.empty() ? "" : to_string(loaded.problems[0])));
  REQUIRE(loaded.problems.empty());
  const Scenario& scenario = loaded.scenario;
  REQUIRE(scenario.flows.size() == 2);
  CHECK(scenario.flows[0].spec.model == "v2x_periodic");
  CHECK(scenario.flows[0].spec.devices == 40);
  const FlowSpec& players = scenario.flows[1].spec;
  CHECK(players.source == node_named(scenario, "server"));
  CHECK(players.devices == 5);
  CHECK(players.device_spread == milliseconds(20));
  CHECK(players.options.get<BitsPerSecond>("rate").value == 8'000'000);
  CHECK(!scenario.unverified.empty());
}

TEST_CASE(
    "when devices are asked of a model that has them, of one source or in great number, then it is told") {
  const auto told = [](const std::string& more) {
    std::string text;
    for (const Problem& problem :
         load_text(with_groups("", "traffic:\n  - {name: f, from: server, to: server2, " + more + "}\n"))
             .problems)
      text += to_string(problem) + "\n";
    return text;
  };
  CHECK(told("model: m2m_periodic, devices: 3").find("stands for many devices itself") != std::string::npos);
  CHECK(told("model: tcp, devices: 3").find("is one source") != std::string::npos);
  CHECK(told("model: voip, devices: 100001").find("devices") != std::string::npos);
}
