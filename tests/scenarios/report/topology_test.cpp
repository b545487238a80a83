// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The picture of a topology: columns, stacks, names.
#include <catch2/catch.hpp>

#include "scenarios/report/topology_layout.hpp"
#include "scenarios/report/topology_svg.hpp"

using namespace kiriko;
using Catch::Contains;

namespace {

void add_node(Scenario& scenario, NodeKind kind, const std::string& name, const std::string& function = "") {
  ScenarioNode node;
  node.id = NodeId{static_cast<std::uint32_t>(scenario.nodes.size())};
  node.name = name;
  node.kind = kind;
  node.function = function;
  scenario.nodes.push_back(node);
}

void add_link(Scenario& scenario, std::uint32_t a, std::uint32_t b, bool radio = false) {
  ScenarioLink link;
  link.id = LinkId{static_cast<std::uint32_t>(scenario.links.size())};
  link.a = NodeId{a};
  link.b = NodeId{b};
  link.radio = radio;
  link.forward.delay = link.backward.delay = milliseconds(2);
  link.forward.rate = link.backward.rate = BitsPerSecond{1'000'000'000};
  scenario.links.push_back(link);
}

Scenario cell_with(std::uint32_t ues) {
  Scenario scenario;
  scenario.name = "cell";
  add_node(scenario, NodeKind::function, "gnb1", "gnb");
  add_node(scenario, NodeKind::function, "upf1", "upf");
  add_node(scenario, NodeKind::host, "server");
  add_link(scenario, 0, 1);
  add_link(scenario, 1, 2);
  for (std::uint32_t i = 0; i < ues; ++i) {
    add_node(scenario, NodeKind::ue, "ue" + std::to_string(i + 1));
    ScenarioUe ue;
    ue.node = NodeId{3 + i};
    ue.radio_links = {LinkId{static_cast<std::uint32_t>(scenario.links.size())}};
    scenario.ues.push_back(ue);
    add_link(scenario, 3 + i, 0, true);
  }
  return scenario;
}

}  // namespace

TEST_CASE("when a cell is drawn, then UE, gNB, UPF and server stand in columns from left to right") {
  const auto layout = place_topology(cell_with(2));
  REQUIRE(layout.nodes.size() == 5);
  CHECK(layout.columns == 4);
  CHECK(layout.nodes[0].column == 1);
  CHECK(layout.nodes[1].column == 2);
  CHECK(layout.nodes[2].column == 3);
  CHECK(layout.nodes[3].column == 0);
  CHECK(layout.nodes[4].row == 1);
}

TEST_CASE("when many UEs are alike, then they are one stack") {
  const auto layout = place_topology(cell_with(200));
  REQUIRE(layout.nodes.size() == 4);
  CHECK(layout.nodes[3].count == 200);
  CHECK(layout.nodes[3].name == "ue1 … ue200");
  CHECK(layout.links.size() == 3);
}

TEST_CASE("when a topology is drawn, then names and figures are there, escaped, the same each time") {
  Scenario scenario = cell_with(1);
  scenario.nodes[2].name = "<b>&";
  const std::string svg = topology_svg(scenario);
  CHECK_THAT(svg,
             Contains("1Gbit/s, 2ms") && Contains("gnb1") && Contains("&lt;b&gt;&amp;") && !Contains("<b>"));
  CHECK(svg == topology_svg(scenario));
}

TEST_CASE("when a scenario has no UEs or no links, then it is drawn all the same") {
  Scenario scenario;
  add_node(scenario, NodeKind::host, "a");
  add_node(scenario, NodeKind::host, "b");
  CHECK_THAT(topology_svg(scenario), Contains(">b</text>"));
}
