// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PacketPool: an owned mempool of packets with metadata, and its count in use for the ledger's check.
#pragma once

#include <rte_mbuf.h>

#include <cstdint>
#include <string>

#include "core/base/result.hpp"
#include "core/packet/packet.hpp"

namespace kiriko {

class PacketPool {
 public:
  /// `count` packets of `data_room` octets (headroom of 128 included). EAL must be up.
  static Result<PacketPool> create(const std::string& name, std::uint32_t count,
                                   std::uint16_t data_room = default_data_room);

  PacketPool(PacketPool&& other) noexcept : pool_(other.pool_) { other.pool_ = nullptr; }
  PacketPool& operator=(PacketPool&& other) noexcept;
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;
  ~PacketPool();

  /// A packet with fresh metadata and no bytes, or nullptr when the pool is empty.
  Packet* allocate() noexcept {
    Packet* packet = rte_pktmbuf_alloc(pool_);
    if (packet != nullptr) metadata_of(packet) = PacketMetadata{};
    return packet;
  }
  std::uint32_t in_use() const noexcept;
  rte_mempool* raw() const noexcept { return pool_; }

  /// With its headers an element is 31 cache lines: odd, so that the same lines of many elements spread over memory
  /// channels and a cache's sets. 1600 octets hold a 1500-octet packet with its Ethernet and N3 headers.
  static constexpr std::uint16_t default_data_room = 128 + 1600;

 private:
  explicit PacketPool(rte_mempool* pool) : pool_(pool) {}
  rte_mempool* pool_;
};

}  // namespace kiriko
