// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Messages of PFCP sessions (TS 29.244 clause 7.5).
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/addresses.hpp"
#include "core/pfcp/cause.hpp"
#include "core/pfcp/detection_groups.hpp"
#include "core/pfcp/forwarding_groups.hpp"
#include "core/pfcp/group.hpp"
#include "core/pfcp/message_type.hpp"
#include "core/pfcp/qos_groups.hpp"
#include "core/pfcp/report_groups.hpp"
#include "core/pfcp/session_values.hpp"
#include "core/pfcp/usage_groups.hpp"

namespace kiriko::pfcp {

/// Clause 7.5.2.
struct SessionEstablishmentRequest {
  static constexpr MessageType message_type = MessageType::session_establishment_request;
  NodeId node_id{};
  FSeid cp_f_seid{};
  std::vector<CreatePdr> create_pdrs{};
  std::vector<CreateFar> create_fars{};
  std::vector<CreateUrr> create_urrs{};
  std::vector<CreateQer> create_qers{};
  std::vector<CreateBar> create_bars{};
  std::vector<CreateTrafficEndpoint> create_traffic_endpoints{};
  std::optional<PdnType> pdn_type{};
  std::vector<FqCsid> fq_csids{};
  std::optional<WholeSeconds> user_plane_inactivity_timer{};
  std::optional<UserId> user_id{};
  std::optional<TraceInformation> trace_information{};
  std::optional<ApnDnn> apn_dnn{};
  std::vector<CreateMar> create_mars{};
  std::optional<PfcpseReqFlags> pfcpsereq_flags{};
  std::optional<NtpTime> recovery_time_stamp{};
  std::optional<SNssai> s_nssai{};
  std::optional<RatType> rat_type{};
  std::optional<GroupId> group_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionEstablishmentRequest&, const SessionEstablishmentRequest&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::node_id, &SessionEstablishmentRequest::node_id),
        mandatory(IeType::f_seid, &SessionEstablishmentRequest::cp_f_seid),
        mandatory(IeType::create_pdr, &SessionEstablishmentRequest::create_pdrs),
        mandatory(IeType::create_far, &SessionEstablishmentRequest::create_fars),
        conditional(IeType::create_urr, &SessionEstablishmentRequest::create_urrs),
        conditional(IeType::create_qer, &SessionEstablishmentRequest::create_qers),
        conditional(IeType::create_bar, &SessionEstablishmentRequest::create_bars),
        conditional(IeType::create_traffic_endpoint, &SessionEstablishmentRequest::create_traffic_endpoints),
        conditional(IeType::pdn_type, &SessionEstablishmentRequest::pdn_type),
        conditional(IeType::fq_csid, &SessionEstablishmentRequest::fq_csids),
        optional(IeType::user_plane_inactivity_timer,
                 &SessionEstablishmentRequest::user_plane_inactivity_timer),
        optional(IeType::user_id, &SessionEstablishmentRequest::user_id),
        optional(IeType::trace_information, &SessionEstablishmentRequest::trace_information),
        optional(IeType::apn_dnn, &SessionEstablishmentRequest::apn_dnn),
        conditional(IeType::create_mar, &SessionEstablishmentRequest::create_mars),
        conditional(IeType::pfcpsereq_flags, &SessionEstablishmentRequest::pfcpsereq_flags),
        optional(IeType::recovery_time_stamp, &SessionEstablishmentRequest::recovery_time_stamp),
        optional(IeType::s_nssai, &SessionEstablishmentRequest::s_nssai),
        optional(IeType::rat_type, &SessionEstablishmentRequest::rat_type),
        optional(IeType::group_id, &SessionEstablishmentRequest::group_id));
  }
};

