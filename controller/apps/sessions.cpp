// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDU session establishment, handover and change of anchor.
#include "controller/apps/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "controller/apps/routing.hpp"

namespace kiriko {
namespace {

constexpr auto author = "controller.sessions";

bool is_running(const NetworkView& view, NodeId node) {
  return node.value < view.nodes.size() && view.nodes[node.value].running;
}

std::string name_of_node(const NetworkView& view, NodeId node) {
  return node.value < view.nodes.size() ? view.nodes[node.value].name : "none";
}

/// Rank of a UPF among those a session may use: 0 is the wished anchor; absent: not a candidate.
std::optional<std::size_t> rank_of(const SessionView& session, NodeId upf) {
  if (session.upf == upf) return 0;
  const auto it = std::find(session.standby_upfs.begin(), session.standby_upfs.end(), upf);
  if (it == session.standby_upfs.end()) return std::nullopt;
  return static_cast<std::size_t>(it - session.standby_upfs.begin()) + 1;
}

NodeId first_running_anchor(const NetworkView& view, const SessionView& session) {
  if (is_running(view, session.upf)) return session.upf;
  for (const NodeId standby : session.standby_upfs)
    if (is_running(view, standby)) return standby;
  return no_node;
}

std::optional<PortId> ue_port_to(const NetworkView& view, NodeId ue, NodeId gnb) {
  if (ue.value >= view.nodes.size()) return std::nullopt;
  const auto& ports = view.nodes[ue.value].ports;
  for (std::size_t p = 0; p < ports.size(); ++p)
    if (ports[p].peer == gnb) return PortId{static_cast<std::uint16_t>(p)};
  return std::nullopt;
}

/// Never 0 (TS 29.281 clause 5.1), and another one after each generation.
Teid teid_of(std::size_t session_index, std::uint8_t generation) {
  return Teid{(std::uint32_t{generation} << 24) |
              (static_cast<std::uint32_t>(session_index + 1) & 0x00ffffffU)};
}

void place_at_anchor(SessionPlacement& placement, std::size_t session_index, NodeId anchor) {
  placement.anchor = anchor;
  placement.seid = Seid{(std::uint64_t{placement.establishments} << 32) | (session_index + 1)};
  placement.uplink_teid = teid_of(session_index, placement.establishments);
  ++placement.establishments;
}

/// Of the same session at the same gNB: another number in a part that few sessions use.
Teid forwarding_teid_of(Teid downlink) { return Teid{downlink.value ^ 0x00800000U}; }

void place_at_gnb(SessionPlacement& placement, std::size_t session_index, NodeId gnb) {
  placement.serving_gnb = gnb;
  placement.downlink_teid = teid_of(session_index, placement.attachments);
  ++placement.attachments;
}

/// AttachUe at the serving gNB: a new context, or the update of the one it has.
void add_attach(const NetworkView& view, const SessionView& session, const SessionPlacement& placement,
                std::vector<Change>& changes) {
  if (const auto attach = plan_attach(view, session, placement)) changes.emplace_back(*attach);
}

/// Establishes the given sessions at their (new) anchors and tells their gNBs. Rules are built when every
/// placement is final, since they depend on which peers are at the same anchor.
void add_establishments(const NetworkView& view, const SessionsState& state,
                        const std::vector<std::size_t>& moved, std::vector<Change>& changes) {
  const LocalSwitching local(view, state.placements);
  for (const std::size_t i : moved)
    changes.push_back(EstablishPduSession{
        state.placements[i].anchor, plan_session_rules(view, local, state.placements[i], view.sessions[i])});
  for (const std::size_t i : moved) add_attach(view, view.sessions[i], state.placements[i], changes);
}

/// "9 sessions to upf2, 1 to upf3".
std::string count_by_anchor(const NetworkView& view, const SessionsState& state,
                            const std::vector<std::size_t>& moved) {
  std::map<NodeId, std::size_t> counts;
  for (const std::size_t i : moved) ++counts[state.placements[i].anchor];
  std::string text;
  for (const auto& [anchor, count] : counts)
    text += fmt::format("{}{} session{} to {}", text.empty() ? "" : ", ", count, count == 1 ? "" : "s",
                        name_of_node(view, anchor));
  return text;
}

}  // namespace

std::optional<AttachUe> plan_attach(const NetworkView& view, const SessionView& session,
                                    const SessionPlacement& placement) {
  const NodeId gnb = placement.serving_gnb;
  const auto port = ue_port_to(view, session.ue, gnb);
  if (!port || !is_running(view, gnb)) return std::nullopt;
  UeContext context;
  context.ue = session.ue;
  context.port = view.nodes[session.ue.value].ports[port->value].peer_port;
  context.ue_address = session.ue_address;
  context.uplink_teid = placement.uplink_teid;
  if (placement.anchor != no_node)
    context.upf_address = view.nodes[placement.anchor.value].address.value_or(Ipv4Address{});
  context.downlink_teid = placement.downlink_teid;
  context.slice = session.slice;
  context.default_qfi = session.default_qfi;
  context.default_five_qi = session.default_five_qi;
  // A QoS flow may have several filters.
  for (const SessionView::QosFlow& flow : session.flows) {
    const auto same = [&flow](const UeContext::QosFlow& known) {
      return known.qfi == flow.qfi && known.slice == flow.slice;
    };
    if (flow.qfi == session.default_qfi && flow.slice == session.slice) continue;
    if (std::none_of(context.flows.begin(), context.flows.end(), same))
      context.flows.push_back({.qfi = flow.qfi,
                               .slice = flow.slice,
                               .five_qi = flow.five_qi,
                               .guaranteed_bit_rate = flow.guaranteed_bit_rate});
  }
  context.radio = session.radio;
  return AttachUe{gnb, context};
}

SessionAnchors SessionsState::anchors() const {
  SessionAnchors anchors;
  anchors.reserve(placements.size());
  for (const SessionPlacement& placement : placements) anchors.push_back(placement.anchor);
  return anchors;
}

ChangeSet plan_sessions(const NetworkView& view, SessionsState& state) {
  ChangeSet set{.cause = {}, .author = author, .changes = {}};
  state = {};
  state.placements.resize(view.sessions.size());
  std::vector<std::size_t> anchored;
  for (std::size_t i = 0; i < view.sessions.size(); ++i) {
    const NodeId anchor = first_running_anchor(view, view.sessions[i]);
    place_at_gnb(state.placements[i], i, view.sessions[i].serving_gnb);
    if (anchor == no_node) continue;
    place_at_anchor(state.placements[i], i, anchor);
    anchored.push_back(i);
  }
  add_establishments(view, state, anchored, set.changes);
  for (std::size_t i = 0; i < view.sessions.size(); ++i) {
    const SessionView& session = view.sessions[i];
    if (state.placements[i].anchor == no_node) add_attach(view, session, state.placements[i], set.changes);
    if (const auto port = ue_port_to(view, session.ue, session.serving_gnb))
      set.changes.push_back(SetActivePort{session.ue, *port});
  }
  if (!set.changes.empty())
    set.cause = "PDU session establishment: " + count_by_anchor(view, state, anchored);
  return set;
}

ChangeSet plan_handover(const NetworkView& view, const HandoverEvent& handover, SessionsState& state) {
  ChangeSet set{.cause = {}, .author = author, .changes = {}};
  const std::string ue = name_of_node(view, handover.ue);
  const std::string target = name_of_node(view, handover.target_gnb);
  const auto port = ue_port_to(view, handover.ue, handover.target_gnb);
  if (!port || !is_running(view, handover.target_gnb)) {
    set.cause = fmt::format("no handover of {} to {}: {}", ue, target,
                            port ? "the gNB is not running" : "the UE has no port to it");
    return set;
  }
  NodeId source = no_node;
  Teid source_teid;
  std::vector<std::size_t> moved;
  for (std::size_t i = 0; i < view.sessions.size() && i < state.placements.size(); ++i) {
    if (view.sessions[i].ue != handover.ue || state.placements[i].serving_gnb == handover.target_gnb)
      continue;
    source = state.placements[i].serving_gnb;
    source_teid = state.placements[i].downlink_teid;
    place_at_gnb(state.placements[i], i, handover.target_gnb);
    moved.push_back(i);
  }
  if (moved.empty()) {
    set.cause = fmt::format("no handover of {} to {}: no PDU session to move", ue, target);
    return set;
  }
  // Without a way from source to target nothing is forwarded, nor may the target wait for an end marker.
  const bool forwards = view.sessions[moved.front()].data_forwarding && is_running(view, source) &&
                        is_running(view, state.placements[moved.front()].anchor) &&
                        view.nodes[handover.target_gnb.value].address.has_value() &&
                        is_reachable(view, source, handover.target_gnb);
  // TS 23.502 clause 4.9.1.2.2, Xn based handover without a change of UPF.
  // Handover preparation and execution: the target gets the UE's context, the UE turns to it.
  for (const std::size_t i : moved) {
    SessionView session = view.sessions[i];
    session.radio.update(handover.radio);
    auto attach = plan_attach(view, session, state.placements[i]);
    if (!attach) continue;
    if (forwards) {
      attach->context.forwarding_teid = forwarding_teid_of(state.placements[i].downlink_teid);
      attach->context.reached_after = handover.interruption;
    }
    set.changes.emplace_back(*attach);
  }
  set.changes.push_back(SetActivePort{handover.ue, *port});
  // Steps 1b and 2, the path switch request, cost the control channel's delay.
  // Steps 3 to 5: N4 session modification with the target's tunnel; the UPF sends end markers on the old one.
  for (const std::size_t i : moved)
    if (is_running(view, state.placements[i].anchor)) {
      ModifyPduSession modify{.node = state.placements[i].anchor, .seid = state.placements[i].seid};
      for (const auto& far :
           marked_downlink_fars(view.sessions[i], plan_downlink_far(view, state.placements[i])))
        modify.update.update_fars.push_back(ForwardingActionRuleUpdate::whole(far));
      for (auto& far : modify.update.update_fars) far.send_end_marker = true;
      set.changes.emplace_back(std::move(modify));
    }
  // Step 8: the target has the source release its resources.
  if (is_running(view, source)) {
    DetachUe detach;
    detach.node = source;
    detach.ue = handover.ue;
    detach.downlink_teid = source_teid;
    if (forwards)
      detach.forward =
          ForwardingTunnel{.gnb = *view.nodes[handover.target_gnb.value].address,
                           .teid = forwarding_teid_of(state.placements[moved.front()].downlink_teid)};
    set.changes.push_back(detach);
  }
  set.cause = fmt::format("handover of {} from {} to {}", ue, name_of_node(view, source), target);
  return set;
}

ChangeSet plan_anchor_failure(const NetworkView& view, NodeId failed, SessionsState& state) {
  ChangeSet set{.cause = {}, .author = author, .changes = {}};
  std::vector<std::size_t> moved;
  std::size_t lost = 0;
  for (std::size_t i = 0; i < view.sessions.size() && i < state.placements.size(); ++i) {
    SessionPlacement& placement = state.placements[i];
    if (placement.anchor != failed || is_running(view, failed)) continue;
    state.stale.push_back({failed, placement.seid});
    const NodeId anchor = first_running_anchor(view, view.sessions[i]);
    if (anchor == no_node) {
      placement.anchor = no_node;
      ++lost;
      continue;
    }
    place_at_anchor(placement, i, anchor);
    moved.push_back(i);
  }
  if (moved.empty() && lost == 0) return set;
  add_establishments(view, state, moved, set.changes);
  set.cause = fmt::format("UPF {} failed", name_of_node(view, failed));
  if (!moved.empty()) set.cause += ": " + count_by_anchor(view, state, moved);
  if (lost > 0) set.cause += fmt::format("; {} without a running standby", lost);
  return set;
}

ChangeSet plan_anchor_recovery(const NetworkView& view, NodeId recovered, bool revert, SessionsState& state) {
  ChangeSet set{.cause = {}, .author = author, .changes = {}};
  if (!is_running(view, recovered)) return set;
  // First, so that a session's UE address is free again when it is established anew.
  const auto kept = std::stable_partition(state.stale.begin(), state.stale.end(),
                                          [&](const SessionsState::Stale& s) { return s.upf != recovered; });
  std::for_each(kept, state.stale.end(), [&](const SessionsState::Stale& s) {
    set.changes.push_back(ReleasePduSession{.node = s.upf, .seid = s.seid});
  });
  const auto released = static_cast<std::size_t>(state.stale.end() - kept);
  state.stale.erase(kept, state.stale.end());

  std::vector<std::size_t> moved;
  std::vector<Change> releases;
  for (std::size_t i = 0; i < view.sessions.size() && i < state.placements.size(); ++i) {
    SessionPlacement& placement = state.placements[i];
    const auto rank = rank_of(view.sessions[i], recovered);
    if (!rank) continue;
    if (placement.anchor != no_node) {
      const auto current = rank_of(view.sessions[i], placement.anchor);
      if (!revert || (current && *current <= *rank)) continue;
      if (is_running(view, placement.anchor))
        releases.push_back(ReleasePduSession{.node = placement.anchor, .seid = placement.seid});
      else
        state.stale.push_back({placement.anchor, placement.seid});
    }
    place_at_anchor(placement, i, recovered);
    moved.push_back(i);
  }
  add_establishments(view, state, moved, set.changes);
  set.changes.insert(set.changes.end(), releases.begin(), releases.end());
  if (set.changes.empty()) return set;
  set.cause = fmt::format("UPF {} runs again", name_of_node(view, recovered));
  if (released > 0)
    set.cause += fmt::format(", {} stale session{} released", released, released == 1 ? "" : "s");
  if (!moved.empty()) set.cause += ": " + count_by_anchor(view, state, moved);
  return set;
}

ChangeSet plan_gnb_recovery(const NetworkView& view, NodeId recovered, const SessionsState& state) {
  ChangeSet set{.cause = {}, .author = author, .changes = {}};
  for (std::size_t i = 0; i < view.sessions.size() && i < state.placements.size(); ++i)
    if (state.placements[i].serving_gnb == recovered)
      add_attach(view, view.sessions[i], state.placements[i], set.changes);
  if (!set.changes.empty())
    set.cause =
        fmt::format("gNB {} runs again: {} UE contexts", name_of_node(view, recovered), set.changes.size());
  return set;
}

}  // namespace kiriko
