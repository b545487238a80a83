// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FlatTable: an open-addressing hash table from a non-zero integer to a 32-bit value, with prefetch.
#pragma once

#include <bit>
#include <cstdint>

#include "vnf/upf/page_buffer.hpp"

namespace kiriko::upf {

/// Linear probing, at most half full, removal by shifting back: no tombstones, so lookups never degrade.
/// It grows on insertion only, that is on the control side. Key 0 is "empty".
template <class Key>
class FlatTable {
 public:
  static constexpr std::uint32_t none = 0xffffffffU;

  FlatTable() : FlatTable(16) {}
  explicit FlatTable(std::size_t slots) { reset(slots); }

  std::uint32_t find(Key key) const noexcept {
    for (std::size_t i = home(key);; i = (i + 1) & mask_) {
      const Slot& slot = slots()[i];
      if (slot.key == key) return slot.value;
      if (slot.key == 0) return none;
    }
  }
  void prefetch(Key key) const noexcept { __builtin_prefetch(slots() + home(key)); }

  /// Inserts or replaces. `key` is not 0.
  void insert(Key key, std::uint32_t value) {
    if ((size_ + 1) * 2 > mask_ + 1) grow();
    place(key, value);
  }
  void erase(Key key) noexcept {
    std::size_t hole = home(key);
    while (slots()[hole].key != key) {
      if (slots()[hole].key == 0) return;
      hole = (hole + 1) & mask_;
    }
    for (std::size_t i = (hole + 1) & mask_; slots()[i].key != 0; i = (i + 1) & mask_) {
      // A slot may fill the hole only if its home does not lie cyclically between the two.
      if (((i - home(slots()[i].key)) & mask_) >= ((i - hole) & mask_)) {
        slots()[hole] = slots()[i];
        hole = i;
      }
    }
    slots()[hole] = Slot{};
    --size_;
  }
  std::size_t size() const noexcept { return size_; }
  std::size_t memory() const noexcept { return (mask_ + 1) * sizeof(Slot); }

 private:
  struct Slot {
    Key key;
    std::uint32_t value;
  };

  Slot* slots() const noexcept { return reinterpret_cast<Slot*>(memory_.data()); }
  std::size_t home(Key key) const noexcept {
    return static_cast<std::size_t>((std::uint64_t{key} * 0x9e3779b97f4a7c15ULL) >> shift_);
  }
  void reset(std::size_t slots) {
    memory_ = PageBuffer(slots * sizeof(Slot));
    mask_ = slots - 1;
    shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots));
    size_ = 0;
  }
  void place(Key key, std::uint32_t value) noexcept {
    std::size_t i = home(key);
    while (slots()[i].key != 0 && slots()[i].key != key) i = (i + 1) & mask_;
    if (slots()[i].key == 0) ++size_;
    slots()[i] = Slot{key, value};
  }
  void grow() {
    const PageBuffer old = std::move(memory_);
    const std::size_t old_slots = mask_ + 1;
    reset(old_slots * 2);
    const Slot* from = reinterpret_cast<const Slot*>(old.data());
    for (std::size_t i = 0; i < old_slots; ++i)
      if (from[i].key != 0) place(from[i].key, from[i].value);
  }

  PageBuffer memory_;
  std::size_t mask_{};
  unsigned shift_{};
  std::size_t size_{};
};

}  // namespace kiriko::upf
