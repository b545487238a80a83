// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What the SMF asks of the access network by way of the AMF (N11, N2), and what it hears back.
#pragma once

#include <variant>

#include "controller/smf/sm_context.hpp"
#include "core/pfcp/session_values.hpp"

namespace kiriko::smf {

using AccessToken = StrongId<struct AccessTokenTag, std::uint64_t>;

/// PDU Session Resource Setup Request: wants the gNB's F-TEID.
struct SetUpResources {
  FTeid uplink{};  ///< the UPF's
};
/// PDU Session Resource Modify Request: another UPF (a new uplink F-TEID), other QoS flows.
struct ModifyResources {
  FTeid uplink{};
};
/// PDU Session Resource Release Command.
struct ReleaseResources {};
/// Namf_Communication_N1N2MessageTransfer for a UE in CM-IDLE: wants its Service Request.
struct PageUe {
  std::optional<std::uint8_t> paging_policy_indication{};  ///< the packet's DSCP
  std::optional<Qfi> qfi{};
};
struct AccessRequest {
  AccessToken token{};
  SmContextRef session{};
  NodeId ue{no_node};
  std::variant<SetUpResources, ModifyResources, ReleaseResources, PageUe> what{};
};

/// It is done; the UE is there.
struct AccessDone {};
/// The gNB's F-TEID: to SetUpResources.
struct AccessTunnel {
  OuterHeaderCreation downlink{};
};
/// Refused, not reachable, or not answered in time.
struct AccessFailed {};
using AccessAnswer = std::variant<AccessDone, AccessTunnel, AccessFailed>;

}  // namespace kiriko::smf
