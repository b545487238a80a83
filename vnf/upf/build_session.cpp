// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The layout and the filling of session blocks.
#include "vnf/upf/build_session.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <tuple>

#include "vnf/upf/rules_archive.hpp"
#include "vnf/upf/session_table.hpp"

namespace kiriko::upf {
namespace {

/// The index of each rule by its id.
template <class Rule>
class IndexById {
 public:
  explicit IndexById(const std::vector<Rule>& rules) {
    for (std::size_t i = 0; i < rules.size(); ++i)
      index_.emplace_back(rules[i].id, static_cast<std::uint16_t>(i));
    std::sort(index_.begin(), index_.end());
  }
  std::uint16_t operator()(decltype(Rule::id) id) const {
    return std::lower_bound(index_.begin(), index_.end(), std::pair{id, std::uint16_t{0}})->second;
  }

 private:
  std::vector<std::pair<decltype(Rule::id), std::uint16_t>> index_;
};

template <class Entry, class Id>
int position(const Entry* entries, std::size_t count, Id id) {
  for (std::size_t i = 0; i < count; ++i)
    if (entries[i].id == id.value) return static_cast<int>(i);
  return -1;
}

std::size_t ports_of(const std::vector<SdfFilter>& filters) {
  std::size_t count = 0;
  for (const SdfFilter& filter : filters) count += filter.remote_ports.size() + filter.local_ports.size();
  return count;
}

/// An Ethernet PDR's filters; SDF filters beside them are those of one more that asks for nothing else.
std::vector<EthernetPacketFilter> ethernet_filters_of(const PacketDetectionInformation& pdi) {
  std::vector<EthernetPacketFilter> filters = pdi.ethernet_filters;
  if (!pdi.sdf_filters.empty()) {
    EthernetPacketFilter wrapped;
    wrapped.sdf_filters = pdi.sdf_filters;
    filters.push_back(wrapped);
  }
  return filters;
}

bool has_times(const UsageReportingRule& urr) {
  const ReportingTriggers& on = urr.triggers;
  return urr.method.duration || urr.method.event || on.periodic || on.time_threshold || on.time_quota ||
         on.quota_holding_time || on.start_of_traffic || on.stop_of_traffic ||
         on.dropped_dl_traffic_threshold || on.event_threshold || on.event_quota ||
         (on.volume_quota && urr.volume_quota) || urr.monitoring_time;
}

void set_limits(std::uint64_t (&limits)[3], const VolumeLimits* asked, bool zero_is_none = true) {
  const Bytes values[3]{asked == nullptr ? Bytes{} : asked->total, asked == nullptr ? Bytes{} : asked->uplink,
                        asked == nullptr ? Bytes{} : asked->downlink};
  const bool all_zero = values[0].count == 0 && values[1].count == 0 && values[2].count == 0;
  for (std::size_t i = 0; i < 3; ++i)
    limits[i] = values[i].count == 0 ? UrrState::unlimited : static_cast<std::uint64_t>(values[i].count);
  if (asked != nullptr && all_zero && !zero_is_none) limits[0] = 0;
}

std::size_t aligned(std::size_t at, std::size_t alignment) {
  return (at + alignment - 1) / alignment * alignment;
}

/// Writes the parts of a block whose lengths vary, one behind the other.
class BlockWriter {
 public:
  BlockWriter(const Session& session, const PduSessionRules& rules, ModelTime now)
      : session_(session),
        rules_(rules),
        now_(now),
        fars_(rules.fars),
        qers_(rules.qers),
        urrs_(rules.urrs) {}

