// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Routing: forwarding entries of every switch by shortest path, whole or as differences; a pure function of the view.
#pragma once

#include <map>
#include <vector>

#include "core/control/network_view.hpp"

namespace kiriko {

/// A switch's entries, by ascending destination.
using ForwardingTables = std::map<NodeId, std::vector<ForwardingEntry>>;

/// Added to the delay of each link on a path, so that among equal delays fewer hops win.
inline constexpr Duration routing_hop_cost = microseconds(1);

/// The current anchor UPF of each session of the view, by session index; empty: the wished anchors.
using SessionAnchors = std::vector<NodeId>;

/// Entries to hosts, gNBs (N3), UPFs (N3) and UE address prefixes, over links that are up through running
/// switches, firewalls and rate limiters. Paths of equal cost become the ports of one ECMP entry.
/// A UE prefix goes to the UPF that anchors most of its sessions; the others get host routes.
ForwardingTables compute_routes(const NetworkView& view, const SessionAnchors& anchors = {});

/// Whether packets of `from` reach `to` over links that are up, through running switches, firewalls and rate limiters.
bool is_reachable(const NetworkView& view, NodeId from, NodeId to);

/// One SetForwarding with `clear_first` a switch.
ChangeSet plan_routes(const NetworkView& view, const SessionAnchors& anchors = {});

/// Only what differs from `previous`; no changes if nothing does. Compute `next` with compute_routes().
ChangeSet plan_reroute(const NetworkView& view, const ForwardingTables& previous,
                       const ForwardingTables& next);
inline ChangeSet plan_reroute(const NetworkView& view, const ForwardingTables& previous,
                              const SessionAnchors& anchors = {}) {
  return plan_reroute(view, previous, compute_routes(view, anchors));
}

}  // namespace kiriko
