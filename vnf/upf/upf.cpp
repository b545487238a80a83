// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UPF's data path: a burst in stages, each one ahead of the memory that the next one reads.
#include "vnf/upf/upf.hpp"

#include <array>

#include "vnf/upf/read_arrival.hpp"

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

[[gnu::flatten]] void Upf::process(Burst& burst, Exits& exits) noexcept {
  std::array<Arrival, burst_capacity> arrivals;
  std::array<Session*, burst_capacity> found;
  const std::uint32_t count = burst.size();

  for (std::uint32_t i = 0; i < count; ++i) __builtin_prefetch(bytes_of(burst[i]));
  for (std::uint32_t i = 0; i < count; ++i) {
    const Packet* packet = burst[i];
    const PortId ingress = metadata_of(packet).ingress;
    Arrival& arrival = arrivals[i];
    read_arrival(bytes_of(packet), packet->data_len, address_, roles_.is_tunnel(ingress),
                 roles_.is(PortRole::n6, ingress), arrival);
    if (packet->nb_segs != 1) arrival.fault = DropReason::too_big;
    (arrival.origin == Origin::tunnel ? sessions_.by_teid() : sessions_.by_ue_address())
        .prefetch(arrival.key);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    found[i] = find_session(arrivals[i]);
    if (found[i] != nullptr) sessions_.prefetch(*found[i]);
  }
  for (std::uint32_t i = 0; i < count; ++i) handle(burst[i], arrivals[i], found[i], exits);
  burst.clear();
}

Session* Upf::find_session(const Arrival& arrival) const noexcept {
  if (arrival.key == 0 || arrival.message != 0) return nullptr;  // 0 is the tables' mark of an empty slot
  const BlockId id =
      (arrival.origin == Origin::tunnel ? sessions_.by_teid() : sessions_.by_ue_address()).find(arrival.key);
  return id == SessionTable::none ? nullptr : &sessions_.session(id);
}

void Upf::handle(Packet* packet, const Arrival& arrival, const Session* session, Exits& exits) noexcept {
  if (arrival.fault != DropReason::count_) return drop(packet, arrival.fault, exits);
  if (arrival.message != 0) return answer_message(packet, arrival, exits);
  if (session == nullptr) {
    if (arrival.origin == Origin::tunnel) indicate_error(packet, arrival, exits);
    return drop(packet, DropReason::no_pdr, exits);
  }
  const Verdict verdict = detect(packet, *session, arrival);
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
  if (metadata.slice == no_slice) metadata.slice = SliceId{session.slice};
  return verdict;
}

// TS 23.501 clause 5.8.2.13: the packet comes in again by the interface "5G VN internal".
void Upf::switch_locally(Packet* packet, const Arrival& uplink, Exits& exits) noexcept {
  const auto* ip = reinterpret_cast<const Ipv4Header*>(bytes_of(packet) + uplink.l3);
  Arrival again = uplink;
  again.key = ip->destination_address;
  again.origin = Origin::vn_internal;
  const Session* session = find_session(again);
  if (session == nullptr) return drop(packet, DropReason::no_pdr, exits);
  const Verdict verdict = detect(packet, *session, again);
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
    encapsulation_.write(bytes_of(packet), Ipv4Address{far.peer}, far.teid,
                         to_access ? pdu_type::downlink : pdu_type::uplink, metadata_of(packet).qfi,
                         far.dscp(), octets);
    return exits.emit(tunnel_port(far), packet);
  }
  // Only a loop of 5G VN internal FARs leads here without a tunnel and without the core as its destination.
  if (far.destination() != FarEntry::Destination::core) return drop(packet, DropReason::no_pdr, exits);
  if (!reframe(packet, l3, ethernet_header_size, octets)) return drop(packet, DropReason::too_big, exits);
  std::uint8_t* data = bytes_of(packet);
  const Ipv4Address destination =
      reinterpret_cast<const Ipv4Header*>(data + ethernet_header_size)->destination();
  encapsulation_.write_framing(data, destination);
  exits.emit(roles_.direct(PortRole::n6, destination).value_or(roles_.current(PortRole::n6)), packet);
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
