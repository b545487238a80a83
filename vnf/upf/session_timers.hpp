// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SessionTimers: one timer a session, the earliest first.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/units.hpp"

namespace kiriko::upf {

/// A binary heap of slots whose times may change. Slots are taken and given back on the control side; setting a time
/// allocates nothing. Of equal times the lowest owner is first, so that the order follows from the model alone.
class SessionTimers {
 public:
  using Slot = std::uint32_t;
  using Owner = std::uint64_t;

  Slot take(Owner owner) {
    Slot slot = static_cast<Slot>(slots_.size());
    if (!free_.empty()) {
      slot = free_.back();
      free_.pop_back();
    } else {
      slots_.emplace_back();
      heap_.reserve(slots_.size());
      free_.reserve(slots_.size());
    }
    slots_[slot] = {owner, ModelTime::never(), idle};
    return slot;
  }
  void give_back(Slot slot) {
    set(slot, ModelTime::never());
    free_.push_back(slot);
  }
  void set(Slot slot, ModelTime at) noexcept {
    Timer& timer = slots_[slot];
    timer.at = at;
    if (at == ModelTime::never()) {
      if (timer.place == idle) return;
      const std::uint32_t hole = timer.place;
      timer.place = idle;
      const Slot last = heap_.back();
      heap_.pop_back();
      if (last != slot) put(hole, last);
      return;
    }
    if (timer.place == idle) {
      timer.place = static_cast<std::uint32_t>(heap_.size());
      heap_.push_back(slot);
    }
    put(timer.place, slot);
  }
  ModelTime next() const noexcept { return heap_.empty() ? ModelTime::never() : slots_[heap_.front()].at; }
  /// Of the earliest timer; there is one.
  Owner next_owner() const noexcept { return slots_[heap_.front()].owner; }
  Slot next_slot() const noexcept { return heap_.front(); }
  ModelTime time_of(Slot slot) const noexcept { return slots_[slot].at; }

 private:
  static constexpr std::uint32_t idle = 0xffffffffU;
  struct Timer {
    Owner owner{};
    ModelTime at{};
    std::uint32_t place{idle};
  };

  bool before(Slot a, Slot b) const noexcept {
    const Timer &x = slots_[a], &y = slots_[b];
    return x.at != y.at ? x.at < y.at : x.owner < y.owner;
  }
  void put(std::uint32_t place, Slot slot) noexcept {
    while (place > 0 && before(slot, heap_[(place - 1) / 2])) {
      heap_[place] = heap_[(place - 1) / 2];
      slots_[heap_[place]].place = place;
      place = (place - 1) / 2;
    }
    for (;;) {
      std::uint32_t child = 2 * place + 1;
      if (child >= heap_.size()) break;
      if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
      if (!before(heap_[child], slot)) break;
      heap_[place] = heap_[child];
      slots_[heap_[place]].place = place;
      place = child;
    }
    heap_[place] = slot;
    slots_[slot].place = place;
  }

  std::vector<Timer> slots_;
  std::vector<Slot> heap_, free_;
};

}  // namespace kiriko::upf
