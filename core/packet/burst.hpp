// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A burst: up to 64 packets in time order, handed to a function in one call.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "core/packet/packet.hpp"

namespace kiriko {

inline constexpr std::uint32_t burst_capacity = 64;

class Burst {
 public:
  bool full() const noexcept { return count_ == burst_capacity; }
  bool empty() const noexcept { return count_ == 0; }
  std::uint32_t size() const noexcept { return count_; }
  void push(Packet* packet) noexcept { packets_[count_++] = packet; }
  /// Takes as many as there is room for; returns how many.
  std::uint32_t append(std::span<Packet* const> packets) noexcept {
    const auto taken = std::min(static_cast<std::uint32_t>(packets.size()), burst_capacity - count_);
    std::copy_n(packets.data(), taken, packets_.data() + count_);
    count_ += taken;
    return taken;
  }
  void clear() noexcept { count_ = 0; }
  Packet* operator[](std::uint32_t i) const noexcept { return packets_[i]; }
  Packet** data() noexcept { return packets_.data(); }
  Packet* const* begin() const noexcept { return packets_.data(); }
  Packet* const* end() const noexcept { return packets_.data() + count_; }

 private:
  std::uint32_t count_{0};  ///< beside the first packets: most bursts are small
  std::array<Packet*, burst_capacity> packets_;
};

}  // namespace kiriko
