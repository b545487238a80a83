// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Grouped IEs of forwarding and buffering: FARs, BARs, MARs (TS 29.244 clauses 7.5.2 to 7.5.4, 7.5.9).
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/addresses.hpp"
#include "core/pfcp/detection_values.hpp"
#include "core/pfcp/forwarding_values.hpp"
#include "core/pfcp/group.hpp"

namespace kiriko::pfcp {

/// Table 7.5.2.3-2.
struct ForwardingParameters {
  DestinationInterface destination_interface{};
  std::optional<NetworkInstance> network_instance{};
  std::optional<RedirectInformation> redirect_information{};
  std::optional<OuterHeaderCreation> outer_header_creation{};
  std::optional<TransportLevelMarking> transport_level_marking{};
  std::optional<ForwardingPolicy> forwarding_policy{};
  std::optional<HeaderEnrichment> header_enrichment{};
  std::optional<TrafficEndpointId> linked_traffic_endpoint_id{};
  std::optional<Proxying> proxying{};
  std::optional<InterfaceType3gpp> destination_interface_type{};
  std::optional<DataNetworkAccessIdentifier> data_network_access_identifier{};
  std::vector<RawIe> others{};
  friend bool operator==(const ForwardingParameters&, const ForwardingParameters&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::destination_interface, &ForwardingParameters::destination_interface),
                conditional(IeType::network_instance, &ForwardingParameters::network_instance),
                conditional(IeType::redirect_information, &ForwardingParameters::redirect_information),
                conditional(IeType::outer_header_creation, &ForwardingParameters::outer_header_creation),
                conditional(IeType::transport_level_marking, &ForwardingParameters::transport_level_marking),
                conditional(IeType::forwarding_policy, &ForwardingParameters::forwarding_policy),
                optional(IeType::header_enrichment, &ForwardingParameters::header_enrichment),
                conditional(IeType::traffic_endpoint_id, &ForwardingParameters::linked_traffic_endpoint_id),
                conditional(IeType::proxying, &ForwardingParameters::proxying),
                optional(IeType::interface_type_3gpp, &ForwardingParameters::destination_interface_type),
                conditional(IeType::data_network_access_identifier,
                            &ForwardingParameters::data_network_access_identifier));
  }
};

/// Table 7.5.2.3-3.
struct DuplicatingParameters {
  DestinationInterface destination_interface{};
  std::optional<OuterHeaderCreation> outer_header_creation{};
  std::optional<TransportLevelMarking> transport_level_marking{};
  std::optional<ForwardingPolicy> forwarding_policy{};
  std::vector<RawIe> others{};
  friend bool operator==(const DuplicatingParameters&, const DuplicatingParameters&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::destination_interface, &DuplicatingParameters::destination_interface),
                conditional(IeType::outer_header_creation, &DuplicatingParameters::outer_header_creation),
                conditional(IeType::transport_level_marking, &DuplicatingParameters::transport_level_marking),
                conditional(IeType::forwarding_policy, &DuplicatingParameters::forwarding_policy));
  }
};

/// Table 7.5.2.3-4.
struct RedundantTransmissionForwardingParameters {
  OuterHeaderCreation outer_header_creation{};
  std::optional<NetworkInstance> network_instance{};
  std::vector<RawIe> others{};
  friend bool operator==(const RedundantTransmissionForwardingParameters&,
                         const RedundantTransmissionForwardingParameters&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::outer_header_creation,
                  &RedundantTransmissionForwardingParameters::outer_header_creation),
        conditional(IeType::network_instance, &RedundantTransmissionForwardingParameters::network_instance));
  }
};

