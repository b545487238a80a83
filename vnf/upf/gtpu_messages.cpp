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
    case gtpu_message::error_indication:
      ++counters_.error_indications_received;
      note_error(packet);
      break;
    case gtpu_message::echo_response: note_answer(packet); break;
    // Clause 7.3.2: it ends at the tunnel's endpoint. Re-ordering of two paths is the gNB's task.
    case gtpu_message::end_marker: ++counters_.end_markers_received; break;
    default: break;
  }
  exits.consume(packet);
}

// TS 23.527 clause 5.3.3.1: the SMF is told which tunnel it is; what becomes of the session's FAR is its decision.
void Upf::note_error(const Packet* packet) noexcept {
  const auto* ip = reinterpret_cast<const Ipv4Header*>(bytes_of(packet) + ethernet_header_size);
  const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length());
  GtpuPacket gtpu;
  if (!parse_gtpu(udp->payload(), udp->payload_length(), gtpu)) return;
  std::uint32_t teid = 0;
  Ipv4Address peer;
  if (!parse_gtpu_error_indication(udp->payload() + gtpu.header_length, gtpu.payload_length(), teid, peer))
    return;
  const SessionIndex found = sessions_.find_remote(peer, Teid{teid});
  if (found == SessionTable::none) return;
  reports_.push({.at = metadata_of(packet).time,
                 .seid = sessions_.session(found).seid(),
                 .content = ErrorIndicationReport{{Teid{teid}, peer}}});
}

void Upf::note_answer(const Packet* packet) noexcept {
  const Sender sender = sender_of(packet);
  const ModelTime now = metadata_of(packet).time;
  if (paths_.answer(sender.address, sender.sequence_number, now))
    reports_.push({.at = now, .seid = {}, .content = PathReport{.peer = sender.address, .failed = false}});
  timers_.set(path_timer_, paths_.due());
}

void Upf::watch_paths(ModelTime now, Exits& exits) noexcept {
  paths_.on_time(
      now, [&](const PathMonitor::Request& request) noexcept { send_echo(request, now, exits); },
      [&](Ipv4Address peer) noexcept {
        reports_.push({.at = now, .seid = {}, .content = PathReport{.peer = peer, .failed = true}});
      });
  timers_.set(path_timer_, paths_.due());
}

void Upf::send_echo(const PathMonitor::Request& request, ModelTime now, Exits& exits) noexcept {
  Packet* echo = exits.create();
  if (echo == nullptr) return;
  auto* data = reinterpret_cast<std::uint8_t*>(rte_pktmbuf_append(echo, gtpu_at + gtpu_echo_request_size));
  metadata_of(echo).time = metadata_of(echo).birth = now;
  if (data == nullptr) return drop(echo, DropReason::too_big, exits);
  write_outer(data, MacAddress::local(request.peer.value), mac_, address_, request.peer, gtpu_port,
              gtpu_echo_request_size);
  write_gtpu_echo_request(data + gtpu_at, request.sequence_number);
  ++counters_.echo_requests_sent;
  const auto n3 = roles_.direct(PortRole::n3, request.peer), n9 = roles_.direct(PortRole::n9, request.peer);
  exits.emit(n3 ? *n3 : n9.value_or(roles_.current(PortRole::n3)), echo);
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

std::uint8_t* Upf::message_back(const Packet* cause, std::size_t size, std::uint16_t port, Exits& exits,
                                Packet*& message) noexcept {
  const Sender sender = sender_of(cause);
  message = exits.create();
  if (message == nullptr) return nullptr;
  auto* data = reinterpret_cast<std::uint8_t*>(
      rte_pktmbuf_append(message, static_cast<std::uint16_t>(gtpu_at + size)));
  const PacketMetadata& from = metadata_of(cause);
  PacketMetadata& metadata = metadata_of(message);
  metadata.time = metadata.birth = from.time;
  metadata.slice = from.slice;
  metadata.ingress = from.ingress;
  if (data == nullptr) {
    drop(message, DropReason::too_big, exits);
    return nullptr;
  }
  write_outer(data, sender.mac, mac_, address_, sender.address, port, size);
  return data + gtpu_at;
}

// Clause 7.3.1: a G-PDU for a tunnel that is not there.
void Upf::indicate_error(const Packet* packet, const Arrival& arrival, Exits& exits) noexcept {
  Packet* message = nullptr;
  std::uint8_t* gtpu = message_back(packet, gtpu_error_indication_size, gtpu_port, exits, message);
  if (gtpu == nullptr) return;
  write_gtpu_error_indication(gtpu, arrival.key, address_);
  ++counters_.error_indications_sent;
  exits.emit(metadata_of(packet).ingress, message);
}

// Clause 7.2.3: which extension headers are known here, to who sent one that is not and must be comprehended.
void Upf::tell_extensions(const Packet* packet, Exits& exits) noexcept {
  Packet* message = nullptr;
  std::uint8_t* gtpu =
      message_back(packet, gtpu_supported_extension_headers_size, sender_of(packet).port, exits, message);
  if (gtpu == nullptr) return;
  write_gtpu_supported_extension_headers(gtpu);
  ++counters_.extension_notices_sent;
  exits.emit(metadata_of(packet).ingress, message);
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
