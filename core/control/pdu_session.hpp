// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packet rules of a PDU session as the SMF gives them to a UPF (TS 29.244 clause 5.2, TS 23.501 clause 5.8.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/fiveg/ambr.hpp"
#include "core/fiveg/identifiers.hpp"
#include "core/net/ipv4_address.hpp"

namespace kiriko {

/// TS 29.244 clause 8.2.2.
enum class SourceInterface : std::uint8_t {
  access = 0,
  core = 1,
  n6_lan = 2,
  cp_function = 3,
  vn_internal = 4
};
using DestinationInterface = SourceInterface;

/// TS 29.244 clause 8.2.3: local F-TEID, IPv4.
struct FTeid {
  Teid teid{};
  Ipv4Address address{};
  friend bool operator==(const FTeid&, const FTeid&) = default;
};

/// One SDF filter (TS 29.244 clause 8.2.5): IPv4 5-tuple ranges as seen on the downlink
/// (remote = N6 side); for an uplink PDR source and destination are swapped before the match.
struct SdfFilter {
  std::optional<std::uint8_t> protocol{};
  Ipv4Prefix remote{};
  std::uint16_t remote_port_low{0}, remote_port_high{0xffff};
  std::uint16_t local_port_low{0}, local_port_high{0xffff};
  friend bool operator==(const SdfFilter&, const SdfFilter&) = default;
};

/// TS 29.244 table 7.5.2.2-2. An absent member matches everything.
struct PacketDetectionInformation {
  SourceInterface source_interface{SourceInterface::access};
  std::optional<FTeid> local_f_teid{};
  std::optional<Ipv4Address> ue_ip_address{};
  std::optional<Qfi> qfi{};
  std::vector<SdfFilter> sdf_filters{};
};

struct PacketDetectionRule {
  PdrId id{};
  std::uint32_t precedence{255};  ///< lower is matched first
  PacketDetectionInformation pdi{};
  bool outer_header_removal{false};
  FarId far{};
  std::vector<QerId> qers{};
  std::vector<UrrId> urrs{};
};

/// TS 29.244 clause 8.2.56, GTP-U/UDP/IPv4.
struct OuterHeaderCreation {
  Teid teid{};
  Ipv4Address address{};
  friend bool operator==(const OuterHeaderCreation&, const OuterHeaderCreation&) = default;
};

enum class ApplyAction : std::uint8_t { drop, forward, buffer };

struct ForwardingActionRule {
  FarId id{};
  ApplyAction action{ApplyAction::forward};
  DestinationInterface destination_interface{DestinationInterface::core};
  std::optional<OuterHeaderCreation> outer_header_creation{};
  std::optional<std::uint8_t> dscp{};  ///< transport level marking of the outer header
};

enum class GateStatus : std::uint8_t { open = 0, closed = 1 };

struct QosEnforcementRule {
  QerId id{};
  GateStatus uplink_gate{GateStatus::open};
  GateStatus downlink_gate{GateStatus::open};
  Ambr maximum_bit_rate{};     ///< 0 = none; shared by all PDRs with this QER
  Ambr guaranteed_bit_rate{};  ///< 0 = none; informs schedulers
  std::optional<Qfi> qfi{};    ///< marked into the PDU Session Container on the downlink
  bool session_ambr{false};    ///< the maximum is the Session-AMBR: an excess is session_ambr_exceeded
};

struct UsageReportingRule {
  UrrId id{};
  Bytes volume_threshold{};  ///< 0 = none
};

/// All rules of one session; SEID is unique in its UPF.
struct PduSessionRules {
  Seid seid{};
  SliceId slice{no_slice};
  std::vector<PacketDetectionRule> pdrs{};
  std::vector<ForwardingActionRule> fars{};
  std::vector<QosEnforcementRule> qers{};
  std::vector<UsageReportingRule> urrs{};
};

}  // namespace kiriko
