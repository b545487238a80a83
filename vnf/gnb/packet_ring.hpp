// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PacketRing: a bearer's buffer; a ring that doubles until it holds the steady state.
#pragma once

#include <cstdint>
#include <vector>

#include "core/packet/packet.hpp"

namespace kiriko {

/// A packet and its place in the bearer's stream of octets.
struct BufferedPacket {
  Packet* packet{};
  std::uint64_t end{};        ///< stream position just beyond its last octet
  std::int64_t ready_slot{};  ///< the first slot that may carry it
  ModelTime arrived{};
  bool lost{};  ///< a transport block with octets of it failed for good
};

class PacketRing {
 public:
  std::uint32_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// The i-th oldest.
  BufferedPacket& operator[](std::uint32_t i) noexcept { return slots_[(head_ + i) & mask()]; }
  const BufferedPacket& operator[](std::uint32_t i) const noexcept { return slots_[(head_ + i) & mask()]; }

  void push(const BufferedPacket& packet) {
    if (size_ == slots_.size()) grow();
    slots_[(head_ + size_++) & mask()] = packet;
  }
  void pop() noexcept {
    head_ = (head_ + 1) & mask();
    --size_;
  }

 private:
  std::uint32_t mask() const noexcept { return static_cast<std::uint32_t>(slots_.size()) - 1; }
  void grow() {
    std::vector<BufferedPacket> larger(slots_.empty() ? 16 : slots_.size() * 2);
    for (std::uint32_t i = 0; i < size_; ++i) larger[i] = (*this)[i];
    slots_ = std::move(larger);
    head_ = 0;
  }

  std::vector<BufferedPacket> slots_;
  std::uint32_t head_{0}, size_{0};
};

}  // namespace kiriko
