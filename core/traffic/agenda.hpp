// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Agenda: the next due time of each of a fixed number of slots; the earliest is at hand.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/units.hpp"

namespace kiriko {

/// A binary heap with positions, so that a slot's time can move either way. Equal times: lower slot first.
class Agenda {
 public:
  explicit Agenda(std::uint32_t slots) : times_(slots, ModelTime::never()), heap_(slots), position_(slots) {
    for (std::uint32_t i = 0; i < slots; ++i) heap_[i] = position_[i] = i;
  }

  ModelTime earliest() const noexcept { return heap_.empty() ? ModelTime::never() : times_[heap_[0]]; }
  /// The slot due at earliest(). There must be one.
  std::uint32_t first() const noexcept { return heap_[0]; }

  void set(std::uint32_t slot, ModelTime time) noexcept {
    times_[slot] = time;
    sift_down(sift_up(position_[slot]));
  }

 private:
  bool before(std::uint32_t a, std::uint32_t b) const noexcept {
    return times_[a] < times_[b] || (times_[a] == times_[b] && a < b);
  }
  void exchange(std::uint32_t i, std::uint32_t j) noexcept {
    std::swap(heap_[i], heap_[j]);
    position_[heap_[i]] = i;
    position_[heap_[j]] = j;
  }
  std::uint32_t sift_up(std::uint32_t i) noexcept {
    while (i > 0 && before(heap_[i], heap_[(i - 1) / 2])) {
      exchange(i, (i - 1) / 2);
      i = (i - 1) / 2;
    }
    return i;
  }
  void sift_down(std::uint32_t i) noexcept {
    const auto size = static_cast<std::uint32_t>(heap_.size());
    for (std::uint32_t child = 2 * i + 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && before(heap_[child + 1], heap_[child])) ++child;
      if (!before(heap_[child], heap_[i])) return;
      exchange(i, child);
      i = child;
    }
  }

  std::vector<ModelTime> times_;
  std::vector<std::uint32_t> heap_;
  std::vector<std::uint32_t> position_;
};

}  // namespace kiriko
