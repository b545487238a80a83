// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Merging of inputs in order of (time, input), wake-ups in their place.
#include "core/engine/engine_node.hpp"

#include <algorithm>
#include <functional>

namespace kiriko {
namespace {

/// Packets on a line were last touched when they were sent.
constexpr std::size_t prefetch_ahead = 12;
/// A node gives way after so many packets, or so many wake-ups of a burst, though more were safe: what is in
/// flight stays small, and with it the memory that the next node finds cold. An instant is never cut in two, so
/// results do not depend on it.
constexpr std::uint32_t packets_a_turn = 256, wake_up_counts = 32;

}  // namespace

EngineNode::EngineNode(NetworkFunction* function, bool wakes, Exits exits,
                       std::vector<LinkTransmitPort*> inputs, std::vector<LinkTransmitPort*> outputs)
    : function_(function),
      inputs_(std::move(inputs)),
      wakes_(wakes),
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
  ModelTime t = heads_.empty() ? ModelTime::never() : ModelTime{heads_.front().at};
  if (running_) t = std::min(t, exits_.wake_request());
  for (const LinkTransmitPort* link : scheduled_) t = std::min(t, link->next_start());
  return t;
}

void EngineNode::line_ready(std::uint32_t input, ModelTime head) noexcept {
  heads_.push_back({head.ns, input});
  std::push_heap(heads_.begin(), heads_.end(), std::greater<>{});
  if (order_ == nullptr || head >= order_->time_of(index_)) return;
  order_->set(index_, head);
  seat_->next_line = inputs_[input];
}

// Drops stale entries: a line's head that was consumed, or overtaken by an earlier one.
bool EngineNode::next_head(ModelTime bound, Head& head) noexcept {
  while (!heads_.empty() && heads_.front().at < bound.ns) {
    head = heads_.front();
    DelayLine& line = inputs_[head.input]->line();
    if (!line.empty() && line.next_time().ns == head.at) return true;
    std::pop_heap(heads_.begin(), heads_.end(), std::greater<>{});
    heads_.pop_back();
  }
  return false;
}

void EngineNode::collect(ModelTime bound, Burst& burst) noexcept {
  Head head{};
  while (!burst.full() && next_head(bound, head)) {
    std::pop_heap(heads_.begin(), heads_.end(), std::greater<>{});
    heads_.pop_back();
    // A head that was overtaken and came back is listed twice; its twin would be a limit that nothing gets below.
    while (!heads_.empty() && !(heads_.front() > head)) {
      std::pop_heap(heads_.begin(), heads_.end(), std::greater<>{});
      heads_.pop_back();
    }
    const Head end{bound.ns, 0};
    const Head limit = heads_.empty() || heads_.front() > end ? end : heads_.front();
    LinkTransmitPort& link = *inputs_[head.input];
    DelayLine& line = link.line();
    std::uint64_t taken = 0;
    while (!burst.full() && !line.empty()) {
      const std::int64_t at = line.next_time().ns;
      if (!(limit > Head{at, head.input})) break;
      if (Packet* later = line.ahead(prefetch_ahead); later != nullptr) {
        rte_prefetch0(later);
        rte_prefetch0(rte_mbuf_to_priv(later));
      }
      Packet* packet = line.pop();
      if (clock_ != nullptr) lateness_[head.input].record(clock_->now().ns - at);
      metadata_of(packet).ingress = PortId{static_cast<std::uint16_t>(head.input)};
      burst.push(packet);
      ++taken;
    }
    link.count_received(taken);
    if (!line.empty()) {
      heads_.push_back({line.next_time().ns, head.input});
      std::push_heap(heads_.begin(), heads_.end(), std::greater<>{});
    }
  }
}

void EngineNode::give(Burst& burst) noexcept {
  exits_.ledger().in += burst.size();
  reached_ = metadata_of(burst[burst.size() - 1]).time;
  if (running_) {
    function_->process(burst, exits_);
  } else {
    for (Packet* packet : burst) exits_.drop(packet, DropReason::node_failed);
  }
  burst.clear();
}

void EngineNode::run(ModelTime bound) noexcept {
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
    collect(bound, burst);
    if (!burst.empty()) {
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
  Head head{};
  std::uint32_t taken = 0;
  for (;;) {
    const ModelTime wake = running_ ? exits_.wake_request() : ModelTime::never();
    if (next_head(std::min(bound, wake + Duration{1}), head)) {
      collect(ModelTime{head.at + 1}, burst);
      taken += burst.size();
      give(burst);
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
  heads_.clear();
  for (std::uint32_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i] != nullptr && !inputs_[i]->line().empty())
      heads_.push_back({inputs_[i]->line().next_time().ns, i});
  std::make_heap(heads_.begin(), heads_.end(), std::greater<>{});
  if (order_ != nullptr) order_->set(index_, pending());
}

void EngineNode::set_running(bool running, ModelTime now) noexcept {
  running_ = running;
  reached_ = std::max(reached_, now);
}

}  // namespace kiriko
