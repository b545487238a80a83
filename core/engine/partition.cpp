// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Cutting a graph: the largest delay threshold whose pieces still balance over the workers.
#include "core/engine/partition.hpp"

#include <algorithm>
#include <numeric>

namespace kiriko {
namespace {

constexpr Duration shortest_cut = microseconds(10);
constexpr double tolerated_imbalance = 1.3;

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

struct Attempt {
  Partition partition;
  double imbalance{};
};

Attempt cut_at(const Graph& graph, Duration threshold, std::uint32_t wanted) {
  Components components(graph.nodes.size());
  std::vector<std::uint64_t> weight(graph.nodes.size(), 1);
  for (const GraphLink& link : graph.links) {
    ++weight[link.a.value];
    ++weight[link.b.value];
    if (link_delay(link) < threshold) components.join(link.a.value, link.b.value);
  }
  std::vector<std::uint64_t> component_weight(graph.nodes.size());
  for (std::uint32_t i = 0; i < weight.size(); ++i) component_weight[components.root(i)] += weight[i];
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < weight.size(); ++i)
    if (components.root(i) == i) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return component_weight[a] > component_weight[b]; });

  Attempt attempt;
  attempt.partition.parts =
      std::max<std::uint32_t>(1, std::min<std::uint32_t>(wanted, static_cast<std::uint32_t>(order.size())));
  std::vector<std::uint64_t> load(attempt.partition.parts);
  std::vector<std::uint32_t> part_of_root(graph.nodes.size());
  for (const std::uint32_t root : order) {
    const auto lightest =
        static_cast<std::uint32_t>(std::min_element(load.begin(), load.end()) - load.begin());
    load[lightest] += component_weight[root];
    part_of_root[root] = lightest;
  }
  attempt.partition.part_of_node.resize(graph.nodes.size());
  for (std::uint32_t i = 0; i < weight.size(); ++i)
    attempt.partition.part_of_node[i] = part_of_root[components.root(i)];
  attempt.partition.lookahead = ModelTime::never() - ModelTime{};
  for (const GraphLink& link : graph.links)
    if (attempt.partition.part_of_node[link.a.value] != attempt.partition.part_of_node[link.b.value])
      attempt.partition.lookahead = std::min(attempt.partition.lookahead, link_delay(link));
  const double total = static_cast<double>(std::accumulate(load.begin(), load.end(), std::uint64_t{0}));
  const double largest = static_cast<double>(*std::max_element(load.begin(), load.end()));
  attempt.imbalance = total > 0 ? largest * static_cast<double>(wanted) / total : 1.0;
  return attempt;
}

}  // namespace

Partition make_partition(const Graph& graph, std::uint32_t wanted) {
  std::vector<Duration> thresholds;
  for (const GraphLink& link : graph.links)
    if (link_delay(link) >= shortest_cut) thresholds.push_back(link_delay(link));
  std::sort(thresholds.rbegin(), thresholds.rend());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  Attempt best = cut_at(graph, ModelTime::never() - ModelTime{}, 1);
  best.imbalance = wanted;
  if (wanted <= 1) return best.partition;
  for (const Duration threshold : thresholds) {
    Attempt attempt = cut_at(graph, threshold, wanted);
    if (attempt.imbalance < best.imbalance) best = attempt;
    if (best.imbalance <= tolerated_imbalance) break;
  }
  return best.partition;
}

}  // namespace kiriko
