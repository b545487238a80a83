// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Establishment, modification and release of PDU sessions, once they were checked; none of them can fail.
#include <algorithm>

#include "vnf/upf/build_session.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

/// More packets than this are not kept because a BAR suggests it.
constexpr std::size_t most_suggested_packets = 1024;

bool is_updated(const std::vector<UsageReportingRuleUpdate>& updates, UrrId id,
                bool (*names)(const UsageReportingRuleUpdate&)) {
  return std::any_of(updates.begin(), updates.end(),
                     [&](const auto& update) { return update.id == id && names(update); });
}

/// The counts and clocks of a URR that was there before; its limits are those of its new rule.
void take_over_urr(const Session& to, std::size_t urr, const Session& from, std::size_t old_urr,
                   const std::vector<UsageReportingRuleUpdate>& updates) {
  UrrState& state = to.urrs()[urr];
  const UrrState& old_state = from.urrs()[old_urr];
  for (const auto direction : {Direction::uplink, Direction::downlink}) {
    const auto d = static_cast<std::size_t>(direction);
    to.usage(urr, direction) = {from.usage(old_urr, direction).packets, 0};
    state.granted[d] = from.bytes(old_urr, direction);
    state.base_bytes[d] = old_state.base_bytes[d];
    state.base_packets[d] = old_state.base_packets[d];
  }
  state.start = old_state.start;
  state.first = old_state.first;
  state.last = old_state.last;
  state.next_sequence_number = old_state.next_sequence_number;
  UrrTimes* times = to.times_of(state);
  const UrrTimes* old_times = from.times_of(old_state);
  if (times == nullptr) return;
  const UrrId id{state.id};
  const bool new_volume = is_updated(updates, id, [](const auto& u) { return u.volume_quota.has_value(); });
  const bool new_time = is_updated(updates, id, [](const auto& u) { return u.time_quota.has_value(); });
  const bool new_events = is_updated(updates, id, [](const auto& u) { return u.event_quota.has_value(); });
  // A quota that is given counts from now on; one that was there before goes on.
  if (new_volume || old_times == nullptr) {
    const std::uint64_t counted[3]{state.granted[0] + state.granted[1], state.granted[0], state.granted[1]};
    for (std::size_t i = 0; i < 3; ++i)
      if (times->quota[i] != UrrState::unlimited && times->quota[i] != 0) times->quota[i] += counted[i];
  } else {
    std::copy(std::begin(old_times->quota), std::end(old_times->quota), times->quota);
  }
  if (old_times == nullptr) return;
  times->counted = old_times->counted;
  times->running_since = old_times->running_since;
  if (!new_time) times->counted_before = old_times->counted_before;
  times->events = old_times->events;
  if (!new_events) times->events_before = old_times->events_before;
  times->dropped_packets = old_times->dropped_packets;
  times->dropped_bytes = old_times->dropped_bytes;
  times->traffic = old_times->traffic;
  if (times->period == old_times->period) times->next_period = old_times->next_period;
  if ((old_state.flags & UrrState::exhausted) != 0 && !new_volume && !new_time && !new_events)
    state.flags |= UrrState::exhausted;
}

}  // namespace

FarEntry Upf::far_entry(const ForwardingActionRule& rule) const {
  FarEntry far{};
  far.id = rule.id.value;
  far.buffer = FarEntry::no_buffer;
  far.port = FarEntry::port_by_role;
  far.action = rule.action;
  far.destination = rule.destination_interface;
  far.dscp = rule.dscp.value_or(0);
  far.flags = static_cast<std::uint8_t>(
      (rule.notify_cp && rule.action == ApplyAction::buffer ? FarEntry::notify_cp : 0U) |
      (rule.duplicate ? FarEntry::duplicate : 0U));
  if (rule.action != ApplyAction::forward) return far;
  if (rule.outer_header_creation) {
    far.peer = rule.outer_header_creation->address.value;
    far.teid = rule.outer_header_creation->teid.value;
    const PortRole role =
        rule.destination_interface == DestinationInterface::access ? PortRole::n3 : PortRole::n9;
    if (const auto port = roles_.direct(role, rule.outer_header_creation->address)) far.port = port->value;
  } else if (const auto instance = instances_.find(rule.network_instance); instance != instances_.end()) {
    far.port = instance_ports_[instance->second - 1U].value;
  }
  return far;
}

FarBuffers::Terms Upf::terms_of(const PduSessionRules& rules, const ForwardingActionRule& far) const {
  FarBuffers::Terms terms{.packets = buffer_packets_, .notification_delay = {}};
  if (!far.bar) return terms;
  for (const BufferingActionRule& bar : rules.bars) {
    if (bar.id != *far.bar) continue;
    terms.notification_delay = bar.notification_delay;
    if (bar.suggested_buffering_packets)
      terms.packets = std::min<std::size_t>(*bar.suggested_buffering_packets, most_suggested_packets);
  }
  return terms;
}

