// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Cutting a graph: the largest delay threshold whose pieces still balance over the workers, then as few links as can be.
#include "core/engine/partition.hpp"

#include <algorithm>
#include <numeric>

#include "core/engine/bisection.hpp"
#include "core/engine/expected_load.hpp"

namespace kiriko {
namespace {

constexpr Duration shortest_cut = microseconds(10);
constexpr double tolerated_imbalance = 1.3;
constexpr double wished_imbalance = 1.05;  ///< of a bisection: a little of it saves many crossings

Duration link_delay(const GraphLink& link) {
  return std::min(minimum_delay(link.forward), minimum_delay(link.backward));
}

class Components {
 public:
  explicit Components(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t root(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

/// The graph with what links shorter than a threshold join as one vertex.
struct Contracted {
  std::vector<std::uint32_t> vertex_of_node;
  WeightedGraph graph;
};

Contracted contract(const Graph& graph, const ExpectedLoad& load, Duration threshold) {
  Components components(graph.nodes.size());
  for (const GraphLink& link : graph.links)
    if (link_delay(link) < threshold) components.join(link.a.value, link.b.value);
  Contracted out;
  out.vertex_of_node.resize(graph.nodes.size());
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    const std::uint32_t root = components.root(i);
    if (root == i) {
      out.vertex_of_node[i] = out.graph.size();
      out.graph.weights.push_back(0);
    }
    // A root is the lowest of its component, so it has its vertex.
    out.vertex_of_node[i] = out.vertex_of_node[root];
    out.graph.weights[out.vertex_of_node[i]] += load.nodes[i];
  }
  out.graph.edges.resize(out.graph.size());
  for (std::size_t i = 0; i < graph.links.size(); ++i) {
    const GraphLink& link = graph.links[i];
    const std::uint32_t a = out.vertex_of_node[link.a.value], b = out.vertex_of_node[link.b.value];
    if (a == b) continue;
    out.graph.edges[a].push_back({b, load.links[i]});
    out.graph.edges[b].push_back({a, load.links[i]});
  }
  return out;
}

/// Splits `vertices` into parts [first, first + count) by repeated bisection.
void split(const WeightedGraph& graph, const std::vector<std::uint32_t>& vertices, std::uint32_t first,
           std::uint32_t count, std::vector<std::uint32_t>& part_of_vertex) {
  if (count == 1 || vertices.size() < 2) {
    for (const std::uint32_t vertex : vertices) part_of_vertex[vertex] = first;
    return;
  }
  WeightedGraph inner;
  std::vector<std::uint32_t> place(graph.size(), graph.size());
  for (std::uint32_t i = 0; i < vertices.size(); ++i) place[vertices[i]] = i;
  for (const std::uint32_t vertex : vertices) {
    inner.weights.push_back(graph.weights[vertex]);
    auto& edges = inner.edges.emplace_back();
    for (const auto& edge : graph.edges[vertex])
      if (place[edge.to] != graph.size()) edges.push_back({place[edge.to], edge.weight});
  }
  const std::uint32_t second = count / 2;
  const Bisection sides = bisect(inner, static_cast<double>(second) / count, wished_imbalance);
  std::vector<std::uint32_t> halves[2];
  for (std::uint32_t i = 0; i < vertices.size(); ++i) halves[sides.second[i] ? 1 : 0].push_back(vertices[i]);
  split(graph, halves[0], first, count - second, part_of_vertex);
  split(graph, halves[1], first + count - second, second, part_of_vertex);
}

struct Attempt {
  Partition partition;
  double imbalance{};
};

Attempt cut_at(const Graph& graph, const ExpectedLoad& load, Duration threshold, std::uint32_t wanted) {
  const Contracted contracted = contract(graph, load, threshold);
  const std::uint32_t parts = std::clamp<std::uint32_t>(contracted.graph.size(), 1, wanted);
  std::vector<std::uint32_t> all(contracted.graph.size());
  std::iota(all.begin(), all.end(), 0U);
  std::vector<std::uint32_t> part_of_vertex(all.size());
  split(contracted.graph, all, 0, parts, part_of_vertex);

  Attempt attempt;
  attempt.partition.parts = parts;
  for (const std::uint32_t vertex : contracted.vertex_of_node)
    attempt.partition.part_of_node.push_back(part_of_vertex[vertex]);
  attempt.partition.lookahead = ModelTime::never() - ModelTime{};
  for (const GraphLink& link : graph.links)
    if (attempt.partition.part_of_node[link.a.value] != attempt.partition.part_of_node[link.b.value])
      attempt.partition.lookahead = std::min(attempt.partition.lookahead, link_delay(link));
  std::vector<std::uint64_t> weights(parts);
  for (std::uint32_t v = 0; v < all.size(); ++v) weights[part_of_vertex[v]] += contracted.graph.weights[v];
  const auto total = static_cast<double>(std::accumulate(weights.begin(), weights.end(), std::uint64_t{0}));
  const auto largest = static_cast<double>(*std::max_element(weights.begin(), weights.end()));
  attempt.imbalance = total > 0 ? largest * static_cast<double>(wanted) / total : 1.0;
  return attempt;
}

}  // namespace

Partition make_partition(const Graph& graph, std::uint32_t wanted) {
  Attempt best{.partition = {.parts = 1,
                             .part_of_node = std::vector<std::uint32_t>(graph.nodes.size()),
                             .lookahead = ModelTime::never() - ModelTime{}},
               .imbalance = static_cast<double>(wanted)};
  if (wanted <= 1) return best.partition;
  std::vector<Duration> thresholds;
  for (const GraphLink& link : graph.links)
    if (link_delay(link) >= shortest_cut) thresholds.push_back(link_delay(link));
  std::sort(thresholds.rbegin(), thresholds.rend());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  const ExpectedLoad load = expected_load(graph);
  for (const Duration threshold : thresholds) {
    Attempt attempt = cut_at(graph, load, threshold, wanted);
    if (attempt.imbalance < best.imbalance) best = std::move(attempt);
    if (best.imbalance <= tolerated_imbalance) break;
  }
  return best.partition;
}

}  // namespace kiriko
