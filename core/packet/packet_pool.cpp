// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Creation and release of packet pools.
#include "core/packet/packet_pool.hpp"

#include <rte_errno.h>
#include <rte_lcore.h>

namespace kiriko {

Result<PacketPool> PacketPool::create(const std::string& name, std::uint32_t count, std::uint16_t data_room) {
  rte_mempool* pool = rte_pktmbuf_pool_create(name.c_str(), count, count >= 1024 ? 256 : 0, sizeof(PacketMetadata), data_room,
                                              static_cast<int>(rte_socket_id()));
  if (pool == nullptr)
    return fail({.message = "no memory for the packet pool",
                 .where = "run.packets",
                 .found = std::to_string(count) + " packets of " + std::to_string(data_room) + " B",
                 .hint = std::string(rte_strerror(rte_errno)) + "; lower run.packets"});
  return PacketPool{pool};
}

PacketPool& PacketPool::operator=(PacketPool&& other) noexcept {
  std::swap(pool_, other.pool_);
  return *this;
}

PacketPool::~PacketPool() { rte_mempool_free(pool_); }

std::uint32_t PacketPool::in_use() const noexcept { return rte_mempool_in_use_count(pool_); }

}  // namespace kiriko
