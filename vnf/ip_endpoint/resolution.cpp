// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ARP (RFC 826, RFC 5227) and neighbour discovery (RFC 4861 clause 7): asking, answering, announcing.
#include <algorithm>

#include "core/net/arp.hpp"
#include "core/net/ethernet.hpp"
#include "vnf/ip_endpoint/ip_endpoint.hpp"

namespace kiriko {
namespace {

constexpr Duration announce_interval = seconds(2);  // RFC 5227 clause 1.1

bool is_node(const MacAddress& mac) noexcept { return !mac.is_group() && !mac.is_zero(); }

}  // namespace

void IpEndpoint::arp_from_outside(Packet* packet, Exits& exits) noexcept {
  const ArpPacket* arp =
      ArpPacket::view(bytes_of(packet) + ethernet_header_size, size_of(packet) - ethernet_header_size);
  if (arp == nullptr || !is_node(arp->sender_mac)) return exits.drop(packet, DropReason::malformed);
  const IpAddress sender{arp->sender_address()}, target{arp->target_address()};
  const MacAddress sender_mac = arp->sender_mac;
  const bool request = arp->operation == arp_operation::request;
  const ModelTime now = metadata_of(packet).time;
  exits.consume(packet);
  if (sender_mac == mac_) return;
  if (addresses_.owns(sender)) {
    ++conflicts_;
    return;
  }
  // RFC 826: who speaks of an address that is known is believed; who speaks to us is remembered. An announcement
  // (sender and target alike) asks nothing.
  const bool to_us = answers_for(target) && sender != target;
  if (sender.is_unicast() && addresses_.on_link(sender))
    learn(sender, sender_mac, to_us && request, now, exits);
  if (request && to_us) {
    ++answers_;
    send_arp(arp_operation::reply, target.ipv4(), sender_mac, sender_mac, sender.ipv4(), now, exits);
  }
}

void IpEndpoint::neighbour_message_from_outside(Packet* packet, const Ipv6Header& ip, Exits& exits) noexcept {
  const NeighbourMessage* message = NeighbourMessage::view(ip);
  if (message == nullptr) return exits.drop(packet, DropReason::malformed);
  const std::size_t size = ip.payload_length();
  const ModelTime now = metadata_of(packet).time;
  const IpAddress source{ip.source}, target{message->target};
  const std::uint32_t flags = message->flags;
  const bool solicitation = message->is_solicitation();
  MacAddress mac;
  const bool told = message->link_layer_address(solicitation ? neighbour_option::source_link_layer_address
                                                             : neighbour_option::target_link_layer_address,
                                                size, mac) &&
                    is_node(mac);
  // Clause 7.2.4 lets an advertisement to one who asked alone go without the option.
  if (!told) mac = reinterpret_cast<const EthernetHeader*>(bytes_of(packet))->source;
  exits.consume(packet);
  if (mac == mac_) return;
  if (!solicitation) {
    if (addresses_.owns(target)) {
      ++conflicts_;
      return;
    }
    // Clause 7.2.5: without the override flag a known address stays what it is.
    const bool overrides =
        (flags & neighbour_flags::override_entry) != 0 || neighbours_.find(target) == nullptr;
    if (addresses_.on_link(target) && overrides) learn(target, mac, false, now, exits);
    return;
  }
  if (!answers_for(target)) return;
  const bool own = addresses_.owns(target);
  const bool probe = !source.is_unicast();
  if (!probe && told && addresses_.on_link(source)) learn(source, mac, true, now, exits);
  // Clauses 7.2.4 and 7.2.8: who has no address yet hears it with all others; a proxy does not override.
  ++answers_;
  send_neighbour_message(
      icmpv6_type::neighbour_advertisement,
      (probe ? 0 : neighbour_flags::solicited) | (own ? neighbour_flags::override_entry : 0), target.ipv6(),
      probe ? all_nodes_multicast : source.ipv6(), target.ipv6(),
      probe ? multicast_mac_of(all_nodes_multicast) : mac, now, exits);
}

void IpEndpoint::learn(const IpAddress& address, const MacAddress& mac, bool create, ModelTime now,
                       Exits& exits) noexcept {
  neighbours_.learn(address, mac, create, now);
  while (Packet* packet = neighbours_.take_waiting()) {
    metadata_of(packet).time = now;
    transmit(packet, mac, exits);
  }
}

void IpEndpoint::ask(const IpAddress& address, const std::optional<MacAddress>& mac, ModelTime now,
                     Exits& exits) noexcept {
  const auto own = addresses_.speaking_to(address);
  if (!own) return;
  ++questions_;
  if (address.is_ipv4())
    return send_arp(arp_operation::request, own->ipv4(), mac.value_or(broadcast_mac), MacAddress{},
                    address.ipv4(), now, exits);
  const Ipv6Address group = solicited_node_multicast(address.ipv6());
  send_neighbour_message(icmpv6_type::neighbour_solicitation, 0, own->ipv6(), mac ? address.ipv6() : group,
                         address.ipv6(), mac.value_or(multicast_mac_of(group)), now, exits);
}

void IpEndpoint::send_arp(std::uint16_t operation, Ipv4Address sender, const MacAddress& to,
                          const MacAddress& target_mac, Ipv4Address target, ModelTime now,
                          Exits& exits) noexcept {
  Packet* packet = exits.create();
  if (packet == nullptr) return;
  std::uint8_t* at = bytes_of(packet);
  write_ethernet(at, to, mac_, ether_type::arp);
  write_arp(at + ethernet_header_size, operation, mac_, sender, target_mac, target);
  rte_pktmbuf_append(packet, ethernet_header_size + arp_size);
  metadata_of(packet).time = metadata_of(packet).birth = now;
  exits.emit(outside, packet);
}

void IpEndpoint::send_neighbour_message(std::uint8_t type, std::uint32_t flags, const Ipv6Address& source,
                                        const Ipv6Address& destination, const Ipv6Address& target,
                                        const MacAddress& to, ModelTime now, Exits& exits) noexcept {
  Packet* packet = exits.create();
  if (packet == nullptr) return;
  std::uint8_t* at = bytes_of(packet);
  write_ethernet(at, to, mac_, ether_type::ipv6);
  write_neighbour_message(at + ethernet_header_size, type, flags, source, destination, target, mac_);
  rte_pktmbuf_append(packet, ethernet_header_size + ipv6_header_size + neighbour_message_with_mac_size);
  metadata_of(packet).time = metadata_of(packet).birth = now;
  exits.emit(outside, packet);
}

// RFC 5227 clause 2.3 (ARP announcement), RFC 4861 clause 7.2.6 (unsolicited advertisement).
void IpEndpoint::announce(ModelTime now, Exits& exits) noexcept {
  for (const endpoint::IpPrefix& own : addresses_.own()) {
    if (own.address.is_ipv4())
      send_arp(arp_operation::request, own.address.ipv4(), broadcast_mac, MacAddress{}, own.address.ipv4(),
               now, exits);
    else
      send_neighbour_message(icmpv6_type::neighbour_advertisement, neighbour_flags::override_entry,
                             own.address.ipv6(), all_nodes_multicast, own.address.ipv6(),
                             multicast_mac_of(all_nodes_multicast), now, exits);
  }
  --announcements_left_;
  announce_at_ = announcements_left_ > 0 ? now + announce_interval : ModelTime::never();
}

void IpEndpoint::wake(ModelTime now, Exits& exits) noexcept {
  if (announce_at_ <= now) announce(now, exits);
  endpoint::NeighbourTable::Due due;
  while (neighbours_.take_due(now, due)) {
    if (!due.failed) {
      ask(due.address, due.mac, now, exits);
      continue;
    }
    ++unanswered_;
    while (Packet* packet = neighbours_.take_waiting()) {
      metadata_of(packet).time = now;
      refuse(packet, DropReason::neighbour_unresolved, endpoint::IcmpError::no_neighbour, exits);
    }
  }
  plan(exits);
}

void IpEndpoint::plan(Exits& exits) noexcept { exits.at(std::min(announce_at_, neighbours_.next_due())); }

}  // namespace kiriko
