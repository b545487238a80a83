// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The conditions of a PDI, the cheap ones first.
#include "vnf/upf/pdr_match.hpp"

#include "core/net/vlan.hpp"
#include "vnf/upf/pdr_index.hpp"

namespace kiriko::upf {
namespace {

// Clause 8.2.62: the UE's address is the source on the uplink, the destination on the downlink.
bool has_ue_address(const Session& session, const PdrEntry& pdr, const Candidate& candidate) noexcept {
  if (pdr.ue_address == 0 && pdr.ue_prefix == 0) return true;
  const bool uplink = pdr.source == SourceInterface::access;
  switch (candidate.arrival().kind) {
    case PayloadKind::ipv4: {
      const auto* ip = reinterpret_cast<const Ipv4Header*>(candidate.l3());
      return pdr.ue_address != 0 && pdr.ue_address == (uplink ? ip->source_address : ip->destination_address);
    }
    case PayloadKind::ipv6: {
      if (pdr.ue_prefix == 0) return false;
      const auto* ip = reinterpret_cast<const Ipv6Header*>(candidate.l3());
      const WideAddress address = WideAddress::of(uplink ? ip->source : ip->destination);
      return session.prefixes()[pdr.ue_prefix - 1].contains(address);
    }
    case PayloadKind::ethernet: return true;
  }
  return false;
}

bool within(const MacAddressRange* ranges, std::size_t count, const MacAddress& mac) noexcept {
  if (count == 0) return true;
  for (std::size_t i = 0; i < count; ++i)
    if (mac >= ranges[i].low && mac <= ranges[i].high) return true;
  return false;
}

/// The frame's tags: an S-TAG, a C-TAG, both or none.
struct Tags {
  const VlanTag* service{};
  const VlanTag* customer{};
  std::uint16_t type{};  ///< behind them
};

Tags tags_of(const std::uint8_t* frame, std::size_t octets) noexcept {
  Tags tags{.type = reinterpret_cast<const EthernetHeader*>(frame)->type};
  std::size_t at = ethernet_header_size;
  for (int i = 0; i < 2; ++i) {
    if (tags.type != ether_type::vlan && tags.type != ether_type::service_vlan) break;
    const VlanTag* tag = VlanTag::view(frame + at, octets - at);
    if (tag == nullptr) break;
    (tags.type == ether_type::service_vlan ? tags.service : tags.customer) = tag;
    tags.type = tag->type;
    at += vlan_tag_size;
  }
  return tags;
}

bool has_tag(const EthernetFilterEntry::Tag& wanted, const VlanTag* tag) noexcept {
  using Entry = EthernetFilterEntry;
  if (tag == nullptr) return false;
  return ((wanted.conditions & Entry::has_id) == 0 || wanted.id == tag->id()) &&
         ((wanted.conditions & Entry::has_priority) == 0 || wanted.priority == tag->priority()) &&
         ((wanted.conditions & Entry::has_drop_eligible) == 0 ||
          (wanted.drop_eligible != 0) == tag->drop_eligible());
}

bool matches(const Session& session, const EthernetFilterEntry& filter, Candidate& candidate,
             bool uplink) noexcept {
  using Entry = EthernetFilterEntry;
  const auto* ethernet = reinterpret_cast<const EthernetHeader*>(candidate.l3());
  const MacAddressRange* macs = session.macs() + filter.first_mac;
  const bool swapped = uplink && (filter.conditions & Entry::bidirectional) != 0;
  if (!within(macs, filter.sources, swapped ? ethernet->destination : ethernet->source) ||
      !within(macs + filter.sources, filter.destinations, swapped ? ethernet->source : ethernet->destination))
    return false;
  if ((filter.conditions & (Entry::has_type | Entry::has_c_tag | Entry::has_s_tag)) != 0) {
    const Tags tags = tags_of(candidate.l3(), candidate.arrival().octets);
    if ((filter.conditions & Entry::has_type) != 0 && filter.type != tags.type) return false;
    if ((filter.conditions & Entry::has_c_tag) != 0 && !has_tag(filter.c_tag, tags.customer)) return false;
    if ((filter.conditions & Entry::has_s_tag) != 0 && !has_tag(filter.s_tag, tags.service)) return false;
  }
  if (filter.filter_count == 0) return true;
  const UserPacket& packet = candidate.user_packet();
  if (packet.version == 0 || !packet.whole) return false;
  for (std::size_t i = 0; i < filter.filter_count; ++i)
    if (matches(session.filters()[filter.first_filter + i], session.ranges(), packet, uplink)) return true;
  return false;
}

/// Any of the PDR's filters. A packet that ends within its ports matches none.
bool matches_filters(const Session& session, const PdrEntry& pdr, Candidate& candidate) noexcept {
  const bool uplink = pdr.direction() == Direction::uplink;
  if (candidate.arrival().kind == PayloadKind::ethernet) {
    for (std::size_t i = 0; i < pdr.filter_count; ++i)
      if (matches(session, session.ethernet_filters()[pdr.first_filter + i], candidate, uplink)) return true;
    return false;
  }
  const UserPacket& packet = candidate.user_packet();
  if (packet.version == 0 || !packet.whole) return false;
  for (std::size_t i = 0; i < pdr.filter_count; ++i)
    if (matches(session.filters()[pdr.first_filter + i], session.ranges(), packet, uplink)) return true;
  return false;
}

}  // namespace

const UserPacket& Candidate::user_packet() noexcept {
  if (read_) return packet_;
  read_ = true;
  std::size_t at = 0;
  if (arrival_.kind == PayloadKind::ethernet) {
    EthernetPayload payload;
    if (!parse_ethernet(l3_, arrival_.octets, payload)) return packet_;
    at = payload.offset;
  }
  packet_ = read_user_packet(l3_ + at, arrival_.octets - at);
  return packet_;
}

bool matches(const Session& session, const PdrEntry& pdr, Candidate& candidate) noexcept {
  const Arrival& arrival = candidate.arrival();
  switch (arrival.origin) {
    case Origin::tunnel:
      if (pdr.teid != arrival.key) return false;
      break;
    case Origin::n6:
      if (pdr.source == SourceInterface::vn_internal) return false;
      break;
    case Origin::vn_internal:
      if (pdr.source == SourceInterface::n6_lan) return false;
      break;
  }
  if (pdr.instance != 0 && arrival.instance != 0 && pdr.instance != arrival.instance) return false;
  if (!has_ue_address(session, pdr, candidate)) return false;
  if ((pdr.qfis >> (arrival.qfi & 0x3fU) & 1U) == 0) return false;
  return pdr.filter_count == 0 || matches_filters(session, pdr, candidate);
}

const PdrEntry* match_pdr(const Session& session, const Arrival& arrival, const std::uint8_t* l3,
                          const PdrIndexes& indexes) noexcept {
  Candidate candidate(arrival, l3);
  if (session.block->pdr_index != SessionBlock::none)
    return indexes[session.block->pdr_index].match(session, candidate);
  const bool tunnelled = arrival.origin == Origin::tunnel;
  const PdrEntry* pdr = session.pdrs() + (tunnelled ? 0 : session.block->tunnelled_count);
  const PdrEntry* end =
      session.pdrs() + (tunnelled ? session.block->tunnelled_count : session.block->pdr_count);
  for (; pdr != end; ++pdr)
    if (matches(session, *pdr, candidate)) return pdr;
  return nullptr;
}

}  // namespace kiriko::upf