  void write_pdr(PdrEntry& pdr, const PacketDetectionRule& rule, std::uint8_t instance) {
    const PacketDetectionInformation& pdi = rule.pdi;
    pdr.id = rule.id.value;
    pdr.teid = pdi.local_f_teid ? pdi.local_f_teid->teid.value : 0;
    pdr.ue_address = pdi.ue_ip_address ? pdi.ue_ip_address->value : 0;
    pdr.ue_prefix = pdi.ue_ipv6_prefix ? prefix(*pdi.ue_ipv6_prefix) : std::uint16_t{0};
    pdr.qfis = pdi.qfis.empty() ? PdrEntry::all_qfis : 0;
    for (const Qfi qfi : pdi.qfis) pdr.qfis |= std::uint64_t{1} << (qfi.value & 0x3fU);
    // No application's filters are known here: such a PDR matches no packet.
    if (!pdi.application_id.empty()) pdr.qfis = 0;
    pdr.source = pdi.source_interface;
    pdr.instance = instance;
    pdr.far = fars_(rule.far);
    pdr.first_reference = references_at_;
    for (const QerId id : rule.qers) session_.references()[references_at_++] = qers_(id);
    for (const UrrId id : rule.urrs) session_.references()[references_at_++] = urrs_(id);
    pdr.qer_count = static_cast<std::uint8_t>(rule.qers.size());
    pdr.urr_count = static_cast<std::uint8_t>(rule.urrs.size());
    if (rules_.type == PduSessionType::ethernet) {
      pdr.first_filter = ethernet_at_;
      const auto filters = ethernet_filters_of(pdi);
      pdr.filter_count = static_cast<std::uint16_t>(filters.size());
      for (const auto& filter : filters) write_ethernet(session_.ethernet_filters()[ethernet_at_++], filter);
    } else {
      pdr.first_filter = write_filters(pdi.sdf_filters);
      pdr.filter_count = static_cast<std::uint16_t>(pdi.sdf_filters.size());
    }
    digest_qers(pdr);
  }

  void write_urr(std::size_t index, const UsageReportingRule& rule) {
    UrrState& state = session_.urrs()[index];
    state.id = rule.id.value;
    state.times = UrrState::no_times;
    state.quota_far = rule.quota_far ? fars_(*rule.quota_far) : UrrState::no_far;
    state.flags = static_cast<std::uint8_t>((rule.measure_before_qos ? UrrState::before_qos : 0U) |
                                            (rule.inactive_measurement ? UrrState::inactive : 0U));
    if (rule.triggers.linked_usage_reporting && !rule.linked.empty()) {
      state.flags |= UrrState::linked;
      state.first_linked = references_at_;
      state.linked_count = static_cast<std::uint16_t>(rule.linked.size());
      for (const UrrId id : rule.linked) session_.references()[references_at_++] = urrs_(id);
    }
    set_limits(state.threshold, rule.triggers.volume_threshold ? &rule.volume_threshold : nullptr);
    if (!has_times(rule)) return;
    state.times = static_cast<std::uint16_t>(times_at_);
    UrrTimes& times = session_.times()[times_at_++];
    times.urr = static_cast<std::uint32_t>(index);
    write_times(times, rule);
    if (times.quota[0] == 0 || times.quota_time.ns == 0 || times.event_quota == 0)
      state.flags |= UrrState::exhausted;
  }

 private:
  void write_times(UrrTimes& times, const UsageReportingRule& rule) {
    const ReportingTriggers& on = rule.triggers;
    set_limits(times.quota, on.volume_quota && rule.volume_quota ? &*rule.volume_quota : nullptr, false);
    times.measures_duration = rule.method.duration;
    times.measures_events = rule.method.event;
    times.immediate_start = rule.immediate_start_metering;
    times.start_trigger = on.start_of_traffic;
    times.stop_trigger = on.stop_of_traffic;
    times.period = on.periodic ? rule.measurement_period : Duration{};
    times.threshold = on.time_threshold && rule.method.duration ? rule.time_threshold : Duration{};
    times.quota_time =
        on.time_quota && rule.method.duration ? rule.time_quota.value_or(Duration{-1}) : Duration{-1};
    times.holding = on.quota_holding_time ? rule.quota_holding_time : Duration{};
    times.inactivity = rule.inactivity_detection_time;
    if (on.dropped_dl_traffic_threshold) {
      times.drop_packets = rule.dropped_dl_traffic_threshold.packets;
      times.drop_bytes = static_cast<std::uint64_t>(rule.dropped_dl_traffic_threshold.octets.count);
    }
    times.event_threshold = on.event_threshold ? rule.event_threshold : 0;
    times.event_quota = on.event_quota ? rule.event_quota.value_or(0xffffffffU) : 0xffffffffU;
    times.next_period = times.running_since = ModelTime::never();
    times.monitoring_time =
        rule.monitoring_time && *rule.monitoring_time > now_ ? *rule.monitoring_time : ModelTime::never();
    set_limits(times.next_threshold, on.volume_threshold ? &rule.subsequent_volume_threshold : nullptr);
    times.next_time_threshold =
        on.time_threshold && rule.method.duration ? rule.subsequent_time_threshold : Duration{};
    times.next_time_quota = on.time_quota && rule.method.duration
                                ? rule.subsequent_time_quota.value_or(Duration{-1})
                                : Duration{-1};
    times.has_next_quota = on.volume_quota && rule.subsequent_volume_quota.has_value();
    set_limits(times.next_quota, times.has_next_quota ? &*rule.subsequent_volume_quota : nullptr, false);
  }