void Upf::build(const Session& session, const PduSessionRules& rules, ModelTime at) {
  build_session(
      session, SessionPlan(rules), mbr_burst_, at,
      [this](const ForwardingActionRule& rule) { return far_entry(rule); },
      [this](const std::string& name) {
        const auto it = instances_.find(name);
        return it == instances_.end() ? std::uint8_t{0} : it->second;
      });
}

void Upf::open(SessionIndex index, const PduSessionRules& rules, ModelTime at, Exits& exits) {
  const Session session = sessions_.session(index);
  bool needs_timer = session.block->times_count != 0 || session.block->inactivity.ns > 0;
  for (std::size_t i = 0; i < rules.fars.size(); ++i) {
    FarEntry& far = session.fars()[i];
    if (far.action != ApplyAction::buffer) continue;
    const FarBuffers::Terms terms = terms_of(rules, rules.fars[i]);
    if (far.buffer == FarEntry::no_buffer)
      far.buffer = buffers_.open(terms);
    else
      buffers_.set_terms(far.buffer, terms);
    needs_timer = needs_timer || terms.notification_delay.ns > 0 ||
                  buffers_.notice(far.buffer).due != ModelTime::never();
  }
  if (rules.pdrs.size() >= PdrIndex::least_pdrs)
    session.block->pdr_index = indexes_.add(std::make_unique<PdrIndex>(session));
  if (rules.type == PduSessionType::ethernet) ethernet_.add(index);
  choose_lanes(session);
  for (std::size_t i = 0; i < session.block->urr_count; ++i) meter_.grant(session, i);
  sessions_.publish(index);
  use_paths(session, true, at);
  if (!needs_timer) return;
  session.block->timer = timers_.take(index);
  set_timer(session);
  // What was due before this change is due now.
  if (timers_.time_of(session.block->timer) < at) timers_.set(session.block->timer, at);
  exits.at(timers_.next());
}

void Upf::use_paths(const Session& session, bool used, ModelTime now) {
  for (std::size_t i = 0; i < session.block->far_count; ++i) {
    const FarEntry& far = session.fars()[i];
    if (!far.has_tunnel() || far.destination == DestinationInterface::cp_function) continue;
    if (used)
      paths_.use(Ipv4Address{far.peer}, now);
    else
      paths_.forget(Ipv4Address{far.peer});
  }
  timers_.set(path_timer_, paths_.due());
}

void Upf::commit_establish(const PduSessionRules& rules, ModelTime at, Exits& exits) {
  run_timers(at, exits);
  const SessionIndex index = sessions_.allocate(SessionPlan(rules).lines);
  const Session session = sessions_.session(index);
  build(session, rules, at);
  for (std::size_t i = 0; i < session.block->urr_count; ++i) meter_.begin(session, i, at);
  open(index, rules, at, exits);
  exits.at(timers_.next());
}

