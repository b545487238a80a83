// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading a packet's headers on N3, N9 and N6 into an Arrival; the views of core/net check the lengths.
#pragma once

#include "core/net/ethernet.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/udp.hpp"
#include "vnf/upf/pdr_match.hpp"

namespace kiriko::upf {

/// Ipv4Header::checksum_valid() with the usual length of 20 octets known; `ip` was accepted by view().
inline bool header_intact(const Ipv4Header* ip) noexcept {
  if (ip->header_length() != ipv4_header_size) return ip->checksum_valid();
  std::uint32_t words[5];
  std::memcpy(words, ip, sizeof words);
  return fold_checksum(std::uint64_t{words[0]} + words[1] + words[2] + words[3] + words[4]) == 0xffff;
}

/// Whether the header is the one that nearly all G-PDUs have: no sequence number, one PDU Session
/// Container of four octets. `gtpu` was accepted by view().
inline bool is_usual_g_pdu(const GtpuHeader* gtpu) noexcept {
  if (gtpu->total_length() < gtpu_pdu_session_header_size) return false;
  const auto* octets = reinterpret_cast<const std::uint8_t*>(gtpu);
  return gtpu->flags == (GtpuHeader::version_1_gtp | GtpuHeader::extension_flag) &&
         gtpu->message_type == gtpu_message::g_pdu && octets[11] == gtpu_extension::pdu_session_container &&
         octets[12] == 1 && octets[15] == gtpu_extension::none;
}

/// `ip` is addressed to this UPF on a port with N3 or N9 (TS 29.281 clauses 4.4 and 5).
inline void read_gtpu_arrival(const std::uint8_t* data, const Ipv4Header* ip, Arrival& arrival) noexcept {
  arrival.origin = Origin::tunnel;
  const auto faulty = [&arrival](DropReason reason) noexcept { arrival.fault = reason; };
  if (ip->protocol != ip_protocol::udp) return faulty(DropReason::unknown_destination);
  if (ip->is_fragment()) return faulty(DropReason::unsupported_gtpu);
  const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length());
  if (udp == nullptr) return faulty(DropReason::malformed);
  if (udp->destination_port != gtpu_port) return faulty(DropReason::unknown_destination);
  const std::uint8_t* l3 = udp->payload();
  std::size_t available = udp->payload_length();
  if (const GtpuHeader* usual = GtpuHeader::view(l3, available); usual != nullptr && is_usual_g_pdu(usual)) {
    arrival.key = usual->teid;
    arrival.qfi = l3[14] & 0x3fU;
    available = usual->total_length() - gtpu_pdu_session_header_size;
    l3 += gtpu_pdu_session_header_size;
  } else {
    GtpuPacket gtpu;
    if (!parse_gtpu(l3, available, gtpu)) return faulty(DropReason::malformed);
    arrival.key = gtpu.teid;
    arrival.qfi = gtpu.qfi;
    switch (gtpu.message_type) {
      case gtpu_message::g_pdu: break;
      case gtpu_message::echo_request:
      case gtpu_message::echo_response:
      case gtpu_message::error_indication:
      case gtpu_message::supported_extension_headers_notification:
      case gtpu_message::end_marker: arrival.message = gtpu.message_type; return;
      default: return faulty(DropReason::unsupported_gtpu);
    }
    if (gtpu.unknown_extension != 0) return faulty(DropReason::unsupported_gtpu);
    available = gtpu.payload_length();
    l3 += gtpu.header_length;
  }
  const Ipv4Header* inner = Ipv4Header::view(l3, available);
  if (inner == nullptr) return faulty(DropReason::malformed);
  arrival.l3 = static_cast<std::uint16_t>(l3 - data);
  arrival.octets = inner->total_length;
}

/// Fills `arrival`, which is fresh.
inline void read_arrival(const std::uint8_t* data, std::size_t size, Ipv4Address local, bool tunnel_port,
                         bool n6_port, Arrival& arrival) noexcept {
  const EthernetHeader* ethernet = EthernetHeader::view(data, size);
  if (ethernet == nullptr) {
    arrival.fault = DropReason::malformed;
    return;
  }
  const Ipv4Header* ip = Ipv4Header::view(data + ethernet_header_size, size - ethernet_header_size);
  const bool ipv4 = ethernet->type == ether_type::ipv4;
  if (ipv4 && (ip == nullptr || !header_intact(ip))) {
    arrival.fault = DropReason::malformed;
  } else if (ipv4 && tunnel_port && ip->destination() == local) {
    read_gtpu_arrival(data, ip, arrival);
  } else if (!ipv4 || !n6_port) {
    arrival.fault = DropReason::unknown_destination;
  } else {
    arrival.key = ip->destination_address;
    arrival.l3 = ethernet_header_size;
    arrival.octets = ip->total_length;
  }
}

}  // namespace kiriko::upf