/// Clause 7.5.3.
struct SessionEstablishmentResponse {
  static constexpr MessageType message_type = MessageType::session_establishment_response;
  NodeId node_id{};
  Cause cause{};
  std::optional<IeType> offending_ie{};
  std::optional<FSeid> up_f_seid{};
  std::vector<CreatedPdr> created_pdrs{};
  std::optional<LoadControlInformation> load_control_information{};
  std::optional<OverloadControlInformation> overload_control_information{};
  std::vector<FqCsid> fq_csids{};
  std::optional<FailedRuleId> failed_rule_id{};
  std::vector<CreatedTrafficEndpoint> created_traffic_endpoints{};
  std::vector<PartialFailureInformation> partial_failure_information{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionEstablishmentResponse&, const SessionEstablishmentResponse&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::node_id, &SessionEstablishmentResponse::node_id),
        mandatory(IeType::cause, &SessionEstablishmentResponse::cause),
        conditional(IeType::offending_ie, &SessionEstablishmentResponse::offending_ie),
        conditional(IeType::f_seid, &SessionEstablishmentResponse::up_f_seid),
        conditional(IeType::created_pdr, &SessionEstablishmentResponse::created_pdrs),
        optional(IeType::load_control_information, &SessionEstablishmentResponse::load_control_information),
        optional(IeType::overload_control_information,
                 &SessionEstablishmentResponse::overload_control_information),
        conditional(IeType::fq_csid, &SessionEstablishmentResponse::fq_csids),
        conditional(IeType::failed_rule_id, &SessionEstablishmentResponse::failed_rule_id),
        conditional(IeType::created_traffic_endpoint,
                    &SessionEstablishmentResponse::created_traffic_endpoints),
        conditional(IeType::partial_failure_information,
                    &SessionEstablishmentResponse::partial_failure_information));
  }
};

/// Clause 7.5.4.
struct SessionModificationRequest {
  static constexpr MessageType message_type = MessageType::session_modification_request;
  std::optional<FSeid> cp_f_seid{};
  std::vector<RemovePdr> remove_pdrs{};
  std::vector<RemoveFar> remove_fars{};
  std::vector<RemoveUrr> remove_urrs{};
  std::vector<RemoveQer> remove_qers{};
  std::vector<RemoveBar> remove_bars{};
  std::vector<RemoveTrafficEndpoint> remove_traffic_endpoints{};
  std::vector<CreatePdr> create_pdrs{};
  std::vector<CreateFar> create_fars{};
  std::vector<CreateUrr> create_urrs{};
  std::vector<CreateQer> create_qers{};
  std::vector<CreateBar> create_bars{};
  std::vector<CreateTrafficEndpoint> create_traffic_endpoints{};
  std::vector<UpdatePdr> update_pdrs{};
  std::vector<UpdateFar> update_fars{};
  std::vector<UpdateUrr> update_urrs{};
  std::vector<UpdateQer> update_qers{};
  std::vector<UpdateBar> update_bars{};
  std::vector<UpdateTrafficEndpoint> update_traffic_endpoints{};
  std::optional<PfcpsmReqFlags> pfcpsmreq_flags{};
  std::vector<QueryUrr> query_urrs{};
  std::vector<FqCsid> fq_csids{};
  std::optional<WholeSeconds> user_plane_inactivity_timer{};
  std::optional<QueryUrrReference> query_urr_reference{};
  std::optional<TraceInformation> trace_information{};
  std::vector<RemoveMar> remove_mars{};
  std::vector<UpdateMar> update_mars{};
  std::vector<CreateMar> create_mars{};
  std::optional<NodeId> node_id{};
  std::optional<SNssai> s_nssai{};
  std::optional<RatType> rat_type{};
  std::optional<GroupId> group_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionModificationRequest&, const SessionModificationRequest&) = default;
  static constexpr auto members(auto list) {
    return list(
        conditional(IeType::f_seid, &SessionModificationRequest::cp_f_seid),
        conditional(IeType::remove_pdr, &SessionModificationRequest::remove_pdrs),
        conditional(IeType::remove_far, &SessionModificationRequest::remove_fars),
        conditional(IeType::remove_urr, &SessionModificationRequest::remove_urrs),
        conditional(IeType::remove_qer, &SessionModificationRequest::remove_qers),
        conditional(IeType::remove_bar, &SessionModificationRequest::remove_bars),
        conditional(IeType::remove_traffic_endpoint, &SessionModificationRequest::remove_traffic_endpoints),
        conditional(IeType::create_pdr, &SessionModificationRequest::create_pdrs),
        conditional(IeType::create_far, &SessionModificationRequest::create_fars),
        conditional(IeType::create_urr, &SessionModificationRequest::create_urrs),
        conditional(IeType::create_qer, &SessionModificationRequest::create_qers),
        conditional(IeType::create_bar, &SessionModificationRequest::create_bars),
        conditional(IeType::create_traffic_endpoint, &SessionModificationRequest::create_traffic_endpoints),
        conditional(IeType::update_pdr, &SessionModificationRequest::update_pdrs),
        conditional(IeType::update_far, &SessionModificationRequest::update_fars),
        conditional(IeType::update_urr, &SessionModificationRequest::update_urrs),
        conditional(IeType::update_qer, &SessionModificationRequest::update_qers),
        conditional(IeType::update_bar, &SessionModificationRequest::update_bars),
        conditional(IeType::update_traffic_endpoint, &SessionModificationRequest::update_traffic_endpoints),
        conditional(IeType::pfcpsmreq_flags, &SessionModificationRequest::pfcpsmreq_flags),
        conditional(IeType::query_urr, &SessionModificationRequest::query_urrs),
        conditional(IeType::fq_csid, &SessionModificationRequest::fq_csids),
        conditional(IeType::user_plane_inactivity_timer,
                    &SessionModificationRequest::user_plane_inactivity_timer),
        optional(IeType::query_urr_reference, &SessionModificationRequest::query_urr_reference),
        optional(IeType::trace_information, &SessionModificationRequest::trace_information),
        conditional(IeType::remove_mar, &SessionModificationRequest::remove_mars),
        conditional(IeType::update_mar, &SessionModificationRequest::update_mars),
        conditional(IeType::create_mar, &SessionModificationRequest::create_mars),
        conditional(IeType::node_id, &SessionModificationRequest::node_id),
        optional(IeType::s_nssai, &SessionModificationRequest::s_nssai),
        optional(IeType::rat_type, &SessionModificationRequest::rat_type),
        optional(IeType::group_id, &SessionModificationRequest::group_id));
  }
};

