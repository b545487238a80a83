// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The safe-burst loop.
#include "core/engine/part.hpp"

#include <algorithm>

namespace kiriko {

Part::Part(std::vector<EngineNode*> nodes)
    : nodes_(std::move(nodes)), seats_(nodes_.size()), heap_(static_cast<std::uint32_t>(nodes_.size())) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->join(&heap_, &seats_[i], i);
    nodes_[i]->update_lookahead();
    nodes_[i]->refresh();
  }
}

void Part::run(ModelTime horizon) noexcept {
  while (heap_.top_time() < horizon) {
    const std::uint32_t index = heap_.top();
    EngineNode& node = *nodes_[index];
    Seat& seat = seats_[index];
    const ModelTime first = heap_.top_time();
    ModelTime safe = std::min(heap_.second_time() + seat.in_delay, first + seat.echo);
    // Where no delay separates nodes, at least this instant is run.
    safe = std::min(horizon, std::max(safe, first + Duration{1}));
    for (std::uint32_t place = 1; place <= 2 && place < heap_.size(); ++place) prefetch(heap_.at(place));
    node.run(safe);
    heap_.set(index, node.pending());
    seat.next_line = node.next_line();
    ++runs_;
  }
}

// One of the next to run.
void Part::prefetch(std::uint32_t index) const noexcept {
  nodes_[index]->prefetch();
  if (const LinkTransmitPort* line = seats_[index].next_line; line != nullptr) line->prefetch_line();
}

void Part::refresh() {
  for (EngineNode* node : nodes_) node->refresh();
}

}  // namespace kiriko
