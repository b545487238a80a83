// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Merging of inputs in order of (time, input), wake-ups in their place.
#include "core/engine/engine_node.hpp"

#include <algorithm>

namespace kiriko {
namespace {

/// Packets on a line were last touched when they were sent.
constexpr std::uint32_t prefetch_ahead = 12;
/// Of so many lines the first packets are asked for at once.
constexpr std::size_t inputs_ahead = 8;
/// Of a line with so many packets it is worth a look whether several come before all others.
constexpr std::uint32_t long_line = 4;
/// A node gives way after so many packets, or so many wake-ups of a burst, though more were safe: what is in
/// flight stays small, and with it the memory that the next node finds cold. An instant is never cut in two, so
/// results do not depend on it.
constexpr std::uint32_t packets_a_turn = 256, wake_up_counts = 32;

}  // namespace

EngineNode::EngineNode(NetworkFunction* function, bool wakes, Exits exits,
                       std::vector<LinkTransmitPort*> inputs, std::vector<LinkTransmitPort*> outputs)
    : wakes_(wakes),
      heads_(static_cast<std::uint32_t>(inputs.size())),
      inputs_(std::move(inputs)),
      function_(function),
      exits_(std::move(exits)),
      outputs_(std::move(outputs)) {
  for (std::uint32_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i] != nullptr) inputs_[i]->listen(this, i);
  update_lookahead();
}

void EngineNode::update_lookahead() {
  Duration in = ModelTime::never() - ModelTime{};
  Duration out = in;
  for (const LinkTransmitPort* link : inputs_)
    if (link != nullptr) in = std::min(in, link->lookahead());
  scheduled_.clear();
  for (LinkTransmitPort* link : outputs_) {
    if (link == nullptr) continue;
    out = std::min(out, link->lookahead());
    if (link->scheduled()) scheduled_.push_back(link);
  }
  in_delay_ = in;
  echo_ = in + out;
  if (seat_ != nullptr) *seat_ = {in_delay_, echo_, next_line(), function_};
}

ModelTime EngineNode::pending() const noexcept {
  ModelTime t = heads_.top_time();
  if (running_) t = std::min(t, exits_.wake_request());
  for (const LinkTransmitPort* link : scheduled_) t = std::min(t, link->next_start());
  return t;
}

void EngineNode::line_ready(std::uint32_t input, ModelTime head) noexcept {
  if (head <= heads_.time_of(input))
    heads_.bring_forward(input, head);
  else
    heads_.set(input, head);
  if (order_ == nullptr || head >= order_->time_of(index_)) return;
  order_->bring_forward(index_, head);
  seat_->next_line = inputs_[input];
}

void EngineNode::collect(ModelTime bound, Burst& burst) noexcept {
  TimeTournament::Entry first = heads_.first();
  while (first.at < bound.ns && !burst.full()) {
    const std::uint32_t input = first.place;
    LinkTransmitPort& link = *inputs_[input];
    DelayLine& line = link.line();
    link.count_received(line.take_before(bound, 1, prefetch_ahead, [&](Packet* packet) {
      metadata_of(packet).ingress = PortId{static_cast<std::uint16_t>(input)};
      burst.push(packet);
    }));
    first = heads_.set(input, line.first_time());
    if (line.size() < long_line || first.place != input || first.at >= bound.ns) continue;
    collect_from(input, bound, burst);
    first = heads_.first();
  }
}

// Where a line's next packet is the first of all, so may be those up to the other lines' first.
[[gnu::noinline]] void EngineNode::collect_from(std::uint32_t input, ModelTime bound, Burst& burst) noexcept {
  LinkTransmitPort& link = *inputs_[input];
  const TimeTournament::Entry limit = std::min(heads_.second(), TimeTournament::Entry{bound.ns, 0});
  const ModelTime before{limit.at + (input < limit.place ? 1 : 0)};
  link.count_received(
      link.line().take_before(before, burst_capacity - burst.size(), prefetch_ahead, [&](Packet* packet) {
        metadata_of(packet).ingress = PortId{static_cast<std::uint16_t>(input)};
        burst.push(packet);
      }));
  heads_.set(input, link.line().first_time());
}

[[gnu::noinline]] void EngineNode::record_lateness(const Burst& burst) noexcept {
  for (const Packet* packet : burst) {
    const PacketMetadata& metadata = metadata_of(packet);
    lateness_[metadata.ingress.value].record((clock_->now() - metadata.time).ns);
  }
}

void EngineNode::give(Burst& burst) noexcept {
  if (clock_ != nullptr) record_lateness(burst);
  exits_.ledger().in += burst.size();
  reached_ = metadata_of(burst[burst.size() - 1]).time;
  if (running_) {
    function_->process(burst, exits_);
  } else {
    for (Packet* packet : burst) exits_.drop(packet, DropReason::node_failed);
  }
  burst.clear();
}

// One line after the other would be waited for.
void EngineNode::prefetch_packets() const noexcept {
  const std::size_t count = std::min(inputs_.size(), inputs_ahead);
  for (std::size_t i = 0; i < count; ++i)
    if (const LinkTransmitPort* link = inputs_[i]; link != nullptr) link->prefetch_packet();
}

void EngineNode::run(ModelTime bound) noexcept {
  prefetch_packets();
  if (wakes_) {
    bound = run_with_wakes(bound);
  } else {
    bound = run_in_bursts(bound);
  }
  exits_.flush_all();
  for (LinkTransmitPort* link : scheduled_) link->advance(bound);
}

// Whole bursts, then the wake-ups due: the function has ordered what fell between the packets.
ModelTime EngineNode::run_in_bursts(ModelTime bound) noexcept {
  Burst burst;
  std::uint32_t taken = 0;
  for (;;) {
    if (heads_.top_time() < bound) {
      collect(bound, burst);
      if (burst.empty()) continue;
      taken += burst.size();
      give(burst);
    } else if (running_ && exits_.wake_request() < bound) {
      reached_ = std::max(reached_, exits_.wake_request());
      exits_.clear_wake_request();
      function_->wake(reached_, exits_);
      taken += wake_up_counts;
    } else {
      return bound;
    }
    if (taken >= packets_a_turn) bound = std::min(bound, reached_ + Duration{1});
  }
}

// Packets of one instant, then the wake-ups due, so that a wake-up asked for takes its place in time.
ModelTime EngineNode::run_with_wakes(ModelTime bound) noexcept {
  Burst burst;
  std::uint32_t taken = 0;
  for (;;) {
    const ModelTime wake = running_ ? exits_.wake_request() : ModelTime::never();
    if (const ModelTime head = heads_.top_time(); head < std::min(bound, wake + Duration{1})) {
      collect(head + Duration{1}, burst);
      taken += burst.size();
      if (!burst.empty()) give(burst);
    } else if (wake < bound) {
      exits_.clear_wake_request();
      reached_ = std::max(reached_, wake);
      function_->wake(reached_, exits_);
      taken += wake_up_counts;
    } else {
      return bound;
    }
    if (taken >= packets_a_turn) bound = std::min(bound, reached_ + Duration{1});
  }
}

void EngineNode::refresh() {
  for (std::uint32_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i] != nullptr) heads_.set(i, inputs_[i]->line().first_time());
  if (order_ != nullptr) order_->set(index_, pending());
}

void EngineNode::set_running(bool running, ModelTime now) noexcept {
  running_ = running;
  reached_ = std::max(reached_, now);
}

}  // namespace kiriko
