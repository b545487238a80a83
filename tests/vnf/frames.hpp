// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Frames for tests of functions: UDP, TCP, ARP and GTP-U over IPv4 and Ethernet, as plain bytes.
#pragma once

#include <cstdint>
#include <vector>

#include "core/net/arp.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/tcp.hpp"
#include "core/net/udp.hpp"

namespace kiriko::test {

using Frame = std::vector<std::uint8_t>;
using Frames = std::vector<Frame>;

struct UdpFrame {
  Ipv4Address source{10, 0, 0, 1};
  Ipv4Address destination{10, 0, 0, 2};
  std::uint16_t source_port{1000};
  std::uint16_t destination_port{2000};
  std::uint16_t payload{64};  ///< octets, numbered 0, 1, 2, …
  std::uint8_t dscp{};
  MacAddress source_mac{MacAddress::local(1)};
  MacAddress destination_mac{MacAddress::local(2)};
};

/// An IPv4 packet without its Ethernet header.
inline Frame udp_packet(const UdpFrame& f = {}) {
  Frame out(ipv4_header_size + udp_header_size + f.payload);
  const auto length = static_cast<std::uint16_t>(udp_header_size + f.payload);
  write_ipv4(out.data(), {.source = f.source,
                          .destination = f.destination,
                          .protocol = ip_protocol::udp,
                          .payload_length = length,
                          .dscp = f.dscp});
  write_udp(out.data() + ipv4_header_size, f.source_port, f.destination_port, f.payload);
  for (std::size_t i = 0; i < f.payload; ++i)
    out[ipv4_header_size + udp_header_size + i] = static_cast<std::uint8_t>(i);
  return out;
}

inline Frame ethernet_frame(const Frame& payload, std::uint16_t type = ether_type::ipv4,
                            const MacAddress& destination = MacAddress::local(2),
                            const MacAddress& source = MacAddress::local(1)) {
  Frame out(ethernet_header_size);
  write_ethernet(out.data(), destination, source, type);
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

inline Frame udp_frame(const UdpFrame& f = {}) {
  return ethernet_frame(udp_packet(f), ether_type::ipv4, f.destination_mac, f.source_mac);
}

/// TCP without payload; the addresses, ports and MACs of `f`.
inline Frame tcp_frame(const UdpFrame& f, std::uint8_t flags) {
  Frame packet(ipv4_header_size + tcp_header_size);
  write_ipv4(packet.data(), {.source = f.source,
                             .destination = f.destination,
                             .protocol = ip_protocol::tcp,
                             .payload_length = tcp_header_size});
  write_tcp(packet.data() + ipv4_header_size,
            {.source_port = f.source_port, .destination_port = f.destination_port, .flags = flags});
  return ethernet_frame(packet, ether_type::ipv4, f.destination_mac, f.source_mac);
}

inline Frame arp_request_frame(Ipv4Address sender, Ipv4Address target) {
  Frame packet(arp_size);
  write_arp(packet.data(), arp_operation::request, MacAddress::local(1), sender, MacAddress{}, target);
  return ethernet_frame(packet, ether_type::arp, broadcast_mac);
}

struct GtpuFrame {
  Ipv4Address source{192, 168, 0, 1};
  Ipv4Address destination{192, 168, 0, 2};
  std::uint32_t teid{1};
  std::uint8_t type{pdu_type::uplink};
  std::uint8_t qfi{9};
  std::uint16_t source_port{gtpu_port};
  MacAddress source_mac{MacAddress::local(1)};
  MacAddress destination_mac{MacAddress::local(2)};
};

/// `message` (a whole GTP-U message) over UDP, IPv4 and Ethernet.
inline Frame gtpu_message_frame(const GtpuFrame& f, const Frame& message) {
  const auto size = static_cast<std::uint16_t>(message.size());
  Frame packet(ipv4_header_size + udp_header_size);
  write_ipv4(packet.data(), {.source = f.source,
                             .destination = f.destination,
                             .protocol = ip_protocol::udp,
                             .payload_length = static_cast<std::uint16_t>(udp_header_size + size)});
  write_udp(packet.data() + ipv4_header_size, f.source_port, gtpu_port, size);
  packet.insert(packet.end(), message.begin(), message.end());
  return ethernet_frame(packet, ether_type::ipv4, f.destination_mac, f.source_mac);
}

/// A G-PDU with a PDU Session Container around `inner`, an IPv4 packet.
inline Frame gtpu_frame(const GtpuFrame& f, const Frame& inner) {
  Frame message(gtpu_pdu_session_header_size);
  write_gtpu_pdu_session(message.data(), f.teid, f.type, f.qfi, false,
                         static_cast<std::uint16_t>(inner.size()));
  message.insert(message.end(), inner.begin(), inner.end());
  return gtpu_message_frame(f, message);
}

inline Frame truncated(Frame frame, std::size_t size) {
  if (size < frame.size()) frame.resize(size);
  return frame;
}

}  // namespace kiriko::test