/// Table 7.5.2.3-1.
struct CreateFar {
  FarId far_id{};
  ApplyAction apply_action{};
  std::optional<ForwardingParameters> forwarding_parameters{};
  std::vector<DuplicatingParameters> duplicating_parameters{};
  std::optional<BarId> bar_id{};
  std::optional<RedundantTransmissionForwardingParameters> redundant_transmission_forwarding_parameters{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreateFar&, const CreateFar&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::far_id, &CreateFar::far_id),
                mandatory(IeType::apply_action, &CreateFar::apply_action),
                conditional(IeType::forwarding_parameters, &CreateFar::forwarding_parameters),
                conditional(IeType::duplicating_parameters, &CreateFar::duplicating_parameters),
                conditional(IeType::bar_id, &CreateFar::bar_id),
                conditional(IeType::redundant_transmission_forwarding_parameters,
                            &CreateFar::redundant_transmission_forwarding_parameters));
  }
};

/// Table 7.5.4.3-2.
struct UpdateForwardingParameters {
  std::optional<DestinationInterface> destination_interface{};
  std::optional<NetworkInstance> network_instance{};
  std::optional<RedirectInformation> redirect_information{};
  std::optional<OuterHeaderCreation> outer_header_creation{};
  std::optional<TransportLevelMarking> transport_level_marking{};
  std::optional<ForwardingPolicy> forwarding_policy{};
  std::optional<HeaderEnrichment> header_enrichment{};
  std::optional<PfcpsmReqFlags> pfcpsmreq_flags{};
  std::optional<TrafficEndpointId> linked_traffic_endpoint_id{};
  std::optional<InterfaceType3gpp> destination_interface_type{};
  std::optional<DataNetworkAccessIdentifier> data_network_access_identifier{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateForwardingParameters&, const UpdateForwardingParameters&) = default;
  static constexpr auto members(auto list) {
    return list(
        conditional(IeType::destination_interface, &UpdateForwardingParameters::destination_interface),
        conditional(IeType::network_instance, &UpdateForwardingParameters::network_instance),
        conditional(IeType::redirect_information, &UpdateForwardingParameters::redirect_information),
        conditional(IeType::outer_header_creation, &UpdateForwardingParameters::outer_header_creation),
        conditional(IeType::transport_level_marking, &UpdateForwardingParameters::transport_level_marking),
        conditional(IeType::forwarding_policy, &UpdateForwardingParameters::forwarding_policy),
        conditional(IeType::header_enrichment, &UpdateForwardingParameters::header_enrichment),
        conditional(IeType::pfcpsmreq_flags, &UpdateForwardingParameters::pfcpsmreq_flags),
        conditional(IeType::traffic_endpoint_id, &UpdateForwardingParameters::linked_traffic_endpoint_id),
        conditional(IeType::interface_type_3gpp, &UpdateForwardingParameters::destination_interface_type),
        conditional(IeType::data_network_access_identifier,
                    &UpdateForwardingParameters::data_network_access_identifier));
  }
};

/// Table 7.5.4.3-3.
struct UpdateDuplicatingParameters {
  std::optional<DestinationInterface> destination_interface{};
  std::optional<OuterHeaderCreation> outer_header_creation{};
  std::optional<TransportLevelMarking> transport_level_marking{};
  std::optional<ForwardingPolicy> forwarding_policy{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateDuplicatingParameters&, const UpdateDuplicatingParameters&) = default;
  static constexpr auto members(auto list) {
    return list(
        conditional(IeType::destination_interface, &UpdateDuplicatingParameters::destination_interface),
        conditional(IeType::outer_header_creation, &UpdateDuplicatingParameters::outer_header_creation),
        conditional(IeType::transport_level_marking, &UpdateDuplicatingParameters::transport_level_marking),
        conditional(IeType::forwarding_policy, &UpdateDuplicatingParameters::forwarding_policy));
  }
};

