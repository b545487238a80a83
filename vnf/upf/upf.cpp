// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The way of a packet by its session's rules: PDR, QER, URR, FAR; and the timers that its rules ask for.
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

/// All QERs of the PDR must let the packet pass; only then it takes tokens from each, so that a packet dropped by one
/// uses up nothing of another.
DropReason enforce_qos(const Session& session, const PdrEntry& pdr, std::uint16_t octets,
                       ModelTime now) noexcept {
  if ((pdr.flags & PdrEntry::gate_closed) != 0) return DropReason::gate_closed;
  const Direction direction = pdr.direction();
  const std::uint16_t* qers = session.qers_of(pdr);
  for (std::size_t i = 0; i < pdr.qer_count; ++i)
    if (!session.bucket(qers[i], direction).conforms(octets, now))
      return session.qers()[qers[i]].session_ambr != 0 ? DropReason::session_ambr_exceeded
                                                       : DropReason::mfbr_exceeded;
  for (std::size_t i = 0; i < pdr.qer_count; ++i) session.bucket(qers[i], direction).take(octets);
  return DropReason::count_;
}

}  // namespace

void Upf::handle_unusual(Packet* packet, Exits& exits) noexcept {
  const Arrival arrival = reader_.read(packet, roles_.mask(metadata_of(packet).ingress));
  const bool has_session = arrival.message == 0 && arrival.fault == DropReason::count_;
  handle(packet, arrival,
         has_session ? find_session(arrival, bytes_of(packet) + arrival.l3) : SessionTable::none, exits);
}

SessionIndex Upf::find_session(const Arrival& arrival, const std::uint8_t* l3) const noexcept {
  if (arrival.origin == Origin::tunnel || arrival.kind == PayloadKind::ipv4)
    return arrival.key == 0 ? SessionTable::none : table(arrival.origin).find(arrival.key);
  return arrival.kind == PayloadKind::ipv6
             ? sessions_.find(reinterpret_cast<const Ipv6Header*>(l3)->destination)
             : SessionTable::none;
}

void Upf::handle(Packet* packet, Arrival arrival, SessionIndex found, Exits& exits) noexcept {
  const PortId ingress = metadata_of(packet).ingress;
  const bool may_switch = !ethernet_.sessions().empty() && arrival.origin == Origin::n6 &&
                          roles_.is(PortRole::n6, ingress) && packet->nb_segs == 1;
  if (arrival.fault != DropReason::count_) {
    if (arrival.unknown_extension != 0) tell_extensions(packet, exits);
    if (may_switch && arrival.fault == DropReason::unknown_destination)
      return switch_ethernet(packet, arrival, exits);
    return drop(packet, arrival.fault, exits);
  }
  if (arrival.message != 0) return answer_message(packet, arrival, exits);
  if (ingress.value < instance_of_port_.size()) arrival.instance = instance_of_port_[ingress.value];
  if (found == SessionTable::none) {
    if (may_switch) return switch_ethernet(packet, arrival, exits);
    if (arrival.origin == Origin::tunnel) indicate_error(packet, arrival, exits);
    return drop(packet, DropReason::no_pdr, exits);
  }
  if (arrival.origin == Origin::tunnel) {
    arrival.instance = 0;
    if (!read_payload(bytes_of(packet), sessions_.session(found).block->type, arrival))
      return drop(packet, DropReason::malformed, exits);
  }
  const Verdict verdict = detect(packet, found, arrival);
  if (verdict.dropped()) return drop(packet, verdict.reason, exits);
  forward(packet, found, verdict, arrival, exits);
}

Verdict Upf::decide(Packet* packet, const Session& session, const Arrival& arrival) noexcept {
  const std::uint8_t* l3 = bytes_of(packet) + arrival.l3;
  const PdrEntry* pdr = match_pdr(session, arrival, l3, indexes_);
  if (pdr == nullptr) return {.reason = DropReason::no_pdr};
  const ModelTime now = metadata_of(packet).time;
  Verdict verdict{
      .direction = pdr->direction(),
      .qfi = pdr->qfi_mark != PdrEntry::any_qfi ? pdr->qfi_mark : arrival.qfi,
      .qfi_flags = (pdr->flags & PdrEntry::reflective_qos) != 0 ? std::uint8_t{0x40} : std::uint8_t{0},
      .pdr = pdr,
      .far = session.fars() + pdr->far};
  bool timers_changed = false;
  if (pdr->urr_count != 0) {
    if (const UrrState* urr = meter_.used_up(session, *pdr); urr != nullptr) {
      if (urr->quota_far == UrrState::no_far) {
        verdict.reason = DropReason::quota_exhausted;
        return verdict;
      }
      verdict.far = session.fars() + urr->quota_far;
    }
    timers_changed = meter_.count(session, *pdr, arrival.octets, now, true);
  }
  verdict.reason = enforce_qos(session, *pdr, arrival.octets, now);
  if (!verdict.dropped()) {
    timers_changed = meter_.count(session, *pdr, arrival.octets, now, false) || timers_changed;
    session.block->last_packet = now;
    if (verdict.far->action == ApplyAction::drop) verdict.reason = DropReason::far_drop;
  }
  if (verdict.dropped()) meter_.count_dropped(session, *pdr, arrival.octets, now);
  if (timers_changed) set_timer(session);
  return verdict;
}

