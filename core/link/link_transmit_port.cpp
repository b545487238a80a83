// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The packet's way through a link: admission, queue, line.
#include "core/link/link_transmit_port.hpp"

#include <algorithm>
#include <cstring>

namespace kiriko {
namespace {

constexpr std::uint8_t hop_limit = 255;

}  // namespace

LinkTransmitPort::LinkTransmitPort(Setup setup)
    : impairment_(setup.seed, setup.name), pool_(setup.pool), setup_name_(std::move(setup.name)) {
  set_properties(setup.properties, ModelTime{});
  if (!setup.shares.empty()) set_shares(std::move(setup.shares), ModelTime{});
}

// Loops without calls: their small steps are kept apart for the reader only. What chance does, and a queue of more than one
// packet, is called, so that the loops keep their values in registers.
[[gnu::flatten]] void LinkTransmitPort::transmit(Burst& burst) noexcept {
  const std::uint32_t count = burst.size();
  ledger_.in += count;
  if (scheduler_ != nullptr) return transmit_by_slice(burst);
  if (!bare_) return transmit_by_fifo(burst, 0);
  // As far as each packet finds the line free: no queue, no chance, nobody who looks on.
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + 1 < count) rte_prefetch0(rte_mbuf_to_priv(burst[i + 1]));
    Packet* packet = burst[i];
    PacketMetadata& metadata = metadata_of(packet);
    const ModelTime now = metadata.time;
    if (transmitter_.free_at() > now) return transmit_by_fifo(burst, i);
    if (++metadata.hops == hop_limit) {
      drop(packet, now, DropReason::hop_limit);
      continue;
    }
    if (now.ns >= second_end_ns_) begin_second(now);
    ++carried_packets_;
    carried_bytes_ += size_of(packet);
    const ModelTime at = transmitter_.send_when_free(now, size_of(packet) + frame_overhead_) + delay_;
    metadata.time = at;
    if (line_.push({at, packet}) && listener_ != nullptr) listener_->line_ready(input_, at);
  }
}

// From the packet numbered `i` on.
[[gnu::flatten, gnu::noinline]] void LinkTransmitPort::transmit_by_fifo(Burst& burst,
                                                                        std::uint32_t i) noexcept {
  const std::uint32_t count = burst.size();
  for (; i < count; ++i) {
    if (i + 1 < count) rte_prefetch0(rte_mbuf_to_priv(burst[i + 1]));
    Packet* packet = burst[i];
    const ModelTime now = metadata_of(packet).time;
    if (enters(packet, now)) queue_fifo(packet, now, size_of(packet) + frame_overhead_);
  }
}

// A packet that finds the link free and no other before the next one comes starts at once; there is nothing to choose from.
[[gnu::flatten, gnu::noinline]] void LinkTransmitPort::transmit_by_slice(Burst& burst) noexcept {
  const std::uint32_t count = burst.size();
  for (std::uint32_t i = 0; i < count; ++i) {
    Packet* packet = burst[i];
    const ModelTime now = metadata_of(packet).time;
    if (!enters(packet, now)) continue;
    const std::uint32_t wire_bytes = size_of(packet) + frame_overhead_;
    if (!scheduler_->empty()) advance(now);
    const bool alone = i + 1 < count && metadata_of(burst[i + 1]).time > now;
    if (alone && scheduler_->empty() && transmitter_.free_at() <= now &&
        scheduler_->pass_through(size_of(packet), metadata_of(packet).slice, now, wire_bytes))
      send(packet, now, transmitter_.send(now, wire_bytes));
    else
      queue_by_slice(packet, now, wire_bytes);
  }
}

/// False: it is lost before the queue.
bool LinkTransmitPort::enters(Packet* packet, ModelTime now) noexcept {
  if (!up_) {
    drop(packet, now, DropReason::link_down);
    return false;
  }
  if (++metadata_of(packet).hops == hop_limit) {
    drop(packet, now, DropReason::hop_limit);
    return false;
  }
  return plain_ || impair(packet, now);
}

