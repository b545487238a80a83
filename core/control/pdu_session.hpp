// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packet rules of a PDU session as the SMF gives them to a UPF (TS 29.244 clause 5.2, TS 23.501 clause 5.8.2).
#pragma once

#include <vector>

#include "core/base/ids.hpp"
#include "core/control/forwarding_action.hpp"
#include "core/control/packet_detection.hpp"
#include "core/control/qos_enforcement.hpp"
#include "core/control/usage_reporting.hpp"

namespace kiriko {

/// All rules of one session; SEID is unique in its UPF.
struct PduSessionRules {
  Seid seid{};
  SliceId slice{no_slice};
  PduSessionType type{PduSessionType::ipv4};
  Duration user_plane_inactivity{};  ///< without a packet for so long: an inactivity report; 0: none
  std::vector<PacketDetectionRule> pdrs{};
  std::vector<ForwardingActionRule> fars{};
  std::vector<QosEnforcementRule> qers{};
  std::vector<UsageReportingRule> urrs{};
  std::vector<BufferingActionRule> bars{};
  friend bool operator==(const PduSessionRules&, const PduSessionRules&) = default;
};

}  // namespace kiriko