  std::uint32_t write_filters(const std::vector<SdfFilter>& filters) {
    const std::uint32_t first = filters_at_;
    for (const SdfFilter& filter : filters) write_filter(session_.filters()[filters_at_++], filter);
    return first;
  }
  void write_filter(FilterEntry& entry, const SdfFilter& filter) {
    entry.remote_version = write_range(entry.remote, filter.remote);
    entry.local_version = write_range(entry.local, filter.local);
    entry.first_range = ranges_at_;
    entry.remote_ranges = write_ports(filter.remote_ports);
    entry.local_ranges = write_ports(filter.local_ports);
    const auto condition = [&entry](std::uint8_t bit, bool asked) {
      if (asked) entry.conditions |= bit;
    };
    condition(FilterEntry::has_protocol, filter.protocol.has_value());
    condition(FilterEntry::has_traffic_class, filter.tos_traffic_class.has_value());
    condition(FilterEntry::has_spi, filter.security_parameter_index.has_value());
    condition(FilterEntry::has_flow_label, filter.flow_label.has_value());
    entry.protocol = filter.protocol.value_or(0);
    const MaskedOctet traffic_class = filter.tos_traffic_class.value_or(MaskedOctet{0, 0});
    entry.traffic_class = traffic_class.value;
    entry.traffic_class_mask = traffic_class.mask;
    entry.spi = filter.security_parameter_index.value_or(0);
    entry.flow_label = filter.flow_label.value_or(0);
  }
  static std::uint8_t write_range(PrefixEntry& entry, const AddressRange& range) {
    if (const auto* v4 = std::get_if<Ipv4Prefix>(&range)) {
      entry = {WideAddress::of(v4->network().address), {0, v4->mask()}};
      return 4;
    }
    if (const auto* v6 = std::get_if<Ipv6Prefix>(&range)) {
      entry = {WideAddress::of(v6->network().address), WideAddress::of(v6->mask())};
      return 6;
    }
    return 0;
  }
  std::uint16_t write_ports(const std::vector<SdfPortRange>& ports) {
    std::copy(ports.begin(), ports.end(), session_.ranges() + ranges_at_);
    ranges_at_ += static_cast<std::uint32_t>(ports.size());
    return static_cast<std::uint16_t>(ports.size());
  }
  void write_ethernet(EthernetFilterEntry& entry, const EthernetPacketFilter& filter) {
    using Entry = EthernetFilterEntry;
    entry.first_mac = macs_at_;
    for (const auto* list : {&filter.sources, &filter.destinations}) {
      std::copy(list->begin(), list->end(), session_.macs() + macs_at_);
      macs_at_ += static_cast<std::uint32_t>(list->size());
    }
    entry.sources = static_cast<std::uint16_t>(filter.sources.size());
    entry.destinations = static_cast<std::uint16_t>(filter.destinations.size());
    entry.type = filter.ether_type.value_or(0);
    entry.conditions = static_cast<std::uint8_t>(
        (filter.ether_type ? Entry::has_type : 0U) | (filter.c_tag ? Entry::has_c_tag : 0U) |
        (filter.s_tag ? Entry::has_s_tag : 0U) | (filter.bidirectional ? Entry::bidirectional : 0U));
    if (filter.c_tag) entry.c_tag = tag(*filter.c_tag);
    if (filter.s_tag) entry.s_tag = tag(*filter.s_tag);
    entry.first_filter = write_filters(filter.sdf_filters);
    entry.filter_count = static_cast<std::uint16_t>(filter.sdf_filters.size());
  }
  static EthernetFilterEntry::Tag tag(const VlanFilter& filter) {
    using Entry = EthernetFilterEntry;
    return {.id = filter.id.value_or(0),
            .priority = filter.priority.value_or(0),
            .drop_eligible = static_cast<std::uint8_t>(filter.drop_eligible.value_or(false)),
            .conditions = static_cast<std::uint8_t>((filter.id ? Entry::has_id : 0U) |
                                                    (filter.priority ? Entry::has_priority : 0U) |
                                                    (filter.drop_eligible ? Entry::has_drop_eligible : 0U))};
  }
  std::uint16_t prefix(const Ipv6Prefix& asked) {
    const auto [it, is_new] =
        prefixes_.emplace(asked.network(), static_cast<std::uint16_t>(prefixes_.size()));
    if (is_new)
      session_.prefixes()[it->second] = {WideAddress::of(asked.network().address),
                                         WideAddress::of(asked.mask())};
    return static_cast<std::uint16_t>(it->second + 1);
  }
  void digest_qers(PdrEntry& pdr) {
    pdr.qfi_mark = PdrEntry::any_qfi;
    for (std::size_t i = 0; i < pdr.qer_count; ++i) {
      const QosEnforcementRule& qer = rules_.qers[session_.qers_of(pdr)[i]];
      if (pdr.qfi_mark == PdrEntry::any_qfi && qer.qfi) pdr.qfi_mark = qer.qfi->value;
      if ((pdr.direction() == Direction::uplink ? qer.uplink_gate : qer.downlink_gate) == GateStatus::closed)
        pdr.flags |= PdrEntry::gate_closed;
      if (qer.reflective_qos) pdr.flags |= PdrEntry::reflective_qos;
    }
  }

