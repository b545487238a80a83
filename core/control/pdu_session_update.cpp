// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Merging of an update into a session's rules.
#include "core/control/pdu_session_update.hpp"

#include <algorithm>

namespace kiriko {
namespace {

template <class T>
void take(T& member, const Named<T>& named) {
  if (named) member = *named;
}

void merge(PacketDetectionRule& rule, const PacketDetectionRuleUpdate& update) {
  take(rule.precedence, update.precedence);
  take(rule.pdi, update.pdi);
  take(rule.outer_header_removal, update.outer_header_removal);
  take(rule.far, update.far);
  take(rule.qers, update.qers);
  take(rule.urrs, update.urrs);
}

void merge(ForwardingActionRule& rule, const ForwardingActionRuleUpdate& update) {
  take(rule.action, update.action);
  take(rule.notify_cp, update.notify_cp);
  take(rule.duplicate, update.duplicate);
  take(rule.destination_interface, update.destination_interface);
  take(rule.network_instance, update.network_instance);
  take(rule.outer_header_creation, update.outer_header_creation);
  take(rule.dscp, update.dscp);
  take(rule.forwarding_policy, update.forwarding_policy);
  take(rule.duplicating, update.duplicating);
  take(rule.bar, update.bar);
}

void merge(QosEnforcementRule& rule, const QosEnforcementRuleUpdate& update) {
  take(rule.uplink_gate, update.uplink_gate);
  take(rule.downlink_gate, update.downlink_gate);
  take(rule.maximum_bit_rate, update.maximum_bit_rate);
  take(rule.guaranteed_bit_rate, update.guaranteed_bit_rate);
  take(rule.qfi, update.qfi);
  take(rule.session_ambr, update.session_ambr);
  take(rule.reflective_qos, update.reflective_qos);
  take(rule.paging_policy_indicator, update.paging_policy_indicator);
  take(rule.packet_rate, update.packet_rate);
  take(rule.correlation_id, update.correlation_id);
  take(rule.averaging_window, update.averaging_window);
}

void merge(UsageReportingRule& rule, const UsageReportingRuleUpdate& update) {
  take(rule.method, update.method);
  take(rule.triggers, update.triggers);
  take(rule.measurement_period, update.measurement_period);
  take(rule.volume_threshold, update.volume_threshold);
  take(rule.volume_quota, update.volume_quota);
  take(rule.time_threshold, update.time_threshold);
  take(rule.time_quota, update.time_quota);
  take(rule.event_threshold, update.event_threshold);
  take(rule.event_quota, update.event_quota);
  take(rule.quota_holding_time, update.quota_holding_time);
  take(rule.dropped_dl_traffic_threshold, update.dropped_dl_traffic_threshold);
  take(rule.monitoring_time, update.monitoring_time);
  take(rule.subsequent_volume_threshold, update.subsequent_volume_threshold);
  take(rule.subsequent_time_threshold, update.subsequent_time_threshold);
  take(rule.subsequent_volume_quota, update.subsequent_volume_quota);
  take(rule.subsequent_time_quota, update.subsequent_time_quota);
  take(rule.inactivity_detection_time, update.inactivity_detection_time);
  take(rule.linked, update.linked);
  take(rule.quota_far, update.quota_far);
  take(rule.measure_before_qos, update.measure_before_qos);
  take(rule.inactive_measurement, update.inactive_measurement);
  take(rule.immediate_start_metering, update.immediate_start_metering);
}

void merge(BufferingActionRule& rule, const BufferingActionRuleUpdate& update) {
  take(rule.suggested_buffering_packets, update.suggested_buffering_packets);
  take(rule.notification_delay, update.notification_delay);
}

/// One kind of rule: its list, and what is removed from, added to and changed in it. Sorted by id where it is long,
/// so that thousands of changes to thousands of rules stay cheap.
template <class Rule, class Update>
std::optional<RuleConflict> merge_kind(RuleConflict::Kind kind, std::vector<Rule>& rules,
                                       const std::vector<decltype(Rule::id)>& removed,
                                       const std::vector<Rule>& created, const std::vector<Update>& updates) {
  using Id = decltype(Rule::id);
  if (removed.empty() && created.empty() && updates.empty()) return std::nullopt;
  std::vector<std::pair<Id, std::size_t>> index;  // by id
  const auto index_again = [&] {
    index.clear();
    for (std::size_t i = 0; i < rules.size(); ++i) index.emplace_back(rules[i].id, i);
    std::sort(index.begin(), index.end());
  };
  const auto find = [&](Id id) -> Rule* {
    const auto it = std::lower_bound(index.begin(), index.end(), std::pair{id, std::size_t{0}});
    return it == index.end() || it->first != id ? nullptr : &rules[it->second];
  };
  index_again();
  for (const Id id : removed)
    if (find(id) == nullptr) return RuleConflict{kind, id.value, false};
  if (!removed.empty()) {
    std::vector<Id> gone = removed;
    std::sort(gone.begin(), gone.end());
    std::erase_if(rules,
                  [&](const Rule& rule) { return std::binary_search(gone.begin(), gone.end(), rule.id); });
    index_again();
  }
  for (const Rule& rule : created)
    if (find(rule.id) != nullptr) return RuleConflict{kind, rule.id.value, true};
  rules.insert(rules.end(), created.begin(), created.end());
  if (!created.empty()) index_again();
  for (const Update& update : updates) {
    Rule* rule = find(update.id);
    if (rule == nullptr) return RuleConflict{kind, update.id.value, false};
    merge(*rule, update);
  }
  return std::nullopt;
}

}  // namespace

ForwardingActionRuleUpdate ForwardingActionRuleUpdate::whole(const ForwardingActionRule& rule) {
  return {.id = rule.id,
          .action = rule.action,
          .notify_cp = rule.notify_cp,
          .duplicate = rule.duplicate,
          .destination_interface = rule.destination_interface,
          .network_instance = rule.network_instance,
          .outer_header_creation = rule.outer_header_creation,
          .dscp = rule.dscp,
          .forwarding_policy = rule.forwarding_policy,
          .duplicating = rule.duplicating,
          .bar = rule.bar};
}

QosEnforcementRuleUpdate QosEnforcementRuleUpdate::whole(const QosEnforcementRule& rule) {
  return {.id = rule.id,
          .uplink_gate = rule.uplink_gate,
          .downlink_gate = rule.downlink_gate,
          .maximum_bit_rate = rule.maximum_bit_rate,
          .guaranteed_bit_rate = rule.guaranteed_bit_rate,
          .qfi = rule.qfi,
          .session_ambr = rule.session_ambr,
          .reflective_qos = rule.reflective_qos,
          .paging_policy_indicator = rule.paging_policy_indicator,
          .packet_rate = rule.packet_rate,
          .correlation_id = rule.correlation_id,
          .averaging_window = rule.averaging_window};
}

tl::expected<PduSessionRules, RuleConflict> updated(PduSessionRules rules, const PduSessionUpdate& update) {
  using Kind = RuleConflict::Kind;
  for (const auto& conflict :
       {merge_kind(Kind::pdr, rules.pdrs, update.remove_pdrs, update.create_pdrs, update.update_pdrs),
        merge_kind(Kind::far, rules.fars, update.remove_fars, update.create_fars, update.update_fars),
        merge_kind(Kind::qer, rules.qers, update.remove_qers, update.create_qers, update.update_qers),
        merge_kind(Kind::urr, rules.urrs, update.remove_urrs, update.create_urrs, update.update_urrs),
        merge_kind(Kind::bar, rules.bars, update.remove_bars, update.create_bars, update.update_bars)})
    if (conflict) return tl::unexpected(*conflict);
  take(rules.user_plane_inactivity, update.user_plane_inactivity);
  return rules;
}

std::string_view to_string(RuleConflict::Kind kind) {
  switch (kind) {
    case RuleConflict::Kind::pdr: return "PDR";
    case RuleConflict::Kind::far: return "FAR";
    case RuleConflict::Kind::qer: return "QER";
    case RuleConflict::Kind::urr: return "URR";
    case RuleConflict::Kind::bar: return "BAR";
  }
  return "";
}

}  // namespace kiriko
