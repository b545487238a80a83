// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Merging of inputs in order of (time, input), wake-ups in their place.
#include "core/engine/engine_node.hpp"

#include <algorithm>
#include <bit>

#include "core/engine/merged_runs.hpp"

namespace kiriko {
namespace {

/// Packets on a line were last touched when they were sent.
constexpr std::uint32_t prefetch_ahead = 12;
/// The same where several lines are merged, of which trains of packets come.
constexpr std::uint32_t train_ahead = 2;
/// Of so many lines the first packets are asked for at once.
constexpr std::size_t inputs_ahead = 8;
/// Of a line with so many packets it is worth a look whether several come before all others.
constexpr std::uint32_t long_line = 4;
/// A node gives way after so many packets, or so many wake-ups of a burst, though more were safe: what is in
/// flight stays small, and with it the memory that the next node finds cold. An instant is never cut in two, so
/// results do not depend on it.
constexpr std::uint32_t packets_a_turn = 256, wake_up_counts = 32;

/// The number of the lowest bit that is set.
std::uint32_t lowest(unsigned bits) noexcept { return static_cast<std::uint32_t>(std::countr_zero(bits)); }

}  // namespace

EngineNode::EngineNode(NetworkFunction* function, bool wakes, Exits exits,
                       std::vector<LinkTransmitPort*> inputs, std::vector<LinkTransmitPort*> outputs)
    : wakes_(wakes),
      inputs_(std::move(inputs)),
      heads_(static_cast<std::uint32_t>(inputs_.size())),
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
  if (seat_ != nullptr) *seat_ = {in_delay_, echo_, line_of(heads_.earliest()), function_};
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

/// False: nothing is due.
bool EngineNode::collect(ModelTime bound, Burst& burst) noexcept {
  if (!heads_.are_few()) return collect_one_by_one(bound, burst);
  const unsigned due = heads_.before(bound);
  if (due == 0) return false;
  if ((due & (due - 1)) == 0)
    take_all(lowest(due), bound, burst);
  else if (!merge_lines(due, bound, burst))
    collect_one_by_one(bound, burst);
  return true;
}

// The packets of one line after the other are merged into the burst by time. False: they cannot be, too many are of one instant.
bool EngineNode::merge_lines(unsigned due, ModelTime bound, Burst& burst) noexcept {
  // A line gives its part of a burst; where it has more, the others give what comes before that.
  const auto lines = static_cast<unsigned>(std::popcount(due));
  const std::uint32_t part = burst_capacity >> std::bit_width(lines - 1);
  ModelTime before = bound;
  for (unsigned left = due; left != 0; left &= left - 1) {
    const LinkTransmitPort& link = *inputs_[lowest(left)];
    link.prefetch_packet();
    before = std::min(before, link.line().time_at(part));
  }
  if (before != bound) {
    due = heads_.before(before);
    if (due == 0) return false;
  }
  MergedRuns runs(burst);
  for (unsigned left = due; left != 0; left &= left - 1) {
    const std::uint32_t input = lowest(left);
    LinkTransmitPort& link = *inputs_[input];
    DelayLine& line = link.line();
    const std::uint32_t taken = line.take_before(before, part, train_ahead, [&](const TimedPacket& entry) {
      metadata_of(entry.packet).ingress = PortId{static_cast<std::uint16_t>(input)};
      runs.add(entry);
    });
    runs.end_run();
    link.count_received(taken);
    heads_.set(input, line.first_time());
  }
  return true;
}

void EngineNode::take_all(std::uint32_t input, ModelTime bound, Burst& burst) noexcept {
  LinkTransmitPort& link = *inputs_[input];
  link.count_received(
      link.line().take_before(bound, burst_capacity, prefetch_ahead, [&](const TimedPacket& entry) {
        metadata_of(entry.packet).ingress = PortId{static_cast<std::uint16_t>(input)};
        burst.push(entry.packet);
      }));
  heads_.set(input, link.line().first_time());
}

[[gnu::noinline]] bool EngineNode::collect_one_by_one(ModelTime bound, Burst& burst) noexcept {
  InputHeads::Entry first = heads_.first();
  if (first.at >= bound.ns) return false;
  prefetch_packets();
  while (first.at < bound.ns && !burst.full()) {
    const std::uint32_t input = first.place;
    LinkTransmitPort& link = *inputs_[input];
    DelayLine& line = link.line();
    link.count_received(line.take_before(bound, 1, prefetch_ahead, [&](const TimedPacket& entry) {
      metadata_of(entry.packet).ingress = PortId{static_cast<std::uint16_t>(input)};
      burst.push(entry.packet);
    }));
    heads_.set(input, line.first_time());
    first = heads_.first();
    if (line.size() < long_line || first.place != input || first.at >= bound.ns) continue;
    collect_from(input, bound, burst);
    first = heads_.first();
  }
  return true;
}

// Where a line's next packet is the first of all, so may be those up to the other lines' first.
[[gnu::noinline]] void EngineNode::collect_from(std::uint32_t input, ModelTime bound, Burst& burst) noexcept {
  LinkTransmitPort& link = *inputs_[input];
  const InputHeads::Entry limit = std::min(heads_.second(), InputHeads::Entry{bound.ns, 0});
  const ModelTime before{limit.at + (input < limit.place ? 1 : 0)};
  link.count_received(link.line().take_before(
      before, burst_capacity - burst.size(), prefetch_ahead, [&](const TimedPacket& entry) {
        metadata_of(entry.packet).ingress = PortId{static_cast<std::uint16_t>(input)};
        burst.push(entry.packet);
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
    const bool due = collect(bound, burst);
    if (!burst.empty()) {
      taken += burst.size();
      give(burst);
    } else if (due) {
      continue;  // a line was later than told
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
    if (const ModelTime head = heads_.earliest(); head < std::min(bound, wake + Duration{1})) {
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
  // What it wanted to be woken for while it was down is due now.
  if (!running || exits_.wake_request() >= now) return;
  exits_.clear_wake_request();
  exits_.at(now);
}

}  // namespace kiriko