// A new block beside the old one takes over what is known by its id; then they change places.
void Upf::commit_modify(const PduSessionRules& rules, const PduSessionUpdate& update, ModelTime at,
                        Exits& exits) {
  run_timers(at, exits);
  const SessionIndex index = sessions_.find(rules.seid);
  if (index == SessionTable::none) return;
  const Session present = sessions_.session(index);
  const SliceId slice{present.block->slice};
  // TS 29.244 clause 7.5.5.2: the last report of a URR that goes.
  for (std::size_t i = 0; i < present.block->urr_count; ++i)
    if (std::none_of(rules.urrs.begin(), rules.urrs.end(),
                     [&](const auto& urr) { return urr.id.value == present.urrs()[i].id; }))
      meter_.report(present, i, UsageReportTrigger::termination, at);
  sessions_.withdraw(index);
  if (present.block->pdr_index != SessionBlock::none) indexes_.remove(present.block->pdr_index);
  if (present.block->timer != SessionBlock::none) timers_.give_back(present.block->timer);
  if (present.block->type == PduSessionType::ethernet && rules.type != PduSessionType::ethernet)
    ethernet_.remove(index);

  Lane old_lanes[2]{present.lane(Direction::uplink), present.lane(Direction::downlink)};
  const Session old{present.block, {&old_lanes[0], &old_lanes[1]}};
  const std::uint32_t block = sessions_.allocate_block(SessionPlan(rules).lines);
  for (Lane* lane : present.lanes) *lane = Lane{};
  const Session fresh{sessions_.block_at(block), {present.lanes[0], present.lanes[1]}};
  build(fresh, rules, at);
  fresh.block->last_packet = UsageMeter::last_activity(old);
  for (std::size_t i = 0; i < rules.qers.size(); ++i) {
    const int was = qer_index(old, rules.qers[i].id);
    if (was < 0) continue;
    for (const auto direction : {Direction::uplink, Direction::downlink}) {
      const Ambr& rate = rules.qers[i].maximum_bit_rate;
      TokenBucket& bucket = fresh.bucket(i, direction);
      bucket = old.bucket(static_cast<std::size_t>(was), direction);
      bucket.set(direction == Direction::uplink ? rate.uplink : rate.downlink, mbr_burst_, at);
    }
  }
  for (std::size_t i = 0; i < rules.urrs.size(); ++i) {
    meter_.begin(fresh, i, at);
    if (const int was = urr_index(old, rules.urrs[i].id); was >= 0)
      take_over_urr(fresh, i, old, static_cast<std::size_t>(was), update.update_urrs);
  }

  // What was buffered stays, leaves or drops, by what the FAR has become.
  struct Leaving {
    std::uint32_t buffer;
    int far;  ///< of the new block; -1: it is gone
  };
  std::vector<Leaving> leaving;
  std::vector<Ipv4Address> left_peers;
  std::vector<const FarEntry*> ended;
  for (std::size_t i = 0; i < old.block->far_count; ++i) {
    const FarEntry& was = old.fars()[i];
    if (was.has_tunnel() && was.destination != DestinationInterface::cp_function)
      left_peers.emplace_back(was.peer);
    const int now = far_index(fresh, FarId{was.id});
    if (was.buffer != FarEntry::no_buffer) {
      if (update.drop_buffered)
        buffers_.empty(was.buffer, [&](Packet* packet) { drop(packet, DropReason::far_drop, exits); });
      if (now >= 0 && fresh.fars()[now].action == ApplyAction::buffer)
        fresh.fars()[now].buffer = was.buffer;
      else
        leaving.push_back({was.buffer, now});
    }
    if (now < 0 || !was.has_tunnel() || was.destination != DestinationInterface::access) continue;
    const FarEntry& is = fresh.fars()[now];
    const bool asked = std::any_of(update.update_fars.begin(), update.update_fars.end(),
                                   [&](const auto& u) { return u.id.value == was.id && u.send_end_marker; });
    if (!is.has_tunnel() || was.same_tunnel(is) || !(asked || always_end_marker_)) continue;
    // FARs of one tunnel (they differ by DSCP) end it together.
    const auto same = [&was](const FarEntry* far) { return far->same_tunnel(was); };
    if (std::any_of(ended.begin(), ended.end(), same)) continue;
    ended.push_back(&was);
    send_end_marker(was, slice, at, exits);
  }
  sessions_.replace_block(index, block);
  open(index, rules, at, exits);
  // After the new ones came into use, so that a peer of both keeps its state.
  for (const Ipv4Address peer : left_peers) paths_.forget(peer);
  timers_.set(path_timer_, paths_.due());
  const Session session = sessions_.session(index);
  for (const Leaving& one : leaving)
    buffers_.close(one.buffer, [&](Packet* packet) {
      if (one.far < 0 || session.fars()[one.far].action == ApplyAction::drop)
        return drop(packet, DropReason::far_drop, exits);
      release(packet, index, session.fars()[one.far], at, exits);
    });
  for (std::size_t i = 0; i < rules.urrs.size(); ++i)
    if (update.query_all_urrs || std::find(update.query_urrs.begin(), update.query_urrs.end(),
                                           rules.urrs[i].id) != update.query_urrs.end()) {
      meter_.report(session, i, UsageReportTrigger::immediate, at);
      meter_.grant(session, i);
    }
}

void Upf::commit_release(Seid seid, ModelTime at, Exits& exits) {
  run_timers(at, exits);
  const SessionIndex index = sessions_.find(seid);
  if (index == SessionTable::none) return;
  const Session session = sessions_.session(index);
  for (std::size_t i = 0; i < session.block->urr_count; ++i)
    meter_.report(session, i, UsageReportTrigger::termination, at);
  for (std::size_t i = 0; i < session.block->far_count; ++i)
    if (session.fars()[i].buffer != FarEntry::no_buffer)
      buffers_.close(session.fars()[i].buffer,
                     [&](Packet* packet) { drop(packet, DropReason::far_drop, exits); });
  if (session.block->pdr_index != SessionBlock::none) indexes_.remove(session.block->pdr_index);
  if (session.block->timer != SessionBlock::none) timers_.give_back(session.block->timer);
  if (session.block->type == PduSessionType::ethernet) ethernet_.remove(index);
  use_paths(session, false, at);
  sessions_.remove(index);
}

}  // namespace kiriko::upf
