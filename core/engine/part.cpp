// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The safe-burst loop.
#include "core/engine/part.hpp"

#include <algorithm>

namespace kiriko {

Part::Part(std::vector<EngineNode*> nodes)
    : nodes_(std::move(nodes)), heap_(static_cast<std::uint32_t>(nodes_.size())) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->join(&heap_, i);
    nodes_[i]->refresh();
  }
}

void Part::run(ModelTime horizon) noexcept {
  while (heap_.top_time() < horizon) {
    const std::uint32_t index = heap_.top();
    EngineNode& node = *nodes_[index];
    const ModelTime first = heap_.top_time();
    ModelTime safe = std::min(heap_.second_time() + node.in_delay(), first + node.echo());
    // Where no delay separates nodes, at least this instant is run.
    safe = std::min(horizon, std::max(safe, first + Duration{1}));
    node.run(safe);
    heap_.set(index, node.pending());
    ++runs_;
  }
}

void Part::refresh() {
  for (EngineNode* node : nodes_) node->refresh();
}

}  // namespace kiriko
