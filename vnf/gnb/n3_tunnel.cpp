// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Inspection, removal and creation of the outer headers on N3.
#include "vnf/gnb/n3_tunnel.hpp"

#include "core/net/checksum.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/ip_protocol.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/udp.hpp"

namespace kiriko {
namespace {

constexpr std::size_t outer_headers = ethernet_header_size + ipv4_header_size + udp_header_size;

void write_outer_headers(std::uint8_t* at, Ipv4Address source, Ipv4Address destination, std::uint8_t dscp,
                         std::size_t gtpu_octets) noexcept {
  write_ethernet(at, MacAddress::local(destination.value), MacAddress::local(source.value), ether_type::ipv4);
  write_ipv4(at + ethernet_header_size,
             {.source = source,
              .destination = destination,
              .protocol = ip_protocol::udp,
              .payload_length = static_cast<std::uint16_t>(udp_header_size + gtpu_octets),
              .dscp = dscp});
  write_udp(at + ethernet_header_size + ipv4_header_size, gtpu_port, gtpu_port,
            static_cast<std::uint16_t>(gtpu_octets));
}

/// Room for the outer headers and a message of `size` octets behind them; nullptr: no room.
std::uint8_t* begin_message(Packet* packet, Ipv4Address gnb, Ipv4Address peer, std::size_t size) noexcept {
  auto* at = reinterpret_cast<std::uint8_t*>(
      rte_pktmbuf_append(packet, static_cast<std::uint16_t>(outer_headers + size)));
  if (at == nullptr) return nullptr;
  write_outer_headers(at, gnb, peer, 0, size);
  return at + outer_headers;
}

N3Frame dropped(DropReason reason) noexcept { return {.kind = N3Kind::dropped, .reason = reason}; }

N3Frame inspect_gtpu(const std::uint8_t* gtpu, std::size_t size, Ipv4Address peer,
                     std::uint32_t offset) noexcept {
  N3Frame frame{.peer = peer};
  if (!parse_gtpu(gtpu, size, frame.gtpu)) return dropped(DropReason::malformed);
  if (frame.gtpu.unknown_extension != 0) return dropped(DropReason::unsupported_gtpu);
  switch (frame.gtpu.message_type) {
    case gtpu_message::echo_request:
      if (!frame.gtpu.has_sequence_number) return dropped(DropReason::malformed);
      frame.kind = N3Kind::echo_request;
      return frame;
    case gtpu_message::end_marker: frame.kind = N3Kind::end_marker; return frame;
    case gtpu_message::error_indication: frame.kind = N3Kind::error_indication; return frame;
    case gtpu_message::echo_response:
    case gtpu_message::supported_extension_headers_notification:
      frame.kind = N3Kind::other_answer;
      return frame;
    case gtpu_message::g_pdu: break;
    default: return dropped(DropReason::unsupported_gtpu);
  }
  if (frame.gtpu.has_pdu_session && frame.gtpu.pdu_type != pdu_type::downlink)
    return dropped(DropReason::malformed);
  const Ipv4Header* inner = Ipv4Header::view(gtpu + frame.gtpu.header_length, frame.gtpu.payload_length());
  if (inner == nullptr) return dropped(DropReason::malformed);
  frame.kind = N3Kind::g_pdu;
  frame.payload_offset = offset + frame.gtpu.header_length;
  frame.payload_length = inner->total_length;
  return frame;
}

}  // namespace

N3Frame inspect_n3(const std::uint8_t* frame, std::size_t size, Ipv4Address own) noexcept {
  const EthernetHeader* ethernet = EthernetHeader::view(frame, size);
  if (ethernet == nullptr) return dropped(DropReason::malformed);
  if (ethernet->type != ether_type::ipv4) return dropped(DropReason::not_for_this_host);
  const Ipv4Header* ip = Ipv4Header::view(frame + ethernet_header_size, size - ethernet_header_size);
  if (ip == nullptr || !ip->checksum_valid()) return dropped(DropReason::malformed);
  if (ip->destination() != own || ip->protocol != ip_protocol::udp)
    return dropped(DropReason::not_for_this_host);
  if (ip->is_fragment()) return dropped(DropReason::malformed);
  const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length());
  if (udp == nullptr) return dropped(DropReason::malformed);
  if (udp->destination_port != gtpu_port) return dropped(DropReason::not_for_this_host);
  if (udp->checksum != 0 && !transport_checksum_valid(ip->source(), ip->destination(), ip_protocol::udp,
                                                      ip->payload(), udp->length))
    return dropped(DropReason::malformed);
  return inspect_gtpu(udp->payload(), udp->payload_length(), ip->source(),
                      static_cast<std::uint32_t>(udp->payload() - frame));
}

