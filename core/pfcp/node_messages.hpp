// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Messages between nodes (TS 29.244 clause 7.4).
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/addresses.hpp"
#include "core/pfcp/cause.hpp"
#include "core/pfcp/group.hpp"
#include "core/pfcp/message_type.hpp"
#include "core/pfcp/node_groups.hpp"
#include "core/pfcp/node_values.hpp"

namespace kiriko::pfcp {

/// Clause 7.4.2.1.
struct HeartbeatRequest {
  static constexpr MessageType message_type = MessageType::heartbeat_request;
  NtpTime recovery_time_stamp{};
  std::optional<SourceIpAddress> source_ip_address{};
  std::vector<RawIe> others{};
  friend bool operator==(const HeartbeatRequest&, const HeartbeatRequest&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::recovery_time_stamp, &HeartbeatRequest::recovery_time_stamp),
                optional(IeType::source_ip_address, &HeartbeatRequest::source_ip_address));
  }
};

/// Clause 7.4.2.2.
struct HeartbeatResponse {
  static constexpr MessageType message_type = MessageType::heartbeat_response;
  NtpTime recovery_time_stamp{};
  std::vector<RawIe> others{};
  friend bool operator==(const HeartbeatResponse&, const HeartbeatResponse&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::recovery_time_stamp, &HeartbeatResponse::recovery_time_stamp));
  }
};

/// Clause 7.4.3.1.
struct PfdManagementRequest {
  static constexpr MessageType message_type = MessageType::pfd_management_request;
  std::vector<ApplicationIdsPfds> application_ids_pfds{};
  std::optional<NodeId> node_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const PfdManagementRequest&, const PfdManagementRequest&) = default;
  static constexpr auto members(auto list) {
    return list(conditional(IeType::application_ids_pfds, &PfdManagementRequest::application_ids_pfds),
                optional(IeType::node_id, &PfdManagementRequest::node_id));
  }
};

/// Clause 7.4.3.2.
struct PfdManagementResponse {
  static constexpr MessageType message_type = MessageType::pfd_management_response;
  Cause cause{};
  std::optional<IeType> offending_ie{};
  std::optional<NodeId> node_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const PfdManagementResponse&, const PfdManagementResponse&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::cause, &PfdManagementResponse::cause),
                conditional(IeType::offending_ie, &PfdManagementResponse::offending_ie),
                optional(IeType::node_id, &PfdManagementResponse::node_id));
  }
};

/// Clause 7.4.4.1.
struct AssociationSetupRequest {
  static constexpr MessageType message_type = MessageType::association_setup_request;
  NodeId node_id{};
  NtpTime recovery_time_stamp{};
  std::optional<UpFunctionFeatures> up_function_features{};
  std::optional<CpFunctionFeatures> cp_function_features{};
  std::vector<UserPlaneIpResourceInformation> user_plane_ip_resource_information{};
  std::vector<UeIpAddressPoolInformation> ue_ip_address_pool_information{};
  std::vector<AlternativeSmfIpAddress> alternative_smf_ip_addresses{};
  std::optional<SmfSetId> smf_set_id{};
  std::optional<PfcpSessionRetentionInformation> pfcp_session_retention_information{};
  std::optional<NfInstanceId> upf_instance_id{};
  std::optional<PfcpasReqFlags> pfcpasreq_flags{};
  std::vector<RawIe> others{};
  friend bool operator==(const AssociationSetupRequest&, const AssociationSetupRequest&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::node_id, &AssociationSetupRequest::node_id),
        mandatory(IeType::recovery_time_stamp, &AssociationSetupRequest::recovery_time_stamp),
        conditional(IeType::up_function_features, &AssociationSetupRequest::up_function_features),
        conditional(IeType::cp_function_features, &AssociationSetupRequest::cp_function_features),
        optional(IeType::user_plane_ip_resource_information,
                 &AssociationSetupRequest::user_plane_ip_resource_information),
        optional(IeType::ue_ip_address_pool_information,
                 &AssociationSetupRequest::ue_ip_address_pool_information),
        optional(IeType::alternative_smf_ip_address, &AssociationSetupRequest::alternative_smf_ip_addresses),
        optional(IeType::smf_set_id, &AssociationSetupRequest::smf_set_id),
        optional(IeType::pfcp_session_retention_information,
                 &AssociationSetupRequest::pfcp_session_retention_information),
        optional(IeType::nf_instance_id, &AssociationSetupRequest::upf_instance_id),
        optional(IeType::pfcpasreq_flags, &AssociationSetupRequest::pfcpasreq_flags));
  }
};

