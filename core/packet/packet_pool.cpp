// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Creation and release of packet pools.
#include "core/packet/packet_pool.hpp"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>
#include <sys/mman.h>

#include <cstddef>

namespace kiriko {
namespace {

constexpr std::uint32_t page = 4096;
constexpr std::size_t huge_page = 2U << 20U;

// Without hugepages EAL's memory is a file, which the kernel keeps in small pages. This is not: elements lie one behind
// another, across pages, in transparent huge pages where the kernel has them. No device reads such memory by itself.
// (EAL would put two elements into a page, each at one of two places in it, so that they shared a quarter of the cache.)
int populate_outside_eal(rte_mempool* pool) {
  std::size_t least_chunk = 0, alignment = 0;
  const auto needed = rte_mempool_op_calc_mem_size_default(pool, pool->size, 0, &least_chunk, &alignment);
  if (needed < 0) return static_cast<int>(needed);
  const std::size_t size = RTE_ALIGN_CEIL(static_cast<std::size_t>(needed), huge_page);
  const int access = PROT_READ | PROT_WRITE, kind = MAP_PRIVATE | MAP_ANONYMOUS;
  void* mapped = mmap(nullptr, size + huge_page, access, kind, -1, 0);
  if (mapped == MAP_FAILED) return -ENOMEM;
  // What stands before and behind the aligned part goes back.
  auto* aligned = static_cast<std::byte*>(RTE_PTR_ALIGN_CEIL(mapped, huge_page));
  const auto before = static_cast<std::size_t>(aligned - static_cast<std::byte*>(mapped));
  if (before != 0) munmap(mapped, before);
  if (before != huge_page) munmap(aligned + size, huge_page - before);
  madvise(aligned, size, MADV_HUGEPAGE);
  const auto release = [](rte_mempool_memhdr* chunk, void* bytes) {
    munmap(chunk->addr, reinterpret_cast<std::uintptr_t>(bytes));
  };
  const int populated = rte_mempool_populate_iova(pool, reinterpret_cast<char*>(aligned), RTE_BAD_IOVA, size,
                                                  release, reinterpret_cast<void*>(size));
  if (populated <= 0) munmap(aligned, size);  // else it is the pool's, which releases it
  return populated >= 0 && static_cast<std::uint32_t>(populated) < pool->size ? -ENOMEM : populated;
}

}  // namespace

Result<PacketPool> PacketPool::create(const std::string& name, std::uint32_t count, std::uint16_t data_room) {
  // As rte_pktmbuf_pool_create, but without gaps that spread elements over memory channels: a device may need
  // elements of an exact size, and a page shall hold as many as fit.
  const std::uint32_t element =
      static_cast<std::uint32_t>(sizeof(rte_mbuf) + sizeof(PacketMetadata)) + data_room;
  // Elements of whole pages stay where a driver wants them.
  const bool outside_eal = rte_eal_has_hugepages() == 0 && (RTE_CACHE_LINE_SIZE + element) % page != 0;
  rte_mempool* pool =
      rte_mempool_create_empty(name.c_str(), count, element, count >= 1024 ? 256 : 0,
                               sizeof(rte_pktmbuf_pool_private), static_cast<int>(rte_socket_id()),
                               RTE_MEMPOOL_F_NO_SPREAD | (outside_eal ? RTE_MEMPOOL_F_NO_IOVA_CONTIG : 0U));
  if (pool != nullptr) {
    rte_pktmbuf_pool_private layout{};
    layout.mbuf_data_room_size = data_room;
    layout.mbuf_priv_size = sizeof(PacketMetadata);
    rte_mempool_set_ops_byname(pool, "ring_mp_mc", nullptr);
    rte_pktmbuf_pool_init(pool, &layout);
    const int populated = outside_eal ? populate_outside_eal(pool) : rte_mempool_populate_default(pool);
    if (populated < 0) {
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
