// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FlatTable: a hash table from a non-zero integer to a 32-bit value, one cache line a lookup, with prefetch.
#pragma once

#include <immintrin.h>

#include <bit>
#include <cstdint>

#include "vnf/upf/page_buffer.hpp"

namespace kiriko::upf {

/// A key lies in its home line or, where that is full, in the next line with room; a line with room ends the
/// search. At most half full, so nearly all searches end in the home line, without a branch on where in it.
/// It grows on insertion only, that is on the control side. Key 0 is "empty".
template <class Key>
class FlatTable {
 public:
  static constexpr std::uint32_t none = 0xffffffffU;

  FlatTable() : FlatTable(1) {}
  explicit FlatTable(std::size_t lines) { reset(std::bit_ceil(lines)); }

  std::uint32_t find(Key key) const noexcept {
    const std::uint32_t* value = look_up(key, home_of(key));
    return value == nullptr ? none : *value;
  }
  /// Where the search for a key begins; until the next insertion. To be asked for ahead.
  using Home = const void*;
  Home home_of(Key key) const noexcept { return lines() + home(key); }
  /// The value of a key that is not 0, or nullptr. `from` is its home.
  const std::uint32_t* look_up(Key key, Home from) const noexcept {
    const Line* line = static_cast<const Line*>(from);
    for (;;) {
      const unsigned found = slots_with(*line, key);
      if (__builtin_expect(found != 0, 1)) return line->values + std::countr_zero(found);
      if (slots_with(*line, 0) != 0) return nullptr;
      if (++line > lines() + mask_) line = lines();
    }
  }

  /// Inserts or replaces. `key` is not 0.
  void insert(Key key, std::uint32_t value) {
    if ((size_ + 1) * 2 > (mask_ + 1) * slots) grow();
    place(key, value);
  }
  void erase(Key key) noexcept {
    std::size_t at = home(key);
    while (slots_with(lines()[at], key) == 0) {
      if (slots_with(lines()[at], 0) != 0) return;
      at = (at + 1) & mask_;
    }
    --size_;
    Slot hole{at, static_cast<unsigned>(std::countr_zero(slots_with(lines()[at], key)))};
    bool was_full = is_full(hole.line);
    clear(hole);
    // Keys may have spilled over a line that was full: one of them takes the free slot, and so on from its own.
    for (std::size_t next = (at + 1) & mask_; was_full; next = (next + 1) & mask_) {
      const unsigned spilled = first_that_may_move(next, hole.line);
      const bool next_is_full = is_full(next);
      if (spilled < slots) {
        lines()[hole.line].keys[hole.index] = lines()[next].keys[spilled];
        lines()[hole.line].values[hole.index] = lines()[next].values[spilled];
        hole = {next, spilled};
        clear(hole);
      }
      was_full = next_is_full;
    }
  }
  std::size_t size() const noexcept { return size_; }
  std::size_t memory() const noexcept { return (mask_ + 1) * sizeof(Line); }

 private:
  static constexpr std::size_t line_size = 64;
  static constexpr unsigned slots = line_size / (sizeof(Key) + sizeof(std::uint32_t));
  struct alignas(line_size) Line {
    Key keys[slots];
    std::uint32_t values[slots];
  };

  struct Slot {
    std::size_t line;
    unsigned index;
  };

  bool is_full(std::size_t line) const noexcept { return slots_with(lines()[line], 0) == 0; }
  void clear(const Slot& slot) noexcept { lines()[slot.line].keys[slot.index] = 0; }
  /// Of the keys of a line the first whose search passes `through`; `slots`: none.
  unsigned first_that_may_move(std::size_t line, std::size_t through) const noexcept {
    unsigned i = 0;
    while (i < slots && (lines()[line].keys[i] == 0 ||
                         ((line - home(lines()[line].keys[i])) & mask_) < ((line - through) & mask_)))
      ++i;
    return i;
  }
  /// Bit by slot.
  static unsigned slots_with(const Line& line, Key key) noexcept {
    if constexpr (slots == 8) {
      const __m256i equal = _mm256_cmpeq_epi32(_mm256_load_si256(reinterpret_cast<const __m256i*>(line.keys)),
                                               _mm256_set1_epi32(static_cast<std::int32_t>(key)));
      return static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(equal)));
    } else {
      unsigned found = 0;
      for (unsigned i = 0; i < slots; ++i) found |= static_cast<unsigned>(line.keys[i] == key) << i;
      return found;
    }
  }
  Line* lines() const noexcept { return reinterpret_cast<Line*>(memory_.data()); }
  std::size_t home(Key key) const noexcept { return static_cast<std::size_t>(_mm_crc32_u64(0, key)) & mask_; }
  void reset(std::size_t lines) {
    memory_ = PageBuffer(lines * sizeof(Line));
    mask_ = lines - 1;
    size_ = 0;
  }
  void place(Key key, std::uint32_t value) noexcept {
    for (std::size_t i = home(key);; i = (i + 1) & mask_) {
      Line& line = lines()[i];
      const unsigned same = slots_with(line, key), room = slots_with(line, 0);
      if ((same | room) == 0) continue;
      const int slot = std::countr_zero(same != 0 ? same : room);
      if (same == 0) ++size_;
      line.keys[slot] = key;
      line.values[slot] = value;
      return;
    }
  }
  void grow() {
    const PageBuffer old = std::move(memory_);
    const std::size_t old_lines = mask_ + 1;
    reset(old_lines * 2);
    const auto* from = reinterpret_cast<const Line*>(old.data());
    for (std::size_t i = 0; i < old_lines; ++i)
      for (unsigned s = 0; s < slots; ++s)
        if (from[i].keys[s] != 0) place(from[i].keys[s], from[i].values[s]);
  }

  PageBuffer memory_;
  std::size_t mask_{};
  std::size_t size_{};
};

}  // namespace kiriko::upf
