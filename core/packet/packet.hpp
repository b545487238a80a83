// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A packet: an rte_mbuf whose private area carries the metadata that travels with it, model time first.
#pragma once

#include <rte_mbuf.h>
#include <rte_prefetch.h>

#include <cstddef>
#include <cstdint>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace kiriko {

using Packet = rte_mbuf;

/// One cache line in the mbuf's private area. `time` is when the packet is where it is; functions and
/// links compute on it and never on a clock.
struct alignas(RTE_CACHE_LINE_SIZE) PacketMetadata {
  ModelTime time{};          ///< model time at which the packet is here
  ModelTime birth{};         ///< model time at which its application sent it
  std::uint64_t sequence{};  ///< number within its flow, from 0
  FlowId flow{no_flow};
  SliceId slice{no_slice};
  PortId ingress{};                  ///< port by which it entered the function that holds it
  std::uint8_t qfi{};                ///< QoS flow identifier, 0 = none
  std::uint8_t hops{};               ///< links crossed; a loop ends at 255
  std::uint8_t trace{};              ///< bit 0: explain it in captures
  std::uint8_t application{};        ///< a host application's own mark (segment, ACK, frame's end)
  std::uint32_t queueing_ns{};       ///< time spent waiting in queues so far, saturating
  std::uint64_t application_word{};  ///< a host application's own word (frame number, ACK number)
  std::uint32_t device{};  ///< which of the devices that its source stands for sent it; 0: it is one
};
static_assert(sizeof(PacketMetadata) == RTE_CACHE_LINE_SIZE);

inline PacketMetadata& metadata_of(Packet* packet) noexcept {
  return *static_cast<PacketMetadata*>(rte_mbuf_to_priv(packet));
}
inline const PacketMetadata& metadata_of(const Packet* packet) noexcept {
  return *static_cast<const PacketMetadata*>(rte_mbuf_to_priv(const_cast<Packet*>(packet)));
}

/// Asks for a cache line to write to. (What the compiler makes of __builtin_prefetch is a prefetch for reading, unless it is
/// told of a newer processor.)
inline void take_over_line(void* address) noexcept {
#if defined(__x86_64__)
  asm volatile("prefetchw %0" : "+m"(*static_cast<std::byte*>(address)));
#else
  __builtin_prefetch(address, 1);
#endif
}

/// Asks for what nearly every function touches of a packet: its own line, metadata, and headers where a fresh packet has them.
inline void prefetch_whole(const Packet* packet) noexcept {
  const auto* at = reinterpret_cast<const std::byte*>(packet);
  rte_prefetch0(at);
  rte_prefetch0(at + sizeof(Packet));
  rte_prefetch0(at + sizeof(Packet) + sizeof(PacketMetadata) + RTE_PKTMBUF_HEADROOM);
}

/// Asks for all that of a packet which another core had last: to write to, for else each line would be asked for twice.
inline void take_over_whole(Packet* packet) noexcept {
  auto* at = reinterpret_cast<std::byte*>(packet);
  take_over_line(at);
  take_over_line(at + RTE_CACHE_LINE_SIZE);
  take_over_line(at + sizeof(Packet));
  take_over_line(at + sizeof(Packet) + sizeof(PacketMetadata) + RTE_PKTMBUF_HEADROOM);
}

inline std::uint8_t* bytes_of(Packet* packet) noexcept { return rte_pktmbuf_mtod(packet, std::uint8_t*); }
inline const std::uint8_t* bytes_of(const Packet* packet) noexcept {
  return rte_pktmbuf_mtod(packet, const std::uint8_t*);
}
/// Octets from Ethernet header to end of payload, without FCS.
inline std::uint32_t size_of(const Packet* packet) noexcept { return packet->pkt_len; }

}  // namespace kiriko
