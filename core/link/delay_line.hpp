// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DelayLine: packets on their way to a receiver, each with its arrival time.
#pragma once

#include <rte_prefetch.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/base/units.hpp"
#include "core/packet/packet.hpp"
#include "core/time/time_queue.hpp"

namespace kiriko {

struct TimedPacket {
  ModelTime at;
  Packet* packet;
};

/// A ring in arrival order. The first packet that overtakes another (jitter, reordering, a delay that was
/// shortened) turns the line into a TimeQueue until it runs empty.
class DelayLine {
 public:
  bool empty() const noexcept { return size() == 0; }
  std::size_t size() const noexcept { return ordered_ ? queue_->size() : std::size_t{tail_ - head_}; }
  ModelTime next_time() const noexcept { return ordered_ ? queue_->next_time() : ring_[head_ & mask_].at; }

  /// Returns whether it arrives before all that were there.
  bool push(TimedPacket entry) {
    const bool first = tail_ == head_;
    if (ordered_ || (!first && entry.at < ring_[(tail_ - 1) & mask_].at)) return push_out_of_order(entry);
    if (tail_ - head_ > mask_) grow();
    ring_[tail_++ & mask_] = entry;
    return first;
  }

  Packet* pop() noexcept {
    if (!ordered_) return ring_[head_++ & mask_].packet;
    return pop_ordered();
  }

  /// never() of an empty line.
  ModelTime first_time() const noexcept { return empty() ? ModelTime::never() : next_time(); }

  /// Hands take() each packet that arrives before `before`, at most `most`; returns how many. The packets that are
  /// `prefetched` places behind are asked for meanwhile.
  template <class Take>
  std::uint32_t take_before(ModelTime before, std::uint32_t most, std::uint32_t prefetched, Take take) {
    std::uint32_t taken = 0;
    if (ordered_) {
      for (; taken < most && ordered_ && queue_->next_time() < before; ++taken) {
        if (Packet* later = queue_->ahead(prefetched); later != nullptr) prefetch(later);
        take(pop_ordered());
      }
      return taken;
    }
    const std::uint32_t count = std::min(most, tail_ - head_);
    for (; taken < count && ring_[head_ & mask_].at < before; ++taken, ++head_) {
      if (prefetched < tail_ - head_) prefetch(ring_[(head_ + prefetched) & mask_].packet);
      take(ring_[head_ & mask_].packet);
    }
    return taken;
  }

  /// The memory of the packet that comes first, as far as it is known without a search.
  void prefetch() const noexcept {
    if (tail_ != head_) prefetch(ring_[head_ & mask_].packet);
  }

  /// Takes back the entry pushed last; only a line in ring order can (see can_take_back()).
  TimedPacket take_back() noexcept { return ring_[--tail_ & mask_]; }
  bool can_take_back() const noexcept { return !ordered_; }

 private:
  static void prefetch(const Packet* packet) noexcept {
    rte_prefetch0(packet);
    rte_prefetch0(reinterpret_cast<const std::byte*>(packet) + sizeof(Packet));  // its metadata
  }
  bool push_out_of_order(TimedPacket entry);
  Packet* pop_ordered() noexcept;
  void grow();

  /// A short line stays in few cache lines; a long one grows.
  static constexpr std::uint32_t least_places = 8;

  std::unique_ptr<TimedPacket[]> ring_ = std::make_unique<TimedPacket[]>(least_places);
  std::uint32_t mask_{least_places - 1};
  std::uint32_t head_{}, tail_{};
  bool ordered_{false};
  std::unique_ptr<TimeQueue<Packet*>> queue_;
};

}  // namespace kiriko
