// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Partial updates of a PDU session's rules (TS 29.244 clause 7.5.4): what an update does not name stays.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/control/pdu_session.hpp"

namespace kiriko {

/// A member that an update may name. Of a member that is optional itself, a named empty value takes it away.
template <class T>
using Named = std::optional<T>;

/// Table 7.5.4.2-1.
struct PacketDetectionRuleUpdate {
  PdrId id{};
  Named<std::uint32_t> precedence{};
  Named<PacketDetectionInformation> pdi{};  ///< replaced as a whole
  Named<bool> outer_header_removal{};
  Named<FarId> far{};
  Named<std::vector<QerId>> qers{};
  Named<std::vector<UrrId>> urrs{};
};

/// Table 7.5.4.3-1.
struct ForwardingActionRuleUpdate {
  FarId id{};
  Named<ApplyAction> action{};
  Named<bool> notify_cp{};
  Named<bool> duplicate{};
  Named<DestinationInterface> destination_interface{};
  Named<std::string> network_instance{};
  Named<std::optional<OuterHeaderCreation>> outer_header_creation{};
  Named<std::optional<std::uint8_t>> dscp{};
  Named<std::string> forwarding_policy{};
  Named<std::vector<DuplicatingParameters>> duplicating{};
  Named<std::optional<BarId>> bar{};
  /// PFCPSMReq-Flags SNDEM: an end marker goes to the tunnel that this update leaves.
  bool send_end_marker{false};

  /// Names every member: the rule becomes `rule`.
  static ForwardingActionRuleUpdate whole(const ForwardingActionRule& rule);
};

/// Table 7.5.4.5-1.
struct QosEnforcementRuleUpdate {
  QerId id{};
  Named<GateStatus> uplink_gate{};
  Named<GateStatus> downlink_gate{};
  Named<Ambr> maximum_bit_rate{};
  Named<Ambr> guaranteed_bit_rate{};
  Named<std::optional<Qfi>> qfi{};
  Named<bool> session_ambr{};
  Named<bool> reflective_qos{};
  Named<std::optional<std::uint8_t>> paging_policy_indicator{};
  Named<std::optional<PacketRate>> packet_rate{};
  Named<std::optional<std::uint32_t>> correlation_id{};
  Named<std::optional<Duration>> averaging_window{};

  static QosEnforcementRuleUpdate whole(const QosEnforcementRule& rule);
};

/// Table 7.5.4.4-1. A threshold or quota that is named counts anew from the update.
struct UsageReportingRuleUpdate {
  UrrId id{};
  Named<MeasurementMethod> method{};
  Named<ReportingTriggers> triggers{};
  Named<Duration> measurement_period{};
  Named<VolumeLimits> volume_threshold{};
  Named<std::optional<VolumeLimits>> volume_quota{};
  Named<Duration> time_threshold{};
  Named<std::optional<Duration>> time_quota{};
  Named<std::uint32_t> event_threshold{};
  Named<std::optional<std::uint32_t>> event_quota{};
  Named<Duration> quota_holding_time{};
  Named<DroppedTrafficThreshold> dropped_dl_traffic_threshold{};
  Named<std::optional<ModelTime>> monitoring_time{};
  Named<VolumeLimits> subsequent_volume_threshold{};
  Named<Duration> subsequent_time_threshold{};
  Named<std::optional<VolumeLimits>> subsequent_volume_quota{};
  Named<std::optional<Duration>> subsequent_time_quota{};
  Named<Duration> inactivity_detection_time{};
  Named<std::vector<UrrId>> linked{};
  Named<std::optional<FarId>> quota_far{};
  Named<bool> measure_before_qos{};
  Named<bool> inactive_measurement{};
  Named<bool> immediate_start_metering{};
};

/// Table 7.5.4.11-1.
struct BufferingActionRuleUpdate {
  BarId id{};
  Named<std::optional<std::uint16_t>> suggested_buffering_packets{};
  Named<Duration> notification_delay{};
};

/// All that one session modification changes, in this order: remove, create, update. It holds as a whole or not at
/// all; a rule that is removed and created again keeps its state (tokens, usage, buffered packets).
struct PduSessionUpdate {
  std::vector<PdrId> remove_pdrs{};
  std::vector<FarId> remove_fars{};
  std::vector<QerId> remove_qers{};
  std::vector<UrrId> remove_urrs{};
  std::vector<BarId> remove_bars{};
  std::vector<PacketDetectionRule> create_pdrs{};
  std::vector<ForwardingActionRule> create_fars{};
  std::vector<QosEnforcementRule> create_qers{};
  std::vector<UsageReportingRule> create_urrs{};
  std::vector<BufferingActionRule> create_bars{};
  std::vector<PacketDetectionRuleUpdate> update_pdrs{};
  std::vector<ForwardingActionRuleUpdate> update_fars{};
  std::vector<QosEnforcementRuleUpdate> update_qers{};
  std::vector<UsageReportingRuleUpdate> update_urrs{};
  std::vector<BufferingActionRuleUpdate> update_bars{};
  Named<Duration> user_plane_inactivity{};
  std::vector<UrrId> query_urrs{};  ///< usage reports at once
  bool query_all_urrs{false};       ///< PFCPSMReq-Flags QAURR
  bool drop_buffered{false};        ///< PFCPSMReq-Flags DROBU: what is buffered now is dropped
};

/// A rule of the session that an update asks for and that is not there, or that is there already.
struct RuleConflict {
  enum class Kind : std::uint8_t { pdr, far, qer, urr, bar };
  Kind kind{};
  std::uint32_t id{};
  bool exists{};  ///< it was to be created
};

/// `rules` with the update made, or the first conflict. References between rules are not looked at.
tl::expected<PduSessionRules, RuleConflict> updated(PduSessionRules rules, const PduSessionUpdate& update);

/// "PDR", "FAR", …
std::string_view to_string(RuleConflict::Kind kind);

}  // namespace kiriko
