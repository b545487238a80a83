// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Counting, thresholds, quotas and their reports.
#include "vnf/upf/usage_meter.hpp"

#include <algorithm>

namespace kiriko::upf {
namespace {

constexpr Direction directions[2]{Direction::uplink, Direction::downlink};
constexpr ModelTime never = ModelTime::never();

struct Octets {
  std::uint64_t by[3];  ///< total, uplink, downlink
};

Octets all_octets(const Session& session, std::size_t urr) noexcept {
  const std::uint64_t uplink = session.bytes(urr, Direction::uplink),
                      downlink = session.bytes(urr, Direction::downlink);
  return {{uplink + downlink, uplink, downlink}};
}

Octets octets_since_report(const Session& session, std::size_t urr) noexcept {
  const UrrState& state = session.urrs()[urr];
  Octets octets = all_octets(session, urr);
  octets.by[0] -= state.base_bytes[0] + state.base_bytes[1];
  octets.by[1] -= state.base_bytes[0];
  octets.by[2] -= state.base_bytes[1];
  return octets;
}

bool reached(const Octets& octets, const std::uint64_t (&limits)[3]) noexcept {
  for (std::size_t i = 0; i < 3; ++i)
    if (octets.by[i] >= limits[i]) return true;
  return false;
}

/// Octets that one direction may count before any limit can be reached, whatever the other one counts.
std::uint64_t room_below(const Octets& octets, const std::uint64_t (&limits)[3],
                         std::size_t direction) noexcept {
  std::uint64_t room = UrrState::unlimited;
  if (limits[0] != UrrState::unlimited)
    room = limits[0] > octets.by[0] ? (limits[0] - octets.by[0] - 1) / 2 : 0;
  const std::uint64_t own = limits[1 + direction], counted = octets.by[1 + direction];
  if (own != UrrState::unlimited) room = std::min(room, own > counted ? own - counted - 1 : 0);
  return room;
}

}  // namespace

void UsageMeter::begin(const Session& session, std::size_t urr, ModelTime now) const noexcept {
  UrrState& state = session.urrs()[urr];
  state.start = now;
  state.first = state.last = never;
  if (UrrTimes* times = session.times_of(state); times != nullptr) {
    times->running_since = times->immediate_start ? now : never;
    times->next_period = times->period.ns > 0 ? now + times->period : never;
  }
}

void UsageMeter::grant(const Session& session, std::size_t urr) const noexcept {
  if (urr != 0) return;
  UrrState& state = session.urrs()[urr];
  const UrrTimes* times = session.times_of(state);
  // Its first packet is to be noted, and so is each after a rest.
  const bool resting =
      state.first == never ||
      (times != nullptr && ((times->measures_duration && times->running_since == never) || !times->traffic));
  for (const Direction direction : directions) {
    const auto d = static_cast<std::size_t>(direction);
    Usage& usage = session.usage(urr, direction);
    const std::uint64_t bytes = session.bytes(urr, direction);
    std::uint64_t room = 0;
    if (!resting && (state.flags & (UrrState::inactive | UrrState::exhausted)) == 0) {
      room = room_below(octets_since_report(session, urr), state.threshold, d);
      if (times != nullptr) room = std::min(room, room_below(all_octets(session, urr), times->quota, d));
      // granted must not wrap round.
      room = std::min(room, UrrState::unlimited - std::min(bytes, UrrState::unlimited));
    }
    usage.room = room;
    state.granted[d] = bytes + room;
  }
}

bool UsageMeter::count(const Session& session, const PdrEntry& pdr, std::uint16_t octets, ModelTime now,
                       bool before_qos) const noexcept {
  bool earlier = false;
  const std::uint16_t* urrs = session.urrs_of(pdr);
  for (std::size_t i = 0; i < pdr.urr_count; ++i) {
    const std::size_t urr = urrs[i];
    UrrState& state = session.urrs()[urr];
    if (((state.flags & UrrState::before_qos) != 0) != before_qos || (state.flags & UrrState::inactive) != 0)
      continue;
    Usage& usage = session.usage(urr, pdr.direction());
    ++usage.packets;
    if (usage.room >= octets)
      usage.room -= octets;
    else
      state.granted[static_cast<std::size_t>(pdr.direction())] += octets;
    const UrrTimes* times = session.times_of(state);
    if (state.first == never) {
      state.first = now;
      earlier = true;
    }
    if (times != nullptr &&
        (!times->traffic || (times->measures_duration && times->running_since == never))) {
      resume(session, urr, now);
      earlier = true;
    }
    state.last = now;
    if (times != nullptr && (state.flags & UrrState::exhausted) == 0 &&
        reached(all_octets(session, urr), times->quota)) {
      exhaust(session, urr, UsageReportTrigger::volume_quota, now);
      earlier = true;
    } else if (reached(octets_since_report(session, urr), state.threshold)) {
      report(session, urr, UsageReportTrigger::volume_threshold, now);
      earlier = true;
    }
    grant(session, urr);
  }
  return earlier;
}

const UrrState* UsageMeter::used_up(const Session& session, const PdrEntry& pdr) const noexcept {
  const std::uint16_t* urrs = session.urrs_of(pdr);
  for (std::size_t i = 0; i < pdr.urr_count; ++i)
    if ((session.urrs()[urrs[i]].flags & UrrState::exhausted) != 0) return session.urrs() + urrs[i];
  return nullptr;
}

void UsageMeter::count_dropped(const Session& session, const PdrEntry& pdr, std::uint16_t octets,
                               ModelTime now) const noexcept {
  if (pdr.direction() != Direction::downlink) return;
  const std::uint16_t* urrs = session.urrs_of(pdr);
  for (std::size_t i = 0; i < pdr.urr_count; ++i) {
    UrrTimes* times = session.times_of(session.urrs()[urrs[i]]);
    if (times == nullptr) continue;
    ++times->dropped_packets;
    times->dropped_bytes += octets;
    if ((times->drop_packets != 0 && times->dropped_packets >= times->drop_packets) ||
        (times->drop_bytes != 0 && times->dropped_bytes >= times->drop_bytes)) {
      report(session, urrs[i], UsageReportTrigger::dropped_dl_traffic_threshold, now);
      grant(session, urrs[i]);
    }
  }
}

void UsageMeter::resume(const Session& session, std::size_t urr, ModelTime now) const noexcept {
  UrrTimes& times = *session.times_of(session.urrs()[urr]);
  if (times.measures_duration && times.running_since == never) times.running_since = now;
  if (times.traffic) return;
  times.traffic = true;
  ++times.events;
  if (times.start_trigger) report(session, urr, UsageReportTrigger::start_of_traffic, now);
  if (!times.measures_events) return;
  if (times.event_quota != 0xffffffffU && times.events + times.events_before >= times.event_quota)
    exhaust(session, urr, UsageReportTrigger::event_quota, now);
  else if (times.event_threshold != 0 && times.events >= times.event_threshold)
    report(session, urr, UsageReportTrigger::event_threshold, now);
}

void UsageMeter::exhaust(const Session& session, std::size_t urr, UsageReportTrigger trigger,
                         ModelTime now) const noexcept {
  session.urrs()[urr].flags |= UrrState::exhausted;
  report(session, urr, trigger, now);
  grant(session, urr);
}

// Clause 5.2.2.4: one URR's report makes those linked to it report as well.
void UsageMeter::report(const Session& session, std::size_t urr, UsageReportTrigger trigger,
                        ModelTime now) const noexcept {
  emit(session, urr, trigger, now);
  for (std::size_t other = 0; other < session.block->urr_count; ++other) {
    if (other == urr || (session.urrs()[other].flags & UrrState::linked) == 0) continue;
    // Which URRs it is linked to stands behind the references, where the PDRs' end.
    const std::uint16_t* linked = session.references() + session.urrs()[other].first_linked;
    for (std::size_t i = 0; i < session.urrs()[other].linked_count; ++i)
      if (linked[i] == urr) {
        emit(session, other, UsageReportTrigger::linked_usage_reporting, now);
        grant(session, other);
      }
  }
}

void UsageMeter::emit(const Session& session, std::size_t urr, UsageReportTrigger trigger,
                      ModelTime now) const noexcept {
  UrrState& state = session.urrs()[urr];
  const Octets octets = octets_since_report(session, urr);
  UsageReport report{.urr = UrrId{state.id},
                     .sequence_number = state.next_sequence_number++,
                     .trigger = trigger,
                     .start = state.start,
                     .end = now,
                     .uplink_bytes = octets.by[1],
                     .downlink_bytes = octets.by[2]};
  std::uint64_t* packets[2]{&report.uplink_packets, &report.downlink_packets};
  for (const Direction direction : directions) {
    const auto d = static_cast<std::size_t>(direction);
    const std::uint64_t counted = session.usage(urr, direction).packets;
    *packets[d] = counted - state.base_packets[d];
  }
  if (state.first != never) {
    report.first_packet = state.first;
    report.last_packet = last_packet(session, urr);
  }
  if (UrrTimes* times = session.times_of(state); times != nullptr) {
    if (times->measures_duration) {
      const Duration counted = measured(*times, now);
      report.duration = counted;
      times->counted_before += counted;
      times->counted = {};
      if (times->running_since != never) times->running_since = std::max(now, times->running_since);
    }
    times->events_before += times->events;
    times->events = 0;
    times->dropped_packets = times->dropped_bytes = 0;
  }
  for (const Direction direction : directions) {
    const auto d = static_cast<std::size_t>(direction);
    state.base_bytes[d] = session.bytes(urr, direction);
    state.base_packets[d] = session.usage(urr, direction).packets;
  }
  state.start = now;
  state.first = state.last = never;
  reports_.push({.at = now, .seid = session.seid(), .content = report});
}

ModelTime UsageMeter::last_packet(const Session& session, std::size_t urr) noexcept {
  const UrrState& state = session.urrs()[urr];
  ModelTime last = state.last == never ? ModelTime{} : state.last;
  if (urr != 0) return last;
  for (const Direction direction : directions) {
    const Lane& lane = session.lane(direction);
    if (lane.kind != Lane::Kind::by_rules &&
        lane.usage.packets != state.base_packets[static_cast<std::size_t>(direction)])
      last = std::max(last, lane.bucket.last());
  }
  return last;
}

ModelTime UsageMeter::last_activity(const Session& session) noexcept {
  ModelTime last = session.block->last_packet;
  for (const Direction direction : directions)
    if (session.lane(direction).kind != Lane::Kind::by_rules)
      last = std::max(last, session.lane(direction).bucket.last());
  return last;
}

Duration UsageMeter::measured(const UrrTimes& times, ModelTime now) noexcept {
  return times.running_since == never || now < times.running_since
             ? times.counted
             : times.counted + (now - times.running_since);
}

ModelTime UsageMeter::next_due(const Session& session) const noexcept {
  ModelTime due = never;
  for (std::size_t i = 0; i < session.block->times_count; ++i)
    due = std::min(due, next_due(session, session.times()[i]));
  if (session.block->inactivity.ns > 0)
    due = std::min(due, last_activity(session) + session.block->inactivity);
  return due;
}

ModelTime UsageMeter::next_due(const Session& session, const UrrTimes& times) const noexcept {
  const UrrState& state = session.urrs()[times.urr];
  if ((state.flags & UrrState::inactive) != 0) return times.monitoring_time;
  ModelTime due = std::min(times.next_period, times.monitoring_time);
  const bool exhausted = (state.flags & UrrState::exhausted) != 0;
  if (times.running_since != never) {
    if (times.threshold.ns > 0) due = std::min(due, times.running_since + (times.threshold - times.counted));
    if (times.quota_time.ns >= 0 && !exhausted)
      due = std::min(due, times.running_since + (times.quota_time - times.counted - times.counted_before));
    if (times.inactivity.ns > 0)
      due = std::min(due, std::max(last_packet(session, times.urr), times.running_since) + times.inactivity);
  }
  if (times.traffic) {
    const ModelTime last = std::max(last_packet(session, times.urr), state.start);
    if (times.holding.ns > 0 && !exhausted) due = std::min(due, last + times.holding);
    if (times.start_trigger || times.stop_trigger || times.measures_events)
      due = std::min(due, last + idle_time(times));
  }
  return due;
}

void UsageMeter::on_time(const Session& session, ModelTime now) const noexcept {
  for (std::size_t i = 0; i < session.block->times_count; ++i) {
    UrrTimes& times = session.times()[i];
    if (next_due(session, times) <= now) {
      on_time(session, times, now);
      grant(session, times.urr);
    }
  }
  if (session.block->inactivity.ns > 0 && last_activity(session) + session.block->inactivity <= now) {
    reports_.push({.at = now, .seid = session.seid(), .content = InactivityReport{}});
    session.block->last_packet = now;
  }
}

void UsageMeter::on_time(const Session& session, UrrTimes& times, ModelTime now) const noexcept {
  const std::size_t urr = times.urr;
  UrrState& state = session.urrs()[urr];
  const ModelTime last = std::max(last_packet(session, urr), state.start);
  const bool exhausted = (state.flags & UrrState::exhausted) != 0;
  // Clause 8.2.36: without a packet for the inactivity detection time the duration stands still.
  if (times.running_since != never && times.inactivity.ns > 0 &&
      std::max(last, times.running_since) + times.inactivity <= now) {
    times.counted = measured(times, now);
    times.running_since = never;
  }
  if (times.traffic && (times.start_trigger || times.stop_trigger || times.measures_events) &&
      last + idle_time(times) <= now) {
    times.traffic = false;
    if (times.stop_trigger) report(session, urr, UsageReportTrigger::stop_of_traffic, now);
  }
  if (times.traffic && times.holding.ns > 0 && !exhausted && last + times.holding <= now) {
    times.traffic = false;
    exhaust(session, urr, UsageReportTrigger::quota_holding_time, now);
  }
  if (times.quota_time.ns >= 0 && (state.flags & UrrState::exhausted) == 0 &&
      measured(times, now) + times.counted_before >= times.quota_time)
    exhaust(session, urr, UsageReportTrigger::time_quota, now);
  if (times.threshold.ns > 0 && measured(times, now) >= times.threshold)
    report(session, urr, UsageReportTrigger::time_threshold, now);
  if (times.monitoring_time <= now) {
    times.monitoring_time = never;
    report(session, urr, UsageReportTrigger::monitoring_time, now);
    // Clause 5.2.2.2.1: from now on the subsequent thresholds and quotas hold, where there are some.
    for (std::size_t i = 0; i < 3; ++i)
      if (times.next_threshold[i] != UrrState::unlimited) state.threshold[i] = times.next_threshold[i];
    if (times.next_time_threshold.ns > 0) times.threshold = times.next_time_threshold;
    if (times.next_time_quota.ns >= 0) {
      times.quota_time = times.next_time_quota;
      times.counted_before = {};
      state.flags &= static_cast<std::uint8_t>(~UrrState::exhausted);
    }
    if (times.has_next_quota) {
      const Octets counted = all_octets(session, urr);
      for (std::size_t i = 0; i < 3; ++i)
        times.quota[i] = times.next_quota[i] == UrrState::unlimited ? UrrState::unlimited
                                                                    : counted.by[i] + times.next_quota[i];
      state.flags &= static_cast<std::uint8_t>(~UrrState::exhausted);
    }
  }
  if (times.next_period <= now) {
    report(session, urr, UsageReportTrigger::periodic, now);
    times.next_period = now + times.period;
  }
}

}  // namespace kiriko::upf
