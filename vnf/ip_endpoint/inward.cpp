// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From the network to the function behind: what is answered here, and what is handed on.
#include "core/net/edit.hpp"
#include "core/net/ethernet.hpp"
#include "vnf/ip_endpoint/echo.hpp"
#include "vnf/ip_endpoint/ip_endpoint.hpp"

namespace kiriko {

using endpoint::is_echo_request;
using endpoint::turn_into_reply;

void IpEndpoint::from_outside(Packet* packet, Exits& exits) noexcept {
  const EthernetHeader* ethernet = EthernetHeader::view(bytes_of(packet), size_of(packet));
  if (ethernet == nullptr) return exits.drop(packet, DropReason::malformed);
  // The device is promiscuous; others' frames are not ours. Nor is a group's source anybody's.
  if ((ethernet->destination != mac_ && !ethernet->destination.is_group()) || ethernet->source.is_group())
    return exits.drop(packet, DropReason::not_for_this_host);
  switch (ethernet->type.value()) {
    case ether_type::arp: return arp_from_outside(packet, exits);
    case ether_type::ipv4: return ipv4_from_outside(packet, exits);
    case ether_type::ipv6: return ipv6_from_outside(packet, exits);
    default: return exits.drop(packet, DropReason::not_for_this_host);
  }
}

void IpEndpoint::ipv4_from_outside(Packet* packet, Exits& exits) noexcept {
  std::uint8_t* data = bytes_of(packet);
  auto* ip = edit<Ipv4Header>(data + ethernet_header_size, size_of(packet) - ethernet_header_size);
  if (ip == nullptr || !ip->checksum_valid()) return exits.drop(packet, DropReason::malformed);
  const IpAddress destination{ip->destination()};
  // RFC 1122 clause 3.3.6: what came as a link's broadcast and is for one node is not taken.
  const auto* ethernet = reinterpret_cast<const EthernetHeader*>(data);
  if (!destination.is_unicast() || addresses_.is_broadcast(destination) || ethernet->destination.is_group())
    return exits.drop(packet, DropReason::not_for_this_host);
  if (addresses_.owns(destination) && is_echo_request(*ip)) {
    turn_into_reply(*ip);
    ++echo_replies_;
    return transmit(packet, ethernet->source, exits);
  }
  deliver(packet, destination, ip->total_length, exits);
}

void IpEndpoint::ipv6_from_outside(Packet* packet, Exits& exits) noexcept {
  std::uint8_t* data = bytes_of(packet);
  auto* ip = edit<Ipv6Header>(data + ethernet_header_size, size_of(packet) - ethernet_header_size);
  if (ip == nullptr) return exits.drop(packet, DropReason::malformed);
  if (ip->next_header == ip_protocol::icmpv6 && ip->payload_length() > 0) {
    const std::uint8_t type = *ip->payload();
    if (type == icmpv6_type::neighbour_solicitation || type == icmpv6_type::neighbour_advertisement)
      return neighbour_message_from_outside(packet, *ip, exits);
  }
  const IpAddress destination{ip->destination};
  const auto* ethernet = reinterpret_cast<const EthernetHeader*>(data);
  const bool own = addresses_.owns(destination);
  // Router advertisements, redirects and other groups' packets are nobody's here; so is a link-local address that is
  // not ours.
  if (!destination.is_unicast() || ethernet->destination.is_group() ||
      (destination.is_link_local_ipv6() && !own))
    return exits.drop(packet, DropReason::not_for_this_host);
  if (own && is_echo_request(*ip)) {
    turn_into_reply(*ip);
    ++echo_replies_;
    return transmit(packet, ethernet->source, exits);
  }
  deliver(packet, destination, ipv6_header_size + ip->payload_length(), exits);
}

// Without the padding of short frames: functions behind take a frame's size for its packet's.
void IpEndpoint::deliver(Packet* packet, const IpAddress& destination, std::size_t size,
                         Exits& exits) noexcept {
  const auto padding = static_cast<std::uint16_t>(size_of(packet) - ethernet_header_size - size);
  if (padding != 0) rte_pktmbuf_trim(packet, padding);
  auto* ethernet = reinterpret_cast<EthernetHeader*>(bytes_of(packet));
  ethernet->source = mac_;
  ethernet->destination = MacAddress::local(static_cast<std::uint32_t>(destination.last));
  exits.emit(inside, packet);
}

}  // namespace kiriko