/// Table 7.5.4.3-1.
struct UpdateFar {
  FarId far_id{};
  std::optional<ApplyAction> apply_action{};
  std::optional<UpdateForwardingParameters> update_forwarding_parameters{};
  std::vector<UpdateDuplicatingParameters> update_duplicating_parameters{};
  std::optional<RedundantTransmissionForwardingParameters> redundant_transmission_forwarding_parameters{};
  std::optional<BarId> bar_id{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateFar&, const UpdateFar&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::far_id, &UpdateFar::far_id),
                conditional(IeType::apply_action, &UpdateFar::apply_action),
                conditional(IeType::update_forwarding_parameters, &UpdateFar::update_forwarding_parameters),
                conditional(IeType::update_duplicating_parameters, &UpdateFar::update_duplicating_parameters),
                conditional(IeType::redundant_transmission_forwarding_parameters,
                            &UpdateFar::redundant_transmission_forwarding_parameters),
                conditional(IeType::bar_id, &UpdateFar::bar_id));
  }
};

/// Table 7.5.4.7-1.
struct RemoveFar {
  FarId far_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const RemoveFar&, const RemoveFar&) = default;
  static constexpr auto members(auto list) { return list(mandatory(IeType::far_id, &RemoveFar::far_id)); }
};

/// Table 7.5.2.6-1.
struct CreateBar {
  BarId bar_id{};
  std::optional<DownlinkDataNotificationDelay> downlink_data_notification_delay{};
  std::optional<SuggestedBufferingPacketsCount> suggested_buffering_packets_count{};
  std::optional<MtEdtControlInformation> mt_edt_control_information{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreateBar&, const CreateBar&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::bar_id, &CreateBar::bar_id),
        conditional(IeType::downlink_data_notification_delay, &CreateBar::downlink_data_notification_delay),
        conditional(IeType::suggested_buffering_packets_count, &CreateBar::suggested_buffering_packets_count),
        conditional(IeType::mt_edt_control_information, &CreateBar::mt_edt_control_information));
  }
};

/// Table 7.5.4.11-1.
struct UpdateBar {
  BarId bar_id{};
  std::optional<DownlinkDataNotificationDelay> downlink_data_notification_delay{};
  std::optional<SuggestedBufferingPacketsCount> suggested_buffering_packets_count{};
  std::optional<MtEdtControlInformation> mt_edt_control_information{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateBar&, const UpdateBar&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::bar_id, &UpdateBar::bar_id),
        conditional(IeType::downlink_data_notification_delay, &UpdateBar::downlink_data_notification_delay),
        conditional(IeType::suggested_buffering_packets_count, &UpdateBar::suggested_buffering_packets_count),
        conditional(IeType::mt_edt_control_information, &UpdateBar::mt_edt_control_information));
  }
};

/// Table 7.5.9.2-1.
struct UpdateBarInReportResponse {
  BarId bar_id{};
  std::optional<DownlinkDataNotificationDelay> downlink_data_notification_delay{};
  std::optional<UnitTimer> dl_buffering_duration{};
  std::optional<DlBufferingSuggestedPacketCount> dl_buffering_suggested_packet_count{};
  std::optional<SuggestedBufferingPacketsCount> suggested_buffering_packets_count{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateBarInReportResponse&, const UpdateBarInReportResponse&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::bar_id, &UpdateBarInReportResponse::bar_id),
                conditional(IeType::downlink_data_notification_delay,
                            &UpdateBarInReportResponse::downlink_data_notification_delay),
                conditional(IeType::dl_buffering_duration, &UpdateBarInReportResponse::dl_buffering_duration),
                conditional(IeType::dl_buffering_suggested_packet_count,
                            &UpdateBarInReportResponse::dl_buffering_suggested_packet_count),
                conditional(IeType::suggested_buffering_packets_count,
                            &UpdateBarInReportResponse::suggested_buffering_packets_count));
  }
};

/// Table 7.5.4.12-1.
struct RemoveBar {
  BarId bar_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const RemoveBar&, const RemoveBar&) = default;
  static constexpr auto members(auto list) { return list(mandatory(IeType::bar_id, &RemoveBar::bar_id)); }
};

