// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The safe-burst loop.
#include "core/engine/part.hpp"

#include <algorithm>

namespace kiriko {

Part::Part(std::vector<EngineNode*> nodes)
    : nodes_(std::move(nodes)), seats_(nodes_.size()), order_(static_cast<std::uint32_t>(nodes_.size())) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->join(&order_, &seats_[i], i);
    nodes_[i]->update_lookahead();
    nodes_[i]->refresh();
  }
}

void Part::run(ModelTime horizon) noexcept {
  while (order_.top_time() < horizon) {
    const std::uint32_t index = order_.top();
    EngineNode& node = *nodes_[index];
    Seat& seat = seats_[index];
    const ModelTime first = order_.top_time();
    const TimeTournament::Entry second = order_.any_second();
    ModelTime safe = std::min(ModelTime{second.at} + seat.in_delay, first + seat.echo);
    // Where no delay separates nodes, at least this instant is run.
    safe = std::min(horizon, std::max(safe, first + Duration{1}));
    prefetch(second.place);
    node.run(safe);
    order_.set(index, node.pending());
    seat.next_line = node.next_line();
    ++runs_;
  }
}

// What is likely to run next.
void Part::prefetch(std::uint32_t index) const noexcept {
  if (index >= nodes_.size()) return;
  nodes_[index]->prefetch();
  rte_prefetch0(seats_[index].function);
  if (const LinkTransmitPort* line = seats_[index].next_line; line != nullptr) line->prefetch_line();
}

void Part::refresh() {
  for (EngineNode* node : nodes_) node->refresh();
}

}  // namespace kiriko
