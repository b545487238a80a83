// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DelayLine: packets on their way to a receiver, each with its arrival time.
#pragma once

#include <rte_prefetch.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "core/base/units.hpp"
#include "core/packet/packet.hpp"
#include "core/time/time_queue.hpp"

namespace kiriko {

struct TimedPacket {
  ModelTime at;
  Packet* packet;
};

/// The first packet, then a ring, in arrival order: most lines hold one packet at most, and so one cache line. The first one that
/// overtakes another (jitter, reordering, a delay that was shortened) turns the line into a TimeQueue until it runs empty.
class DelayLine {
 public:
  bool empty() const noexcept { return first_.packet == nullptr && !ordered_; }
  std::size_t size() const noexcept {
    return ordered_ ? queue_->size() : std::size_t{tail_ - head_} + (first_.packet != nullptr ? 1 : 0);
  }
  /// never() of an empty line.
  ModelTime first_time() const noexcept {
    if (ordered_) [[unlikely]]
      return queue_->next_time();
    return first_.at;
  }

  /// When the packet comes that has `places` others before it; never() where there is none, and where the order is not at hand
  /// the first one's time.
  ModelTime time_at(std::uint32_t places) const noexcept {
    if (size() <= places) return ModelTime::never();
    return ordered_ ? queue_->next_time() : ring_[(head_ + places - 1) & mask_].at;
  }

  /// Returns whether it arrives before all that were there.
  bool push(TimedPacket entry) {
    if (first_.packet == nullptr) {
      if (ordered_) [[unlikely]]
        return push_out_of_order(entry);
      first_ = entry;
      return true;
    }
    const TimedPacket& last = tail_ == head_ ? first_ : ring_[(tail_ - 1) & mask_];
    if (entry.at < last.at) [[unlikely]]
      return push_out_of_order(entry);
    if (tail_ - head_ > mask_) [[unlikely]]
      grow();
    ring_[tail_++ & mask_] = entry;
    return false;
  }

  /// Of a line that is not empty.
  Packet* pop() noexcept { return ordered_ ? pop_ordered() : pop_first(); }

  /// Hands take() each TimedPacket that arrives before `before`, at most `most`; returns how many. The packets that are
  /// `prefetched` places behind, one at least, are asked for meanwhile.
  template <class Take>
  std::uint32_t take_before(ModelTime before, std::uint32_t most, std::uint32_t prefetched, Take take) {
    std::uint32_t taken = 0;
    if (ordered_) [[unlikely]] {
      for (ModelTime at; taken < most && ordered_ && (at = queue_->next_time()) < before; ++taken) {
        if (Packet* later = queue_->ahead(prefetched); later != nullptr) prefetch_whole(later);
        take(TimedPacket{at, pop_ordered()});
      }
      return taken;
    }
    for (; taken < most && first_.at < before && first_.packet != nullptr; ++taken) {
      if (prefetched <= tail_ - head_) prefetch_whole(ring_[(head_ + prefetched - 1) & mask_].packet);
      const ModelTime at = first_.at;
      take(TimedPacket{at, pop_first()});
    }
    return taken;
  }

  /// The memory of the packet that comes first, as far as it is known without a search.
  void prefetch() const noexcept {
    if (first_.packet != nullptr) prefetch_whole(first_.packet);
  }

  /// Takes back the entry pushed last; only a line in ring order can (see can_take_back()).
  TimedPacket take_back() noexcept {
    if (tail_ != head_) return ring_[--tail_ & mask_];
    return std::exchange(first_, nothing());
  }
  bool can_take_back() const noexcept { return !ordered_; }

 private:
  static constexpr TimedPacket nothing() noexcept { return {ModelTime::never(), nullptr}; }
  Packet* pop_first() noexcept {
    Packet* packet = first_.packet;
    if (head_ == tail_)
      first_ = nothing();
    else
      first_ = ring_[head_++ & mask_];
    return packet;
  }
  bool push_out_of_order(TimedPacket entry);
  Packet* pop_ordered() noexcept;
  void grow();

  /// A short line stays in few cache lines; a long one grows.
  static constexpr std::uint32_t least_places = 8;

  TimedPacket first_ = nothing();
  std::unique_ptr<TimedPacket[]> ring_ = std::make_unique<TimedPacket[]>(least_places);
  std::uint32_t head_{}, tail_{};
  std::uint32_t mask_{least_places - 1};
  bool ordered_{false};  ///< everything is in queue_
  std::unique_ptr<TimeQueue<Packet*>> queue_;
};

}  // namespace kiriko
