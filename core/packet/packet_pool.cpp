// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Creation and release of packet pools.
#include "core/packet/packet_pool.hpp"

#include <rte_errno.h>
#include <rte_lcore.h>

namespace kiriko {

Result<PacketPool> PacketPool::create(const std::string& name, std::uint32_t count, std::uint16_t data_room) {
  // As rte_pktmbuf_pool_create, but without gaps that spread elements over memory channels: a device may need
  // elements of an exact size, and a page shall hold as many as fit.
  const std::uint32_t element =
      static_cast<std::uint32_t>(sizeof(rte_mbuf) + sizeof(PacketMetadata)) + data_room;
  rte_mempool* pool = rte_mempool_create_empty(name.c_str(), count, element, count >= 1024 ? 256 : 0,
                                               sizeof(rte_pktmbuf_pool_private),
                                               static_cast<int>(rte_socket_id()), RTE_MEMPOOL_F_NO_SPREAD);
  if (pool != nullptr) {
    rte_pktmbuf_pool_private layout{};
    layout.mbuf_data_room_size = data_room;
    layout.mbuf_priv_size = sizeof(PacketMetadata);
    rte_mempool_set_ops_byname(pool, "ring_mp_mc", nullptr);
    rte_pktmbuf_pool_init(pool, &layout);
    if (const int populated = rte_mempool_populate_default(pool); populated < 0) {
      rte_mempool_free(pool);
      pool = nullptr;
      rte_errno = -populated;
    } else {
      rte_mempool_obj_iter(pool, rte_pktmbuf_init, nullptr);
    }
  }
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
