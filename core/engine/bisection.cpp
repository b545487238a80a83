// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Growing of one side, and improvement by moves.
#include "core/engine/bisection.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

namespace kiriko {
namespace {

constexpr std::uint32_t most_seeds = 8;
constexpr int most_passes = 10;

/// Vertices that may move, the one whose move lets the least cross first.
class Candidates {
 public:
  explicit Candidates(std::uint32_t count) : gain_(count), listed_(count, false) {}

  void put(std::uint32_t vertex, std::int64_t gain) {
    take(vertex);
    gain_[vertex] = gain;
    listed_[vertex] = true;
    order_.emplace(-gain, vertex);
  }
  void take(std::uint32_t vertex) {
    if (!listed_[vertex]) return;
    order_.erase({-gain_[vertex], vertex});
    listed_[vertex] = false;
  }
  void add(std::uint32_t vertex, std::int64_t more) {
    if (listed_[vertex]) put(vertex, gain_[vertex] + more);
  }
  const std::set<std::pair<std::int64_t, std::uint32_t>>& order() const { return order_; }

 private:
  std::vector<std::int64_t> gain_;
  std::vector<bool> listed_;
  std::set<std::pair<std::int64_t, std::uint32_t>> order_;
};

class Bisector {
 public:
  Bisector(const WeightedGraph& graph, double share, double tolerance)
      : graph_(graph),
        total_(std::accumulate(graph.weights.begin(), graph.weights.end(), std::uint64_t{0})),
        share_(share),
        tolerance_(tolerance) {}

  Bisection from(std::uint32_t seed) const {
    Bisection sides = grow(seed);
    for (int pass = 0; pass < most_passes && improve(sides); ++pass) {
    }
    return sides;
  }

  /// How heavy the heavier side is against its wish; 1 is perfect.
  double imbalance(std::uint64_t second) const {
    const auto total = static_cast<double>(total_);
    const double a = static_cast<double>(second) / (total * share_);
    const double b = (total - static_cast<double>(second)) / (total * (1 - share_));
    return std::max(a, b);
  }
  /// Order of preference: within the tolerance the cut decides, beyond it the balance.
  std::tuple<double, std::uint64_t, double> rank(const Bisection& sides) const {
    const double balance = imbalance(sides.second_weight);
    return {std::max(balance, tolerance_), sides.cut, balance};
  }

 private:
  Bisection grow(std::uint32_t seed) const {
    Bisection sides{.second = std::vector<bool>(graph_.size(), false)};
    Candidates border(graph_.size());
    border.put(seed, 0);
    std::vector<bool> seen(graph_.size(), false);
    seen[seed] = true;
    std::uint32_t unseen = 0;
    while (imbalance(sides.second_weight) > 1.0) {
      // A graph in pieces: growth goes on in the next one.
      while (border.order().empty() && unseen < graph_.size()) {
        if (!seen[unseen]) border.put(unseen, 0), seen[unseen] = true;
        ++unseen;
      }
      if (border.order().empty()) break;
      const std::uint32_t next = border.order().begin()->second;
      border.take(next);
      const std::uint64_t grown = sides.second_weight + graph_.weights[next];
      if (imbalance(grown) >= imbalance(sides.second_weight)) continue;
      sides.second[next] = true;
      sides.second_weight = grown;
      for (const auto& edge : graph_.edges[next]) {
        if (sides.second[edge.to]) continue;
        const auto weight = static_cast<std::int64_t>(edge.weight);
        if (!seen[edge.to])
          border.put(edge.to, gain_of(sides, edge.to)), seen[edge.to] = true;
        else
          border.add(edge.to, 2 * weight);
      }
    }
    sides.cut = cut_of(sides);
    return sides;
  }

  // What crosses less if the vertex changes its side.
  std::int64_t gain_of(const Bisection& sides, std::uint32_t vertex) const {
    std::int64_t gain = 0;
    for (const auto& edge : graph_.edges[vertex]) {
      const auto weight = static_cast<std::int64_t>(edge.weight);
      gain += sides.second[edge.to] != sides.second[vertex] ? weight : -weight;
    }
    return gain;
  }

  std::uint64_t cut_of(const Bisection& sides) const {
    std::uint64_t cut = 0;
    for (std::uint32_t v = 0; v < graph_.size(); ++v)
      for (const auto& edge : graph_.edges[v])
        if (edge.to > v && sides.second[edge.to] != sides.second[v]) cut += edge.weight;
    return cut;
  }

  void move(Bisection& sides, std::uint32_t vertex, std::int64_t gain) const {
    const std::uint64_t weight = graph_.weights[vertex];
    const bool was_second = sides.second[vertex];
    sides.second[vertex] = !was_second;
    sides.second_weight += was_second ? 0 - weight : weight;
    sides.cut -= static_cast<std::uint64_t>(gain);
  }

  // One pass: every vertex moves once at most, the best first, worse ones too; what came after the best is taken back.
  bool improve(Bisection& sides) const {
    Candidates free(graph_.size());
    for (std::uint32_t v = 0; v < graph_.size(); ++v) free.put(v, gain_of(sides, v));
    std::vector<std::pair<std::uint32_t, std::int64_t>> moves;
    std::size_t kept = 0;
    auto best = rank(sides);
    while (const auto* choice = choose(free, sides)) {
      const auto [loss, vertex] = *choice;
      free.take(vertex);
      move(sides, vertex, -loss);
      moves.emplace_back(vertex, -loss);
      for (const auto& edge : graph_.edges[vertex]) {
        const auto weight = static_cast<std::int64_t>(edge.weight);
        free.add(edge.to, sides.second[edge.to] == sides.second[vertex] ? -2 * weight : 2 * weight);
      }
      if (rank(sides) >= best) continue;
      best = rank(sides);
      kept = moves.size();
    }
    for (std::size_t i = moves.size(); i > kept; --i) move(sides, moves[i - 1].first, -moves[i - 1].second);
    return kept != 0;
  }

  const std::pair<std::int64_t, std::uint32_t>* choose(const Candidates& free, const Bisection& sides) const {
    const double allowed = std::max(tolerance_, imbalance(sides.second_weight));
    for (const auto& candidate : free.order()) {
      const std::uint64_t weight = graph_.weights[candidate.second];
      const std::uint64_t moved =
          sides.second[candidate.second] ? sides.second_weight - weight : sides.second_weight + weight;
      if (imbalance(moved) <= allowed) return &candidate;
    }
    return nullptr;
  }

  const WeightedGraph& graph_;
  std::uint64_t total_;
  double share_, tolerance_;
};

}  // namespace

Bisection bisect(const WeightedGraph& graph, double share, double tolerance) {
  const Bisector bisector(graph, share, tolerance);
  Bisection best = bisector.from(0);
  const std::uint32_t seeds = std::min(graph.size(), most_seeds);
  for (std::uint32_t i = 1; i < seeds; ++i) {
    Bisection sides = bisector.from(static_cast<std::uint32_t>(std::uint64_t{i} * graph.size() / seeds));
    if (bisector.rank(sides) < bisector.rank(best)) best = std::move(sides);
  }
  return best;
}

}  // namespace kiriko
