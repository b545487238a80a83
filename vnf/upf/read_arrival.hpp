// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading a packet's headers on N3, N9 and N6 into an Arrival; the views of core/net check the lengths.
#pragma once

#include "core/net/ethernet.hpp"
#include "core/net/frame_shape.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"
#include "core/net/udp.hpp"
#include "core/packet/packet.hpp"
#include "vnf/upf/pdr_match.hpp"
#include "vnf/upf/port_roles.hpp"

namespace kiriko::upf {

/// `ip` is addressed to this UPF on a port with N3 or N9 (TS 29.281 clauses 4.4 and 5).
inline void read_gtpu_arrival(const std::uint8_t* data, const Ipv4Header* ip, Arrival& arrival) noexcept {
  arrival.origin = Origin::tunnel;
  const auto faulty = [&arrival](DropReason reason) noexcept { arrival.fault = reason; };
  if (ip->protocol != ip_protocol::udp) return faulty(DropReason::unknown_destination);
  if (ip->is_fragment()) return faulty(DropReason::unsupported_gtpu);
  const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length());
  if (udp == nullptr) return faulty(DropReason::malformed);
  if (udp->destination_port != gtpu_port) return faulty(DropReason::unknown_destination);
  GtpuPacket gtpu;
  if (!parse_gtpu(udp->payload(), udp->payload_length(), gtpu)) return faulty(DropReason::malformed);
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
  arrival.unknown_extension = gtpu.unknown_extension;
  if (gtpu.unknown_extension != 0) return faulty(DropReason::unsupported_gtpu);
  arrival.l3 = static_cast<std::uint16_t>(udp->payload() + gtpu.header_length - data);
  arrival.octets = static_cast<std::uint16_t>(gtpu.payload_length());
}

/// What the payload of a session's tunnel is; its octets shrink to the IP packet's own length. False: malformed.
inline bool read_payload(const std::uint8_t* data, PduSessionType type, Arrival& arrival) noexcept {
  const std::uint8_t* l3 = data + arrival.l3;
  if (type == PduSessionType::ethernet) {
    arrival.kind = PayloadKind::ethernet;
    return EthernetHeader::view(l3, arrival.octets) != nullptr;
  }
  if (const Ipv4Header* ip = Ipv4Header::view(l3, arrival.octets); ip != nullptr) {
    arrival.kind = PayloadKind::ipv4;
    arrival.octets = ip->total_length;
    return true;
  }
  const Ipv6Header* ip = Ipv6Header::view(l3, arrival.octets);
  if (ip == nullptr) return false;
  arrival.kind = PayloadKind::ipv6;
  arrival.octets = static_cast<std::uint16_t>(ipv6_header_size + ip->payload_length());
  return true;
}

class ArrivalReader {
 public:
  explicit ArrivalReader(Ipv4Address local) : local_(local), usual_g_pdu_(usual_inner_at + ipv4_header_size) {
    usual_g_pdu_.number(outer_at - 2, ether_type::ipv4)
        .octet(outer_at, 0x45)
        .length(outer_at + 2, outer_at)
        .octet(outer_at + 6, 0, 0x3f)
        .octet(outer_at + 7, 0)
        .octet(outer_at + 9, ip_protocol::udp)
        .number32(outer_at + 16, local.value)
        .number(udp_at + 2, gtpu_port)
        .length(udp_at + 4, udp_at)
        .octet(gtpu_at, GtpuHeader::version_1_gtp | GtpuHeader::extension_flag)
        .octet(gtpu_at + 1, gtpu_message::g_pdu)
        .length(gtpu_at + 2, gtpu_at + gtpu_header_size)
        .octet(gtpu_at + 11, gtpu_extension::pdu_session_container)
        .octet(gtpu_at + 12, 1)
        .octet(gtpu_at + 15, gtpu_extension::none)
        .octet(usual_inner_at, 0x45)
        .length(usual_inner_at + 2, usual_inner_at);
  }

