// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SliceScheduler: which slice's packet a link sends next: guarantees first, then priority and weight.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/units.hpp"
#include "core/control/link_properties.hpp"
#include "core/control/network_view.hpp"
#include "core/link/delay_line.hpp"
#include "core/link/token_clock.hpp"

namespace kiriko {

/// One queue a slice. A slice below its guarantee is served before every slice above its own; among those
/// and among the rest, the lower priority number first, then deficit round robin by weight. Never above the
/// maximum. Work conserving within the maxima. So a backlogged slice gets its guarantee plus its part of what
/// the guarantees leave.
class SliceScheduler {
 public:
  explicit SliceScheduler(std::vector<SliceShare> shares);

  /// False where the slice has no share or its queue is full; the caller then drops, for the reason in `full`.
  enum class Admission : std::uint8_t { queued, full, unknown_slice };
  Admission enqueue(Packet* packet, SliceId slice, ModelTime now, std::uint32_t wire_bytes) noexcept;
  /// Of an empty scheduler: what enqueue() and then dequeue() at `now` do to a packet of `octets` that starts at once. False
  /// where it would not, or where more is to be looked at; nothing was done then.
  bool pass_through(std::uint32_t octets, SliceId slice, ModelTime now, std::uint32_t wire_bytes) noexcept {
    const std::uint16_t index = queue_of(slice);
    if (index == no_queue) return false;
    Queue& queue = queues_[index];
    if (!queue.maximum.conforms(now) ||
        (queue.share.limit_bytes.count != 0 && wire_bytes > queue.share.limit_bytes.count))
      return false;
    queue.guaranteed.skip_to(now);
    if (queue.share.guaranteed.value > 0 && queue.guaranteed.conforms(now))
      queue.guaranteed.charge(wire_bytes);
    else
      turns_[queue.share.priority] = index;  // the round comes to it, and its deficit is forgotten
    queue.maximum.skip_to(now);
    queue.maximum.charge(wire_bytes);
    queue.load.offered.count += octets;
    queue.load.carried.count += octets;
    return true;
  }

  bool empty() const noexcept { return queued_ == 0; }
  std::size_t size() const noexcept { return queued_; }

  struct Choice {
    Packet* packet;
    ModelTime queued_at;
    std::uint32_t wire_bytes;
  };
  /// The packet to start at `now`, or nothing while every backlogged slice is above its maximum.
  std::optional<Choice> dequeue(ModelTime now) noexcept;
  /// The earliest time at which dequeue() can give a packet that is queued now; never() when empty.
  ModelTime eligible_at(ModelTime now) const noexcept;

  /// Changes shares; queues of slices that stay keep their packets. Packets of slices that have no share any
  /// more go to `orphans`.
  void change(std::vector<SliceShare> shares, std::vector<Packet*>& orphans);
  const std::vector<SliceShare>& shares() const noexcept { return shares_; }
  /// Loads since the last read; backlog is now.
  void read_loads(std::vector<SliceLoad>& out);
  /// Takes out every queued packet (a link going down).
  void flush(std::vector<Packet*>& out);

 private:
  struct Queued {
    ModelTime at;
    Packet* packet;
    std::uint32_t wire_bytes;
  };
  struct Queue {
    SliceShare share{};
    TokenClock guaranteed, maximum;
    std::vector<Queued> ring = std::vector<Queued>(64);
    std::size_t head{}, tail{};
    std::int64_t bytes{};
    std::int64_t deficit{};
    SliceLoad load{};

    std::size_t size() const noexcept { return tail - head; }
    const Queued& front() const noexcept { return ring[head & (ring.size() - 1)]; }
    void push(Queued entry);
  };
  static constexpr std::uint16_t no_queue = 0xffff;

  /// Index of the slice's queue, or no_queue. The last place stands for traffic of no slice.
  std::uint16_t queue_of(SliceId slice) const noexcept {
    return slice.value < queue_of_slice_.size()            ? queue_of_slice_[slice.value]
           : slice == no_slice && !queue_of_slice_.empty() ? queue_of_slice_.back()
                                                           : no_queue;
  }
  static Queue make_queue(const SliceShare& share);
  Queue* pick(ModelTime now) noexcept;
  Queue* pick_by_weight(ModelTime now, std::uint8_t priority) noexcept;

  std::vector<SliceShare> shares_;
  std::vector<Queue> queues_;
  std::vector<std::uint16_t> queue_of_slice_;  ///< by slice id; or no_queue
  std::size_t queued_{};
  std::array<std::size_t, 256> turns_{};  ///< by priority: whose turn it is
};

/// Sum of guarantees within the rate, weights positive, maxima not below guarantees, no slice twice.
std::optional<Problem> check_shares(const std::vector<SliceShare>& shares, BitsPerSecond rate);

}  // namespace kiriko
