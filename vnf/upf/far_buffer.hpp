// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FarBuffers: packets kept by FARs whose apply action is BUFF (TS 29.244 clause 5.2.4).
#pragma once

#include <cstdint>
#include <vector>

#include "core/packet/packet.hpp"

namespace kiriko::upf {

/// Buffers are opened and closed on the control side, with room for all they may hold.
class FarBuffers {
 public:
  explicit FarBuffers(std::size_t packets_per_far) : capacity_(packets_per_far) {}

  std::uint32_t open() {
    if (!free_.empty()) {
      const std::uint32_t index = free_.back();
      free_.pop_back();
      return index;
    }
    buffers_.emplace_back().reserve(capacity_);
    free_.reserve(buffers_.size());
    return static_cast<std::uint32_t>(buffers_.size() - 1);
  }
  /// False when it is full; the packet then stays the caller's.
  bool push(std::uint32_t index, Packet* packet) noexcept {
    if (buffers_[index].size() >= capacity_) return false;
    buffers_[index].push_back(packet);
    ++held_;
    return true;
  }
  /// Gives the packets to `take(Packet*)` in order of arrival and closes the buffer.
  template <class Take>
  void close(std::uint32_t index, Take&& take) {
    held_ -= buffers_[index].size();
    for (Packet* packet : buffers_[index]) take(packet);
    buffers_[index].clear();
    free_.push_back(index);
  }
  /// Gives away the packets of all buffers, which stay open.
  template <class Take>
  void empty_all(Take&& take) {
    for (auto& buffer : buffers_) {
      for (Packet* packet : buffer) take(packet);
      buffer.clear();
    }
    held_ = 0;
  }
  std::uint64_t held() const noexcept { return held_; }

 private:
  std::size_t capacity_;
  std::vector<std::vector<Packet*>> buffers_;
  std::vector<std::uint32_t> free_;
  std::uint64_t held_{};
};

}  // namespace kiriko::upf