Verdict Upf::detect(Packet* packet, SessionIndex index, const Arrival& arrival) noexcept {
  PacketMetadata& metadata = metadata_of(packet);
  const Session session = sessions_.session(index);
  const Verdict verdict = decide(packet, session, arrival);
  if (verdict.dropped()) return verdict;
  const auto direction = static_cast<std::size_t>(verdict.direction);
  ++counters_.packets[direction];
  counters_.bytes[direction] += arrival.octets;
  if (verdict.qfi != 0) metadata.qfi = verdict.qfi;
  if (metadata.slice == no_slice) metadata.slice = SliceId{session.block->slice};
  if (arrival.kind == PayloadKind::ethernet && verdict.direction == Direction::uplink)
    ethernet_.learn(reinterpret_cast<const EthernetHeader*>(bytes_of(packet) + arrival.l3)->source, index,
                    metadata.time);
  return verdict;
}

void Upf::forward(Packet* packet, SessionIndex index, const Verdict& verdict, const Arrival& arrival,
                  Exits& exits) noexcept {
  const FarEntry& far = *verdict.far;
  const Session session = sessions_.session(index);
  if (far.action == ApplyAction::forward && far.destination == DestinationInterface::vn_internal) {
    if (route(packet, arrival, exits)) switch_locally(packet, arrival, exits);
    return;
  }
  // A packet from tunnel to tunnel is relayed, any other is routed.
  const bool relayed =
      arrival.origin == Origin::tunnel && far.action == ApplyAction::forward && far.teid != 0;
  if (!relayed && !route(packet, arrival, exits)) return;
  if (far.duplicate_count != 0) duplicate(packet, session, verdict, arrival, exits);
  if (far.action == ApplyAction::buffer) return buffer(packet, session, verdict, arrival, exits);
  send(packet, far, verdict.qfi_flags, arrival, exits);
}

// TS 23.501 clause 5.8.2.13: the packet comes in again by the interface "5G VN internal".
void Upf::switch_locally(Packet* packet, const Arrival& uplink, Exits& exits) noexcept {
  if (uplink.kind == PayloadKind::ethernet) return switch_ethernet(packet, uplink, exits);
  const std::uint8_t* l3 = bytes_of(packet) + uplink.l3;
  Arrival again = uplink;
  again.origin = Origin::vn_internal;
  again.instance = 0;
  if (uplink.kind == PayloadKind::ipv4)
    again.key = reinterpret_cast<const Ipv4Header*>(l3)->destination_address;
  const SessionIndex found = find_session(again, l3);
  if (found == SessionTable::none) return drop(packet, DropReason::no_pdr, exits);
  const Verdict verdict = detect(packet, found, again);
  if (verdict.dropped()) return drop(packet, verdict.reason, exits);
  ++counters_.local_switched;
  if (verdict.far->action == ApplyAction::buffer)
    return buffer(packet, sessions_.session(found), verdict, again, exits);
  send(packet, *verdict.far, verdict.qfi_flags, again, exits);
}

bool Upf::route(Packet* packet, const Arrival& arrival, Exits& exits) noexcept {
  std::uint8_t* l3 = bytes_of(packet) + arrival.l3;
  if (arrival.kind == PayloadKind::ipv4) {
    auto* ip = reinterpret_cast<Ipv4Header*>(l3);
    if (ip->time_to_live > 1) {
      ip->decrement_time_to_live();
      return true;
    }
  } else if (arrival.kind == PayloadKind::ipv6) {
    auto* ip = reinterpret_cast<Ipv6Header*>(l3);
    if (ip->hop_limit > 1) {
      --ip->hop_limit;
      return true;
    }
  } else {
    return true;
  }
  drop(packet, DropReason::hop_limit, exits);
  return false;
}

void Upf::set_timer(const Session& session) noexcept {
  if (session.block->timer == SessionBlock::none) return;
  ModelTime due = meter_.next_due(session);
  for (std::size_t i = 0; i < session.block->far_count; ++i)
    if (const FarEntry& far = session.fars()[i]; far.buffer != FarEntry::no_buffer)
      due = std::min(due, buffers_.notice(far.buffer).due);
  timers_.set(session.block->timer, due);
}

void Upf::run_timers(ModelTime time, Exits& exits) noexcept {
  while (timers_.next() < time) {
    const ModelTime now = timers_.next();
    if (timers_.next_owner() == path_owner) {
      watch_paths(now, exits);
      continue;
    }
    const SessionTimers::Slot slot = timers_.next_slot();
    const Session session = sessions_.session(static_cast<SessionIndex>(timers_.next_owner()));
    meter_.on_time(session, now);
    for (std::size_t i = 0; i < session.block->far_count; ++i) {
      const FarEntry& far = session.fars()[i];
      if (far.buffer == FarEntry::no_buffer || buffers_.notice(far.buffer).due > now) continue;
      FarBuffers::Notice& notice = buffers_.notice(far.buffer);
      reports_.push({.at = now, .seid = session.seid(), .content = notice.report});
      notice.due = ModelTime::never();
    }
    set_timer(session);
    // Whatever is due at this instant was done.
    if (timers_.time_of(slot) <= now) timers_.set(slot, now + nanoseconds(1));
  }
}

void Upf::wake(ModelTime now, Exits& exits) noexcept {
  run_timers(now + nanoseconds(1), exits);
  if (n4_ != nullptr) tell_reports(now, exits);
  if (n4_ != nullptr) send_n4(now, exits);
  exits.at(timers_.next());
}

void Upf::drop(Packet* packet, DropReason reason, Exits& exits) noexcept {
  ++counters_.dropped[static_cast<std::size_t>(reason)];
  exits.drop(packet, reason);
}

}  // namespace kiriko::upf
