// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Bearer: a data radio bearer in one direction, of one UE's slice or of a QoS flow in it: its buffer, its transport
// blocks under HARQ, its delivery in order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"
#include "vnf/gnb/bearer_profile.hpp"
#include "vnf/gnb/packet_ring.hpp"

namespace kiriko {

/// Index of a UE's place in the gNB.
using UeIndex = StrongId<struct UeIndexTag>;

/// A transport block whose last transmission failed. Positions are in the bearer's stream of octets.
struct TransportBlock {
  std::uint64_t from{}, to{};
  std::int64_t ready_slot{};      ///< the first slot that may carry its retransmission
  std::uint32_t block_symbols{};  ///< resource blocks times symbols of one transmission
  std::uint32_t remaining{};      ///< of them, in the retransmission under way
  std::uint32_t transmissions{};  ///< so far, since RLC gave it to MAC
  std::uint32_t rlc_transmissions{1};
};

/// What a radio link keeps of a bearer. Every packet is a run of octets in one stream: arrived >= eligible >=
/// sent >= released, and a packet leaves when all transport blocks up to its end are settled.
struct Bearer {
  UeIndex ue{};
  BearerProfile profile{};
  PacketRing buffer;
  std::vector<TransportBlock> harq;  ///< by position
  std::uint64_t arrived{};           ///< end of the newest packet
  std::uint64_t eligible{};          ///< end of the newest packet that may be sent in this slot
  std::uint64_t sent{};              ///< sent once
  std::uint64_t released{};          ///< end of the newest packet that has left
  std::uint32_t eligible_packets{};  ///< of the buffer
  std::uint32_t sent_packets{};      ///< of the buffer: sent once, to their last octet
  bool active{};                     ///< on its group's list

  // This slot's plan, in resource blocks.
  std::uint32_t retransmission_demand{}, new_demand{};
  std::uint32_t retransmission_grant{}, new_grant{};

  // What BearerTurns remembers.
  std::int64_t credit{};  ///< of the guaranteed bit rate, in 1e-9 bit
  std::int64_t credited_slot{};
  std::int64_t average{};       ///< bits a slot x 1024, while it had work
  std::uint64_t served_bits{};  ///< in this slot

  /// With an empty buffer: nothing is under way any more.
  void clear() noexcept {
    harq.clear();
    sent = eligible = released = arrived;
    eligible_packets = sent_packets = 0;
    credit = average = 0;
  }
  bool has_work() const noexcept { return arrived > sent || !harq.empty(); }
  std::uint64_t buffered_octets() const noexcept { return arrived - released; }
  std::uint64_t unsent() const noexcept { return eligible - sent; }

  /// The oldest packet with octets that were never sent; there is one.
  const BufferedPacket& first_unsent() const noexcept { return buffer[sent_packets]; }

  void send(std::uint64_t octets) noexcept {
    sent += octets;
    while (sent_packets < eligible_packets && buffer[sent_packets].end <= sent) ++sent_packets;
  }

  void advance_eligibility(std::int64_t slot) noexcept {
    while (eligible_packets < buffer.size() && buffer[eligible_packets].ready_slot <= slot)
      eligible = buffer[eligible_packets++].end;
  }

  std::uint32_t retransmission_blocks(std::int64_t slot, std::uint32_t symbols) const noexcept {
    std::uint32_t blocks = 0;
    for (const TransportBlock& block : harq)
      if (block.ready_slot <= slot) blocks += (block.remaining + symbols - 1) / symbols;
    return blocks;
  }

  /// Blocks that hold a HARQ process; those that RLC is to send anew do not.
  std::size_t processes_in_use() const noexcept {
    return static_cast<std::size_t>(std::count_if(
        harq.begin(), harq.end(), [](const TransportBlock& block) { return block.transmissions > 0; }));
  }

  /// Marks the packets with octets in the failed block.
  void mark_lost(const TransportBlock& block) noexcept {
    std::uint64_t begin = released;
    for (std::uint32_t i = 0; i < buffer.size() && begin < block.to; ++i) {
      if (buffer[i].end > block.from) buffer[i].lost = true;
      begin = buffer[i].end;
    }
  }

  /// Everything before this position is settled.
  std::uint64_t settled() const noexcept { return harq.empty() ? sent : harq.front().from; }

  BufferedPacket pop() noexcept {
    const BufferedPacket head = buffer[0];
    buffer.pop();
    if (eligible_packets > 0) --eligible_packets;
    if (sent_packets > 0) --sent_packets;
    released = head.end;
    return head;
  }

  /// The first slot at or after `earliest` in which there is something to send; never() when there is nothing.
  std::int64_t next_slot(std::int64_t earliest, std::int64_t never) const noexcept {
    if (eligible > sent) return earliest;
    std::int64_t next = never;
    if (eligible_packets < buffer.size()) next = buffer[eligible_packets].ready_slot;
    for (const TransportBlock& block : harq) next = std::min(next, block.ready_slot);
    return std::max(next, earliest);
  }
};

}  // namespace kiriko
