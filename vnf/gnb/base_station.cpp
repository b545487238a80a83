// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The gNB's data path: packets into buffers, slots out of wake-ups, tunnels on N3.
#include "vnf/gnb/base_station.hpp"

#include <algorithm>

#include "core/net/ethernet.hpp"

namespace kiriko {

BaseStation::BaseStation(const FunctionSetup& setup, const Cell& cell, std::vector<AccessBarring> barring)
    : setup_(setup),
      cell_(cell),
      n3_(cell.n3_port),
      address_(*setup.address),
      no_slice_place_(static_cast<std::uint32_t>(setup.slices.size())),
      ues_(setup.ports.size()),
      downlink_(cell, true, no_slice_place_ + 1, setup.seed, setup.name),
      uplink_(cell, false, no_slice_place_ + 1, setup.seed, setup.name),
      connections_(cell.connections, std::move(barring), setup.seed, stream_key(setup.name)) {}

void BaseStation::process(Burst& burst, Exits& exits) noexcept {
  if (burst.empty()) return;
  const ModelTime now = metadata_of(burst[0]).time;
  for (Packet* packet : burst) {
    if (packet->nb_segs != 1) {
      exits.drop(packet, DropReason::too_big);
    } else if (metadata_of(packet).ingress == n3_) {
      take_downlink(packet, exits);
    } else {
      take_uplink(packet, exits);
    }
  }
  ask_for_wake(now, exits);
}

void BaseStation::wake(ModelTime now, Exits& exits) noexcept {
  admit(now, exits);
  if (forwarding_.next_time() <= now) {
    std::vector<UeIndex> left;
    forwarding_.run(now, released_, left);
    carry_released(now, exits);
    for (const UeIndex ue : left) remove(ue, exits);
  }
  downlink_.run(now, exits, delivered_);
  deliver_downlink(exits);
  uplink_.run(now, exits, delivered_);
  deliver_uplink(exits);
  ask_for_wake(now, exits);
}

void BaseStation::ask_for_wake(ModelTime now, Exits& exits) noexcept {
  if (const ModelTime next = connections_.next_time(); next != ModelTime::never())
    exits.at(std::max(next, now));
  if (const ModelTime next = forwarding_.next_time(); next != ModelTime::never())
    exits.at(std::max(next, now));
  const ModelTime next = std::min(downlink_.next_time(now), uplink_.next_time(now));
  if (next != ModelTime::never()) exits.at(next);
}

std::uint32_t BaseStation::slice_of(PacketMetadata& metadata, const UeContext& context) const noexcept {
  if (metadata.slice.value >= no_slice_place_) metadata.slice = context.slice;
  return std::min<std::uint32_t>(metadata.slice.value, no_slice_place_);
}

void BaseStation::take_uplink(Packet* packet, Exits& exits) noexcept {
  PacketMetadata& metadata = metadata_of(packet);
  const auto ue =
      metadata.ingress.value < setup_.ports.size() ? ues_.by_port(metadata.ingress) : std::nullopt;
  if (!ue) return exits.drop(packet, DropReason::radio_detached);
  const auto octets = ipv4_in_frame(bytes_of(packet), packet->data_len);
  if (!octets) return exits.drop(packet, DropReason::malformed);
  const UeContext& context = ues_[*ue].context;
  if (metadata.qfi == 0 || metadata.qfi > highest_qfi.value) metadata.qfi = context.default_qfi.value;
  carry(*ue, packet, *octets, false, exits);
}

void BaseStation::carry(UeIndex ue, Packet* packet, std::uint32_t octets, bool downlink,
                        Exits& exits) noexcept {
  const std::uint32_t slice = slice_of(metadata_of(packet), ues_[ue].context);
  switch (connections_.ask(ue, slice, packet, octets, downlink, metadata_of(packet).time)) {
    case Connections::Answer::go: return buffer(ue, packet, octets, downlink, exits);
    case Connections::Answer::wait: return;
    case Connections::Answer::full: return exits.drop(packet, DropReason::radio_buffer_full);
  }
}

void BaseStation::buffer(UeIndex ue, Packet* packet, std::uint32_t octets, bool downlink,
                         Exits& exits) noexcept {
  if (const ForwardingTunnel* to = downlink ? forwarding_.tunnel_of(ue) : nullptr; to != nullptr)
    return forward(packet, *to, metadata_of(packet).time, exits);
  CellLink& link = downlink ? downlink_ : uplink_;
  if (!link.push(ue, slice_of(metadata_of(packet), ues_[ue].context), packet, octets))
    exits.drop(packet, DropReason::radio_buffer_full);
}

void BaseStation::admit(ModelTime now, Exits& exits) noexcept {
  if (connections_.next_time() > now) return;
  connections_.run(now, exits, admitted_);
  for (const Admitted& each : admitted_) buffer(each.ue, each.packet, each.octets, each.downlink, exits);
  admitted_.clear();
}

void BaseStation::take_downlink(Packet* packet, Exits& exits) noexcept {
  PacketMetadata& metadata = metadata_of(packet);
  const N3Frame frame = inspect_n3(bytes_of(packet), packet->data_len, address_);
  switch (frame.kind) {
    case N3Kind::dropped: return exits.drop(packet, frame.reason);
    case N3Kind::other_answer: return exits.consume(packet);
    case N3Kind::end_marker:
      ++end_markers_;
      take_end_marker(Teid{frame.gtpu.teid}, metadata, exits);
      return exits.consume(packet);
    case N3Kind::error_indication: ++error_indications_received_; return exits.consume(packet);
    case N3Kind::echo_request: answer_echo(frame, metadata.time, exits); return exits.consume(packet);
    case N3Kind::g_pdu: break;
  }
  auto ue = ues_.by_teid(Teid{frame.gtpu.teid});
  const bool by_new_path = ue.has_value();
  if (!ue) ue = forwarding_.find(Teid{frame.gtpu.teid});
  if (!ue) {
    indicate_error(frame, metadata.time, exits);
    return exits.drop(packet, DropReason::ue_unknown);
  }
  const UeContext& context = ues_[*ue].context;
  metadata.qfi = frame.gtpu.has_pdu_session ? frame.gtpu.qfi : context.default_qfi.value;
  decapsulate_downlink(packet, frame, MacAddress::local(context.ue_address.value),
                       MacAddress::local(address_.value));
  if (const ForwardingTunnel* to = forwarding_.tunnel_of(*ue))
    return forward(packet, *to, metadata.time, exits);
  if (by_new_path && forwarding_.waits(*ue)) {
    if (!forwarding_.hold(*ue, packet, frame.payload_length, cell_.buffer))
      exits.drop(packet, DropReason::radio_buffer_full);
    return;
  }
  carry(*ue, packet, frame.payload_length, true, exits);
}

void BaseStation::forward(Packet* packet, const ForwardingTunnel& to, ModelTime now, Exits& exits) noexcept {
  const OutgoingTunnel tunnel{.gnb = address_,
                              .peer = to.gnb,
                              .teid = to.teid,
                              .qfi = Qfi{metadata_of(packet).qfi},
                              .type = pdu_type::downlink};
  if (!encapsulate(packet, tunnel)) return exits.drop(packet, DropReason::too_big);
  ++forwarded_;
  send_n3(packet, now, exits);
}

void BaseStation::take_end_marker(Teid tunnel, const PacketMetadata& metadata, Exits& exits) noexcept {
  const ModelTime now = metadata.time;
  if (const auto ue = forwarding_.find(tunnel)) {
    forwarding_.end(*ue, released_);
    return carry_released(now, exits);
  }
  const auto ue = ues_.by_teid(tunnel);
  const ForwardingTunnel* to = ue ? forwarding_.tunnel_of(*ue) : nullptr;
  if (to == nullptr) return;
  if (Packet* marker = exits.create(); marker != nullptr) {
    if (!write_end_marker(marker, address_, to->gnb, to->teid))
      return exits.drop(marker, DropReason::too_big);
    metadata_of(marker).birth = now;
    metadata_of(marker).slice = metadata.slice;  // so that no packet of its tunnel comes after it
    send_n3(marker, now, exits);
  }
  // What the UE sent here still crosses the radio; its context stays for that.
  if (uplink_.is_empty(*ue)) remove(*ue, exits);
}

void BaseStation::carry_released(ModelTime now, Exits& exits) noexcept {
  for (const DataForwarding::Released& each : released_) {
    metadata_of(each.packet).time = now;
    carry(each.ue, each.packet, each.octets, true, exits);
  }
  released_.clear();
}

void BaseStation::deliver_downlink(Exits& exits) noexcept {
  for (const Delivered& arrival : delivered_) exits.emit(ues_[arrival.ue].context.port, arrival.packet);
  delivered_.clear();
}

void BaseStation::deliver_uplink(Exits& exits) noexcept {
  for (const Delivered& arrival : delivered_) {
    const UeContext& context = ues_[arrival.ue].context;
    const PacketMetadata& metadata = metadata_of(arrival.packet);
    const OutgoingTunnel tunnel{
        .gnb = address_, .peer = context.upf_address, .teid = context.uplink_teid, .qfi = Qfi{metadata.qfi}};
    if (encapsulate(arrival.packet, tunnel)) {
      send_n3(arrival.packet, metadata.time, exits);
    } else {
      exits.drop(arrival.packet, DropReason::too_big);
    }
  }
  delivered_.clear();
}

/// TS 29.281 clause 7.2.2.
void BaseStation::answer_echo(const N3Frame& frame, ModelTime now, Exits& exits) noexcept {
  Packet* response = exits.create();
  if (response == nullptr) return;
  if (!write_echo_response(response, address_, frame.peer, frame.gtpu.sequence_number))
    return exits.drop(response, DropReason::too_big);
  ++echoes_answered_;
  metadata_of(response).birth = now;
  send_n3(response, now, exits);
}

/// TS 29.281 clause 7.3.1.
void BaseStation::indicate_error(const N3Frame& frame, ModelTime now, Exits& exits) noexcept {
  Packet* indication = exits.create();
  if (indication == nullptr) return;
  if (!write_error_indication(indication, address_, frame.peer, Teid{frame.gtpu.teid}))
    return exits.drop(indication, DropReason::too_big);
  ++error_indications_sent_;
  metadata_of(indication).birth = now;
  send_n3(indication, now, exits);
}

void BaseStation::send_n3(Packet* packet, ModelTime at, Exits& exits) noexcept {
  n3_clock_ = std::max(n3_clock_, at);
  metadata_of(packet).time = n3_clock_;
  exits.emit(n3_, packet);
}

}  // namespace kiriko
