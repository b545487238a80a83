// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Graph: what an emulation is built from: nodes with their functions, links with their properties.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/control/network_view.hpp"
#include "core/function/network_function.hpp"
#include "core/function/polled_receiver.hpp"
#include "core/link/link_transmit_port.hpp"
#include "core/measure/flow_measure.hpp"

namespace kiriko {

struct GraphNode {
  NodeView view;  ///< ports are filled in by the emulation
  std::unique_ptr<NetworkFunction> function;
  bool wakes{false};
  bool tells{false};                ///< its function may speak to a controller
  PolledReceiver* source{nullptr};  ///< a device's receive side; owned by `function`
};

struct GraphLink {
  std::string name;
  NodeId a{}, b{};
  PortId a_port{}, b_port{};
  bool radio{false};
  LinkProperties forward{}, backward{};
  std::vector<SliceShare> forward_shares{}, backward_shares{};
  LinkTaps taps{};
};

struct Graph {
  std::uint64_t seed{1};
  std::vector<GraphNode> nodes;  ///< index = NodeId
  std::vector<GraphLink> links;  ///< index = LinkId
  std::vector<SliceDescription> slices;
  std::vector<SessionView> sessions;
  std::uint32_t flow_count{};
  std::vector<std::pair<NodeId, NodeId>>
      flows;  ///< source and destination, as far as known: a hint for cutting the graph
  std::vector<MeasureWindow> windows;  ///< for the accounts of dropped packets
};

}  // namespace kiriko