std::optional<std::uint32_t> ipv4_in_frame(const std::uint8_t* frame, std::size_t size) noexcept {
  const EthernetHeader* ethernet = EthernetHeader::view(frame, size);
  if (ethernet == nullptr || ethernet->type != ether_type::ipv4) return std::nullopt;
  const Ipv4Header* ip = Ipv4Header::view(frame + ethernet_header_size, size - ethernet_header_size);
  if (ip == nullptr) return std::nullopt;
  return std::uint32_t{ip->total_length};
}

bool encapsulate(Packet* packet, const OutgoingTunnel& tunnel) noexcept {
  const auto* inner = reinterpret_cast<const Ipv4Header*>(bytes_of(packet) + ethernet_header_size);
  const std::uint8_t dscp = inner->dscp();
  const std::uint16_t inner_length = inner->total_length;
  const auto padding = static_cast<std::uint16_t>(packet->data_len - ethernet_header_size - inner_length);
  if (std::size_t{inner_length} + gtpu_pdu_session_header_size + udp_header_size > ipv4_largest_payload)
    return false;
  constexpr std::size_t added = outer_headers + gtpu_pdu_session_header_size - ethernet_header_size;
  auto* at = reinterpret_cast<std::uint8_t*>(rte_pktmbuf_prepend(packet, added));
  if (at == nullptr) return false;
  rte_pktmbuf_trim(packet, padding);
  write_outer_headers(at, tunnel.gnb, tunnel.peer, dscp, gtpu_pdu_session_header_size + inner_length);
  write_gtpu_pdu_session(at + outer_headers, tunnel.teid.value, tunnel.type, tunnel.qfi.value, false,
                         inner_length);
  return true;
}

void decapsulate_downlink(Packet* packet, const N3Frame& frame, const MacAddress& ue,
                          const MacAddress& gnb) noexcept {
  rte_pktmbuf_trim(
      packet, static_cast<std::uint16_t>(packet->data_len - frame.payload_offset - frame.payload_length));
  auto* at = reinterpret_cast<std::uint8_t*>(
      rte_pktmbuf_adj(packet, static_cast<std::uint16_t>(frame.payload_offset - ethernet_header_size)));
  write_ethernet(at, ue, gnb, ether_type::ipv4);
}

bool write_echo_response(Packet* packet, Ipv4Address gnb, Ipv4Address peer,
                         std::uint16_t sequence_number) noexcept {
  std::uint8_t* at = begin_message(packet, gnb, peer, gtpu_echo_response_size);
  if (at != nullptr) write_gtpu_echo_response(at, sequence_number);
  return at != nullptr;
}

bool write_end_marker(Packet* packet, Ipv4Address gnb, Ipv4Address peer, Teid tunnel) noexcept {
  std::uint8_t* at = begin_message(packet, gnb, peer, gtpu_end_marker_size);
  if (at != nullptr) write_gtpu_end_marker(at, tunnel.value);
  return at != nullptr;
}

bool write_error_indication(Packet* packet, Ipv4Address gnb, Ipv4Address peer, Teid unknown) noexcept {
  std::uint8_t* at = begin_message(packet, gnb, peer, gtpu_error_indication_size);
  if (at != nullptr) write_gtpu_error_indication(at, unknown.value, gnb);
  return at != nullptr;
}

}  // namespace kiriko
