// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Where the nodes of a topology stand: columns by distance from the UEs, rows near their neighbours.
#pragma once

#include <string>
#include <vector>

#include "scenarios/loader/scenario.hpp"

namespace kiriko {

/// A node, or many end systems alike that are drawn as one stack.
struct PlacedNode {
  NodeId first{};
  std::size_t count{1};
  std::string name;
  std::size_t column{}, row{};
};

struct PlacedLink {
  std::size_t a{}, b{};  ///< indices in TopologyLayout::nodes
  LinkId link{};
  std::size_t parallel{};  ///< how many between the same two were placed before it
};

struct TopologyLayout {
  std::vector<PlacedNode> nodes;
  std::vector<PlacedLink> links;
  std::size_t columns{}, rows{};
};

/// Of a UE's candidate cells only the serving one is linked.
TopologyLayout place_topology(const Scenario& scenario);

}  // namespace kiriko
