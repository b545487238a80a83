// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Bisection: two sides of a graph, near a wished balance, with as little as can be found crossing between them.
#pragma once

#include <cstdint>
#include <vector>

namespace kiriko {

struct WeightedGraph {
  struct Edge {
    std::uint32_t to{};
    std::uint64_t weight{};
  };
  std::vector<std::uint64_t> weights;    ///< by vertex
  std::vector<std::vector<Edge>> edges;  ///< by vertex; each edge stands at both its ends

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(weights.size()); }
};

struct Bisection {
  std::vector<bool> second;       ///< by vertex: on the second side
  std::uint64_t cut{};            ///< weight of the edges that cross
  std::uint64_t second_weight{};  ///< of the second side's vertices
};

/// The second side is to weigh `share` (0…1) of the whole. Grown from several vertices, then improved by moves of single
/// vertices (Fiduccia and Mattheyses, DAC 1982) that keep the heavier side, measured against its wish, within `tolerance` (1.1: a tenth
/// too heavy) where that is possible. Deterministic.
Bisection bisect(const WeightedGraph& graph, double share, double tolerance);

}  // namespace kiriko
