// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Choice, admission and change of slice queues.
#include "core/link/slice_scheduler.hpp"

#include <algorithm>

namespace kiriko {
namespace {

// How far a slice may run ahead of its rate: what it could not send while another's frame was on the wire
// it may make up within one millisecond.
constexpr Duration bucket_depth = milliseconds(1);
// What others' guarantees took from a backlogged slice's own it may claim this long.
constexpr Duration longest_claim = milliseconds(100);
constexpr std::int64_t quantum = 1538;  // octets a weight of one may send a round: one full frame

}  // namespace

SliceScheduler::SliceScheduler(std::vector<SliceShare> shares) {
  std::vector<Packet*> none;
  change(std::move(shares), none);
}

SliceScheduler::Queue SliceScheduler::make_queue(const SliceShare& share) {
  Queue queue;
  queue.share = share;
  // A guarantee of zero is none: its clock is never asked.
  queue.guaranteed = TokenClock{share.guaranteed, bucket_depth};
  queue.maximum = TokenClock{share.maximum, bucket_depth};
  queue.load.slice = share.slice;
  return queue;
}

void SliceScheduler::Queue::push(Queued entry) {
  if (size() == ring.size()) {
    std::vector<Queued> larger(ring.size() * 2);
    const std::size_t count = size();
    for (std::size_t i = 0; i < count; ++i) larger[i] = ring[(head + i) & (ring.size() - 1)];
    ring.swap(larger);
    head = 0;
    tail = count;
  }
  ring[tail++ & (ring.size() - 1)] = entry;
}

SliceScheduler::Admission SliceScheduler::enqueue(Packet* packet, SliceId slice, ModelTime now,
                                                  std::uint32_t wire_bytes) noexcept {
  const std::uint16_t index = queue_of(slice);
  if (index == no_queue) return Admission::unknown_slice;
  Queue& queue = queues_[index];
  queue.load.offered.count += size_of(packet);
  const SliceShare& share = queue.share;
  if ((share.limit_packets != 0 && queue.size() >= share.limit_packets) ||
      (share.limit_bytes.count != 0 && queue.bytes + wire_bytes > share.limit_bytes.count)) {
    ++queue.load.dropped;
    return Admission::full;
  }
  // What an idle slice did not use is forgone; one that waits keeps it.
  if (queue.size() == 0) queue.guaranteed.skip_to(now);
  queue.push({now, packet, wire_bytes});
  queue.bytes += wire_bytes;
  ++queued_;
  return Admission::queued;
}

SliceScheduler::Queue* SliceScheduler::pick(ModelTime now) noexcept {
  Queue* best = nullptr;
  std::uint8_t best_excess = 255;
  bool any_excess = false;
  for (Queue& queue : queues_) {
    if (queue.size() == 0 || !queue.maximum.conforms(now)) continue;
    if (queue.share.guaranteed.value > 0 && queue.guaranteed.conforms(now)) {
      if (best == nullptr || queue.share.priority < best->share.priority) best = &queue;
    } else {
      any_excess = true;
      best_excess = std::min(best_excess, queue.share.priority);
    }
  }
  if (best != nullptr) {
    best->guaranteed.skip_to(now - longest_claim);
    best->guaranteed.charge(best->front().wire_bytes);
    return best;
  }
  return any_excess ? pick_by_weight(now, best_excess) : nullptr;
}

SliceScheduler::Queue* SliceScheduler::pick_by_weight(ModelTime now, std::uint8_t priority) noexcept {
  // Each priority keeps its own place in the round, so that a higher one in between takes no turn from it.
  std::size_t& turn = turns_[priority];
  for (;;) {
    for (std::size_t step = 0; step < queues_.size(); ++step) {
      Queue& queue = queues_[turn];
      const bool candidate =
          queue.size() != 0 && queue.share.priority == priority && queue.maximum.conforms(now);
      if (candidate && queue.deficit >= queue.front().wire_bytes) {
        queue.deficit -= queue.front().wire_bytes;
        return &queue;
      }
      turn = (turn + 1) % queues_.size();
      Queue& next = queues_[turn];
      if (next.size() != 0 && next.share.priority == priority && next.maximum.conforms(now))
        next.deficit += quantum * static_cast<std::int64_t>(next.share.weight);
    }
  }
}

std::optional<SliceScheduler::Choice> SliceScheduler::dequeue(ModelTime now) noexcept {
  if (queued_ == 0) return std::nullopt;
  Queue* queue = pick(now);
  if (queue == nullptr) return std::nullopt;
  const Queued entry = queue->front();
  ++queue->head;
  --queued_;
  queue->bytes -= entry.wire_bytes;
  if (queue->size() == 0) queue->deficit = 0;
  queue->maximum.skip_to(now);
  queue->maximum.charge(entry.wire_bytes);
  queue->load.carried.count += size_of(entry.packet);
  queue->load.delay_max = std::max(queue->load.delay_max, now - entry.at);
  return Choice{entry.packet, entry.at, entry.wire_bytes};
}

ModelTime SliceScheduler::eligible_at(ModelTime now) const noexcept {
  ModelTime earliest = ModelTime::never();
  for (const Queue& queue : queues_) {
    if (queue.size() == 0) continue;
    earliest = std::min(earliest, queue.maximum.conforms_at(std::max(now, queue.front().at)));
  }
  return earliest;
}

void SliceScheduler::change(std::vector<SliceShare> shares, std::vector<Packet*>& orphans) {
  std::vector<Queue> queues;
  std::size_t slices = 0;
  for (const SliceShare& share : shares) {
    Queue queue = make_queue(share);
    const auto old = std::find_if(queues_.begin(), queues_.end(),
                                  [&](const Queue& q) { return q.share.slice == share.slice; });
    if (old != queues_.end()) {
      std::swap(queue, *old);
      queue.share = share;
      queue.guaranteed.adjust(share.guaranteed, bucket_depth);
      queue.maximum.adjust(share.maximum, bucket_depth);
    }
    queues.push_back(std::move(queue));
    if (share.slice != no_slice) slices = std::max<std::size_t>(slices, share.slice.value + 1U);
  }
  for (Queue& queue : queues_) {
    while (queue.size() != 0) {
      orphans.push_back(queue.front().packet);
      ++queue.head;
      --queued_;
    }
  }
  queues_ = std::move(queues);
  shares_ = std::move(shares);
  turns_.fill(0);
  // The last place stands for traffic of no slice; a share for no_slice serves it and nothing else does.
  queue_of_slice_.assign(slices + 1, no_queue);
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    const SliceId slice = queues_[i].share.slice;
    queue_of_slice_[slice == no_slice ? slices : slice.value] = static_cast<std::uint16_t>(i);
  }
}

