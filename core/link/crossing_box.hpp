// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// CrossingBox: packets that one worker sends and another receives, handed over between two steps.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/link/delay_line.hpp"

namespace kiriko {

/// Two boxes: what is put into one in a step is taken out by the receiver's worker in the next, while the other one fills. Each
/// worker knows by itself which is whose, for each has a turn in every step: nothing but the barrier between steps is shared.
class CrossingBox {
 public:
  /// The sender's worker, within a step, or anybody between two.
  void put(const TimedPacket& entry) {
    Box& box = boxes_[filling_];
    box.earliest = std::min(box.earliest, entry.at);
    box.packets.push_back(entry);
  }
  /// The sender's worker, at the end of its turn: what was put in lies ready. Returns the earliest arrival, or never().
  ModelTime close() noexcept {
    const ModelTime earliest = boxes_[filling_].earliest;
    filling_ ^= 1U;
    return earliest;
  }
  /// The receiver's worker, at the beginning of its turn: what the step before put in, in its order.
  template <class Take>
  void empty_closed(Take take) {
    empty(boxes_[taking_], take);
    taking_ ^= 1U;
  }
  /// Between steps: everything, in the order in which it was put in.
  template <class Take>
  void empty_all(Take take) {
    empty(boxes_[filling_ ^ 1U], take);
    empty(boxes_[filling_], take);
  }
  std::size_t size() const noexcept { return boxes_[0].packets.size() + boxes_[1].packets.size(); }

 private:
  struct alignas(RTE_CACHE_LINE_SIZE) Box {
    std::vector<TimedPacket> packets;
    ModelTime earliest{ModelTime::never()};
  };
  template <class Take>
  static void empty(Box& box, Take take) {
    if (box.packets.empty()) return;
    for (const TimedPacket& entry : box.packets) take(entry);
    box.packets.clear();
    box.earliest = ModelTime::never();
  }

  std::array<Box, 2> boxes_;
  alignas(RTE_CACHE_LINE_SIZE) unsigned filling_{0};  ///< the sender's
  alignas(RTE_CACHE_LINE_SIZE) unsigned taking_{1};   ///< the receiver's
};

}  // namespace kiriko
