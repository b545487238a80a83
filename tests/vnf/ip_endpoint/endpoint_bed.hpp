// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Frames for tests of the IP endpoint, seen from the network's side and from the inside.
#pragma once

#include "core/net/icmp.hpp"
#include "core/net/neighbour_discovery.hpp"
#include "tests/vnf/function_bed.hpp"
#include "vnf/ip_endpoint/ip_endpoint.hpp"

namespace kiriko::test {

inline const PortId outside = IpEndpoint::outside, inside = IpEndpoint::inside;

inline const MacAddress own_mac = *MacAddress::parse("02:00:00:00:00:02");
inline const MacAddress peer_mac = *MacAddress::parse("0a:00:00:00:00:07");
inline constexpr Ipv4Address own_ipv4{192, 168, 7, 2}, peer_ipv4{192, 168, 7, 7},
    gateway_ipv4{192, 168, 7, 1};
inline constexpr Ipv4Address far_ipv4{8, 8, 8, 8}, ue_ipv4{10, 45, 0, 9};
inline const Ipv6Address own_ipv6 = *Ipv6Address::parse("fd00::2"),
                         peer_ipv6 = *Ipv6Address::parse("fd00::7");
inline const Ipv6Address ue_ipv6 = *Ipv6Address::parse("fd45::9");

inline BedSettings endpoint_settings(OptionTexts more = {}) {
  OptionTexts options{{"addresses", {"192.168.7.2/24", "fd00::2/64"}},
                      {"gateway", {"192.168.7.1"}},
                      {"proxy", {"10.45.0.0/16", "fd45::/48"}},
                      {"mac", {"02:00:00:00:00:02"}},
                      {"waiting", {"3"}}};
  for (auto& [key, texts] : more) options[key] = texts;
  return {.ports = 2, .options = options};
}

inline Frame arp_frame(std::uint16_t operation, const MacAddress& sender_mac, Ipv4Address sender,
                       const MacAddress& target_mac, Ipv4Address target, const MacAddress& to) {
  Frame packet(arp_size);
  write_arp(packet.data(), operation, sender_mac, sender, target_mac, target);
  return ethernet_frame(packet, ether_type::arp, to, sender_mac);
}
/// A neighbour says where it is.
inline Frame arp_answer(Ipv4Address neighbour, const MacAddress& mac = peer_mac) {
  return arp_frame(arp_operation::reply, mac, neighbour, own_mac, own_ipv4, own_mac);
}
inline Frame arp_question(Ipv4Address neighbour, Ipv4Address wanted) {
  return arp_frame(arp_operation::request, peer_mac, neighbour, {}, wanted, broadcast_mac);
}
/// What the endpoint asks.
inline Frame arp_asked(Ipv4Address wanted, const MacAddress& to = broadcast_mac) {
  return arp_frame(arp_operation::request, own_mac, own_ipv4, {}, wanted, to);
}

inline Frame neighbour_frame(std::uint8_t type, std::uint32_t flags, const Ipv6Address& source,
                             const Ipv6Address& destination, const Ipv6Address& target,
                             const MacAddress& from, const MacAddress& to) {
  Frame packet(ipv6_header_size + neighbour_message_with_mac_size);
  write_neighbour_message(packet.data(), type, flags, source, destination, target, from);
  return ethernet_frame(packet, ether_type::ipv6, to, from);
}

inline Frame echo_frame(std::uint8_t type, Ipv4Address source, Ipv4Address destination,
                        const MacAddress& from, const MacAddress& to, std::uint16_t octets = 40) {
  Frame packet(ipv4_header_size + icmp_header_size + octets, 0x5a);
  write_ipv4(packet.data(), {.source = source,
                             .destination = destination,
                             .protocol = ip_protocol::icmp,
                             .payload_length = static_cast<std::uint16_t>(icmp_header_size + octets)});
  write_icmp_echo(packet.data() + ipv4_header_size, type, 7, 1, octets);
  return ethernet_frame(packet, ether_type::ipv4, to, from);
}

inline Frame echo6_frame(std::uint8_t type, const Ipv6Address& source, const Ipv6Address& destination,
                         const MacAddress& from, const MacAddress& to) {
  Frame packet(ipv6_header_size + icmpv6_header_size + 24, 0x5a);
  write_ipv6(packet.data(), {.source = source,
                             .destination = destination,
                             .next_header = ip_protocol::icmpv6,
                             .payload_length = icmpv6_header_size + 24});
  packet[ipv6_header_size] = type;
  packet[ipv6_header_size + 1] = 0;
  finish_icmpv6(packet.data() + ipv6_header_size, icmpv6_header_size + 24, source, destination);
  return ethernet_frame(packet, ether_type::ipv6, to, from);
}

inline Frame ipv6_frame(const Ipv6Address& source, const Ipv6Address& destination, std::uint16_t octets = 40,
                        const MacAddress& from = MacAddress::local(1),
                        const MacAddress& to = MacAddress::local(2)) {
  Frame packet(ipv6_header_size + octets, 0x77);
  write_ipv6(packet.data(),
             {.source = source, .destination = destination, .next_header = 59, .payload_length = octets});
  return ethernet_frame(packet, ether_type::ipv6, to, from);
}

/// The endpoint after its announcements.
struct EndpointBed : FunctionBed {
  explicit EndpointBed(const OptionTexts& more = {})
      : FunctionBed(ip_endpoint_descriptor, endpoint_settings(more)) {
    advance(start - nanoseconds(1));
    take_sent();
  }
  void give(PortId port, const Frame& frame, ModelTime at = start) {
    offer(Arrival{.frame = frame, .port = port, .time = at});
  }
  /// The frames sent since the last call.
  std::vector<Frame> frames() {
    std::vector<Frame> out;
    for (const Sent& sent : take_sent()) out.push_back(sent.frame);
    return out;
  }
  static constexpr ModelTime start{5'000'000'000};
};

}  // namespace kiriko::test
