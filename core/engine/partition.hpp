// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Partition: which worker runs which node. Parts are cut at links long enough to be worth it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/engine/graph.hpp"

namespace kiriko {

struct Partition {
  std::uint32_t parts{1};
  std::vector<std::uint32_t> part_of_node;  ///< by NodeId
  Duration lookahead{};                     ///< the smallest delay of the links that are cut; huge if none is
};

/// At most `wanted` parts, balanced by what they are likely to have to do. Results never depend on the choice.
Partition make_partition(const Graph& graph, std::uint32_t wanted);

}  // namespace kiriko
