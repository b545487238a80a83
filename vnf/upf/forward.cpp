// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Carrying out a FAR (TS 29.244 clauses 5.2.3 and 5.2.4): tunnels, N6, buffers, copies, Ethernet.
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

/// Lets the packet begin `header` octets before `l3` and end `octets` behind it; false without headroom.
bool reframe(Packet* packet, std::size_t l3, std::size_t header, std::size_t octets) noexcept {
  const std::size_t start = packet->data_off + l3;
  if (start < header || start + octets > packet->buf_len) return false;
  packet->data_off = static_cast<std::uint16_t>(start - header);
  packet->data_len = static_cast<std::uint16_t>(header + octets);
  packet->pkt_len = packet->data_len;
  return true;
}

std::uint8_t dscp_of(const std::uint8_t* l3, PayloadKind kind) noexcept {
  if (kind == PayloadKind::ipv4) return reinterpret_cast<const Ipv4Header*>(l3)->dscp();
  if (kind == PayloadKind::ipv6) return reinterpret_cast<const Ipv6Header*>(l3)->dscp();
  return 0;
}

}  // namespace

void Upf::send(Packet* packet, const FarEntry& far, std::uint8_t qfi_flags, const Arrival& arrival,
               Exits& exits) noexcept {
  const std::uint16_t octets = arrival.octets;
  if (far.teid != 0) {
    const bool plain = far.destination == DestinationInterface::cp_function;
    const std::size_t header = plain ? Encapsulation::plain_size : Encapsulation::size;
    const std::size_t overhead = header - ethernet_header_size;
    if (n3_mtu_ != 0 && octets + overhead > n3_mtu_)
      return send_too_big(packet, far, qfi_flags, arrival, static_cast<std::uint16_t>(n3_mtu_ - overhead),
                          exits);
    if (octets > Encapsulation::largest_payload || !reframe(packet, arrival.l3, header, octets))
      return drop(packet, DropReason::too_big, exits);
    const bool to_access = far.destination == DestinationInterface::access;
    if (plain)
      encapsulation_.write_plain(bytes_of(packet), far.peer, far.teid, far.dscp, octets);
    else
      encapsulation_.write(bytes_of(packet), far.peer, far.teid,
                           to_access ? pdu_type::downlink : pdu_type::uplink, metadata_of(packet).qfi,
                           to_access ? qfi_flags : std::uint8_t{0}, far.dscp, octets);
    return exits.emit(tunnel_port(far), packet);
  }
  // Only a loop of 5G VN internal FARs leads here without a tunnel and without the core as its destination.
  if (far.destination != DestinationInterface::core && far.destination != DestinationInterface::n6_lan)
    return drop(packet, DropReason::no_pdr, exits);
  PortId port = far.port != FarEntry::port_by_role ? PortId{far.port} : roles_.current(PortRole::n6);
  if (arrival.kind == PayloadKind::ethernet) {
    if (!reframe(packet, arrival.l3, 0, octets)) return drop(packet, DropReason::too_big, exits);
    return exits.emit(port, packet);
  }
  if (n6_mtu_ != 0 && octets > n6_mtu_) return send_too_big(packet, far, qfi_flags, arrival, n6_mtu_, exits);
  if (!reframe(packet, arrival.l3, ethernet_header_size, octets))
    return drop(packet, DropReason::too_big, exits);
  std::uint8_t* data = bytes_of(packet);
  const std::uint8_t* ip = data + ethernet_header_size;
  if (arrival.kind == PayloadKind::ipv6) {
    encapsulation_.write_framing(data, reinterpret_cast<const Ipv6Header*>(ip)->destination);
  } else {
    encapsulation_.write_framing(data, reinterpret_cast<const Ipv4Header*>(ip)->destination_address);
    if (far.port == FarEntry::port_by_role) port = core_port(ip);
  }
  exits.emit(port, packet);
}

PortId Upf::tunnel_port(const FarEntry& far) const noexcept {
  if (far.port != FarEntry::port_by_role) return PortId{far.port};
  return roles_.current(far.destination == DestinationInterface::access ? PortRole::n3 : PortRole::n9);
}

