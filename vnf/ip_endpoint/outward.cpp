// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From the function behind to the network: the next hop, its address, or why not.
#include <cstring>

#include "core/net/edit.hpp"
#include "core/net/ethernet.hpp"
#include "vnf/ip_endpoint/echo.hpp"
#include "vnf/ip_endpoint/ip_endpoint.hpp"

namespace kiriko {
namespace {

using endpoint::IpAddress;

/// RFC 1112 clause 6.4: 01:00:5e and the group's last 23 bits; RFC 2464 clause 7.
MacAddress group_mac(const IpAddress& destination) noexcept {
  if (!destination.is_multicast()) return broadcast_mac;
  if (!destination.is_ipv4()) return multicast_mac_of(destination.ipv6());
  return MacAddress::from_value(0x01005e000000ULL | (destination.ipv4().value & 0x7fffffU));
}

}  // namespace

void IpEndpoint::from_inside(Packet* packet, Exits& exits) noexcept {
  std::uint8_t* data = bytes_of(packet);
  const EthernetHeader* ethernet = EthernetHeader::view(data, size_of(packet));
  if (ethernet == nullptr) return exits.drop(packet, DropReason::malformed);
  std::uint8_t* const at = data + ethernet_header_size;
  const std::size_t available = size_of(packet) - ethernet_header_size;
  IpAddress destination;
  std::size_t size = 0;
  Ipv4Header* ipv4 = nullptr;
  Ipv6Header* ipv6 = nullptr;
  if (ethernet->type == ether_type::ipv4) {
    ipv4 = edit<Ipv4Header>(at, available);
    if (ipv4 == nullptr) return exits.drop(packet, DropReason::malformed);
    destination = IpAddress{ipv4->destination()};
    size = ipv4->total_length;
  } else if (ethernet->type == ether_type::ipv6) {
    ipv6 = edit<Ipv6Header>(at, available);
    if (ipv6 == nullptr) return exits.drop(packet, DropReason::malformed);
    destination = IpAddress{ipv6->destination};
    size = ipv6_header_size + ipv6->payload_length();
  } else {
    return exits.drop(packet, DropReason::unknown_destination);
  }
  if (addresses_.owns(destination)) {
    // A host behind may ping its gateway; nothing else of the endpoint's listens.
    if (ipv4 != nullptr && endpoint::is_echo_request(*ipv4))
      endpoint::turn_into_reply(*ipv4);
    else if (ipv6 != nullptr && endpoint::is_echo_request(*ipv6))
      endpoint::turn_into_reply(*ipv6);
    else
      return exits.drop(packet, DropReason::not_for_this_host);
    ++echo_replies_;
    const IpAddress asker = ipv4 != nullptr ? IpAddress{ipv4->destination()} : IpAddress{ipv6->destination};
    return deliver(packet, asker, size, exits);
  }
  if (addresses_.proxies(destination)) {
    ++turned_back_;
    return deliver(packet, destination, size, exits);
  }
  if (size > mtu_) return refuse(packet, DropReason::too_big, endpoint::IcmpError::too_big, exits);
  send(packet, destination, size, exits);
}

void IpEndpoint::send(Packet* packet, const IpAddress& destination, std::size_t size, Exits& exits) noexcept {
  const auto padding = static_cast<std::uint16_t>(size_of(packet) - ethernet_header_size - size);
  if (padding != 0) rte_pktmbuf_trim(packet, padding);
  if (destination.is_multicast() || addresses_.is_broadcast(destination))
    return transmit(packet, group_mac(destination), exits);
  const auto hop = destination.is_unicast() ? addresses_.next_hop(destination) : std::nullopt;
  if (!hop) return refuse(packet, DropReason::unknown_destination, endpoint::IcmpError::no_route, exits);
  if (const MacAddress* mac = neighbours_.find(*hop); mac != nullptr) return transmit(packet, *mac, exits);
  const ModelTime now = metadata_of(packet).time;
  const auto waiting = neighbours_.wait(*hop, packet, now);
  if (waiting.displaced != nullptr) exits.drop(waiting.displaced, DropReason::neighbour_queue_full);
  if (waiting.ask) ask(*hop, std::nullopt, now, exits);
}

void IpEndpoint::transmit(Packet* packet, const MacAddress& to, Exits& exits) noexcept {
  // `to` may lie in the header that is written.
  const EthernetHeader addresses{to, mac_, reinterpret_cast<const EthernetHeader*>(bytes_of(packet))->type};
  std::memcpy(bytes_of(packet), &addresses, sizeof addresses);
  exits.emit(outside, packet);
}

// Drops the packet and tells its source why, where that is allowed and the source lies inside.
void IpEndpoint::refuse(Packet* packet, DropReason reason, endpoint::IcmpError error, Exits& exits) noexcept {
  const std::uint8_t* original = bytes_of(packet) + ethernet_header_size;
  const std::size_t size = size_of(packet) - ethernet_header_size;
  const PacketMetadata& metadata = metadata_of(packet);
  IpAddress source;
  if (endpoint::may_complain(original, size, source) && !addresses_.owns(source)) {
    const auto own = addresses_.speaking_to(source);
    Packet* complaint = own && error_limit_.take(metadata.time) ? exits.create() : nullptr;
    if (complaint != nullptr) {
      std::uint8_t* at = bytes_of(complaint);
      const std::size_t written =
          endpoint::write_error(at + ethernet_header_size, error, mtu_, original, size, *own, source);
      write_ethernet(at, {}, {}, source.is_ipv4() ? ether_type::ipv4 : ether_type::ipv6);
      rte_pktmbuf_append(complaint, static_cast<std::uint16_t>(ethernet_header_size + written));
      metadata_of(complaint).time = metadata_of(complaint).birth = metadata.time;
      ++errors_;
      deliver(complaint, source, written, exits);
    }
  }
  exits.drop(packet, reason);
}

}  // namespace kiriko
