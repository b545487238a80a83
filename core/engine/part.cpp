// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The safe-burst loop.
#include "core/engine/part.hpp"

#include <algorithm>

namespace kiriko {
namespace {

constexpr std::uint32_t nodes_ahead = 2;
/// A round takes the nodes that are due within this part of the shortest delay into any.
constexpr std::int64_t rounds_a_delay = 2;

}  // namespace

Part::Part(std::vector<EngineNode*> nodes)
    : nodes_(std::move(nodes)), seats_(nodes_.size()), order_(static_cast<std::uint32_t>(nodes_.size())) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->join(&order_, &seats_[i], i);
    nodes_[i]->update_lookahead();
    nodes_[i]->refresh();
  }
  set_window();
}

void Part::set_window() noexcept {
  Duration shortest = ModelTime::never() - ModelTime{};
  for (const Seat& seat : seats_) shortest = std::min(shortest, seat.in_delay);
  window_ = Duration{shortest.ns / rounds_a_delay};
}

void Part::run(ModelTime horizon) noexcept {
  for (LinkTransmitPort* link : incoming_) link->receive_crossing();
  while (order_.top_time() < horizon) {
    const TimeTournament::Entry second = order_.any_second();
    const ModelTime limit = std::min(horizon, order_.top_time() + window_);
    if (second.at < limit.ns)
      run_round(limit, horizon);
    else
      run_first(second, horizon);
  }
  sent_ = ModelTime::never();
  for (LinkTransmitPort* link : outgoing_) sent_ = std::min(sent_, link->close_crossing());
}

void Part::run_first(const TimeTournament::Entry& second, ModelTime horizon) noexcept {
  const std::uint32_t index = order_.top();
  EngineNode& node = *nodes_[index];
  Seat& seat = seats_[index];
  const ModelTime first = order_.top_time();
  ModelTime safe = std::min(ModelTime{second.at} + seat.in_delay, first + seat.echo);
  // Where no delay separates nodes, at least this instant is run.
  safe = std::min(horizon, std::max(safe, first + Duration{1}));
  prefetch(second.place);
  node.run(safe);
  order_.set(index, node.settle(seat));
  ++runs_;
}

void Part::run_round(ModelTime limit, ModelTime horizon) noexcept {
  const ModelTime first = order_.top_time();
  const std::uint32_t count = order_.find_before(limit);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + nodes_ahead < count) prefetch(order_.found(i + nodes_ahead));
    if (i + 1 < count) nodes_[order_.found(i + 1)]->prefetch_inputs();
    const std::uint32_t index = order_.found(i);
    EngineNode& node = *nodes_[index];
    Seat& seat = seats_[index];
    node.run(std::min(horizon, first + seat.in_delay));
    order_.put(index, node.settle(seat));
  }
  order_.settle();
  runs_ += count;
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
  set_window();
}

}  // namespace kiriko
