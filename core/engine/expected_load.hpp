// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ExpectedLoad: how much of a run's work each node and link is likely to have, before anything has run.
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/graph.hpp"

namespace kiriko {

struct ExpectedLoad {
  std::vector<std::uint64_t>
      nodes;  ///< by NodeId: a little for itself and each port, and much for each flow that passes
  std::vector<std::uint64_t> links;  ///< by LinkId: likewise
};

/// Flows count alike and go the way of the fewest links, of many flows those of some sources: a guess for cutting the graph, on which no
/// result depends.
ExpectedLoad expected_load(const Graph& graph);

}  // namespace kiriko