  const Session& session_;
  const PduSessionRules& rules_;
  ModelTime now_;
  IndexById<ForwardingActionRule> fars_;
  IndexById<QosEnforcementRule> qers_;
  IndexById<UsageReportingRule> urrs_;
  std::map<Ipv6Prefix, std::uint16_t> prefixes_;
  std::uint32_t references_at_{}, filters_at_{}, ranges_at_{}, ethernet_at_{}, macs_at_{};
  std::size_t times_at_{};
};

/// The direction's PDR if it has only that one, which matches whatever the tables lead to it, and enforces and
/// counts with nothing but what the lane has.
const PdrEntry* plain_pdr(const Session& session, Direction direction) {
  const std::uint32_t tunnelled = session.block->tunnelled_count;
  const bool uplink = direction == Direction::uplink;
  if ((uplink ? tunnelled : session.block->pdr_count - tunnelled) != 1) return nullptr;
  const PdrEntry& only = session.pdrs()[uplink ? 0 : tunnelled];
  if (only.direction() != direction || only.source == SourceInterface::vn_internal || only.instance != 0)
    return nullptr;
  if (only.filter_count != 0 || only.qfis != PdrEntry::all_qfis) return nullptr;
  if ((only.flags & PdrEntry::gate_closed) != 0) return nullptr;
  // Lanes carry IPv4. On N6 an IPv6 packet never comes to one; from a tunnel the UE's address must be asked for.
  if (session.block->type == PduSessionType::ethernet) return nullptr;
  // A first QER or URR that is another PDR's has its state in the lane.
  if (only.qer_count != (session.block->qer_count != 0 ? 1 : 0) ||
      (only.qer_count == 1 && session.qers_of(only)[0] != 0))
    return nullptr;
  if (only.urr_count != (session.block->urr_count != 0 ? 1 : 0) ||
      (only.urr_count == 1 && session.urrs_of(only)[0] != 0))
    return nullptr;
  return &only;
}

void choose_lane(const Session& session, Direction direction) {
  Lane& lane = session.lane(direction);
  lane.kind = Lane::Kind::by_rules;
  lane.slice = session.block->slice;
  if (session.block->urr_count == 0) lane.usage.room = UrrState::unlimited;
  const PdrEntry* pdr = plain_pdr(session, direction);
  if (pdr == nullptr) return;
  const FarEntry& far = session.fars()[pdr->far];
  if (far.action != ApplyAction::forward || far.flags != 0) return;
  lane.qfi_mark = pdr->qfi_mark;
  lane.port = far.port;
  if (direction == Direction::uplink && far.teid == 0 &&
      (far.destination == DestinationInterface::core || far.destination == DestinationInterface::n6_lan)) {
    if (pdr->ue_address == 0 && pdr->ue_prefix != 0) return;  // no IPv4 packet matches
    lane.kind = Lane::Kind::to_core;
    lane.address = pdr->ue_address;
  } else if (direction == Direction::downlink && far.destination == DestinationInterface::access &&
             far.teid != 0) {
    lane.kind = Lane::Kind::to_access;
    lane.address = far.peer;
    lane.teid = far.teid;
    lane.dscp = far.dscp;
    lane.qfi_flags = (pdr->flags & PdrEntry::reflective_qos) != 0 ? std::uint8_t{0x40} : std::uint8_t{0};
  }
}

/// Tunnelled PDRs first, then by precedence, then by id.
std::vector<const PacketDetectionRule*> in_match_order(const std::vector<PacketDetectionRule>& pdrs) {
  std::vector<const PacketDetectionRule*> order;
  for (const auto& pdr : pdrs) order.push_back(&pdr);
  std::sort(order.begin(), order.end(), [](const PacketDetectionRule* a, const PacketDetectionRule* b) {
    const bool a_plain = !a->pdi.local_f_teid, b_plain = !b->pdi.local_f_teid;
    return std::tie(a_plain, a->precedence, a->id) < std::tie(b_plain, b->precedence, b->id);
  });
  return order;
}

}  // namespace

SessionPlan::SessionPlan(const PduSessionRules& given) : rules(given), archive(write_rules(given)) {
  std::vector<Ipv6Prefix> distinct;
  for (const auto& pdr : rules.pdrs) {
    const PacketDetectionInformation& pdi = pdr.pdi;
    if (pdi.ue_ipv6_prefix) distinct.push_back(pdi.ue_ipv6_prefix->network());
    references += pdr.qers.size() + pdr.urrs.size();
    filters += pdi.sdf_filters.size();
    ranges += ports_of(pdi.sdf_filters);
    if (rules.type != PduSessionType::ethernet) continue;
    ethernet_filters += pdi.ethernet_filters.size() + (pdi.sdf_filters.empty() ? 0 : 1);
    for (const auto& filter : pdi.ethernet_filters) {
      macs += filter.sources.size() + filter.destinations.size();
      filters += filter.sdf_filters.size();
      ranges += ports_of(filter.sdf_filters);
    }
  }
  std::sort(distinct.begin(), distinct.end());
  prefixes = static_cast<std::size_t>(std::unique(distinct.begin(), distinct.end()) - distinct.begin());
  for (const auto& far : rules.fars) duplicates += far.duplicate ? far.duplicating.size() : 0;
  for (const auto& urr : rules.urrs) {
    times += has_times(urr) ? 1 : 0;
    references += urr.linked.size();
  }

  std::size_t at = sizeof(SessionBlock) + rules.pdrs.size() * sizeof(PdrEntry);
  const auto part = [&at](std::uint32_t& begin, std::size_t alignment, std::size_t octets) {
    at = aligned(at, alignment);
    begin = static_cast<std::uint32_t>(at);
    at += octets;
  };
  SessionBlock& b = layout_;
  part(b.references_at, 2, references * sizeof(std::uint16_t));
  part(b.fars_at, 4, (rules.fars.size() + duplicates) * sizeof(FarEntry));
  // The first of each lies in the lanes.
  const std::size_t more_qers = rules.qers.empty() ? 0 : rules.qers.size() - 1;
  const std::size_t more_urrs = rules.urrs.empty() ? 0 : rules.urrs.size() - 1;
  part(b.buckets_at, 8, more_qers * 2 * sizeof(TokenBucket) + more_urrs * 2 * sizeof(Usage));
  part(b.urrs_at, 8, rules.urrs.size() * sizeof(UrrState));
  part(b.times_at, 8, times * sizeof(UrrTimes));
  part(b.prefixes_at, 8, prefixes * sizeof(PrefixEntry));
  part(b.filters_at, 8, filters * sizeof(FilterEntry));
  part(b.ethernet_at, 4, ethernet_filters * sizeof(EthernetFilterEntry));
  part(b.ranges_at, 2, ranges * sizeof(SdfPortRange));
  part(b.macs_at, 1, macs * sizeof(MacAddressRange));
  part(b.qers_at, 4, rules.qers.size() * sizeof(QerEntry));
  part(b.bars_at, 8, rules.bars.size() * sizeof(BarEntry));
  part(b.archive_at, 1, archive.size());
  lines = aligned(at, SessionTable::line_size) / SessionTable::line_size;
}

void build_session(const Session& session, const SessionPlan& plan, Duration mbr_burst, ModelTime now,
                   const std::function<FarEntry(const ForwardingActionRule&)>& far_entry,
                   const std::function<std::uint8_t(const std::string&)>& instance_of) {
  const PduSessionRules& rules = plan.rules;
  SessionBlock& block = *session.block;
  block = plan.layout_;
  block.seid = rules.seid.value;
  block.lines = static_cast<std::uint32_t>(plan.lines);
  block.pdr_count = static_cast<std::uint32_t>(rules.pdrs.size());
  block.pdr_index = block.timer = SessionBlock::none;
  block.far_count = static_cast<std::uint16_t>(rules.fars.size());
  block.duplicate_count = static_cast<std::uint16_t>(plan.duplicates);
  block.qer_count = static_cast<std::uint16_t>(rules.qers.size());
  block.urr_count = static_cast<std::uint16_t>(rules.urrs.size());
  block.times_count = static_cast<std::uint16_t>(plan.times);
  block.prefix_count = static_cast<std::uint16_t>(plan.prefixes);
  block.bar_count = static_cast<std::uint8_t>(rules.bars.size());
  block.slice = rules.slice.value;
  block.type = rules.type;
  block.inactivity = rules.user_plane_inactivity;
  block.last_packet = now;
  block.archive_size = static_cast<std::uint32_t>(plan.archive.size());
  std::memcpy(session.archive(), plan.archive.data(), plan.archive.size());

  std::size_t copies = rules.fars.size();
  for (std::size_t i = 0; i < rules.fars.size(); ++i) {
    const ForwardingActionRule& rule = rules.fars[i];
    FarEntry& far = session.fars()[i];
    far = far_entry(rule);
    if (!rule.duplicate) continue;
    far.first_duplicate = static_cast<std::uint16_t>(copies);
    far.duplicate_count = static_cast<std::uint8_t>(rule.duplicating.size());
    for (const DuplicatingParameters& copy : rule.duplicating)
      session.fars()[copies++] = far_entry({.id = rule.id,
                                            .destination_interface = copy.destination_interface,
                                            .outer_header_creation = copy.outer_header_creation,
                                            .dscp = copy.dscp});
  }
  for (std::size_t i = 0; i < rules.qers.size(); ++i) {
    const QosEnforcementRule& rule = rules.qers[i];
    session.qers()[i] = {
        .id = rule.id.value, .session_ambr = static_cast<std::uint8_t>(rule.session_ambr), .unused = {}};
    session.bucket(i, Direction::uplink) = TokenBucket(rule.maximum_bit_rate.uplink, mbr_burst, now);
    session.bucket(i, Direction::downlink) = TokenBucket(rule.maximum_bit_rate.downlink, mbr_burst, now);
  }
  for (std::size_t i = 0; i < rules.bars.size(); ++i)
    session.bars()[i] = {.delay = rules.bars[i].notification_delay,
                         .packets = rules.bars[i].suggested_buffering_packets.value_or(0),
                         .id = rules.bars[i].id.value};
  BlockWriter writer(session, rules, now);
  std::size_t at = 0;
  for (const PacketDetectionRule* rule : in_match_order(rules.pdrs)) {
    if (rule->pdi.local_f_teid) ++block.tunnelled_count;
    writer.write_pdr(session.pdrs()[at++], *rule, instance_of(rule->pdi.network_instance));
  }
  for (std::size_t i = 0; i < rules.urrs.size(); ++i) writer.write_urr(i, rules.urrs[i]);
}

void choose_lanes(const Session& session) {
  choose_lane(session, Direction::uplink);
  choose_lane(session, Direction::downlink);
}

PduSessionRules rules_of(const Session& session) {
  return read_rules(session.archive(), session.block->archive_size);
}

int far_index(const Session& session, FarId id) {
  return position(session.fars(), session.block->far_count, id);
}
int qer_index(const Session& session, QerId id) {
  return position(session.qers(), session.block->qer_count, id);
}
int urr_index(const Session& session, UrrId id) {
  return position(session.urrs(), session.block->urr_count, id);
}
int bar_index(const Session& session, BarId id) {
  return position(session.bars(), session.block->bar_count, id);
}

std::uint64_t prefix_key(const Ipv6Address& address, std::uint8_t length) {
  const Ipv6Address network = Ipv6Prefix{address, length}.network().address;
  std::uint64_t h = network.half(0) * 0x9e3779b97f4a7c15ULL;
  h = (h ^ (h >> 32) ^ network.half(1)) * 0xbf58476d1ce4e5b9ULL;
  h = (h ^ (h >> 29) ^ length) * 0x94d049bb133111ebULL;
  h ^= h >> 32;
  return h == 0 ? 1 : h;
}

}  // namespace kiriko::upf
