// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// build(): a checked Scenario to the graph of an emulation.
#pragma once

#include <vector>

#include "core/engine/graph.hpp"
#include "core/function/descriptor.hpp"
#include "core/packet/packet_pool.hpp"
#include "core/traffic/host.hpp"
#include "scenarios/loader/scenario.hpp"

namespace kiriko {

struct BuiltScenario {
  Graph graph;
  std::vector<Host*> hosts;  ///< by NodeId; nullptr for nodes that are not hosts; owned by the graph's nodes
};

/// `taps`: by LinkId, empty where a link is not captured; the list may be empty. A problem names the node.
Result<BuiltScenario> build(const Scenario& scenario, Catalogue catalogue, const std::vector<LinkTaps>& taps);

}  // namespace kiriko
