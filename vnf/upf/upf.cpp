// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The way of a packet by its session's rules: PDR, QER, URR, FAR.
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

/// Lets the packet begin `header` octets before `l3` and end `octets` behind it; false without headroom.
bool reframe(Packet* packet, std::size_t l3, std::size_t header, std::size_t octets) noexcept {
  const std::size_t start = packet->data_off + l3;
  if (start < header) return false;
  packet->data_off = static_cast<std::uint16_t>(start - header);
  packet->data_len = static_cast<std::uint16_t>(header + octets);
  packet->pkt_len = packet->data_len;
  return true;
}

}  // namespace

void Upf::handle_unusual(Packet* packet, Exits& exits) noexcept {
  const Arrival arrival = reader_.read(packet, roles_.mask(metadata_of(packet).ingress));
  const bool has_key = arrival.key != 0 && arrival.message == 0 && arrival.fault == DropReason::count_;
  handle(packet, arrival, has_key ? table(arrival.origin).find(arrival.key) : SessionTable::none, exits);
}

void Upf::handle(Packet* packet, const Arrival& arrival, SessionIndex found, Exits& exits) noexcept {
  if (arrival.fault != DropReason::count_) return drop(packet, arrival.fault, exits);
  if (arrival.message != 0) return answer_message(packet, arrival, exits);
  if (found == SessionTable::none) {
    if (arrival.origin == Origin::tunnel) indicate_error(packet, arrival, exits);
    return drop(packet, DropReason::no_pdr, exits);
  }
  const Verdict verdict = detect(packet, sessions_.session(found), arrival);
  if (verdict.dropped()) return drop(packet, verdict.reason, exits);
  const bool from_tunnel = arrival.origin == Origin::tunnel;
  if (verdict.far->action == ApplyAction::forward &&
      verdict.far->destination() == FarEntry::Destination::vn_internal) {
    if (route(packet, arrival, exits)) switch_locally(packet, arrival, exits);
    return;
  }
  // A packet from tunnel to tunnel is relayed, any other is routed.
  const bool relayed = from_tunnel && verdict.far->action == ApplyAction::forward && verdict.far->teid != 0;
  if (!relayed && !route(packet, arrival, exits)) return;
  act(packet, *verdict.far, arrival.l3, arrival.octets, exits);
}

Verdict Upf::detect(Packet* packet, const Session& session, const Arrival& arrival) noexcept {
  PacketMetadata& metadata = metadata_of(packet);
  const Verdict verdict = decide(session, arrival, bytes_of(packet) + arrival.l3, metadata.time);
  if (verdict.dropped()) return verdict;
  const auto direction = static_cast<std::size_t>(verdict.direction);
  ++counters_.packets[direction];
  counters_.bytes[direction] += arrival.octets;
  counters_.usage_reports += verdict.usage_reports;
  if (verdict.qfi != 0) metadata.qfi = verdict.qfi;
  if (metadata.slice == no_slice) metadata.slice = SliceId{session.block->slice};
  return verdict;
}

// TS 23.501 clause 5.8.2.13: the packet comes in again by the interface "5G VN internal".
void Upf::switch_locally(Packet* packet, const Arrival& uplink, Exits& exits) noexcept {
  const auto* ip = reinterpret_cast<const Ipv4Header*>(bytes_of(packet) + uplink.l3);
  Arrival again = uplink;
  again.key = ip->destination_address;
  again.origin = Origin::vn_internal;
  const SessionIndex found = again.key != 0 ? table(again.origin).find(again.key) : SessionTable::none;
  if (found == SessionTable::none) return drop(packet, DropReason::no_pdr, exits);
  const Verdict verdict = detect(packet, sessions_.session(found), again);
  if (verdict.dropped()) return drop(packet, verdict.reason, exits);
  ++counters_.local_switched;
  act(packet, *verdict.far, again.l3, again.octets, exits);
}

bool Upf::route(Packet* packet, const Arrival& arrival, Exits& exits) noexcept {
  auto* ip = reinterpret_cast<Ipv4Header*>(bytes_of(packet) + arrival.l3);
  if (ip->time_to_live <= 1) {
    drop(packet, DropReason::hop_limit, exits);
    return false;
  }
  ip->decrement_time_to_live();
  return true;
}

void Upf::act(Packet* packet, const FarEntry& far, std::uint16_t l3, std::uint16_t octets,
              Exits& exits) noexcept {
  if (far.action == ApplyAction::buffer) {
    if (!buffers_.push(far.peer, packet)) return drop(packet, DropReason::far_buffer_full, exits);
    ++counters_.buffered;
    reframe(packet, l3, 0, octets);
    return;
  }
  if (far.teid != 0) {
    if (octets > Encapsulation::largest_payload || !reframe(packet, l3, Encapsulation::size, octets))
      return drop(packet, DropReason::too_big, exits);
    const bool to_access = far.destination() == FarEntry::Destination::access;
    encapsulation_.write(bytes_of(packet), far.peer, far.teid,
                         to_access ? pdu_type::downlink : pdu_type::uplink, metadata_of(packet).qfi,
                         far.dscp(), octets);
    return exits.emit(tunnel_port(far), packet);
  }
  // Only a loop of 5G VN internal FARs leads here without a tunnel and without the core as its destination.
  if (far.destination() != FarEntry::Destination::core) return drop(packet, DropReason::no_pdr, exits);
  if (!reframe(packet, l3, ethernet_header_size, octets)) return drop(packet, DropReason::too_big, exits);
  std::uint8_t* data = bytes_of(packet);
  const std::uint8_t* ip = data + ethernet_header_size;
  encapsulation_.write_framing(data, reinterpret_cast<const Ipv4Header*>(ip)->destination_address);
  exits.emit(core_port(ip), packet);
}

void Upf::release(Packet* packet, const FarEntry& far, Exits& exits) noexcept {
  const Arrival bare{.l3 = 0, .octets = packet->data_len};
  if (far.destination() == FarEntry::Destination::vn_internal) return switch_locally(packet, bare, exits);
  act(packet, far, bare.l3, bare.octets, exits);
}

PortId Upf::tunnel_port(const FarEntry& far) const noexcept {
  if (far.port != FarEntry::port_by_role) return PortId{far.port};
  return roles_.current(far.destination() == FarEntry::Destination::access ? PortRole::n3 : PortRole::n9);
}

void Upf::drop(Packet* packet, DropReason reason, Exits& exits) noexcept {
  ++counters_.dropped[static_cast<std::size_t>(reason)];
  exits.drop(packet, reason);
}

// Nothing here waits for a time.
void Upf::wake(ModelTime, Exits&) noexcept {}

}  // namespace kiriko::upf