/// Tables 7.5.2.8-2 and 7.5.2.8-3.
struct AccessForwardingActionInformation {
  FarId far_id{};
  std::optional<Weight> weight{};
  std::optional<AccessPriority> priority{};
  std::vector<UrrId> urr_ids{};
  std::optional<RatType> rat_type{};
  std::vector<RawIe> others{};
  friend bool operator==(const AccessForwardingActionInformation&,
                         const AccessForwardingActionInformation&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::far_id, &AccessForwardingActionInformation::far_id),
                conditional(IeType::weight, &AccessForwardingActionInformation::weight),
                conditional(IeType::priority, &AccessForwardingActionInformation::priority),
                conditional(IeType::urr_id, &AccessForwardingActionInformation::urr_ids),
                conditional(IeType::rat_type, &AccessForwardingActionInformation::rat_type));
  }
};

/// Tables 7.5.4.16-2 and 7.5.4.16-3.
struct UpdateAccessForwardingActionInformation {
  std::optional<FarId> far_id{};
  std::optional<Weight> weight{};
  std::optional<AccessPriority> priority{};
  std::vector<UrrId> urr_ids{};
  std::optional<RatType> rat_type{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateAccessForwardingActionInformation&,
                         const UpdateAccessForwardingActionInformation&) = default;
  static constexpr auto members(auto list) {
    return list(conditional(IeType::far_id, &UpdateAccessForwardingActionInformation::far_id),
                conditional(IeType::weight, &UpdateAccessForwardingActionInformation::weight),
                conditional(IeType::priority, &UpdateAccessForwardingActionInformation::priority),
                conditional(IeType::urr_id, &UpdateAccessForwardingActionInformation::urr_ids),
                conditional(IeType::rat_type, &UpdateAccessForwardingActionInformation::rat_type));
  }
};

/// Table 7.5.2.8-1.
struct CreateMar {
  MarId mar_id{};
  SteeringFunctionality steering_functionality{};
  SteeringMode steering_mode{};
  std::optional<AccessForwardingActionInformation> access_forwarding_action_information_1{};
  std::optional<AccessForwardingActionInformation> access_forwarding_action_information_2{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreateMar&, const CreateMar&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::mar_id, &CreateMar::mar_id),
                mandatory(IeType::steering_functionality, &CreateMar::steering_functionality),
                mandatory(IeType::steering_mode, &CreateMar::steering_mode),
                conditional(IeType::access_forwarding_action_information_1,
                            &CreateMar::access_forwarding_action_information_1),
                conditional(IeType::access_forwarding_action_information_2,
                            &CreateMar::access_forwarding_action_information_2));
  }
};

/// Table 7.5.4.16-1.
struct UpdateMar {
  MarId mar_id{};
  std::optional<SteeringFunctionality> steering_functionality{};
  std::optional<SteeringMode> steering_mode{};
  std::optional<UpdateAccessForwardingActionInformation> update_access_forwarding_action_information_1{};
  std::optional<UpdateAccessForwardingActionInformation> update_access_forwarding_action_information_2{};
  std::optional<AccessForwardingActionInformation> access_forwarding_action_information_1{};
  std::optional<AccessForwardingActionInformation> access_forwarding_action_information_2{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateMar&, const UpdateMar&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::mar_id, &UpdateMar::mar_id),
                conditional(IeType::steering_functionality, &UpdateMar::steering_functionality),
                conditional(IeType::steering_mode, &UpdateMar::steering_mode),
                conditional(IeType::update_access_forwarding_action_information_1,
                            &UpdateMar::update_access_forwarding_action_information_1),
                conditional(IeType::update_access_forwarding_action_information_2,
                            &UpdateMar::update_access_forwarding_action_information_2),
                conditional(IeType::access_forwarding_action_information_1,
                            &UpdateMar::access_forwarding_action_information_1),
                conditional(IeType::access_forwarding_action_information_2,
                            &UpdateMar::access_forwarding_action_information_2));
  }
};

/// Table 7.5.4.15-1.
struct RemoveMar {
  MarId mar_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const RemoveMar&, const RemoveMar&) = default;
  static constexpr auto members(auto list) { return list(mandatory(IeType::mar_id, &RemoveMar::mar_id)); }
};

}  // namespace kiriko::pfcp
