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
    : nodes_(std::move(nodes)),
      seats_(nodes_.size()),
      is_border_(nodes_.size()),
      order_(static_cast<std::uint32_t>(nodes_.size())) {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i]->join(&order_, &seats_[i], i);
    nodes_[i]->update_lookahead();
    nodes_[i]->refresh();
  }
  set_window();
}

void Part::receive_from(Part& sender, CrossingQueue& queue, const std::vector<Crossing>& links) {
  incoming_.push_back(&queue);
  Outgoing& outgoing = sender.outgoing_.emplace_back(Outgoing{&queue, {}, {}});
  for (const Crossing& crossing : links) {
    crossing.link->cross_by(&queue);
    is_border_[crossing.to->index()] = 1;
    outgoing.senders.push_back({crossing.from->index(), crossing.link, Duration{}});
  }
  sender.refresh();
}

void Part::set_window() noexcept {
  const Duration endless = ModelTime::never() - ModelTime{};
  Duration shortest = endless;
  for (const Seat& seat : seats_) shortest = std::min(shortest, seat.in_delay);
  window_ = Duration{shortest.ns / rounds_a_delay};
  publish_interval_ = endless;
  for (Outgoing& outgoing : outgoing_) {
    outgoing.lookahead = endless;
    for (Sender& sender : outgoing.senders) {
      sender.lookahead = std::max(sender.link->lookahead(), Duration{1});
      outgoing.lookahead = std::min(outgoing.lookahead, sender.lookahead);
    }
    outgoing.queue->take_back_promise();
    publish_interval_ = std::min(publish_interval_, outgoing.lookahead);
  }
}

[[gnu::flatten]] void Part::run(ModelTime horizon) noexcept {
  bound_ = horizon_ = horizon;
  while (order_.top_time() < horizon) run_some();
}

void Part::run_some() noexcept {
  const TimeTournament::Entry second = order_.any_second();
  const ModelTime limit = std::min(horizon_, order_.top_time() + window_);
  if (second.at < limit.ns)
    run_round(limit);
  else
    run_first(second);
}

bool Part::advance(ModelTime bound) noexcept {
  const ModelTime before = horizon_;
  bound_ = bound;
  for (;;) {
    if (horizon_ < bound && order_.top_time() >= horizon_) look_at_others();
    if (order_.top_time() >= horizon_) break;
    // The last round before another look.
    if (horizon_ < bound && order_.top_time() >= horizon_ - window_)
      for (const CrossingQueue* queue : incoming_) queue->prefetch();
    run_some();
    if (order_.top_time() - published_at_ >= publish_interval_) publish();
  }
  publish();
  if (horizon_ == bound) reached_.store(bound.ns, std::memory_order_release);
  return horizon_ > before;
}

// Their promises first: what they have sent before is in the queues then.
void Part::look_at_others() noexcept {
  ModelTime horizon = bound_;
  for (const CrossingQueue* queue : incoming_) horizon = std::min(horizon, queue->arrives_from());
  horizon_ = std::max(horizon_, horizon);
  take_crossing();
}

// The packets come from another core's cache, which takes as long as some hops: they are asked for all at once.
void Part::take_crossing() {
  for (CrossingQueue* queue : incoming_)
    queue->take_published([](const CrossingQueue::Entry& entry) {
      take_over_whole(entry.packet.packet);
      entry.link->arrive(entry.packet);
    });
}

// What a node sends to other parts it has received: from a node here, at the first event's time plus the shortest way into it,
// or from other parts.
void Part::publish() noexcept {
  const ModelTime first = order_.top_time();
  published_at_ = std::min(first, horizon_);
  for (const Outgoing& outgoing : outgoing_) {
    ModelTime next = horizon_ + outgoing.lookahead;
    for (const Sender& sender : outgoing.senders) {
      ModelTime own = order_.time_of(sender.node);
      if (first < own) own = std::min(own, first + seats_[sender.node].in_delay);
      next = std::min(next, own + sender.lookahead);
    }
    outgoing.queue->publish(next);
  }
}

void Part::skip_to(ModelTime time, ModelTime bound) noexcept {
  horizon_ = std::max(horizon_, time);
  for (const Outgoing& outgoing : outgoing_) outgoing.queue->publish(time + outgoing.lookahead);
  if (time >= bound) reached_.store(bound.ns, std::memory_order_release);
}

void Part::run_first(const TimeTournament::Entry& second) noexcept {
  const std::uint32_t index = order_.top();
  EngineNode& node = *nodes_[index];
  Seat& seat = seats_[index];
  const ModelTime first = order_.top_time();
  ModelTime safe = std::min(ModelTime{second.at} + seat.in_delay, first + seat.echo);
  // Where no delay separates nodes, at least this instant is run.
  safe = std::min({bound_, horizon_ + (is_border_[index] != 0 ? Duration{} : seat.in_delay),
                   std::max(safe, first + Duration{1})});
  prefetch(second.place);
  node.run(safe);
  order_.set(index, node.settle(seat));
  ++runs_;
}

void Part::run_round(ModelTime limit) noexcept {
  const ModelTime first = order_.top_time();
  const std::uint32_t count = order_.find_before(limit);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + nodes_ahead < count) prefetch(order_.found(i + nodes_ahead));
    if (i + 1 < count) nodes_[order_.found(i + 1)]->prefetch_inputs();
    const std::uint32_t index = order_.found(i);
    EngineNode& node = *nodes_[index];
    Seat& seat = seats_[index];
    node.run(std::min(is_border_[index] != 0 ? horizon_ : bound_, first + seat.in_delay));
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