/// Clause 7.5.5.
struct SessionModificationResponse {
  static constexpr MessageType message_type = MessageType::session_modification_response;
  Cause cause{};
  std::optional<IeType> offending_ie{};
  std::vector<CreatedPdr> created_pdrs{};
  std::optional<LoadControlInformation> load_control_information{};
  std::optional<OverloadControlInformation> overload_control_information{};
  std::vector<UsageReport> usage_reports{};
  std::optional<FailedRuleId> failed_rule_id{};
  std::optional<AdditionalUsageReportsInformation> additional_usage_reports_information{};
  std::vector<CreatedTrafficEndpoint> created_traffic_endpoints{};
  std::vector<UpdatedPdr> updated_pdrs{};
  std::vector<PartialFailureInformation> partial_failure_information{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionModificationResponse&, const SessionModificationResponse&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::cause, &SessionModificationResponse::cause),
        conditional(IeType::offending_ie, &SessionModificationResponse::offending_ie),
        conditional(IeType::created_pdr, &SessionModificationResponse::created_pdrs),
        optional(IeType::load_control_information, &SessionModificationResponse::load_control_information),
        optional(IeType::overload_control_information,
                 &SessionModificationResponse::overload_control_information),
        conditional(IeType::usage_report_in_modification_response,
                    &SessionModificationResponse::usage_reports),
        conditional(IeType::failed_rule_id, &SessionModificationResponse::failed_rule_id),
        conditional(IeType::additional_usage_reports_information,
                    &SessionModificationResponse::additional_usage_reports_information),
        conditional(IeType::created_traffic_endpoint,
                    &SessionModificationResponse::created_traffic_endpoints),
        conditional(IeType::updated_pdr, &SessionModificationResponse::updated_pdrs),
        conditional(IeType::partial_failure_information,
                    &SessionModificationResponse::partial_failure_information));
  }
};

/// Clause 7.5.6: no IE is needed.
struct SessionDeletionRequest {
  static constexpr MessageType message_type = MessageType::session_deletion_request;
  std::vector<RawIe> others{};
  friend bool operator==(const SessionDeletionRequest&, const SessionDeletionRequest&) = default;
  static constexpr auto members(auto list) { return list(); }
};

