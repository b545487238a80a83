// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TimeQueue: a ladder of 65 µs buckets for values that come in any order and leave in exact order.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "core/base/units.hpp"

namespace kiriko {

/// Pops in order of (time, order of insertion). A bucket is sorted when it comes due, so that an insertion
/// costs a push to a contiguous vector; values beyond the ladder's 67 ms wait in a heap.
template <class Value>
class TimeQueue {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }

  void push(ModelTime at, Value value) {
    const Entry entry{at.ns, sequence_++, value};
    ++size_;
    const std::int64_t bucket = at.ns >> bucket_bits;
    if (bucket <= due_bucket_) {
      due_.insert(std::upper_bound(due_.begin() + static_cast<std::ptrdiff_t>(due_head_), due_.end(), entry),
                  entry);
    } else if (bucket < due_bucket_ + static_cast<std::int64_t>(bucket_count)) {
      put(bucket, entry);
    } else {
      far_.push_back(entry);
      std::push_heap(far_.begin(), far_.end(), later);
    }
  }

  /// The queue must not be empty.
  ModelTime next_time() {
    refill();
    return ModelTime{due_[due_head_].at};
  }
  /// The value `places` behind the next one where it is sorted already; else a value-initialised one.
  Value ahead(std::size_t places) const noexcept {
    return due_head_ + places < due_.size() ? due_[due_head_ + places].value : Value{};
  }
  Value pop() {
    refill();
    --size_;
    return due_[due_head_++].value;
  }

 private:
  struct Entry {
    std::int64_t at;
    std::uint64_t order;
    Value value;
    bool operator<(const Entry& o) const noexcept { return at != o.at ? at < o.at : order < o.order; }
  };
  static bool later(const Entry& a, const Entry& b) noexcept { return b < a; }

  void put(std::int64_t bucket, const Entry& entry) {
    const auto slot = static_cast<std::size_t>(bucket) % bucket_count;
    slots_[slot].push_back(entry);
    occupied_[slot / 64] |= 1ULL << (slot % 64);
  }

  void refill() {
    if (due_head_ < due_.size()) return;
    due_.clear();
    due_head_ = 0;
    std::int64_t next = next_occupied();
    if (next < 0) next = far_.front().at >> bucket_bits;
    due_bucket_ = next;
    while (!far_.empty() &&
           (far_.front().at >> bucket_bits) < due_bucket_ + static_cast<std::int64_t>(bucket_count)) {
      std::pop_heap(far_.begin(), far_.end(), later);
      const Entry entry = far_.back();
      far_.pop_back();
      if ((entry.at >> bucket_bits) <= due_bucket_)
        due_.push_back(entry);
      else
        put(entry.at >> bucket_bits, entry);
    }
    const auto slot = static_cast<std::size_t>(due_bucket_) % bucket_count;
    if (due_.empty())
      due_.swap(slots_[slot]);
    else
      due_.insert(due_.end(), slots_[slot].begin(), slots_[slot].end()), slots_[slot].clear();
    // The slot holds this bucket only: the ladder spans fewer than bucket_count buckets past it.
    occupied_[slot / 64] &= ~(1ULL << (slot % 64));
    std::sort(due_.begin(), due_.end());
  }

  std::int64_t next_occupied() const noexcept {
    for (std::size_t step = 1; step < bucket_count; ++step) {
      const std::int64_t bucket = due_bucket_ + static_cast<std::int64_t>(step);
      const auto slot = static_cast<std::size_t>(bucket) % bucket_count;
      const std::uint64_t word = occupied_[slot / 64] >> (slot % 64);
      if (word == 0) {
        step += 63 - slot % 64;
        continue;
      }
      return bucket + std::countr_zero(word);
    }
    return -1;
  }

  static constexpr unsigned bucket_bits = 16;
  static constexpr std::size_t bucket_count = 1024;
  std::array<std::vector<Entry>, bucket_count> slots_;
  std::array<std::uint64_t, bucket_count / 64> occupied_{};
  std::vector<Entry> due_;
  std::size_t due_head_{};
  std::int64_t due_bucket_{-1};
  std::vector<Entry> far_;
  std::uint64_t sequence_{};
  std::size_t size_{};
};

}  // namespace kiriko
