// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of user packets and the match of SDF filters (TS 29.244 clause 5.2.1A, 8.2.5).
#include "vnf/upf/user_packet.hpp"

namespace kiriko::upf {
namespace {

constexpr std::uint8_t hop_by_hop = 0, routing = 43, fragment = 44, esp = 50, authentication = 51,
                       destination_options = 60;
constexpr int most_extension_headers = 16;

std::uint16_t read16(const std::uint8_t* at) noexcept {
  return static_cast<std::uint16_t>((at[0] << 8) | at[1]);
}
std::uint32_t read32(const std::uint8_t* at) noexcept {
  return (std::uint32_t{read16(at)} << 16) | read16(at + 2);
}

/// Ports or SPI of what `payload` is, after the network header.
void read_transport(const std::uint8_t* payload, std::size_t size, UserPacket& packet) noexcept {
  packet.whole = true;
  if (ip_protocol::has_ports(packet.protocol)) {
    if (size < 4) {
      packet.whole = false;
      return;
    }
    packet.source_port = read16(payload);
    packet.destination_port = read16(payload + 2);
  } else if (packet.protocol == esp || packet.protocol == authentication) {
    // RFC 4303 and RFC 4302.
    const std::size_t at = packet.protocol == esp ? 0 : 4;
    if (size < at + 4) {
      packet.whole = false;
      return;
    }
    packet.has_spi = true;
    packet.spi = read32(payload + at);
  }
}

void read_ipv6(const Ipv6Header& ip, UserPacket& packet) noexcept {
  packet.version = 6;
  packet.source = WideAddress::of(ip.source);
  packet.destination = WideAddress::of(ip.destination);
  packet.traffic_class = ip.traffic_class();
  packet.flow_label = ip.flow_label();
  packet.protocol = ip.next_header;
  const std::uint8_t* at = ip.payload();
  std::size_t left = ip.payload_length();
  for (int i = 0; i < most_extension_headers; ++i) {
    if (packet.protocol != hop_by_hop && packet.protocol != routing &&
        packet.protocol != destination_options && packet.protocol != fragment)
      return read_transport(at, left, packet);
    if (left < 8) return;
    const bool is_fragment = packet.protocol == fragment;
    const std::size_t size = is_fragment ? 8 : (std::size_t{at[1]} + 1) * 8;
    if (size > left) return;
    packet.protocol = at[0];
    if (is_fragment && (read16(at + 2) & 0xfff9U) != 0) {
      packet.whole = true;
      return;
    }
    at += size;
    left -= size;
  }
}

bool within(const SdfPortRange* ranges, std::size_t count, std::uint16_t port) noexcept {
  if (count == 0) return true;
  for (std::size_t i = 0; i < count; ++i)
    if (port >= ranges[i].low && port <= ranges[i].high) return true;
  return false;
}

}  // namespace

UserPacket read_user_packet(const std::uint8_t* l3, std::size_t octets) noexcept {
  UserPacket packet;
  if (const Ipv4Header* ip = Ipv4Header::view(l3, octets); ip != nullptr) {
    packet.version = 4;
    packet.source = WideAddress::of(ip->source());
    packet.destination = WideAddress::of(ip->destination());
    packet.traffic_class = ip->type_of_service;
    packet.protocol = ip->protocol;
    if (ip->is_fragment())
      packet.whole = true;
    else
      read_transport(ip->payload(), ip->payload_length(), packet);
  } else if (const Ipv6Header* ip6 = Ipv6Header::view(l3, octets); ip6 != nullptr) {
    read_ipv6(*ip6, packet);
  }
  return packet;
}

bool matches(const FilterEntry& filter, const SdfPortRange* ranges, const UserPacket& packet,
             bool uplink) noexcept {
  const WideAddress& remote = uplink ? packet.destination : packet.source;
  const WideAddress& local = uplink ? packet.source : packet.destination;
  const std::uint16_t remote_port = uplink ? packet.destination_port : packet.source_port;
  const std::uint16_t local_port = uplink ? packet.source_port : packet.destination_port;
  if (filter.remote_version != 0 &&
      (filter.remote_version != packet.version || !filter.remote.contains(remote)))
    return false;
  if (filter.local_version != 0 && (filter.local_version != packet.version || !filter.local.contains(local)))
    return false;
  if ((filter.conditions & FilterEntry::has_protocol) != 0 && filter.protocol != packet.protocol)
    return false;
  const SdfPortRange* own = ranges + filter.first_range;
  if (!within(own, filter.remote_ranges, remote_port) ||
      !within(own + filter.remote_ranges, filter.local_ranges, local_port))
    return false;
  if ((filter.conditions & FilterEntry::has_traffic_class) != 0 &&
      ((filter.traffic_class ^ packet.traffic_class) & filter.traffic_class_mask) != 0)
    return false;
  if ((filter.conditions & FilterEntry::has_spi) != 0 && (!packet.has_spi || filter.spi != packet.spi))
    return false;
  return (filter.conditions & FilterEntry::has_flow_label) == 0 ||
         (packet.version == 6 && filter.flow_label == packet.flow_label);
}

}  // namespace kiriko::upf
