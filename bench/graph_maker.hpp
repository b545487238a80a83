// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Building of graphs for the benches, and their run by pieces of model time.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "bench/stopwatch.hpp"
#include "core/engine/emulation.hpp"

namespace kiriko::bench {

/// Nodes and links in the order of their making; a node's ports are numbered in the order of its links.
class GraphMaker {
 public:
  std::uint32_t add(std::unique_ptr<NetworkFunction> function, bool wakes) {
    GraphNode node;
    node.view.id = NodeId{static_cast<std::uint32_t>(graph_.nodes.size())};
    node.view.name = "n" + std::to_string(graph_.nodes.size());
    node.view.kind = NodeKind::function;
    node.wakes = wakes;
    node.function = std::move(function);
    graph_.nodes.push_back(std::move(node));
    ports_.push_back(0);
    return graph_.nodes.back().view.id.value;
  }
  void link(std::uint32_t a, std::uint32_t b, const LinkProperties& properties,
            std::vector<SliceShare> forward_shares = {}) {
    GraphLink link;
    link.a = NodeId{a};
    link.b = NodeId{b};
    link.a_port = PortId{ports_[a]++};
    link.b_port = PortId{ports_[b]++};
    link.forward = link.backward = properties;
    link.forward_shares = std::move(forward_shares);
    graph_.links.push_back(std::move(link));
  }
  Graph take() { return std::move(graph_); }

 private:
  Graph graph_;
  std::vector<std::uint16_t> ports_;
};

class NoSchedule final : public Schedule {
 public:
  ModelTime next_due() override { return ModelTime::never(); }
  void run_due(ModelTime) override {}
};

/// Runs in pieces of `piece` model time until `wall` has passed; returns the wall time in nanoseconds.
inline double run_for(Emulation& emulation, Duration piece, Duration wall) {
  NoSchedule schedule;
  const std::atomic<bool> stop{false};
  const Stopwatch watch;
  do {
    emulation.run(emulation.now() + piece, schedule, stop, [](ModelTime) {});
  } while (!watch.passed(wall));
  return watch.nanoseconds();
}

}  // namespace kiriko::bench
