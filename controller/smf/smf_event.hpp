// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SmfEvent: what the SMF tells of its UPFs and PDU sessions, for the event log and for who acts on it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "controller/smf/n4_client.hpp"
#include "controller/smf/qos_flows.hpp"
#include "controller/smf/sm_context.hpp"

namespace kiriko::smf {

struct SessionEstablished {
  NodeId upf{no_node};
};
struct SessionRefused {
  Refusal refusal{};
};
struct SessionModified {};
struct ModificationRefused {
  Refusal refusal{};
};
/// `usage`: of the Session Deletion Response; none from a UPF that could not be asked.
struct SessionReleased {
  std::vector<pfcp::UsageReport> usage{};
};
struct PathSwitched {};
struct PathSwitchFailed {
  Refusal refusal{};
};
/// The UPF buffers from now on.
struct SessionDeactivated {};
struct SessionActivated {};
struct PagingFailed {};
struct SessionMoved {
  NodeId from{no_node};
  NodeId to{no_node};
  Duration without_upf{};  ///< since the last sign of life of `from`; 0 if it is alive
};
/// Its UPF is gone, and no other is left that it may use.
struct SessionWithoutUpf {
  NodeId from{no_node};
};
struct UsageReported {
  std::vector<pfcp::UsageReport> usage{};
};

struct SmfEvent {
  ModelTime at{};
  SmContextRef session{};  ///< 0: of the node
  std::variant<UpfAssociated, UpfRefusedAssociation, UpfFailed, UpfRecovered, UpfRestarted, UpfWantsRelease,
               UpfReleased, UpfPathReported, SessionEstablished, SessionRefused, SessionModified,
               ModificationRefused, SessionReleased, PathSwitched, PathSwitchFailed, SessionDeactivated,
               SessionActivated, PagingFailed, SessionMoved, SessionWithoutUpf, UsageReported>
      what{};
};

}  // namespace kiriko::smf
