// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// QERs (TS 29.244 clauses 5.4, 7.5.2.5, 7.5.4.5).
#include <algorithm>

#include "vnf/upf/n4/rule_reader.hpp"

namespace kiriko::upf {
namespace {

using pfcp::IeType;

GateStatus gate_of(pfcp::GateStatus::Gate gate) {
  return gate == pfcp::GateStatus::Gate::closed ? GateStatus::closed : GateStatus::open;
}

Ambr rates_of(const std::optional<pfcp::BitRates>& rates) {
  return rates ? Ambr{.uplink = rates->uplink, .downlink = rates->downlink} : Ambr{};
}

Duration span_of(pfcp::PacketRateLimit::TimeUnit unit) {
  using enum pfcp::PacketRateLimit::TimeUnit;
  switch (unit) {
    case minute: return seconds(60);
    case six_minutes: return seconds(360);
    case hour: return seconds(3600);
    case day: return seconds(86'400);
    case week: return seconds(604'800);
  }
  return seconds(60);
}

PacketRate packet_rate_of(const pfcp::PacketRate& wire) {
  PacketRate out;
  if (wire.uplink) {
    out.uplink = wire.uplink->packets;
    out.uplink_span = span_of(wire.uplink->time_unit);
  }
  if (wire.downlink) {
    out.downlink = wire.downlink->packets;
    out.downlink_span = span_of(wire.downlink->time_unit);
  }
  return out;
}

}  // namespace

QosEnforcementRule RuleReader::qer(const pfcp::CreateQer& create) const {
  QosEnforcementRule out;
  out.id = create.qer_id;
  out.uplink_gate = gate_of(create.gate_status.uplink);
  out.downlink_gate = gate_of(create.gate_status.downlink);
  out.maximum_bit_rate = rates_of(create.maximum_bit_rate);
  out.guaranteed_bit_rate = rates_of(create.guaranteed_bit_rate);
  if (create.qfi) out.qfi = create.qfi->value;
  // The Session-AMBR's QER is that of no single QoS flow (TS 23.501 clause 5.8.2.7).
  out.session_ambr = create.maximum_bit_rate && !create.qfi;
  out.reflective_qos = create.reflective_qos && create.reflective_qos->rqi;
  if (create.paging_policy_indicator) out.paging_policy_indicator = create.paging_policy_indicator->value;
  if (create.packet_rate) out.packet_rate = packet_rate_of(*create.packet_rate);
  if (create.qer_correlation_id) out.correlation_id = create.qer_correlation_id->value;
  if (create.averaging_window) out.averaging_window = create.averaging_window->duration();
  return out;
}

QosEnforcementRuleUpdate RuleReader::qer(const pfcp::UpdateQer& update) const {
  QosEnforcementRuleUpdate out;
  out.id = update.qer_id;
  const auto removed = [&](IeType type) {
    return std::find(update.removed.begin(), update.removed.end(), type) != update.removed.end();
  };
  if (update.gate_status) {
    out.uplink_gate = gate_of(update.gate_status->uplink);
    out.downlink_gate = gate_of(update.gate_status->downlink);
  }
  if (update.maximum_bit_rate || removed(IeType::mbr))
    out.maximum_bit_rate = rates_of(update.maximum_bit_rate);
  if (update.guaranteed_bit_rate || removed(IeType::gbr))
    out.guaranteed_bit_rate = rates_of(update.guaranteed_bit_rate);
  if (update.qfi) out.qfi = update.qfi->value;
  if (update.reflective_qos) out.reflective_qos = update.reflective_qos->rqi;
  if (update.paging_policy_indicator) out.paging_policy_indicator = update.paging_policy_indicator->value;
  if (update.packet_rate) out.packet_rate = packet_rate_of(*update.packet_rate);
  if (update.qer_correlation_id) out.correlation_id = update.qer_correlation_id->value;
  if (update.averaging_window) out.averaging_window = update.averaging_window->duration();
  return out;
}

}  // namespace kiriko::upf