[[gnu::noinline]] bool LinkTransmitPort::impair(Packet* packet, ModelTime now) noexcept {
  if (impairment_.loses(properties_)) {
    drop(packet, now, DropReason::loss_model);
    return false;
  }
  if (impairment_.duplicates(properties_)) {
    if (Packet* twin = duplicate(packet); twin != nullptr) admit(twin, now);
  }
  if (impairment_.corrupts(properties_)) {
    const std::uint64_t bit = impairment_.corrupted_bit(std::uint64_t{size_of(packet)} * 8);
    bytes_of(packet)[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
  return true;
}

void LinkTransmitPort::admit(Packet* packet, ModelTime now) noexcept {
  const std::uint32_t wire_bytes = size_of(packet) + frame_overhead_;
  if (scheduler_ == nullptr)
    queue_fifo(packet, now, wire_bytes);
  else
    queue_by_slice(packet, now, wire_bytes);
}

[[gnu::noinline]] void LinkTransmitPort::queue_by_slice(Packet* packet, ModelTime now,
                                                        std::uint32_t wire_bytes) noexcept {
  advance(now);
  switch (scheduler_->enqueue(packet, metadata_of(packet).slice, now, wire_bytes)) {
    case SliceScheduler::Admission::queued: break;
    case SliceScheduler::Admission::full: drop(packet, now, DropReason::queue_full); break;
    case SliceScheduler::Admission::unknown_slice: drop(packet, now, DropReason::slice_unknown); break;
  }
}

void LinkTransmitPort::queue_fifo(Packet* packet, ModelTime now, std::uint32_t wire_bytes) noexcept {
  Transmitter::Times times{now, now};
  if (!transmitter_.unlimited()) {
    forget_departed(now);
    if (full(wire_bytes)) {
      ++dropped_at_queue_;
      bytes_dropped_at_queue_ += size_of(packet);
      drop(packet, now, DropReason::queue_full);
      return;
    }
    times = transmitter_.send(now, wire_bytes);
    if (times.start > now) {
      if (departures_tail_ - departures_head_ == departures_.size()) grow_departures();
      departures_[departures_tail_++ & (departures_.size() - 1)] = {times.start, times.end, wire_bytes};
      queued_bytes_ += wire_bytes;
    }
  }
  send(packet, now, times);
}

[[gnu::noinline]] void LinkTransmitPort::grow_departures() {
  std::vector<Departure> larger(departures_.size() * 2);
  const std::uint32_t count = departures_tail_ - departures_head_;
  for (std::uint32_t i = 0; i < count; ++i)
    larger[i] = departures_[(departures_head_ + i) & (departures_.size() - 1)];
  departures_.swap(larger);
  departures_head_ = 0;
  departures_tail_ = count;
}

void LinkTransmitPort::forget_departed(ModelTime now) noexcept {
  while (departures_head_ != departures_tail_) {
    const Departure& first = departures_[departures_head_ & (departures_.size() - 1)];
    if (first.start > now) break;
    queued_bytes_ -= first.wire_bytes;
    ++departures_head_;
  }
}

bool LinkTransmitPort::full(std::uint32_t wire_bytes) const noexcept {
  const std::size_t queued = departures_tail_ - departures_head_;
  if (queued == 0) return false;
  return (properties_.limit_packets != 0 && queued >= properties_.limit_packets) ||
         (properties_.limit_bytes.count != 0 && queued_bytes_ + wire_bytes > properties_.limit_bytes.count);
}

[[gnu::noinline]] void LinkTransmitPort::advance(ModelTime bound) noexcept {
  if (scheduler_ == nullptr) return;
  while (!scheduler_->empty()) {
    const ModelTime free = transmitter_.free_at();
    const ModelTime start = scheduler_->eligible_at(free);
    if (start >= bound) return;
    const auto choice = scheduler_->dequeue(start);
    if (!choice) return;
    // One that waited for the line alone follows without a gap: `free` is rounded up.
    const ModelTime ready = start > free ? start : choice->queued_at;
    send(choice->packet, choice->queued_at, transmitter_.send(ready, choice->wire_bytes));
  }
}

void LinkTransmitPort::send(Packet* packet, ModelTime queued_at, Transmitter::Times times) noexcept {
  PacketMetadata& metadata = metadata_of(packet);
  const Duration queued = times.start - queued_at;
  const Duration propagation = plain_ ? delay_ : drawn_delay();
  metadata.time = times.end + propagation;
  if (queued.ns != 0) {
    metadata.queueing_ns =
        static_cast<std::uint32_t>(std::min<std::int64_t>(metadata.queueing_ns + queued.ns, 0xffffffff));
    queueing_.record(queued.ns);
    longest_queueing_ = std::max(longest_queueing_, queued);
  }
  if (times.start.ns >= second_end_ns_) begin_second(times.start);
  ++carried_packets_;
  carried_bytes_ += size_of(packet);
  if (tap_ != nullptr) tap_->sent(packet, times.start, queued, propagation);
  put_on_line({metadata.time, packet});
}

[[gnu::noinline]] Duration LinkTransmitPort::drawn_delay() noexcept {
  return impairment_.reorders(properties_) ? Duration{0} : impairment_.delay(properties_);
}

void LinkTransmitPort::put_on_line(TimedPacket entry) noexcept {
  if (crossing_ != nullptr) [[unlikely]]
    return crossing_->put({this, entry});
  arrive(entry);
}

[[gnu::noinline, gnu::cold]] void LinkTransmitPort::drop(Packet* packet, ModelTime at,
                                                         DropReason reason) noexcept {
  ++ledger_.dropped[static_cast<std::size_t>(reason)];
  if (tap_ != nullptr) tap_->dropped(packet, at, reason);
  if (observer_ != nullptr) observer_->dropped(packet, reason);
  rte_pktmbuf_free(packet);
}

[[gnu::noinline, gnu::cold]] Packet* LinkTransmitPort::duplicate(const Packet* packet) noexcept {
  Packet* twin = pool_->allocate();
  if (twin == nullptr) return nullptr;
  char* bytes = rte_pktmbuf_append(twin, static_cast<std::uint16_t>(packet->pkt_len));
  if (bytes == nullptr) {
    rte_pktmbuf_free(twin);
    return nullptr;
  }
  std::memcpy(bytes, bytes_of(packet), packet->pkt_len);
  metadata_of(twin) = metadata_of(packet);
  ++ledger_.created;
  return twin;
}

[[gnu::noinline, gnu::cold]] void LinkTransmitPort::begin_second(ModelTime at) noexcept {
  const auto second = static_cast<std::size_t>(at.ns / second_ns);
  bytes_at_second_end_.resize(second, carried_bytes_);
  second_end_ns_ = static_cast<std::int64_t>(second + 1) * second_ns;
}

std::vector<std::uint64_t> LinkTransmitPort::bytes_by_second() const {
  std::vector<std::uint64_t> out;
  if (carried_packets_ == 0) return out;
  std::uint64_t before = 0;
  for (const std::uint64_t end : bytes_at_second_end_) {
    out.push_back(end - before);
    before = end;
  }
  out.push_back(carried_bytes_ - before);
  return out;
}

LinkTransmitPort::Carried LinkTransmitPort::carried_by(ModelTime now) const noexcept {
  Carried out{carried_packets_, carried_bytes_, 0};
  const double all_bits = 8.0 * (static_cast<double>(out.bytes) +
                                 static_cast<double>(out.packets) * static_cast<double>(frame_overhead_));
  for (std::uint32_t i = departures_head_; i != departures_tail_; ++i) {
    const Departure& one = departures_[i & (departures_.size() - 1)];
    if (one.start < now) continue;
    --out.packets;
    out.bytes -= one.wire_bytes - frame_overhead_;
  }
  // Until the line is free it is busy without a pause.
  const double planned = std::max(0.0, (transmitter_.free_at() - now).seconds());
  out.wire_bits = std::max(0.0, all_bits - planned * static_cast<double>(properties_.rate.value));
  return out;
}

Histogram LinkTransmitPort::queueing() const {
  Histogram all = queueing_;
  if (const std::uint64_t unqueued = carried_packets_ - all.count(); unqueued != 0) all.record(0, unqueued);
  return all;
}

}  // namespace kiriko
