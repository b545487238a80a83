// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NodeHeap: a part's nodes by earliest pending time, ties by index; keys can be changed in place.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/units.hpp"

namespace kiriko {

class NodeHeap {
 public:
  explicit NodeHeap(std::uint32_t count) : keys_(count, ModelTime::never()), heap_(count), position_(count) {
    for (std::uint32_t i = 0; i < count; ++i) heap_[i] = position_[i] = i;
  }

  bool empty() const noexcept { return heap_.empty(); }
  std::uint32_t top() const noexcept { return heap_[0]; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(heap_.size()); }
  /// The node at a place of the heap: one of the first to come after the top is at 1 or 2.
  std::uint32_t at(std::size_t place) const noexcept { return heap_[place]; }
  ModelTime top_time() const noexcept { return heap_.empty() ? ModelTime::never() : keys_[heap_[0]]; }
  /// The earliest time among all but the top.
  ModelTime second_time() const noexcept {
    ModelTime t = ModelTime::never();
    for (std::size_t child = 1; child <= 2 && child < heap_.size(); ++child)
      t = std::min(t, keys_[heap_[child]]);
    return t;
  }
  ModelTime time_of(std::uint32_t index) const noexcept { return keys_[index]; }

  void set(std::uint32_t index, ModelTime time) noexcept {
    const ModelTime old = keys_[index];
    keys_[index] = time;
    if (time < old)
      up(position_[index]);
    else if (old < time)
      down(position_[index]);
  }

 private:
  bool before(std::uint32_t a, std::uint32_t b) const noexcept {
    return keys_[a] != keys_[b] ? keys_[a] < keys_[b] : a < b;
  }
  void place(std::size_t at, std::uint32_t index) noexcept {
    heap_[at] = index;
    position_[index] = static_cast<std::uint32_t>(at);
  }
  void up(std::size_t at) noexcept {
    const std::uint32_t index = heap_[at];
    while (at > 0) {
      const std::size_t parent = (at - 1) / 2;
      if (!before(index, heap_[parent])) break;
      place(at, heap_[parent]);
      at = parent;
    }
    place(at, index);
  }
  void down(std::size_t at) noexcept {
    const std::uint32_t index = heap_[at];
    for (;;) {
      std::size_t child = 2 * at + 1;
      if (child >= heap_.size()) break;
      if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
      if (!before(heap_[child], index)) break;
      place(at, heap_[child]);
      at = child;
    }
    place(at, index);
  }

  std::vector<ModelTime> keys_;
  std::vector<std::uint32_t> heap_, position_;
};

}  // namespace kiriko
