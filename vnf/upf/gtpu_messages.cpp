// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// GTP-U messages other than G-PDUs (TS 29.281 clause 7): echo, error indication, end marker.
#include "core/net/ethernet.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/udp.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

constexpr std::size_t gtpu_at = ethernet_header_size + ipv4_header_size + udp_header_size;

/// Writes Ethernet, IPv4 and UDP before a GTP-U message of `length` octets.
void write_outer(std::uint8_t* at, const MacAddress& to, const MacAddress& from, Ipv4Address source,
                 Ipv4Address destination, std::uint16_t destination_port, std::size_t length) noexcept {
  write_ethernet(at, to, from, ether_type::ipv4);
  write_ipv4(at + ethernet_header_size,
             {.source = source,
              .destination = destination,
              .protocol = ip_protocol::udp,
              .payload_length = static_cast<std::uint16_t>(udp_header_size + length)});
  write_udp(at + ethernet_header_size + ipv4_header_size, gtpu_port, destination_port,
            static_cast<std::uint16_t>(length));
}

/// Where a packet that read_arrival() found to be GTP-U came from.
struct Sender {
  MacAddress mac;
  Ipv4Address address;
  std::uint16_t port;
  std::uint16_t sequence_number;
};

Sender sender_of(const Packet* packet) noexcept {
  const std::uint8_t* data = bytes_of(packet);
  const auto* ip = reinterpret_cast<const Ipv4Header*>(data + ethernet_header_size);
  const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length());
  GtpuPacket gtpu;
  parse_gtpu(udp->payload(), udp->payload_length(), gtpu);
  return {reinterpret_cast<const EthernetHeader*>(data)->source, ip->source(), udp->source_port,
          gtpu.sequence_number};
}

}  // namespace

void Upf::answer_message(Packet* packet, const Arrival& arrival, Exits& exits) noexcept {
  switch (arrival.message) {
    case gtpu_message::echo_request: return answer_echo(packet, exits);
    case gtpu_message::error_indication: ++counters_.error_indications_received; break;
    // Clause 7.3.2: it ends at the tunnel's endpoint. Re-ordering of two paths is the gNB's task.
    case gtpu_message::end_marker: ++counters_.end_markers_received; break;
    default: break;
  }
  exits.consume(packet);
}

// Clause 7.2.2: the request itself is turned round, with its sequence number and a Recovery element.
void Upf::answer_echo(Packet* packet, Exits& exits) noexcept {
  constexpr std::size_t size = gtpu_at + gtpu_echo_response_size;
  const Sender sender = sender_of(packet);
  if (packet->buf_len - packet->data_off < static_cast<int>(size))
    return drop(packet, DropReason::too_big, exits);
  packet->data_len = size;
  packet->pkt_len = size;
  std::uint8_t* data = bytes_of(packet);
  write_outer(data, sender.mac, mac_, address_, sender.address, sender.port, gtpu_echo_response_size);
  write_gtpu_echo_response(data + gtpu_at, sender.sequence_number);
  ++counters_.echo_requests;
  exits.emit(metadata_of(packet).ingress, packet);
}

// Clause 7.3.1: a G-PDU for a tunnel that is not there.
void Upf::indicate_error(const Packet* packet, const Arrival& arrival, Exits& exits) noexcept {
  const Sender sender = sender_of(packet);
  Packet* indication = exits.create();
  if (indication == nullptr) return;
  auto* data =
      reinterpret_cast<std::uint8_t*>(rte_pktmbuf_append(indication, gtpu_at + gtpu_error_indication_size));
  const PacketMetadata& cause = metadata_of(packet);
  PacketMetadata& metadata = metadata_of(indication);
  metadata.time = metadata.birth = cause.time;
  metadata.slice = cause.slice;
  metadata.ingress = cause.ingress;
  if (data == nullptr) return drop(indication, DropReason::too_big, exits);
  write_outer(data, sender.mac, mac_, address_, sender.address, gtpu_port, gtpu_error_indication_size);
  write_gtpu_error_indication(data + gtpu_at, arrival.key, address_);
  ++counters_.error_indications_sent;
  exits.emit(cause.ingress, indication);
}

// TS 23.501 clause 5.8.2.9: the last packet on the old path tells the gNB that no more will follow.
void Upf::send_end_marker(const FarEntry& old_tunnel, SliceId slice, ModelTime at, Exits& exits) noexcept {
  Packet* marker = exits.create();
  if (marker == nullptr) return;
  auto* data = reinterpret_cast<std::uint8_t*>(rte_pktmbuf_append(marker, gtpu_at + gtpu_end_marker_size));
  PacketMetadata& metadata = metadata_of(marker);
  metadata.time = metadata.birth = at;
  metadata.slice = slice;
  if (data == nullptr) return drop(marker, DropReason::too_big, exits);
  const Ipv4Address peer{old_tunnel.peer};
  write_outer(data, MacAddress::local(peer.value), mac_, address_, peer, gtpu_port, gtpu_end_marker_size);
  write_gtpu_end_marker(data + gtpu_at, old_tunnel.teid);
  ++counters_.end_markers_sent;
  exits.emit(tunnel_port(old_tunnel), marker);
}

}  // namespace kiriko::upf