void SliceScheduler::read_loads(std::vector<SliceLoad>& out) {
  for (Queue& queue : queues_) {
    queue.load.backlog = Bytes{queue.bytes};
    out.push_back(queue.load);
    queue.load = SliceLoad{.slice = queue.share.slice};
  }
}

void SliceScheduler::flush(std::vector<Packet*>& out) {
  for (Queue& queue : queues_) {
    for (; queue.head != queue.tail; ++queue.head) out.push_back(queue.front().packet);
    queue.bytes = 0;
    queue.deficit = 0;
  }
  queued_ = 0;
}

std::optional<Problem> check_shares(const std::vector<SliceShare>& shares, BitsPerSecond rate) {
  std::int64_t guaranteed = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const SliceShare& share = shares[i];
    guaranteed += share.guaranteed.value;
    if (share.weight == 0) return Problem{.message = "a slice share's weight is 0", .allowed = "1 and more"};
    if (share.maximum.value != 0 && share.maximum < share.guaranteed)
      return Problem{.message = "a slice share's maximum is below its guarantee",
                     .found = to_string(share.maximum) + " < " + to_string(share.guaranteed)};
    for (std::size_t j = 0; j < i; ++j)
      if (shares[j].slice == share.slice) return Problem{.message = "a slice has two shares of one link"};
  }
  if (!shares.empty() && rate.value == 0) return Problem{.message = "slice shares need a link with a rate"};
  if (guaranteed > rate.value)
    return Problem{.message = "the slices' guarantees exceed the link's rate",
                   .found = to_string(BitsPerSecond{guaranteed}),
                   .allowed = "up to " + to_string(rate)};
  return std::nullopt;
}

}  // namespace kiriko
