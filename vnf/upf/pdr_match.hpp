// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packet detection (TS 29.244 clause 5.2.1): the matching PDR of the highest precedence.
#pragma once

#include "core/net/five_tuple.hpp"
#include "core/packet/drop_reason.hpp"
#include "vnf/upf/session.hpp"

namespace kiriko::upf {

/// Where a packet comes from, as far as its PDR is concerned.
enum class Origin : std::uint8_t { tunnel, n6, vn_internal };

/// Of the lane to look at.
inline Direction direction_of(Origin origin) noexcept {
  return origin == Origin::tunnel ? Direction::uplink : Direction::downlink;
}

/// What detection needs of one packet.
struct Arrival {
  std::uint32_t key{};     ///< TEID (tunnel) or UE address
  std::uint16_t l3{};      ///< offset of the user's IPv4 header in the packet
  std::uint16_t octets{};  ///< its total length
  std::uint8_t qfi{};      ///< of the PDU Session Container; 0: none
  Origin origin{Origin::n6};
  std::uint8_t message{};                ///< GTP-U message type when it is not a G-PDU; else 0
  DropReason fault{DropReason::count_};  ///< found while reading the headers; count_: none
};

inline bool matches(const FilterEntry& filter, const FiveTuple& downlink) noexcept {
  return ((downlink.source.value ^ filter.remote) & filter.remote_mask) == 0 &&
         (filter.protocol == FilterEntry::any_protocol || filter.protocol == downlink.protocol) &&
         downlink.source_port >= filter.remote_port_low && downlink.source_port <= filter.remote_port_high &&
         downlink.destination_port >= filter.local_port_low &&
         downlink.destination_port <= filter.local_port_high;
}

/// Any of the PDR's SDF filters. A packet that ends within its ports matches none.
inline bool matches_filters(const Session& session, const PdrEntry& pdr, const std::uint8_t* l3,
                            std::uint16_t octets) noexcept {
  FiveTuple tuple;
  if (!parse_five_tuple(l3, octets, tuple)) return false;
  const FiveTuple downlink = pdr.direction() == Direction::uplink ? tuple.reversed() : tuple;
  for (std::size_t i = 0; i < pdr.filter_count; ++i)
    if (matches(session.filters()[pdr.first_filter + i], downlink)) return true;
  return false;
}

/// `l3` holds a valid IPv4 header (Arrival without fault); nullptr when no PDR matches.
inline PdrEntry* match_pdr(const Session& session, const Arrival& arrival, const std::uint8_t* l3) noexcept {
  const auto* ip = reinterpret_cast<const Ipv4Header*>(l3);
  PdrEntry* pdr = session.pdrs();
  for (std::size_t n = session.block->pdr_count; n > 0; --n, ++pdr) {
    if (arrival.origin == Origin::tunnel) {
      if (pdr->teid != arrival.key) continue;
    } else {
      if (pdr->teid != 0) continue;
      if (arrival.origin == Origin::n6 ? pdr->source == SourceInterface::vn_internal
                                       : pdr->source == SourceInterface::n6_lan)
        continue;
    }
    // Clause 8.2.62: the UE's address is the source on the uplink, the destination on the downlink.
    if (pdr->ue_address != 0 &&
        pdr->ue_address !=
            (pdr->source == SourceInterface::access ? ip->source_address : ip->destination_address))
      continue;
    if (pdr->qfi != PdrEntry::any_qfi && pdr->qfi != arrival.qfi) continue;
    if (pdr->filter_count != 0 && !matches_filters(session, *pdr, l3, arrival.octets)) continue;
    return pdr;
  }
  return nullptr;
}

}  // namespace kiriko::upf
