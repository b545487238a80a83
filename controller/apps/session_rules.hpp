// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packet rules of one PDU session as a UPF gets them (TS 29.244 clause 5.2), from the scenario's wish.
#pragma once

#include <map>
#include <vector>

#include "core/control/network_view.hpp"

namespace kiriko {

/// Where a session runs now, and its tunnel endpoints.
struct SessionPlacement {
  NodeId anchor{no_node};  ///< the UPF; no_node: none is running
  NodeId serving_gnb{no_node};
  Seid seid{};                    ///< at the anchor
  Teid uplink_teid{};             ///< at the anchor
  Teid downlink_teid{};           ///< at the serving gNB
  std::uint8_t establishments{};  ///< in the SEID and the uplink TEID, so that each is fresh
  std::uint8_t attachments{};     ///< in the downlink TEID
};

/// FARs of every session. Only the downlink FARs change with a handover: the first one's DSCP is the default QoS flow's, and
/// further ones, with ids from `first_marked_far` on, are the same with other DSCPs.
inline constexpr FarId uplink_far{1};
inline constexpr FarId local_switch_far{2};
inline constexpr FarId downlink_far{3};
inline constexpr FarId first_marked_far{4};

/// To the gNB's tunnel; drops while there is no serving gNB.
ForwardingActionRule plan_downlink_far(const NetworkView& view, const SessionPlacement& placement);
/// That FAR, marked as the session's default QoS flow, then one for each other DSCP of its flows.
std::vector<ForwardingActionRule> marked_downlink_fars(const SessionView& session,
                                                       const ForwardingActionRule& downlink);

/// Which UE addresses a UPF can reach without N6: those of sessions it anchors itself.
class LocalSwitching {
 public:
  /// Nothing is switched locally.
  LocalSwitching() = default;
  LocalSwitching(const NetworkView& view, const std::vector<SessionPlacement>& placements);
  bool is_local(Ipv4Address peer, NodeId anchor) const;
  /// One filter for each UE address pool all of whose sessions are at this anchor.
  std::vector<SdfFilter> filters(NodeId anchor) const;

 private:
  std::map<Ipv4Address, NodeId> anchor_of_;
  std::map<Ipv4Prefix, NodeId> sole_anchor_of_;  ///< of a pool; no_node: several
};

/// `uplink`: the tunnel at the anchor. `downlink`: its FAR 3.
PduSessionRules plan_session_rules(const LocalSwitching& local, const SessionView& session, NodeId anchor,
                                   const FTeid& uplink, const ForwardingActionRule& downlink);

/// The same with the addresses of the view and the placement's tunnels and SEID.
PduSessionRules plan_session_rules(const NetworkView& view, const LocalSwitching& local,
                                   const SessionPlacement& placement, const SessionView& session);

}  // namespace kiriko
