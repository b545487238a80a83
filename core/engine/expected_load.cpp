// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The flows' ways, by a search from each source.
#include "core/engine/expected_load.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kiriko {
namespace {

constexpr std::size_t most_sources = 256;
/// A flow at a node is as much work as so many idle ports.
constexpr std::uint64_t flow_at_node = 16;
/// Where it begins or ends its packets are made or used up, a few at a time.
constexpr std::uint64_t flow_at_end = 3 * flow_at_node;
/// A packet that crosses costs much more than a look whether there is one.
constexpr std::uint64_t flow_on_link = 1;

struct Hop {
  std::uint32_t node, link;
};
constexpr Hop unseen{0xffffffffU, 0xffffffffU};

bool transits(const GraphNode& node) { return node.view.kind == NodeKind::function; }

/// By node: the one before it and the link between, on the way from `source`.
std::vector<Hop> ways_from(NodeId source, const Graph& graph,
                           const std::vector<std::vector<Hop>>& neighbours) {
  std::vector<Hop> before(graph.nodes.size(), unseen);
  std::vector<std::uint32_t> reached{source.value};
  before[source.value] = {source.value, 0};
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const std::uint32_t node = reached[i];
    if (node != source.value && !transits(graph.nodes[node])) continue;
    for (const Hop& hop : neighbours[node]) {
      if (before[hop.node].node != unseen.node) continue;
      before[hop.node] = {node, hop.link};
      reached.push_back(hop.node);
    }
  }
  return before;
}

}  // namespace

ExpectedLoad expected_load(const Graph& graph) {
  ExpectedLoad load{.nodes = std::vector<std::uint64_t>(graph.nodes.size(), 1),
                    .links = std::vector<std::uint64_t>(graph.links.size(), 1)};
  std::vector<std::vector<Hop>> neighbours(graph.nodes.size());
  for (std::uint32_t i = 0; i < graph.links.size(); ++i) {
    const std::uint32_t a = graph.links[i].a.value, b = graph.links[i].b.value;
    ++load.nodes[a];
    ++load.nodes[b];
    neighbours[a].push_back({b, i});
    neighbours[b].push_back({a, i});
  }
  std::map<NodeId, std::vector<NodeId>> destinations;
  for (const auto& [source, destination] : graph.flows) destinations[source].push_back(destination);
  const std::size_t stride = destinations.size() / most_sources + 1;
  std::size_t number = 0;
  for (const auto& [source, to] : destinations) {
    if (number++ % stride != 0) continue;
    const std::vector<Hop> before = ways_from(source, graph, neighbours);
    for (const NodeId destination : to) {
      std::uint32_t node = destination.value;
      if (before[node].node == unseen.node) continue;
      for (; node != source.value; node = before[node].node) {
        load.nodes[node] += node == destination.value ? flow_at_end : flow_at_node;
        load.links[before[node].link] += flow_on_link;
      }
      load.nodes[node] += flow_at_end;
    }
  }
  return load;
}

}  // namespace kiriko