/// Clause 7.4.4.2.
struct AssociationSetupResponse {
  static constexpr MessageType message_type = MessageType::association_setup_response;
  NodeId node_id{};
  Cause cause{};
  NtpTime recovery_time_stamp{};
  std::optional<UpFunctionFeatures> up_function_features{};
  std::optional<CpFunctionFeatures> cp_function_features{};
  std::vector<UserPlaneIpResourceInformation> user_plane_ip_resource_information{};
  std::vector<AlternativeSmfIpAddress> alternative_smf_ip_addresses{};
  std::optional<SmfSetId> smf_set_id{};
  std::optional<PfcpasRspFlags> pfcpasrsp_flags{};
  std::vector<UeIpAddressPoolInformation> ue_ip_address_pool_information{};
  std::optional<NfInstanceId> upf_instance_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const AssociationSetupResponse&, const AssociationSetupResponse&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::node_id, &AssociationSetupResponse::node_id),
        mandatory(IeType::cause, &AssociationSetupResponse::cause),
        mandatory(IeType::recovery_time_stamp, &AssociationSetupResponse::recovery_time_stamp),
        conditional(IeType::up_function_features, &AssociationSetupResponse::up_function_features),
        conditional(IeType::cp_function_features, &AssociationSetupResponse::cp_function_features),
        optional(IeType::user_plane_ip_resource_information,
                 &AssociationSetupResponse::user_plane_ip_resource_information),
        optional(IeType::alternative_smf_ip_address, &AssociationSetupResponse::alternative_smf_ip_addresses),
        optional(IeType::smf_set_id, &AssociationSetupResponse::smf_set_id),
        optional(IeType::pfcpasrsp_flags, &AssociationSetupResponse::pfcpasrsp_flags),
        optional(IeType::ue_ip_address_pool_information,
                 &AssociationSetupResponse::ue_ip_address_pool_information),
        optional(IeType::nf_instance_id, &AssociationSetupResponse::upf_instance_id));
  }
};

/// Clause 7.4.4.3.
struct AssociationUpdateRequest {
  static constexpr MessageType message_type = MessageType::association_update_request;
  NodeId node_id{};
  std::optional<UpFunctionFeatures> up_function_features{};
  std::optional<CpFunctionFeatures> cp_function_features{};
  std::optional<PfcpAssociationReleaseRequest> pfcp_association_release_request{};
  std::optional<UnitTimer> graceful_release_period{};
  std::vector<UserPlaneIpResourceInformation> user_plane_ip_resource_information{};
  std::optional<PfcpauReqFlags> pfcpaureq_flags{};
  std::vector<AlternativeSmfIpAddress> alternative_smf_ip_addresses{};
  std::optional<SmfSetId> smf_set_id{};
  std::vector<UeIpAddressPoolInformation> ue_ip_address_pool_information{};
  std::vector<RawIe> others{};
  friend bool operator==(const AssociationUpdateRequest&, const AssociationUpdateRequest&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::node_id, &AssociationUpdateRequest::node_id),
        conditional(IeType::up_function_features, &AssociationUpdateRequest::up_function_features),
        conditional(IeType::cp_function_features, &AssociationUpdateRequest::cp_function_features),
        conditional(IeType::pfcp_association_release_request,
                    &AssociationUpdateRequest::pfcp_association_release_request),
        conditional(IeType::graceful_release_period, &AssociationUpdateRequest::graceful_release_period),
        optional(IeType::user_plane_ip_resource_information,
                 &AssociationUpdateRequest::user_plane_ip_resource_information),
        optional(IeType::pfcpaureq_flags, &AssociationUpdateRequest::pfcpaureq_flags),
        optional(IeType::alternative_smf_ip_address, &AssociationUpdateRequest::alternative_smf_ip_addresses),
        optional(IeType::smf_set_id, &AssociationUpdateRequest::smf_set_id),
        optional(IeType::ue_ip_address_pool_information,
                 &AssociationUpdateRequest::ue_ip_address_pool_information));
  }
};

/// Clause 7.4.4.4.
struct AssociationUpdateResponse {
  static constexpr MessageType message_type = MessageType::association_update_response;
  NodeId node_id{};
  Cause cause{};
  std::optional<UpFunctionFeatures> up_function_features{};
  std::optional<CpFunctionFeatures> cp_function_features{};
  std::vector<RawIe> others{};
  friend bool operator==(const AssociationUpdateResponse&, const AssociationUpdateResponse&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &AssociationUpdateResponse::node_id),
                mandatory(IeType::cause, &AssociationUpdateResponse::cause),
                conditional(IeType::up_function_features, &AssociationUpdateResponse::up_function_features),
                conditional(IeType::cp_function_features, &AssociationUpdateResponse::cp_function_features));
  }
};

/// Clause 7.4.4.5.
struct AssociationReleaseRequest {
  static constexpr MessageType message_type = MessageType::association_release_request;
  NodeId node_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const AssociationReleaseRequest&, const AssociationReleaseRequest&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &AssociationReleaseRequest::node_id));
  }
};