/// Clause 7.5.7.
struct SessionDeletionResponse {
  static constexpr MessageType message_type = MessageType::session_deletion_response;
  Cause cause{};
  std::optional<IeType> offending_ie{};
  std::optional<LoadControlInformation> load_control_information{};
  std::optional<OverloadControlInformation> overload_control_information{};
  std::vector<UsageReport> usage_reports{};
  std::optional<AdditionalUsageReportsInformation> additional_usage_reports_information{};
  std::optional<PfcpsdRspFlags> pfcpsdrsp_flags{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionDeletionResponse&, const SessionDeletionResponse&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::cause, &SessionDeletionResponse::cause),
        conditional(IeType::offending_ie, &SessionDeletionResponse::offending_ie),
        optional(IeType::load_control_information, &SessionDeletionResponse::load_control_information),
        optional(IeType::overload_control_information,
                 &SessionDeletionResponse::overload_control_information),
        conditional(IeType::usage_report_in_deletion_response, &SessionDeletionResponse::usage_reports),
        conditional(IeType::additional_usage_reports_information,
                    &SessionDeletionResponse::additional_usage_reports_information),
        conditional(IeType::pfcpsdrsp_flags, &SessionDeletionResponse::pfcpsdrsp_flags));
  }
};

/// Clause 7.5.8.
struct SessionReportRequest {
  static constexpr MessageType message_type = MessageType::session_report_request;
  ReportType report_type{};
  std::optional<DownlinkDataReport> downlink_data_report{};
  std::vector<UsageReport> usage_reports{};
  std::optional<ErrorIndicationReport> error_indication_report{};
  std::optional<LoadControlInformation> load_control_information{};
  std::optional<OverloadControlInformation> overload_control_information{};
  std::optional<AdditionalUsageReportsInformation> additional_usage_reports_information{};
  std::optional<PfcpsrReqFlags> pfcpsrreq_flags{};
  std::optional<FSeid> old_cp_f_seid{};
  std::vector<SessionReport> session_reports{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionReportRequest&, const SessionReportRequest&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::report_type, &SessionReportRequest::report_type),
        conditional(IeType::downlink_data_report, &SessionReportRequest::downlink_data_report),
        conditional(IeType::usage_report_in_report_request, &SessionReportRequest::usage_reports),
        conditional(IeType::error_indication_report, &SessionReportRequest::error_indication_report),
        optional(IeType::load_control_information, &SessionReportRequest::load_control_information),
        optional(IeType::overload_control_information, &SessionReportRequest::overload_control_information),
        conditional(IeType::additional_usage_reports_information,
                    &SessionReportRequest::additional_usage_reports_information),
        conditional(IeType::pfcpsrreq_flags, &SessionReportRequest::pfcpsrreq_flags),
        conditional(IeType::f_seid, &SessionReportRequest::old_cp_f_seid),
        conditional(IeType::session_report, &SessionReportRequest::session_reports));
  }
};

/// Clause 7.5.9.
struct SessionReportResponse {
  static constexpr MessageType message_type = MessageType::session_report_response;
  Cause cause{};
  std::optional<IeType> offending_ie{};
  std::vector<UpdateBarInReportResponse> update_bars{};
  std::optional<PfcpsrRspFlags> pfcpsrrsp_flags{};
  std::optional<FSeid> cp_f_seid{};
  std::optional<FTeid> n4u_f_teid{};
  std::optional<AlternativeSmfIpAddress> alternative_smf_ip_address{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionReportResponse&, const SessionReportResponse&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::cause, &SessionReportResponse::cause),
        conditional(IeType::offending_ie, &SessionReportResponse::offending_ie),
        conditional(IeType::update_bar_in_report_response, &SessionReportResponse::update_bars),
        conditional(IeType::pfcpsrrsp_flags, &SessionReportResponse::pfcpsrrsp_flags),
        conditional(IeType::f_seid, &SessionReportResponse::cp_f_seid),
        conditional(IeType::f_teid, &SessionReportResponse::n4u_f_teid),
        conditional(IeType::alternative_smf_ip_address, &SessionReportResponse::alternative_smf_ip_address));
  }
};

}  // namespace kiriko::pfcp
