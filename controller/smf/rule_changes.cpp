// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Comparison of two sets of rules.
#include "controller/smf/rule_changes.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace kiriko::smf {
namespace {

bool continues(const QosEnforcementRule& a, const QosEnforcementRule& b) {
  return a.qfi == b.qfi && a.session_ambr == b.session_ambr;
}
bool continues(const PacketDetectionRule& a, const PacketDetectionRule& b) { return a.pdi == b.pdi; }

/// Gives each rule of `after` the id of the rule it continues, or one that neither has; tells which became which.
template <class Rule>
auto renumber(const std::vector<Rule>& before, std::vector<Rule>& after) {
  using Id = decltype(Rule::id);
  std::map<Id, Id> new_id;
  std::set<Id> used;
  std::vector<Rule*> created;
  for (Rule& rule : after) {
    const auto old = std::find_if(before.begin(), before.end(), [&](const Rule& candidate) {
      return !used.contains(candidate.id) && continues(candidate, rule);
    });
    if (old == before.end()) {
      created.push_back(&rule);
      continue;
    }
    used.insert(old->id);
    new_id[rule.id] = old->id;
    rule.id = old->id;
  }
  for (const Rule& rule : before) used.insert(rule.id);  // not taken again in the update that removes it
  typename Id::Value next{1};
  for (Rule* rule : created) {
    while (used.contains(Id{next})) ++next;
    used.insert(Id{next});
    new_id[rule->id] = Id{next};
    rule->id = Id{next};
  }
  return new_id;
}

template <class Rule, class Id>
const Rule* find(const std::vector<Rule>& rules, Id id) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [id](const Rule& rule) { return rule.id == id; });
  return found == rules.end() ? nullptr : &*found;
}

/// Sorts rules into removed, created and changed.
template <class Rule, class Id, class Change>
void compare(const std::vector<Rule>& before, const std::vector<Rule>& after, std::vector<Id>& removed,
             std::vector<Rule>& created, Change change) {
  for (const Rule& rule : before)
    if (find(after, rule.id) == nullptr) removed.push_back(rule.id);
  for (const Rule& rule : after) {
    const Rule* const old = find(before, rule.id);
    if (old == nullptr)
      created.push_back(rule);
    else if (!(*old == rule))
      change(*old, rule);
  }
}

}  // namespace

PduSessionUpdate changes_between(const PduSessionRules& before, PduSessionRules& after) {
  const auto qer_ids = renumber(before.qers, after.qers);
  for (PacketDetectionRule& pdr : after.pdrs)
    for (QerId& qer : pdr.qers)
      if (const auto id = qer_ids.find(qer); id != qer_ids.end()) qer = id->second;
  renumber(before.pdrs, after.pdrs);

  PduSessionUpdate update;
  compare(before.pdrs, after.pdrs, update.remove_pdrs, update.create_pdrs,
          [&](const PacketDetectionRule& old, const PacketDetectionRule& rule) {
            PacketDetectionRuleUpdate changed{.id = rule.id};
            if (old.precedence != rule.precedence) changed.precedence = rule.precedence;
            if (!(old.pdi == rule.pdi)) changed.pdi = rule.pdi;
            if (old.outer_header_removal != rule.outer_header_removal)
              changed.outer_header_removal = rule.outer_header_removal;
            if (old.far != rule.far) changed.far = rule.far;
            if (old.qers != rule.qers) changed.qers = rule.qers;
            if (old.urrs != rule.urrs) changed.urrs = rule.urrs;
            update.update_pdrs.push_back(std::move(changed));
          });
  compare(before.fars, after.fars, update.remove_fars, update.create_fars,
          [&](const ForwardingActionRule&, const ForwardingActionRule& rule) {
            update.update_fars.push_back(ForwardingActionRuleUpdate::whole(rule));
          });
  compare(before.qers, after.qers, update.remove_qers, update.create_qers,
          [&](const QosEnforcementRule& old, const QosEnforcementRule& rule) {
            QosEnforcementRuleUpdate changed{.id = rule.id};
            if (old.uplink_gate != rule.uplink_gate || old.downlink_gate != rule.downlink_gate) {
              changed.uplink_gate = rule.uplink_gate;
              changed.downlink_gate = rule.downlink_gate;
            }
            if (!(old.maximum_bit_rate == rule.maximum_bit_rate))
              changed.maximum_bit_rate = rule.maximum_bit_rate;
            if (!(old.guaranteed_bit_rate == rule.guaranteed_bit_rate))
              changed.guaranteed_bit_rate = rule.guaranteed_bit_rate;
            update.update_qers.push_back(changed);
          });
  compare(before.urrs, after.urrs, update.remove_urrs, update.create_urrs,
          [](const UsageReportingRule&, const UsageReportingRule&) {});  // the planned URR is always the same
  compare(before.bars, after.bars, update.remove_bars, update.create_bars,
          [&](const BufferingActionRule&, const BufferingActionRule& rule) {
            update.update_bars.push_back({.id = rule.id,
                                          .suggested_buffering_packets = rule.suggested_buffering_packets,
                                          .notification_delay = rule.notification_delay});
          });
  return update;
}

}  // namespace kiriko::smf
