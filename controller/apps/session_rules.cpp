// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packet rules of one PDU session.
#include "controller/apps/session_rules.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/fiveg/five_qi.hpp"
#include "core/fiveg/five_qi_dscp.hpp"

namespace kiriko {
namespace {

constexpr QerId session_ambr_qer{1};
constexpr UrrId session_urr{1};
constexpr std::uint32_t first_flow_precedence = 10;
constexpr std::uint32_t local_switch_precedence = 65'000;
constexpr std::uint32_t default_precedence = 65'535;

/// A QoS flow's port is the destination's: the remote one on the uplink, the UE's own on the downlink. Both
/// directions of the flow belong to its QFI.
std::vector<SdfFilter> filters_of(const SessionView::QosFlow& flow) {
  SdfFilter filter;
  filter.protocol = flow.protocol;
  if (!flow.peer.is_zero()) filter.remote = Ipv4Prefix{flow.peer, 32};
  if (flow.port == 0) return {filter};
  SdfFilter to_remote = filter;
  to_remote.remote_ports = {{flow.port, flow.port}};
  SdfFilter to_local = filter;
  to_local.local_ports = {{flow.port, flow.port}};
  return {to_remote, to_local};
}

/// The Session-AMBR limits Non-GBR QoS flows only (TS 23.501 clause 5.7.2.6).
bool under_session_ambr(std::uint16_t five_qi) {
  const auto* row = five_qi <= 0xff ? find_five_qi(FiveQi{static_cast<std::uint8_t>(five_qi)}) : nullptr;
  return row == nullptr || !row->is_gbr();
}

std::optional<std::uint8_t> marking(const SessionView& session, std::uint16_t five_qi) {
  if (!session.mark_by_five_qi) return std::nullopt;
  return five_qi <= 0xff ? dscp_for(FiveQi{static_cast<std::uint8_t>(five_qi)}) : std::uint8_t{0};
}

/// Adds PDRs one by one with ascending ids.
class PdrList {
 public:
  PdrList(PduSessionRules& rules, FTeid uplink, Ipv4Address ue) : rules_(rules), uplink_(uplink), ue_(ue) {}

  void add_uplink(std::uint32_t precedence, std::vector<SdfFilter> filters, FarId far,
                  std::vector<QerId> qers) {
    PacketDetectionRule& pdr =
        add(precedence, SourceInterface::access, std::move(filters), far, std::move(qers));
    pdr.pdi.local_f_teid = uplink_;
    pdr.outer_header_removal = true;
  }
  /// From N6, and from other sessions of the same UPF (TS 23.501 clause 5.8.2.13).
  void add_downlink(std::uint32_t precedence, const std::vector<SdfFilter>& filters, FarId far,
                    const std::vector<QerId>& qers) {
    for (const auto source : {SourceInterface::core, SourceInterface::vn_internal})
      add(precedence, source, filters, far, qers);
  }

 private:
  PacketDetectionRule& add(std::uint32_t precedence, SourceInterface source, std::vector<SdfFilter> filters,
                           FarId far, std::vector<QerId> qers) {
    PacketDetectionRule pdr;
    pdr.id = PdrId{static_cast<std::uint16_t>(rules_.pdrs.size() + 1)};
    pdr.precedence = precedence;
    pdr.pdi.source_interface = source;
    pdr.pdi.ue_ip_address = ue_;
    pdr.pdi.sdf_filters = std::move(filters);
    pdr.far = far;
    pdr.qers = std::move(qers);
    pdr.urrs = {session_urr};
    return rules_.pdrs.emplace_back(std::move(pdr));
  }