// TS 23.502 clause 4.2.3.3 step 2a: the first packet is told, and again one of another paging policy.
void Upf::buffer(Packet* packet, const Session& session, const Verdict& verdict, const Arrival& arrival,
                 Exits& exits) noexcept {
  const FarEntry& far = *verdict.far;
  PacketMetadata& metadata = metadata_of(packet);
  if (!buffers_.push(far.buffer, packet)) {
    meter_.count_dropped(session, *verdict.pdr, arrival.octets, metadata.time);
    return drop(packet, DropReason::far_buffer_full, exits);
  }
  ++counters_.buffered;
  const std::uint8_t dscp = dscp_of(bytes_of(packet) + arrival.l3, arrival.kind);
  reframe(packet, arrival.l3, 0, arrival.octets);
  FarBuffers::Notice& notice = buffers_.notice(far.buffer);
  const std::uint64_t bit = std::uint64_t{1} << dscp;
  if ((far.flags & FarEntry::notify_cp) == 0 || (notice.told & bit) != 0) return;
  notice.told |= bit;
  DownlinkDataReport report{.pdr = PdrId{verdict.pdr->id}, .paging_policy_indication = dscp, .qfi = {}};
  if (metadata.qfi != 0) report.qfi = Qfi{metadata.qfi};
  const Duration delay = buffers_.terms(far.buffer).notification_delay;
  if (delay.ns == 0) {
    reports_.push({.at = metadata.time, .seid = session.seid(), .content = report});
  } else if (notice.due == ModelTime::never()) {
    notice.due = metadata.time + delay;
    notice.report = report;
    set_timer(session);
  }
}

void Upf::release(Packet* packet, SessionIndex index, const FarEntry& far, ModelTime at,
                  Exits& exits) noexcept {
  PacketMetadata& metadata = metadata_of(packet);
  if (at > metadata.time) {
    const std::int64_t waited = metadata.queueing_ns + (at - metadata.time).ns;
    metadata.queueing_ns = static_cast<std::uint32_t>(std::min<std::int64_t>(waited, 0xffffffff));
    metadata.time = at;
  }
  Arrival bare{.l3 = 0, .octets = packet->data_len};
  if (sessions_.session(index).block->type == PduSessionType::ethernet)
    bare.kind = PayloadKind::ethernet;
  else if ((bytes_of(packet)[0] >> 4) == 6)
    bare.kind = PayloadKind::ipv6;
  if (far.destination == DestinationInterface::vn_internal) return switch_locally(packet, bare, exits);
  send(packet, far, 0, bare, exits);
}

// Clause 5.2.3.2: DUPL.
void Upf::duplicate(const Packet* packet, const Session& session, const Verdict& verdict,
                    const Arrival& arrival, Exits& exits) noexcept {
  const FarEntry& far = *verdict.far;
  for (std::size_t i = 0; i < far.duplicate_count; ++i) {
    Packet* copy = exits.copy(packet);
    if (copy == nullptr) return;
    ++counters_.duplicated;
    send(copy, session.fars()[far.first_duplicate + i], verdict.qfi_flags, arrival, exits);
  }
}

// TS 23.501 clause 5.6.10.2: to the session that has the MAC address; to all where it is not known or a group's.
void Upf::switch_ethernet(Packet* packet, const Arrival& arrival, Exits& exits) noexcept {
  const bool from_session = arrival.origin == Origin::tunnel;
  Arrival frame{.l3 = from_session ? arrival.l3 : std::uint16_t{0},
                .octets = from_session ? arrival.octets : packet->data_len,
                .origin = from_session ? Origin::vn_internal : Origin::n6,
                .kind = PayloadKind::ethernet,
                .instance = arrival.instance};
  const EthernetHeader* ethernet = EthernetHeader::view(bytes_of(packet) + frame.l3, frame.octets);
  if (ethernet == nullptr) return drop(packet, DropReason::malformed, exits);
  const ModelTime now = metadata_of(packet).time;
  const SessionIndex origin = from_session ? ethernet_.find(ethernet->source, now) : SessionTable::none;
  const auto deliver = [&](Packet* out, SessionIndex index) noexcept {
    const Verdict verdict = detect(out, index, frame);
    if (verdict.dropped()) return drop(out, verdict.reason, exits);
    if (from_session) ++counters_.local_switched;
    if (verdict.far->action == ApplyAction::buffer)
      return buffer(out, sessions_.session(index), verdict, frame, exits);
    send(out, *verdict.far, verdict.qfi_flags, frame, exits);
  };
  if (!ethernet->destination.is_group())
    if (const SessionIndex found = ethernet_.find(ethernet->destination, now); found != SessionTable::none)
      return deliver(packet, found);
  // The last receiver gets the frame itself. Who has no PDR for it is passed over.
  SessionIndex last = SessionTable::none;
  for (const SessionIndex index : ethernet_.sessions()) {
    if (index == origin ||
        match_pdr(sessions_.session(index), frame, bytes_of(packet) + frame.l3, indexes_) == nullptr)
      continue;
    if (last != SessionTable::none)
      if (Packet* copy = exits.copy(packet); copy != nullptr) deliver(copy, last);
    last = index;
  }
  if (last == SessionTable::none) return drop(packet, DropReason::no_pdr, exits);
  deliver(packet, last);
}

}  // namespace kiriko::upf
