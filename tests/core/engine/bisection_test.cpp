// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Bisections whose best cut is known.
#include "core/engine/bisection.hpp"

#include <catch2/catch.hpp>

#include "core/engine/expected_load.hpp"
#include "core/engine/partition.hpp"

namespace kiriko {
namespace {

WeightedGraph vertices(std::uint32_t count) {
  WeightedGraph graph;
  graph.weights.assign(count, 1);
  graph.edges.resize(count);
  return graph;
}

void join(WeightedGraph& graph, std::uint32_t a, std::uint32_t b, std::uint64_t weight = 1) {
  graph.edges[a].push_back({b, weight});
  graph.edges[b].push_back({a, weight});
}

// Two cliques of eight, interleaved so that neighbouring numbers lie apart, and two edges between them.
WeightedGraph two_cliques() {
  WeightedGraph graph = vertices(16);
  for (std::uint32_t a = 0; a < 16; ++a)
    for (std::uint32_t b = a + 2; b < 16; b += 2) join(graph, a, b);
  join(graph, 0, 1);
  join(graph, 6, 9);
  return graph;
}

// The tree of bench/peers: 40 routers with three children each, 100 hosts below the leaves.
Graph router_tree() {
  Graph graph;
  graph.nodes.resize(140);
  const auto link = [&](std::uint32_t a, std::uint32_t b) {
    GraphLink made;
    made.a = NodeId{a};
    made.b = NodeId{b};
    made.forward.delay = made.backward.delay = microseconds(50);
    graph.links.push_back(std::move(made));
  };
  for (std::uint32_t i = 1; i < 40; ++i) link((i - 1) / 3, i);
  for (std::uint32_t i = 0; i < 100; ++i) link(13 + i % 27, 40 + i);
  return graph;
}

std::size_t crossings(const Graph& graph, const Partition& partition) {
  std::size_t count = 0;
  for (const GraphLink& link : graph.links)
    count += partition.part_of_node[link.a.value] != partition.part_of_node[link.b.value] ? 1 : 0;
  return count;
}

TEST_CASE("when two cliques hang together by two edges, then these are cut") {
  const Bisection sides = bisect(two_cliques(), 0.5, 1.1);
  CHECK(sides.cut == 2);
  CHECK(sides.second_weight == 8);
  for (std::uint32_t v = 2; v < 16; ++v) CHECK(sides.second[v] == sides.second[v - 2]);
}

TEST_CASE("when a graph is in pieces, then nothing needs to cross") {
  WeightedGraph graph = vertices(12);
  for (std::uint32_t v = 0; v < 12; v += 3) join(graph, v, v + 1), join(graph, v + 1, v + 2);
  const Bisection sides = bisect(graph, 0.5, 1.0);
  CHECK(sides.cut == 0);
  CHECK(sides.second_weight == 6);
}

TEST_CASE("when one vertex outweighs all others, then the balance is as good as it can be") {
  WeightedGraph graph = vertices(5);
  graph.weights[2] = 100;
  for (std::uint32_t v = 1; v < 5; ++v) join(graph, 0, v);
  const Bisection sides = bisect(graph, 0.5, 1.1);
  CHECK((sides.second_weight == 100 || sides.second_weight == 4));
}

TEST_CASE(
    "when a tree of routers is cut for two workers, then a handful of links cross and both have as much to "
    "do") {
  const Graph graph = router_tree();
  const Partition partition = make_partition(graph, 2);
  REQUIRE(partition.parts == 2);
  CHECK(partition.lookahead == microseconds(50));
  CHECK(crossings(graph, partition) <= 4);
  const auto second = std::count(partition.part_of_node.begin(), partition.part_of_node.end(), 1U);
  CHECK(second > 55);
  CHECK(second < 85);
}

TEST_CASE("when flows are known, then their ways weigh, their ends thrice, and hosts are no way for others") {
  Graph graph = router_tree();
  for (GraphNode& node : graph.nodes) node.view.kind = NodeKind::function;
  for (std::uint32_t i = 40; i < 140; ++i) graph.nodes[i].view.kind = NodeKind::host;
  // A short cut through a host, which takes no flow.
  GraphLink through;
  through.a = NodeId{13};
  through.b = NodeId{41};
  graph.links.push_back(std::move(through));
  graph.flows.emplace_back(NodeId{40}, NodeId{41});       // below routers 13 and 14, whose parent is 4
  graph.flows.emplace_back(NodeId{40}, NodeId{40 + 26});  // by the root
  const ExpectedLoad without = [&] {
    Graph silent = router_tree();
    return expected_load(silent);
  }();
  const ExpectedLoad load = expected_load(graph);
  const auto flows_at = [&](std::uint32_t node) { return (load.nodes[node] - without.nodes[node]) / 16; };
  CHECK(flows_at(40) == 6);
  CHECK(flows_at(13) == 2);
  CHECK(flows_at(41) == 3);
  CHECK(flows_at(0) == 1);
  CHECK(flows_at(39) == 1);
  CHECK(flows_at(66) == 3);
  CHECK(flows_at(14) == 0);  // the host with two links is reached by the nearer one
  CHECK(flows_at(67) == 0);
}

TEST_CASE("when most flows stay below one router, then two workers share its hosts' work") {
  Graph graph = router_tree();
  for (GraphNode& node : graph.nodes) node.view.kind = NodeKind::function;
  for (std::uint32_t i = 40; i < 140; ++i) graph.nodes[i].view.kind = NodeKind::host;
  for (int i = 0; i < 8; ++i) {  // below routers 1 and 2, the second and third third of the tree are idle
    graph.flows.emplace_back(NodeId{40}, NodeId{43});
    graph.flows.emplace_back(NodeId{40 + 9}, NodeId{40 + 12});
  }
  const Partition partition = make_partition(graph, 2);
  REQUIRE(partition.parts == 2);
  CHECK(partition.part_of_node[40] != partition.part_of_node[49]);
  CHECK(partition.part_of_node[40] == partition.part_of_node[43]);
  CHECK(partition.part_of_node[49] == partition.part_of_node[52]);
}

TEST_CASE("when three workers share a tree, then each has a third within the tolerance") {
  const Graph graph = router_tree();
  const Partition partition = make_partition(graph, 3);
  REQUIRE(partition.parts == 3);
  for (std::uint32_t part = 0; part < 3; ++part) {
    const auto nodes = std::count(partition.part_of_node.begin(), partition.part_of_node.end(), part);
    CHECK(nodes > 30);
    CHECK(nodes < 62);
  }
  CHECK(crossings(graph, partition) <= 8);
}

TEST_CASE("when every link is too short to be worth it, then one part holds all") {
  Graph graph = router_tree();
  for (GraphLink& link : graph.links) link.forward.delay = microseconds(9);
  CHECK(make_partition(graph, 2).parts == 1);
}

TEST_CASE("when some links are longer, then only these are cut") {
  Graph graph = router_tree();
  for (std::size_t i = 0; i < 3; ++i)
    graph.links[i].forward.delay = graph.links[i].backward.delay = milliseconds(1);
  const Partition partition = make_partition(graph, 3);
  CHECK(partition.parts == 3);
  CHECK(partition.lookahead == milliseconds(1));
}

}  // namespace
}  // namespace kiriko
