// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// IEs of rules (TS 29.244 clauses 7.5.2 and 7.5.4).
#include "controller/smf/n4_rules.hpp"

#include <algorithm>

#include "core/pfcp/flow_description.hpp"

namespace kiriko::smf {
namespace {

constexpr std::int64_t notification_delay_unit_ns = 50'000'000;  // clause 8.2.28

pfcp::SourceInterface source(SourceInterface interface) {
  return static_cast<pfcp::SourceInterface>(interface);  // the same numbers, clause 8.2.2
}

/// 5G VN internal has another number as a destination (clause 8.2.24).
pfcp::DestinationInterface destination(DestinationInterface interface) {
  if (interface == DestinationInterface::vn_internal) return pfcp::DestinationInterface::vn_internal_5g;
  return static_cast<pfcp::DestinationInterface>(interface);
}

std::optional<pfcp::NetworkInstance> network_instance(const std::string& name) {
  if (name.empty()) return std::nullopt;
  return pfcp::NetworkInstance{pfcp::labels_of(name)};
}

pfcp::AddressMatch wire(const AddressRange& range, const pfcp::AddressMatch& if_any) {
  if (const auto* v4 = std::get_if<Ipv4Prefix>(&range)) return {.addresses = *v4};
  if (const auto* v6 = std::get_if<Ipv6Prefix>(&range)) return {.addresses = *v6};
  return if_any;
}

std::vector<pfcp::PortRange> wire(const std::vector<SdfPortRange>& ranges) {
  std::vector<pfcp::PortRange> ports;
  for (const SdfPortRange& range : ranges) ports.push_back({range.low, range.high});
  return ports;
}

pfcp::TosTrafficClass dscp_marking(std::uint8_t dscp) { return {static_cast<std::uint8_t>(dscp << 2), 0xfc}; }

pfcp::SdfFilter wire(const SdfFilter& filter) {
  pfcp::FlowDescription flow;
  flow.protocol = filter.protocol;
  flow.source = wire(filter.remote, {.addresses = pfcp::AnyAddress{}});
  flow.source_ports = wire(filter.remote_ports);
  flow.destination = wire(filter.local, {.addresses = pfcp::AssignedAddress{}});
  flow.destination_ports = wire(filter.local_ports);
  pfcp::SdfFilter sdf;
  sdf.flow_description = to_string(flow);
  if (filter.tos_traffic_class)
    sdf.tos_traffic_class =
        pfcp::TosTrafficClass{filter.tos_traffic_class->value, filter.tos_traffic_class->mask};
  if (filter.security_parameter_index)
    sdf.security_parameter_index = pfcp::SecurityParameterIndex{*filter.security_parameter_index};
  if (filter.flow_label) sdf.flow_label = pfcp::FlowLabel{*filter.flow_label};
  if (filter.filter_id) sdf.sdf_filter_id = pfcp::SdfFilterId{*filter.filter_id};
  return sdf;
}

pfcp::LocalFTeid wire(const FTeid& f_teid) {
  if (f_teid.teid == Teid{})
    return pfcp::ChooseFTeid{.ipv4 = true, .ipv6 = false, .choose_id = uplink_choose_id};
  return pfcp::FTeid{.teid = f_teid.teid, .ipv4 = f_teid.address, .ipv6 = std::nullopt};
}

pfcp::Pdi wire(const PacketDetectionInformation& information) {
  pfcp::Pdi pdi;
  pdi.source_interface = source(information.source_interface);
  if (information.local_f_teid) pdi.local_f_teid = wire(*information.local_f_teid);
  pdi.network_instance = network_instance(information.network_instance);
  if (information.ue_ip_address || information.ue_ipv6_prefix) {
    pfcp::UeIpAddress ue;
    ue.ipv4 = information.ue_ip_address;
    if (information.ue_ipv6_prefix) ue.ipv6 = information.ue_ipv6_prefix->address;
    ue.destination = information.source_interface != SourceInterface::access;
    pdi.ue_ip_addresses.push_back(ue);
  }
  for (const SdfFilter& filter : information.sdf_filters) pdi.sdf_filters.push_back(wire(filter));
  if (!information.application_id.empty())
    pdi.application_id = pfcp::ApplicationId{information.application_id};
  for (const Qfi qfi : information.qfis) pdi.qfis.push_back({qfi});
  return pdi;
}

pfcp::OuterHeaderRemoval gtpu_removal() {
  return {.description = pfcp::OuterHeaderRemoval::Description::gtpu_udp_ip, .extension_header_deletion = {}};
}

pfcp::CreatePdr wire(const PacketDetectionRule& rule) {
  pfcp::CreatePdr pdr;
  pdr.pdr_id = rule.id;
  pdr.precedence = Precedence{rule.precedence};
  pdr.pdi = wire(rule.pdi);
  if (rule.outer_header_removal) pdr.outer_header_removal = gtpu_removal();
  pdr.far_id = rule.far;
  pdr.urr_ids = rule.urrs;
  pdr.qer_ids = rule.qers;
  return pdr;
}

pfcp::UpdatePdr wire(const PacketDetectionRuleUpdate& update) {
  pfcp::UpdatePdr pdr;
  pdr.pdr_id = update.id;
  if (update.precedence) pdr.precedence = Precedence{*update.precedence};
  if (update.pdi) pdr.pdi = wire(*update.pdi);
  if (update.outer_header_removal) {
    if (*update.outer_header_removal)
      pdr.outer_header_removal = gtpu_removal();
    else
      pdr.removed.push_back(pfcp::IeType::outer_header_removal);
  }
  pdr.far_id = update.far;
  if (update.qers) {
    pdr.qer_ids = *update.qers;
    if (update.qers->empty()) pdr.removed.push_back(pfcp::IeType::qer_id);
  }
  if (update.urrs) {
    pdr.urr_ids = *update.urrs;
    if (update.urrs->empty()) pdr.removed.push_back(pfcp::IeType::urr_id);
  }
  return pdr;
}

pfcp::ApplyAction wire(ApplyAction action, bool notify_cp, bool duplicate) {
  pfcp::ApplyAction flags;
  flags.drop = action == ApplyAction::drop;
  flags.forw = action == ApplyAction::forward;
  flags.buff = action == ApplyAction::buffer;
  flags.nocp = notify_cp && flags.buff;  // beside BUFF only (clause 8.2.26)
  flags.dupl = duplicate;
  return flags;
}

pfcp::BarId wire(BarId id) { return pfcp::BarId{id.value}; }

pfcp::CreateFar wire(const ForwardingActionRule& rule) {
  pfcp::CreateFar far;
  far.far_id = rule.id;
  far.apply_action = wire(rule.action, rule.notify_cp, rule.duplicate);
  if (rule.action != ApplyAction::drop) {
    pfcp::ForwardingParameters parameters;
    parameters.destination_interface = destination(rule.destination_interface);
    parameters.network_instance = network_instance(rule.network_instance);
    if (rule.outer_header_creation)
      parameters.outer_header_creation = pfcp::OuterHeaderCreation::gtpu(rule.outer_header_creation->teid,
                                                                         rule.outer_header_creation->address);
    if (rule.dscp) parameters.transport_level_marking = {dscp_marking(*rule.dscp)};
    if (!rule.forwarding_policy.empty()) parameters.forwarding_policy = {rule.forwarding_policy};
    far.forwarding_parameters = std::move(parameters);
  }
  for (const DuplicatingParameters& copy : rule.duplicating) {
    pfcp::DuplicatingParameters parameters;
    parameters.destination_interface = destination(copy.destination_interface);
    if (copy.outer_header_creation)
      parameters.outer_header_creation = pfcp::OuterHeaderCreation::gtpu(copy.outer_header_creation->teid,
                                                                         copy.outer_header_creation->address);
    if (copy.dscp) parameters.transport_level_marking = {dscp_marking(*copy.dscp)};
    far.duplicating_parameters.push_back(std::move(parameters));
  }
  if (rule.bar) far.bar_id = wire(*rule.bar);
  return far;
}

pfcp::UpdateFar wire(const ForwardingActionRuleUpdate& update) {
  pfcp::UpdateFar far;
  far.far_id = update.id;
  if (update.action)
    far.apply_action =
        wire(*update.action, update.notify_cp.value_or(false), update.duplicate.value_or(false));
  pfcp::UpdateForwardingParameters parameters;
  if (update.destination_interface)
    parameters.destination_interface = destination(*update.destination_interface);
  if (update.network_instance) parameters.network_instance = network_instance(*update.network_instance);
  if (update.outer_header_creation) {
    if (const auto& tunnel = *update.outer_header_creation)
      parameters.outer_header_creation = pfcp::OuterHeaderCreation::gtpu(tunnel->teid, tunnel->address);
    else
      parameters.removed.push_back(pfcp::IeType::outer_header_creation);
  }
  if (update.dscp && *update.dscp) parameters.transport_level_marking = {dscp_marking(**update.dscp)};
  if (update.send_end_marker)
    parameters.pfcpsmreq_flags = pfcp::PfcpsmReqFlags{.drobu = false, .sndem = true};
  if (!(parameters == pfcp::UpdateForwardingParameters{}))
    far.update_forwarding_parameters = std::move(parameters);
  if (update.bar && *update.bar) far.bar_id = wire(**update.bar);
  return far;
}

/// None where both directions are without a limit.
std::optional<pfcp::BitRates> bit_rates(const Ambr& rates) {
  if (rates == Ambr{}) return std::nullopt;
  // A direction without a limit has the highest rate there is.
  const auto rate = [](BitsPerSecond limit) {
    return limit.value > 0 ? limit : BitsPerSecond{((std::int64_t{1} << 40) - 1) * 1000};
  };
  return pfcp::BitRates{rate(rates.uplink), rate(rates.downlink)};
}

/// Nothing is guaranteed to a direction without a rate.
std::optional<pfcp::BitRates> guaranteed_bit_rates(const Ambr& rates) {
  if (rates == Ambr{}) return std::nullopt;
  return pfcp::BitRates{rates.uplink, rates.downlink};
}

pfcp::GateStatus::Gate wire(GateStatus gate) { return static_cast<pfcp::GateStatus::Gate>(gate); }

pfcp::AveragingWindow averaging_window(Duration window) {
  return {static_cast<std::uint32_t>(std::clamp<std::int64_t>(window.ns / 1'000'000, 0, 0xffff'ffff))};
}

pfcp::CreateQer wire(const QosEnforcementRule& rule) {
  pfcp::CreateQer qer;
  qer.qer_id = rule.id;
  qer.gate_status = {wire(rule.uplink_gate), wire(rule.downlink_gate)};
  qer.maximum_bit_rate = bit_rates(rule.maximum_bit_rate);
  qer.guaranteed_bit_rate = guaranteed_bit_rates(rule.guaranteed_bit_rate);
  if (rule.qfi) qer.qfi = pfcp::QfiIe{*rule.qfi};
  if (rule.reflective_qos) qer.reflective_qos = pfcp::Rqi{true};
  if (rule.paging_policy_indicator)
    qer.paging_policy_indicator = pfcp::PagingPolicyIndicator{*rule.paging_policy_indicator};
  if (rule.correlation_id) qer.qer_correlation_id = pfcp::QerCorrelationId{*rule.correlation_id};
  if (rule.averaging_window) qer.averaging_window = averaging_window(*rule.averaging_window);
  return qer;
}

pfcp::UpdateQer wire(const QosEnforcementRuleUpdate& update) {
  pfcp::UpdateQer qer;
  qer.qer_id = update.id;
  if (update.uplink_gate || update.downlink_gate)
    qer.gate_status = pfcp::GateStatus{wire(update.uplink_gate.value_or(GateStatus::open)),
                                       wire(update.downlink_gate.value_or(GateStatus::open))};
  if (update.maximum_bit_rate) {
    qer.maximum_bit_rate = bit_rates(*update.maximum_bit_rate);
    if (!qer.maximum_bit_rate) qer.removed.push_back(pfcp::IeType::mbr);
  }
  if (update.guaranteed_bit_rate) {
    qer.guaranteed_bit_rate = guaranteed_bit_rates(*update.guaranteed_bit_rate);
    if (!qer.guaranteed_bit_rate) qer.removed.push_back(pfcp::IeType::gbr);
  }
  if (update.qfi && *update.qfi) qer.qfi = pfcp::QfiIe{**update.qfi};
  if (update.reflective_qos) qer.reflective_qos = pfcp::Rqi{*update.reflective_qos};
  if (update.paging_policy_indicator && *update.paging_policy_indicator)
    qer.paging_policy_indicator = pfcp::PagingPolicyIndicator{**update.paging_policy_indicator};
  if (update.averaging_window && *update.averaging_window)
    qer.averaging_window = averaging_window(**update.averaging_window);
  return qer;
}

std::optional<pfcp::Volumes> volumes(const VolumeLimits& limits) {
  if (limits == VolumeLimits{}) return std::nullopt;
  const auto limit = [](Bytes bytes) {
    return bytes.count > 0 ? std::optional(static_cast<std::uint64_t>(bytes.count)) : std::nullopt;
  };
  return pfcp::Volumes{limit(limits.total), limit(limits.uplink), limit(limits.downlink)};
}

/// A part of a second counts as a whole one, so that nothing is reported earlier than asked.
pfcp::WholeSeconds whole_seconds(Duration duration) {
  return {static_cast<std::uint32_t>(
      std::clamp<std::int64_t>((duration.ns + 999'999'999) / 1'000'000'000, 0, 0xffff'ffff))};
}
std::optional<pfcp::WholeSeconds> seconds_unless_zero(Duration duration) {
  if (duration.ns <= 0) return std::nullopt;
  return whole_seconds(duration);
}

pfcp::ReportingTriggers wire(const ReportingTriggers& triggers) {
  pfcp::ReportingTriggers flags;
  flags.perio = triggers.periodic;
  flags.volth = triggers.volume_threshold;
  flags.timth = triggers.time_threshold;
  flags.quhti = triggers.quota_holding_time;
  flags.start = triggers.start_of_traffic;
  flags.stopt = triggers.stop_of_traffic;
  flags.droth = triggers.dropped_dl_traffic_threshold;
  flags.liusa = triggers.linked_usage_reporting;
  flags.volqu = triggers.volume_quota;
  flags.timqu = triggers.time_quota;
  flags.eveth = triggers.event_threshold;
  flags.evequ = triggers.event_quota;
  return flags;
}

pfcp::CreateUrr wire(const UsageReportingRule& rule) {
  pfcp::CreateUrr urr;
  urr.urr_id = rule.id;
  urr.measurement_method = {rule.method.duration, rule.method.volume, rule.method.event};
  urr.reporting_triggers = wire(rule.triggers);
  urr.measurement_period = seconds_unless_zero(rule.measurement_period);
  urr.volume_threshold = volumes(rule.volume_threshold);
  if (rule.volume_quota) urr.volume_quota = volumes(*rule.volume_quota).value_or(pfcp::Volumes{.total = 0});
  urr.time_threshold = seconds_unless_zero(rule.time_threshold);
  if (rule.time_quota) urr.time_quota = whole_seconds(*rule.time_quota);
  if (rule.event_threshold > 0) urr.event_threshold = pfcp::EventCount{rule.event_threshold};
  if (rule.event_quota) urr.event_quota = pfcp::EventCount{*rule.event_quota};
  urr.quota_holding_time = seconds_unless_zero(rule.quota_holding_time);
  if (!(rule.dropped_dl_traffic_threshold == DroppedTrafficThreshold{})) {
    pfcp::DroppedDlTrafficThreshold dropped;
    const DroppedTrafficThreshold& limit = rule.dropped_dl_traffic_threshold;
    if (limit.packets > 0) dropped.packets = limit.packets;
    if (limit.octets.count > 0) dropped.octets_dropped = static_cast<std::uint64_t>(limit.octets.count);
    urr.dropped_dl_traffic_threshold = dropped;
  }
  urr.inactivity_detection_time = seconds_unless_zero(rule.inactivity_detection_time);
  urr.linked_urr_ids = rule.linked;
  urr.far_id_for_quota_action = rule.quota_far;
  if (rule.measure_before_qos || rule.inactive_measurement || rule.immediate_start_metering) {
    pfcp::MeasurementInformation information;
    information.mbqe = rule.measure_before_qos;
    information.inam = rule.inactive_measurement;
    information.istm = rule.immediate_start_metering;
    urr.measurement_information = information;
  }
  return urr;
}

pfcp::DownlinkDataNotificationDelay notification_delay(Duration delay) {
  return {static_cast<std::uint8_t>(std::clamp<std::int64_t>(delay.ns / notification_delay_unit_ns, 0, 255))};
}
pfcp::SuggestedBufferingPacketsCount suggested_count(std::uint16_t packets) {
  return pfcp::SuggestedBufferingPacketsCount{static_cast<std::uint8_t>(std::min<unsigned>(packets, 255))};
}

pfcp::CreateBar wire(const BufferingActionRule& rule) {
  pfcp::CreateBar bar;
  bar.bar_id = wire(rule.id);
  if (rule.notification_delay.ns > 0)
    bar.downlink_data_notification_delay = notification_delay(rule.notification_delay);
  if (rule.suggested_buffering_packets)
    bar.suggested_buffering_packets_count = suggested_count(*rule.suggested_buffering_packets);
  return bar;
}

pfcp::UpdateBar wire(const BufferingActionRuleUpdate& update) {
  pfcp::UpdateBar bar;
  bar.bar_id = wire(update.id);
  if (update.notification_delay)
    bar.downlink_data_notification_delay = notification_delay(*update.notification_delay);
  if (update.suggested_buffering_packets && *update.suggested_buffering_packets)
    bar.suggested_buffering_packets_count = suggested_count(**update.suggested_buffering_packets);
  return bar;
}

template <class Rule, class Ie>
void put(const std::vector<Rule>& rules, std::vector<Ie>& ies) {
  for (const Rule& rule : rules) ies.push_back(wire(rule));
}

}  // namespace

void put_rules(const PduSessionRules& rules, pfcp::SessionEstablishmentRequest& request) {
  put(rules.pdrs, request.create_pdrs);
  put(rules.fars, request.create_fars);
  put(rules.qers, request.create_qers);
  put(rules.urrs, request.create_urrs);
  put(rules.bars, request.create_bars);
  request.pdn_type = pfcp::PdnType{static_cast<pfcp::PdnType::Value>(rules.type)};
  request.user_plane_inactivity_timer = seconds_unless_zero(rules.user_plane_inactivity);
}

pfcp::SessionModificationRequest modification_request(const PduSessionUpdate& update) {
  pfcp::SessionModificationRequest request;
  for (const PdrId id : update.remove_pdrs) request.remove_pdrs.push_back({.pdr_id = id, .others = {}});
  for (const FarId id : update.remove_fars) request.remove_fars.push_back({.far_id = id, .others = {}});
  for (const QerId id : update.remove_qers) request.remove_qers.push_back({.qer_id = id, .others = {}});
  for (const UrrId id : update.remove_urrs) request.remove_urrs.push_back({.urr_id = id, .others = {}});
  for (const BarId id : update.remove_bars) request.remove_bars.push_back({.bar_id = wire(id), .others = {}});
  put(update.create_pdrs, request.create_pdrs);
  put(update.create_fars, request.create_fars);
  put(update.create_qers, request.create_qers);
  put(update.create_urrs, request.create_urrs);
  put(update.create_bars, request.create_bars);
  put(update.update_pdrs, request.update_pdrs);
  put(update.update_fars, request.update_fars);
  put(update.update_qers, request.update_qers);
  put(update.update_bars, request.update_bars);
  for (const UrrId id : update.query_urrs) request.query_urrs.push_back({.urr_id = id, .others = {}});
  if (update.drop_buffered || update.query_all_urrs) {
    pfcp::PfcpsmReqFlags flags;
    flags.drobu = update.drop_buffered;
    flags.qaurr = update.query_all_urrs;
    request.pfcpsmreq_flags = flags;
  }
  if (update.user_plane_inactivity)
    request.user_plane_inactivity_timer = whole_seconds(*update.user_plane_inactivity);
  return request;
}

Result<void> take_chosen_f_teid(const std::vector<pfcp::CreatedPdr>& created, PduSessionRules& rules) {
  std::optional<FTeid> chosen;
  for (const pfcp::CreatedPdr& pdr : created)
    if (pdr.local_f_teid && pdr.local_f_teid->ipv4 && pdr.local_f_teid->teid != Teid{})
      chosen = FTeid{pdr.local_f_teid->teid, *pdr.local_f_teid->ipv4};
  for (PacketDetectionRule& pdr : rules.pdrs) {
    if (!pdr.pdi.local_f_teid || pdr.pdi.local_f_teid->teid != Teid{}) continue;
    if (!chosen)
      return fail({.message = "the UPF accepted the session without choosing an F-TEID for it",
                   .where = "PDR " + std::to_string(pdr.id.value),
                   .allowed = "a Created PDR with a local F-TEID of IPv4"});
    pdr.pdi.local_f_teid = chosen;
  }
  return {};
}

}  // namespace kiriko::smf
