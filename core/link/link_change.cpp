// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What happens to packets on a link when the link is changed, cut or read between steps.
#include "core/link/link_transmit_port.hpp"

#include <algorithm>

namespace kiriko {

void LinkTransmitPort::set_properties(const LinkProperties& properties, ModelTime now) {
  const bool new_rate = properties.rate != properties_.rate;
  properties_ = properties;
  delay_ = properties.delay;
  frame_overhead_ = properties.frame_overhead;
  plain_ = properties.jitter.deviation.ns == 0 && properties.loss <= 0 && properties.gemodel.p <= 0 &&
           properties.reorder <= 0 && properties.duplicate <= 0 && properties.corrupt <= 0;
  look_at_way();
  if (!new_rate) return;
  if (scheduler_ == nullptr) {
    replan(now);
  } else {
    const ModelTime free = std::max(now, transmitter_.free_at());
    transmitter_.set_rate(properties.rate);
    transmitter_.replan_from(free);
  }
}

// Packets that have not started yet start anew at the new rate; the one on the wire keeps its end. Where the
// line is not in order any more (jitter), what was planned stays planned.
void LinkTransmitPort::replan(ModelTime now) {
  forget_departed(now);
  std::vector<TimedPacket> waiting;
  ModelTime free = transmitter_.free_at();
  if (departures_head_ != departures_tail_ && line_.can_take_back()) {
    free = departures_[departures_head_ & (departures_.size() - 1)].start;
    for (; departures_tail_ != departures_head_; --departures_tail_) waiting.push_back(line_.take_back());
    queued_bytes_ = 0;
  }
  transmitter_.set_rate(properties_.rate);
  transmitter_.replan_from(free);
  std::reverse(waiting.begin(), waiting.end());
  std::size_t back = waiting.size();
  for (const TimedPacket& entry : waiting) {
    const std::uint32_t wire_bytes = size_of(entry.packet) + properties_.frame_overhead;
    const Transmitter::Times times = transmitter_.send(free, wire_bytes);
    metadata_of(entry.packet).time = times.end + properties_.delay;
    if (tap_ != nullptr) tap_->replanned(--back, times.start, properties_.delay);
    if (properties_.rate.value != 0) {
      departures_[departures_tail_++ & (departures_.size() - 1)] = {times.start, times.end, wire_bytes};
      queued_bytes_ += wire_bytes;
    }
    put_on_line({metadata_of(entry.packet).time, entry.packet});
  }
}

void LinkTransmitPort::set_shares(std::vector<SliceShare> shares, ModelTime now) {
  if (scheduler_ == nullptr) {
    if (shares.empty()) return;
    scheduler_ = std::make_unique<SliceScheduler>(std::move(shares));
    look_at_way();
    return;  // what the FIFO has planned leaves as planned; the scheduler starts behind it
  }
  std::vector<Packet*> orphans;
  const bool to_fifo = shares.empty();
  scheduler_->change(std::move(shares), orphans);
  if (to_fifo) {
    scheduler_.reset();
    look_at_way();
    for (Packet* packet : orphans) queue_fifo(packet, now, size_of(packet) + properties_.frame_overhead);
    return;
  }
  for (Packet* packet : orphans) drop(packet, now, DropReason::slice_unknown);
}

// What was planned and has not started goes nowhere: the line is free for what comes after, and the accounts know what went.
void LinkTransmitPort::forget_planned(ModelTime now) {
  forget_departed(now);
  for (std::uint32_t i = departures_head_; i != departures_tail_; ++i) {
    --carried_packets_;
    carried_bytes_ -= departures_[i & (departures_.size() - 1)].wire_bytes - frame_overhead_;
  }
  carried_at_read_ = std::min(carried_at_read_, carried_bytes_);
  transmitter_.replan_from(std::min(transmitter_.free_at(), now));
  const auto second = static_cast<std::size_t>(now.ns / second_ns);
  if (bytes_at_second_end_.size() <= second) return;
  bytes_at_second_end_.resize(second);
  second_end_ns_ = static_cast<std::int64_t>(second + 1) * second_ns;
}

void LinkTransmitPort::set_up(bool up, ModelTime now) {
  if (up_ == up) return;
  up_ = up;
  look_at_way();
  if (up) return;
  forget_planned(now);
  std::vector<Packet*> lost;
  drain(lost);
  for (Packet* packet : lost) drop(packet, metadata_of(packet).time, DropReason::link_down);
}

void LinkTransmitPort::drain(std::vector<Packet*>& out) {
  if (scheduler_ != nullptr) scheduler_->flush(out);
  while (!line_.empty()) out.push_back(line_.pop());
  departures_head_ = departures_tail_ = 0;
  queued_bytes_ = 0;
}

void LinkTransmitPort::read(LinkDirectionView& view, ModelTime now) {
  view.properties = properties_;
  view.slices.clear();
  if (scheduler_ != nullptr) {
    view.shares = scheduler_->shares();
    scheduler_->read_loads(view.slices);
    carried_at_read_ = carried_bytes_;
    return;
  }
  view.shares.clear();
  forget_departed(now);
  SliceLoad load;
  load.carried.count = static_cast<std::int64_t>(carried_bytes_ - carried_at_read_);
  load.offered.count =
      load.carried.count + static_cast<std::int64_t>(bytes_dropped_at_queue_ - bytes_dropped_at_read_);
  load.dropped = dropped_at_queue_ - dropped_at_read_;
  load.backlog = Bytes{queued_bytes_};
  load.delay_max = longest_queueing_;
  view.slices.push_back(load);
  bytes_dropped_at_read_ = bytes_dropped_at_queue_;
  carried_at_read_ = carried_bytes_;
  dropped_at_read_ = dropped_at_queue_;
  longest_queueing_ = Duration{};
}

std::uint64_t LinkTransmitPort::held() const noexcept {
  return line_.size() + (scheduler_ == nullptr ? 0 : scheduler_->size());
}

}  // namespace kiriko
