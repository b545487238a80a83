// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Sessions: PDU session establishment, handover and change of anchor as ChangeSets; pure but for its explicit state.
#pragma once

#include <optional>
#include <vector>

#include "controller/apps/routing.hpp"
#include "controller/apps/session_rules.hpp"
#include "core/control/datapath_control.hpp"

namespace kiriko {

/// By session index of the view.
struct SessionsState {
  /// Left in a UPF that failed; released when it runs again.
  struct Stale {
    NodeId upf;
    Seid seid;
  };

  std::vector<SessionPlacement> placements;
  std::vector<Stale> stale;
  SessionAnchors anchors() const;
};

/// Every session at its wished anchor (or the first running standby) and its serving gNB.
ChangeSet plan_sessions(const NetworkView& view, SessionsState& state);

/// TS 23.502 clause 4.9.1.2.2, for all sessions of the UE. No changes, and a cause that says why, if the UE has no
/// port to the target or is there already.
ChangeSet plan_handover(const NetworkView& view, const HandoverEvent& handover, SessionsState& state);

/// Sessions whose anchor is not running move to their first running candidate: wished anchor, then standbys.
ChangeSet plan_anchor_failure(const NetworkView& view, NodeId failed, SessionsState& state);

/// Releases what was left in `recovered`. Sessions move back to it if they wish it more than where they are and `revert`, or if they have no anchor.
ChangeSet plan_anchor_recovery(const NetworkView& view, NodeId recovered, bool revert, SessionsState& state);

/// A gNB that runs again gets the contexts of its UEs as they are by now.
ChangeSet plan_gnb_recovery(const NetworkView& view, NodeId recovered, const SessionsState& state);

/// The UE's context for the serving gNB; none if that gNB is not running or the UE has no port to it.
std::optional<AttachUe> plan_attach(const NetworkView& view, const SessionView& session,
                                    const SessionPlacement& placement);

}  // namespace kiriko