  PduSessionRules& rules_;
  FTeid uplink_;
  Ipv4Address ue_;
};

}  // namespace

LocalSwitching::LocalSwitching(const NetworkView& view, const std::vector<SessionPlacement>& placements) {
  std::set<Ipv4Prefix> pools;
  for (const NodeView& node : view.nodes)
    if (node.serves) pools.insert(node.serves->network());
  for (std::size_t i = 0; i < view.sessions.size() && i < placements.size(); ++i) {
    const Ipv4Address ue = view.sessions[i].ue_address;
    const NodeId anchor = placements[i].anchor;
    anchor_of_.emplace(ue, anchor);
    for (const Ipv4Prefix& pool : pools) {
      if (!pool.contains(ue)) continue;
      const auto [it, is_first] = sole_anchor_of_.emplace(pool, anchor);
      if (!is_first && it->second != anchor) it->second = no_node;
    }
  }
}

bool LocalSwitching::is_local(Ipv4Address peer, NodeId anchor) const {
  const auto it = anchor_of_.find(peer);
  return it != anchor_of_.end() && it->second == anchor;
}

std::vector<SdfFilter> LocalSwitching::filters(NodeId anchor) const {
  std::vector<SdfFilter> filters;
  for (const auto& [pool, sole_anchor] : sole_anchor_of_) {
    if (sole_anchor != anchor) continue;
    SdfFilter filter;
    filter.remote = pool;
    filters.push_back(filter);
  }
  return filters;
}

ForwardingActionRule plan_downlink_far(const NetworkView& view, const SessionPlacement& placement) {
  ForwardingActionRule far;
  far.id = downlink_far;
  far.destination_interface = DestinationInterface::access;
  if (placement.serving_gnb.value >= view.nodes.size() || !view.nodes[placement.serving_gnb.value].address) {
    far.action = ApplyAction::drop;
    return far;
  }
  far.outer_header_creation =
      OuterHeaderCreation{placement.downlink_teid, *view.nodes[placement.serving_gnb.value].address};
  return far;
}

std::vector<ForwardingActionRule> marked_downlink_fars(const SessionView& session,
                                                       const ForwardingActionRule& downlink) {
  std::vector<ForwardingActionRule> fars{downlink};
  fars.front().dscp = marking(session, session.default_five_qi);
  for (const SessionView::QosFlow& flow : session.flows) {
    const auto dscp = marking(session, flow.five_qi);
    if (std::any_of(fars.begin(), fars.end(), [&](const auto& far) { return far.dscp == dscp; })) continue;
    fars.push_back(downlink);
    fars.back().id = FarId{first_marked_far.value + static_cast<std::uint32_t>(fars.size()) - 2};
    fars.back().dscp = dscp;
  }
  return fars;
}

PduSessionRules plan_session_rules(const LocalSwitching& local_switching, const SessionView& session,
                                   NodeId anchor, const FTeid& uplink_f_teid,
                                   const ForwardingActionRule& downlink) {
  PduSessionRules rules;
  rules.slice = session.slice;
  rules.urrs.push_back({.id = session_urr});

  ForwardingActionRule uplink;
  uplink.id = uplink_far;
  uplink.destination_interface = DestinationInterface::core;
  ForwardingActionRule local;
  local.id = local_switch_far;
  local.destination_interface = DestinationInterface::vn_internal;
  rules.fars = {uplink, local};
  const auto downlinks = marked_downlink_fars(session, downlink);
  rules.fars.insert(rules.fars.end(), downlinks.begin(), downlinks.end());
  const auto downlink_for = [&](std::uint16_t five_qi) {
    const auto dscp = marking(session, five_qi);
    return std::find_if(downlinks.begin(), downlinks.end(), [&](const auto& far) { return far.dscp == dscp; })
        ->id;
  };

  const bool has_ambr = session.ambr.uplink.value > 0 || session.ambr.downlink.value > 0;
  if (has_ambr) {
    QosEnforcementRule qer;
    qer.id = session_ambr_qer;
    qer.maximum_bit_rate = session.ambr;
    qer.session_ambr = true;
    rules.qers.push_back(qer);
  }
  std::map<Qfi, QerId> qer_of;  // flows of one QFI share its rates
  const auto qers_for = [&](Qfi qfi, const Ambr& maximum, const Ambr& guaranteed, bool under_ambr) {
    const QerId next{session_ambr_qer.value + 1 + static_cast<std::uint32_t>(qer_of.size())};
    const auto [it, is_new] = qer_of.emplace(qfi, next);
    if (is_new) {
      QosEnforcementRule qer;
      qer.id = it->second;
      qer.maximum_bit_rate = maximum;
      qer.guaranteed_bit_rate = guaranteed;
      qer.qfi = qfi;
      rules.qers.push_back(qer);
    }
    std::vector<QerId> ids{it->second};
    if (has_ambr && under_ambr) ids.push_back(session_ambr_qer);
    return ids;
  };

  PdrList pdrs(rules, uplink_f_teid, session.ue_address);
  std::uint32_t precedence = first_flow_precedence;
  for (const SessionView::QosFlow& flow : session.flows) {
    const auto qers =
        qers_for(flow.qfi, flow.maximum_bit_rate, flow.guaranteed_bit_rate, under_session_ambr(flow.five_qi));
    const bool stays = local_switching.is_local(flow.peer, anchor);
    pdrs.add_uplink(precedence, filters_of(flow), stays ? local_switch_far : uplink_far, qers);
    pdrs.add_downlink(precedence, filters_of(flow), downlink_for(flow.five_qi), qers);
    ++precedence;
  }
  const auto default_qers = qers_for(session.default_qfi, Ambr{}, Ambr{}, true);
  if (auto filters = local_switching.filters(anchor); !filters.empty())
    pdrs.add_uplink(local_switch_precedence, std::move(filters), local_switch_far, default_qers);
  pdrs.add_uplink(default_precedence, {}, uplink_far, default_qers);
  pdrs.add_downlink(default_precedence, {}, downlink_far, default_qers);
  return rules;
}

PduSessionRules plan_session_rules(const NetworkView& view, const LocalSwitching& local_switching,
                                   const SessionPlacement& placement, const SessionView& session) {
  const FTeid uplink{placement.uplink_teid,
                     view.nodes[placement.anchor.value].address.value_or(Ipv4Address{})};
  PduSessionRules rules = plan_session_rules(local_switching, session, placement.anchor, uplink,
                                             plan_downlink_far(view, placement));
  rules.seid = placement.seid;
  return rules;
}

}  // namespace kiriko