  /// The TEID or UE address of a packet of the shape that nearly all have; 0: it has not that shape. It came by a port
  /// with tunnels, one of N6, or one that is both or neither.
  template <bool tunnels, bool n6>
  std::uint32_t sight(const Packet* packet, Origin& origin) const noexcept {
    const std::uint8_t* data = bytes_of(packet);
    const std::size_t size = packet->data_len;
    const auto* ip = reinterpret_cast<const Ipv4Header*>(data + outer_at);
    origin = tunnels ? Origin::tunnel : Origin::n6;
    if (packet->nb_segs != 1) return 0;
    if (tunnels && usual_g_pdu_.matches(data, size))
      return ip->usual_checksum_valid()
                 ? std::uint32_t{reinterpret_cast<const GtpuHeader*>(data + gtpu_at)->teid}
                 : 0;
    if (!n6 || size < outer_at + ipv4_header_size) return 0;
    origin = Origin::n6;
    if (reinterpret_cast<const EthernetHeader*>(data)->type != ether_type::ipv4 ||
        !Ipv4Header::is_usual(data + outer_at, size - outer_at) || !ip->usual_checksum_valid())
      return 0;
    return tunnels && ip->destination() == local_ ? 0 : std::uint32_t{ip->destination_address};
  }
  static std::uint8_t usual_qfi(const std::uint8_t* data) noexcept { return data[gtpu_at + 14] & 0x3fU; }

  /// What read() says of a packet that sight() knew.
  static Arrival arrival_of(std::uint32_t key, Origin origin, const Packet* packet) noexcept {
    const bool from_tunnel = origin == Origin::tunnel;
    const std::uint16_t l3 = from_tunnel ? usual_inner_at : outer_at;
    return {.key = key,
            .l3 = l3,
            .octets = static_cast<std::uint16_t>(packet->data_len - l3),
            .qfi = from_tunnel ? usual_qfi(bytes_of(packet)) : std::uint8_t{0},
            .origin = origin};
  }

  /// Any packet, at length.
  Arrival read(const Packet* packet, std::uint8_t roles) const noexcept {
    Arrival arrival;
    read(bytes_of(packet), packet->data_len, PortRoles::has_tunnels(roles),
         PortRoles::has(roles, PortRole::n6), arrival);
    if (packet->nb_segs != 1) arrival.fault = DropReason::too_big;
    return arrival;
  }

 private:
  /// Of the usual G-PDU: one PDU Session Container of four octets and no sequence number.
  static constexpr std::uint16_t outer_at = ethernet_header_size, udp_at = outer_at + ipv4_header_size,
                                 gtpu_at = udp_at + udp_header_size;

 public:
  static constexpr std::uint16_t usual_inner_at = gtpu_at + gtpu_pdu_session_header_size;

 private:
  void read(const std::uint8_t* data, std::size_t size, bool tunnel_port, bool n6_port,
            Arrival& arrival) const noexcept {
    const EthernetHeader* ethernet = EthernetHeader::view(data, size);
    if (ethernet == nullptr) {
      arrival.fault = DropReason::malformed;
      return;
    }
    const Ipv4Header* ip = Ipv4Header::view(data + ethernet_header_size, size - ethernet_header_size);
    const bool ipv4 = ethernet->type == ether_type::ipv4;
    if (ipv4 && (ip == nullptr || !ip->checksum_valid())) {
      arrival.fault = DropReason::malformed;
    } else if (ipv4 && tunnel_port && ip->destination() == local_) {
      read_gtpu_arrival(data, ip, arrival);
    } else if (n6_port && ethernet->type == ether_type::ipv6) {
      const Ipv6Header* ip6 = Ipv6Header::view(data + ethernet_header_size, size - ethernet_header_size);
      if (ip6 == nullptr) {
        arrival.fault = DropReason::malformed;
        return;
      }
      arrival.kind = PayloadKind::ipv6;
      arrival.l3 = ethernet_header_size;
      arrival.octets = static_cast<std::uint16_t>(ipv6_header_size + ip6->payload_length());
    } else if (!ipv4 || !n6_port) {
      arrival.fault = DropReason::unknown_destination;
    } else {
      arrival.key = ip->destination_address;
      arrival.l3 = ethernet_header_size;
      arrival.octets = ip->total_length;
    }
  }

  Ipv4Address local_;
  FrameShape usual_g_pdu_;
};

}  // namespace kiriko::upf