/// Clause 7.4.4.6.
struct AssociationReleaseResponse {
  static constexpr MessageType message_type = MessageType::association_release_response;
  NodeId node_id{};
  Cause cause{};
  std::vector<RawIe> others{};
  friend bool operator==(const AssociationReleaseResponse&, const AssociationReleaseResponse&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &AssociationReleaseResponse::node_id),
                mandatory(IeType::cause, &AssociationReleaseResponse::cause));
  }
};

/// Clause 7.4.4.7: the header only.
struct VersionNotSupportedResponse {
  static constexpr MessageType message_type = MessageType::version_not_supported_response;
  std::vector<RawIe> others{};
  friend bool operator==(const VersionNotSupportedResponse&, const VersionNotSupportedResponse&) = default;
  static constexpr auto members(auto list) { return list(); }
};

/// Clause 7.4.5.1.
struct NodeReportRequest {
  static constexpr MessageType message_type = MessageType::node_report_request;
  NodeId node_id{};
  NodeReportType node_report_type{};
  std::optional<UserPlanePathReport> user_plane_path_failure_report{};
  std::optional<UserPlanePathReport> user_plane_path_recovery_report{};
  std::vector<RawIe> others{};
  friend bool operator==(const NodeReportRequest&, const NodeReportRequest&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &NodeReportRequest::node_id),
                mandatory(IeType::node_report_type, &NodeReportRequest::node_report_type),
                conditional(IeType::user_plane_path_failure_report,
                            &NodeReportRequest::user_plane_path_failure_report),
                conditional(IeType::user_plane_path_recovery_report,
                            &NodeReportRequest::user_plane_path_recovery_report));
  }
};

/// Clause 7.4.5.2.
struct NodeReportResponse {
  static constexpr MessageType message_type = MessageType::node_report_response;
  NodeId node_id{};
  Cause cause{};
  std::optional<IeType> offending_ie{};
  std::vector<RawIe> others{};
  friend bool operator==(const NodeReportResponse&, const NodeReportResponse&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &NodeReportResponse::node_id),
                mandatory(IeType::cause, &NodeReportResponse::cause),
                conditional(IeType::offending_ie, &NodeReportResponse::offending_ie));
  }
};

/// Clause 7.4.6.1.
struct SessionSetDeletionRequest {
  static constexpr MessageType message_type = MessageType::session_set_deletion_request;
  NodeId node_id{};
  std::vector<FqCsid> fq_csids{};
  std::vector<GroupId> group_ids{};
  std::vector<CpIpAddress> cp_ip_addresses{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionSetDeletionRequest&, const SessionSetDeletionRequest&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &SessionSetDeletionRequest::node_id),
                conditional(IeType::fq_csid, &SessionSetDeletionRequest::fq_csids),
                conditional(IeType::group_id, &SessionSetDeletionRequest::group_ids),
                conditional(IeType::cp_ip_address, &SessionSetDeletionRequest::cp_ip_addresses));
  }
};

/// Clause 7.4.6.2.
struct SessionSetDeletionResponse {
  static constexpr MessageType message_type = MessageType::session_set_deletion_response;
  NodeId node_id{};
  Cause cause{};
  std::optional<IeType> offending_ie{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionSetDeletionResponse&, const SessionSetDeletionResponse&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &SessionSetDeletionResponse::node_id),
                mandatory(IeType::cause, &SessionSetDeletionResponse::cause),
                conditional(IeType::offending_ie, &SessionSetDeletionResponse::offending_ie));
  }
};

/// Clause 7.4.7.1.
struct SessionSetModificationRequest {
  static constexpr MessageType message_type = MessageType::session_set_modification_request;
  NodeId node_id{};
  std::vector<PfcpSessionChangeInfo> pfcp_session_change_info{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionSetModificationRequest&,
                         const SessionSetModificationRequest&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &SessionSetModificationRequest::node_id),
                mandatory(IeType::pfcp_session_change_info,
                          &SessionSetModificationRequest::pfcp_session_change_info));
  }
};

/// Clause 7.4.7.2.
struct SessionSetModificationResponse {
  static constexpr MessageType message_type = MessageType::session_set_modification_response;
  NodeId node_id{};
  Cause cause{};
  std::optional<IeType> offending_ie{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionSetModificationResponse&,
                         const SessionSetModificationResponse&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::node_id, &SessionSetModificationResponse::node_id),
                mandatory(IeType::cause, &SessionSetModificationResponse::cause),
                conditional(IeType::offending_ie, &SessionSetModificationResponse::offending_ie));
  }
};

}  // namespace kiriko::pfcp
