// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Sizes of receive pools, and the pools of devices that have closed before others.
#include "core/device/receive_pool.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "core/device/frame_buffers.hpp"

namespace kiriko {
namespace {

// Enough for a driver's own rings (af_xdp fills 2 × 2048) whatever the scenario asks for.
constexpr std::uint32_t fewest_packets = 16384;
// Where an element takes several pages, a ring's worth of frames and some more.
constexpr std::uint32_t jumbo_packets = 4096;

struct PoolsInUse {
  unsigned open{};
  std::vector<PacketPool> of_closed_devices{};
};

PoolsInUse& pools_in_use() {
  static PoolsInUse pools;
  return pools;
}

}  // namespace

ReceivePool::ReceivePool(PacketPool pool) : pool_(std::move(pool)) { ++pools_in_use().open; }

ReceivePool::ReceivePool(ReceivePool&& other) noexcept
    : pool_(std::move(other.pool_)), open_(std::exchange(other.open_, false)) {}

ReceivePool::~ReceivePool() {
  if (!open_) return;
  PoolsInUse& pools = pools_in_use();
  pools.of_closed_devices.push_back(std::move(pool_));
  if (--pools.open == 0) pools.of_closed_devices.clear();
}

Result<ReceivePool> ReceivePool::create(std::uint32_t packets, std::uint32_t frame) {
  static std::atomic<unsigned> serial{0};
  const bool jumbo = frame + mbuf_headroom > page_data_room;
  const std::uint32_t room = jumbo ? std::min(frame + mbuf_headroom, 65535U) : page_data_room;
  auto pool = PacketPool::create("device" + std::to_string(serial++),
                                 jumbo ? jumbo_packets : std::max(packets / 4, fewest_packets),
                                 static_cast<std::uint16_t>(room));
  if (!pool) return fail(pool.error());
  return ReceivePool(std::move(*pool));
}

}  // namespace kiriko
