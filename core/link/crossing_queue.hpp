// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// CrossingQueue: packets on their way from one worker's links to another's.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/link/delay_line.hpp"

namespace kiriko {

class LinkTransmitPort;

/// One worker puts in, another one takes out, neither ever waits: blocks of places in a circle, one more where the
/// sender comes round to the receiver's. What was put in can be taken from publish() on.
class CrossingQueue {
 public:
  struct Entry {
    LinkTransmitPort* link;
    TimedPacket packet;
  };

  CrossingQueue() {
    filling_ = new Block;
    filling_->next = filling_;
    emptying_.store(filling_, std::memory_order_relaxed);
  }
  ~CrossingQueue() {
    Block* const first = filling_;
    for (Block* block = first->next; block != first;) delete std::exchange(block, block->next);
    delete first;
  }
  CrossingQueue(const CrossingQueue&) = delete;
  CrossingQueue& operator=(const CrossingQueue&) = delete;

  /// The sender.
  void put(const Entry& entry) {
    if (filled_ == block_places) begin_block();
    if (filled_ + places_ahead < block_places) take_over_line(&filling_->entries[filled_ + places_ahead]);
    filling_->entries[filled_++] = entry;
    ++put_;
  }
  /// Promises that what is put in from now on arrives at `next` or later.
  void publish(ModelTime next) noexcept {
    if (put_ != last_published_) published_.store(last_published_ = put_, std::memory_order_release);
    if (next > last_next_) arrives_from_.store((last_next_ = next).ns, std::memory_order_release);
  }
  void publish() noexcept { publish(ModelTime{}); }
  /// While neither side runs: delays have changed.
  void take_back_promise() noexcept {
    arrives_from_.store((last_next_ = ModelTime{}).ns, std::memory_order_release);
  }
  /// The receiver: what it takes after this holds everything that arrives before.
  ModelTime arrives_from() const noexcept { return ModelTime{arrives_from_.load(std::memory_order_acquire)}; }
  void prefetch() const noexcept { rte_prefetch0(&published_); }
  /// The receiver: hands take() every Entry that is published, in order.
  template <class Take>
  void take_published(Take take) {
    const std::uint64_t published = published_.load(std::memory_order_acquire);
    for (; taken_ != published; ++taken_) {
      Block* block = emptying_.load(std::memory_order_relaxed);
      if (emptied_ == block_places) {
        block = block->next;
        emptying_.store(block, std::memory_order_release);
        emptied_ = 0;
      }
      take(block->entries[emptied_++]);
    }
  }

 private:
  static constexpr std::size_t block_places = 170;  ///< 4 KiB
  static constexpr std::size_t places_ahead = 8;
  struct Block {
    std::array<Entry, block_places> entries;
    Block* next;
  };
  void begin_block() {
    if (filling_->next == emptying_.load(std::memory_order_acquire)) {
      auto* block = new Block;
      block->next = filling_->next;
      filling_->next = block;
    }
    filling_ = filling_->next;
    filled_ = 0;
  }

  // The sender's.
  Block* filling_;
  std::size_t filled_{};
  std::uint64_t put_{};
  std::uint64_t last_published_{};  ///< copies: the receiver keeps the other ones
  ModelTime last_next_{};
  // Both look at these.
  alignas(RTE_CACHE_LINE_SIZE) std::atomic<std::uint64_t> published_{0};
  std::atomic<std::int64_t> arrives_from_{0};
  alignas(RTE_CACHE_LINE_SIZE) std::atomic<Block*> emptying_;
  // The receiver's.
  std::size_t emptied_{};
  std::uint64_t taken_{};
};

}  // namespace kiriko
