// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Grouped IEs of usage reporting: URRs and usage reports (TS 29.244 clauses 7.5.2.4, 7.5.4.4, 7.5.8.3).
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/addresses.hpp"
#include "core/pfcp/detection_values.hpp"
#include "core/pfcp/ethernet_values.hpp"
#include "core/pfcp/group.hpp"
#include "core/pfcp/usage_values.hpp"

namespace kiriko::pfcp {

/// Table 7.5.2.4-2: a URR with a share in a credit pool.
struct AggregatedUrrs {
  UrrId aggregated_urr_id{};
  Multiplier multiplier{};
  std::vector<RawIe> others{};
  friend bool operator==(const AggregatedUrrs&, const AggregatedUrrs&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::aggregated_urr_id, &AggregatedUrrs::aggregated_urr_id),
                mandatory(IeType::multiplier, &AggregatedUrrs::multiplier));
  }
};

/// Table 7.5.2.4-3.
struct AdditionalMonitoringTime {
  NtpTime monitoring_time{};
  std::optional<Volumes> subsequent_volume_threshold{};
  std::optional<WholeSeconds> subsequent_time_threshold{};
  std::optional<Volumes> subsequent_volume_quota{};
  std::optional<WholeSeconds> subsequent_time_quota{};
  std::optional<EventCount> subsequent_event_threshold{};
  std::optional<EventCount> subsequent_event_quota{};
  std::vector<RawIe> others{};
  friend bool operator==(const AdditionalMonitoringTime&, const AdditionalMonitoringTime&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::monitoring_time, &AdditionalMonitoringTime::monitoring_time),
        optional(IeType::subsequent_volume_threshold, &AdditionalMonitoringTime::subsequent_volume_threshold),
        optional(IeType::subsequent_time_threshold, &AdditionalMonitoringTime::subsequent_time_threshold),
        optional(IeType::subsequent_volume_quota, &AdditionalMonitoringTime::subsequent_volume_quota),
        optional(IeType::subsequent_time_quota, &AdditionalMonitoringTime::subsequent_time_quota),
        optional(IeType::subsequent_event_threshold, &AdditionalMonitoringTime::subsequent_event_threshold),
        optional(IeType::subsequent_event_quota, &AdditionalMonitoringTime::subsequent_event_quota));
  }
};

/// Table 7.5.2.4-1.
struct CreateUrr {
  UrrId urr_id{};
  MeasurementMethod measurement_method{};
  ReportingTriggers reporting_triggers{};
  std::optional<WholeSeconds> measurement_period{};
  std::optional<Volumes> volume_threshold{};
  std::optional<Volumes> volume_quota{};
  std::optional<EventCount> event_threshold{};
  std::optional<EventCount> event_quota{};
  std::optional<WholeSeconds> time_threshold{};
  std::optional<WholeSeconds> time_quota{};
  std::optional<WholeSeconds> quota_holding_time{};
  std::optional<DroppedDlTrafficThreshold> dropped_dl_traffic_threshold{};
  std::optional<WholeSeconds> quota_validity_time{};
  std::optional<NtpTime> monitoring_time{};
  std::optional<Volumes> subsequent_volume_threshold{};
  std::optional<WholeSeconds> subsequent_time_threshold{};
  std::optional<Volumes> subsequent_volume_quota{};
  std::optional<WholeSeconds> subsequent_time_quota{};
  std::optional<EventCount> subsequent_event_threshold{};
  std::optional<EventCount> subsequent_event_quota{};
  std::optional<WholeSeconds> inactivity_detection_time{};
  std::vector<UrrId> linked_urr_ids{};
  std::optional<MeasurementInformation> measurement_information{};
  std::optional<TimeQuotaMechanism> time_quota_mechanism{};
  std::vector<AggregatedUrrs> aggregated_urrs{};
  std::optional<FarId> far_id_for_quota_action{};
  std::optional<WholeSeconds> ethernet_inactivity_timer{};
  std::vector<AdditionalMonitoringTime> additional_monitoring_times{};
  std::optional<NumberOfReports> number_of_reports{};
  std::optional<WholeSeconds> user_plane_inactivity_timer{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreateUrr&, const CreateUrr&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::urr_id, &CreateUrr::urr_id),
                mandatory(IeType::measurement_method, &CreateUrr::measurement_method),
                mandatory(IeType::reporting_triggers, &CreateUrr::reporting_triggers),
                conditional(IeType::measurement_period, &CreateUrr::measurement_period),
                conditional(IeType::volume_threshold, &CreateUrr::volume_threshold),
                conditional(IeType::volume_quota, &CreateUrr::volume_quota),
                conditional(IeType::event_threshold, &CreateUrr::event_threshold),
                conditional(IeType::event_quota, &CreateUrr::event_quota),
                conditional(IeType::time_threshold, &CreateUrr::time_threshold),
                conditional(IeType::time_quota, &CreateUrr::time_quota),
                conditional(IeType::quota_holding_time, &CreateUrr::quota_holding_time),
                conditional(IeType::dropped_dl_traffic_threshold, &CreateUrr::dropped_dl_traffic_threshold),
                conditional(IeType::quota_validity_time, &CreateUrr::quota_validity_time),
                optional(IeType::monitoring_time, &CreateUrr::monitoring_time),
                optional(IeType::subsequent_volume_threshold, &CreateUrr::subsequent_volume_threshold),
                optional(IeType::subsequent_time_threshold, &CreateUrr::subsequent_time_threshold),
                optional(IeType::subsequent_volume_quota, &CreateUrr::subsequent_volume_quota),
                optional(IeType::subsequent_time_quota, &CreateUrr::subsequent_time_quota),
                optional(IeType::subsequent_event_threshold, &CreateUrr::subsequent_event_threshold),
                optional(IeType::subsequent_event_quota, &CreateUrr::subsequent_event_quota),
                conditional(IeType::inactivity_detection_time, &CreateUrr::inactivity_detection_time),
                conditional(IeType::linked_urr_id, &CreateUrr::linked_urr_ids),
                conditional(IeType::measurement_information, &CreateUrr::measurement_information),
                conditional(IeType::time_quota_mechanism, &CreateUrr::time_quota_mechanism),
                conditional(IeType::aggregated_urrs, &CreateUrr::aggregated_urrs),
                conditional(IeType::far_id, &CreateUrr::far_id_for_quota_action),
                conditional(IeType::ethernet_inactivity_timer, &CreateUrr::ethernet_inactivity_timer),
                optional(IeType::additional_monitoring_time, &CreateUrr::additional_monitoring_times),
                optional(IeType::number_of_reports, &CreateUrr::number_of_reports),
                conditional(IeType::user_plane_inactivity_timer, &CreateUrr::user_plane_inactivity_timer));
  }
};

/// Table 7.5.4.4-1.
struct UpdateUrr {
  UrrId urr_id{};
  std::optional<MeasurementMethod> measurement_method{};
  std::optional<ReportingTriggers> reporting_triggers{};
  std::optional<WholeSeconds> measurement_period{};
  std::optional<Volumes> volume_threshold{};
  std::optional<Volumes> volume_quota{};
  std::optional<EventCount> event_threshold{};
  std::optional<EventCount> event_quota{};
  std::optional<WholeSeconds> time_threshold{};
  std::optional<WholeSeconds> time_quota{};
  std::optional<WholeSeconds> quota_holding_time{};
  std::optional<DroppedDlTrafficThreshold> dropped_dl_traffic_threshold{};
  std::optional<WholeSeconds> quota_validity_time{};
  std::optional<NtpTime> monitoring_time{};
  std::optional<Volumes> subsequent_volume_threshold{};
  std::optional<WholeSeconds> subsequent_time_threshold{};
  std::optional<Volumes> subsequent_volume_quota{};
  std::optional<WholeSeconds> subsequent_time_quota{};
  std::optional<EventCount> subsequent_event_threshold{};
  std::optional<EventCount> subsequent_event_quota{};
  std::optional<WholeSeconds> inactivity_detection_time{};
  std::vector<UrrId> linked_urr_ids{};
  std::optional<MeasurementInformation> measurement_information{};
  std::optional<TimeQuotaMechanism> time_quota_mechanism{};
  std::vector<AggregatedUrrs> aggregated_urrs{};
  std::optional<FarId> far_id_for_quota_action{};
  std::optional<WholeSeconds> ethernet_inactivity_timer{};
  std::vector<AdditionalMonitoringTime> additional_monitoring_times{};
  std::optional<NumberOfReports> number_of_reports{};
  std::optional<WholeSeconds> user_plane_inactivity_timer{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateUrr&, const UpdateUrr&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::urr_id, &UpdateUrr::urr_id),
                conditional(IeType::measurement_method, &UpdateUrr::measurement_method),
                conditional(IeType::reporting_triggers, &UpdateUrr::reporting_triggers),
                conditional(IeType::measurement_period, &UpdateUrr::measurement_period),
                conditional(IeType::volume_threshold, &UpdateUrr::volume_threshold),
                conditional(IeType::volume_quota, &UpdateUrr::volume_quota),
                conditional(IeType::event_threshold, &UpdateUrr::event_threshold),
                conditional(IeType::event_quota, &UpdateUrr::event_quota),
                conditional(IeType::time_threshold, &UpdateUrr::time_threshold),
                conditional(IeType::time_quota, &UpdateUrr::time_quota),
                conditional(IeType::quota_holding_time, &UpdateUrr::quota_holding_time),
                conditional(IeType::dropped_dl_traffic_threshold, &UpdateUrr::dropped_dl_traffic_threshold),
                conditional(IeType::quota_validity_time, &UpdateUrr::quota_validity_time),
                optional(IeType::monitoring_time, &UpdateUrr::monitoring_time),
                optional(IeType::subsequent_volume_threshold, &UpdateUrr::subsequent_volume_threshold),
                optional(IeType::subsequent_time_threshold, &UpdateUrr::subsequent_time_threshold),
                optional(IeType::subsequent_volume_quota, &UpdateUrr::subsequent_volume_quota),
                optional(IeType::subsequent_time_quota, &UpdateUrr::subsequent_time_quota),
                optional(IeType::subsequent_event_threshold, &UpdateUrr::subsequent_event_threshold),
                optional(IeType::subsequent_event_quota, &UpdateUrr::subsequent_event_quota),
                conditional(IeType::inactivity_detection_time, &UpdateUrr::inactivity_detection_time),
                conditional(IeType::linked_urr_id, &UpdateUrr::linked_urr_ids),
                conditional(IeType::measurement_information, &UpdateUrr::measurement_information),
                conditional(IeType::time_quota_mechanism, &UpdateUrr::time_quota_mechanism),
                conditional(IeType::aggregated_urrs, &UpdateUrr::aggregated_urrs),
                conditional(IeType::far_id, &UpdateUrr::far_id_for_quota_action),
                conditional(IeType::ethernet_inactivity_timer, &UpdateUrr::ethernet_inactivity_timer),
                optional(IeType::additional_monitoring_time, &UpdateUrr::additional_monitoring_times),
                optional(IeType::number_of_reports, &UpdateUrr::number_of_reports),
                conditional(IeType::user_plane_inactivity_timer, &UpdateUrr::user_plane_inactivity_timer));
  }
};

/// Table 7.5.4.8-1.
struct RemoveUrr {
  UrrId urr_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const RemoveUrr&, const RemoveUrr&) = default;
  static constexpr auto members(auto list) { return list(mandatory(IeType::urr_id, &RemoveUrr::urr_id)); }
};

/// Table 7.5.4.10-1.
struct QueryUrr {
  UrrId urr_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const QueryUrr&, const QueryUrr&) = default;
  static constexpr auto members(auto list) { return list(mandatory(IeType::urr_id, &QueryUrr::urr_id)); }
};

/// Table 7.5.8.3-2.
struct ApplicationDetectionInformation {
  ApplicationId application_id{};
  std::optional<ApplicationInstanceId> application_instance_id{};
  std::optional<FlowInformation> flow_information{};
  std::optional<PdrId> pdr_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const ApplicationDetectionInformation&,
                         const ApplicationDetectionInformation&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::application_id, &ApplicationDetectionInformation::application_id),
                conditional(IeType::application_instance_id,
                            &ApplicationDetectionInformation::application_instance_id),
                conditional(IeType::flow_information, &ApplicationDetectionInformation::flow_information),
                optional(IeType::pdr_id, &ApplicationDetectionInformation::pdr_id));
  }
};

/// Table 7.5.8.3-3.
struct EthernetTrafficInformation {
  std::vector<MacAddressList> mac_addresses_detected{};
  std::vector<MacAddressList> mac_addresses_removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const EthernetTrafficInformation&, const EthernetTrafficInformation&) = default;
  static constexpr auto members(auto list) {
    return list(
        conditional(IeType::mac_addresses_detected, &EthernetTrafficInformation::mac_addresses_detected),
        conditional(IeType::mac_addresses_removed, &EthernetTrafficInformation::mac_addresses_removed));
  }
};

/// Tables 7.5.5.2-1, 7.5.7.2-1 and 7.5.8.3-1: in a modification or deletion response or in a report request.
struct UsageReport {
  UrrId urr_id{};
  UrSeqn ur_seqn{};
  UsageReportTrigger usage_report_trigger{};
  std::optional<NtpTime> start_time{};
  std::optional<NtpTime> end_time{};
  std::optional<VolumeMeasurement> volume_measurement{};
  std::optional<WholeSeconds> duration_measurement{};
  std::optional<ApplicationDetectionInformation> application_detection_information{};
  std::optional<UeIpAddress> ue_ip_address{};
  std::optional<NetworkInstance> network_instance{};
  std::optional<NtpTime> time_of_first_packet{};
  std::optional<NtpTime> time_of_last_packet{};
  std::optional<UsageInformation> usage_information{};
  std::optional<QueryUrrReference> query_urr_reference{};
  std::vector<NtpTime> event_time_stamps{};
  std::optional<EthernetTrafficInformation> ethernet_traffic_information{};
  std::optional<PredefinedRulesName> predefined_rules_name{};
  std::vector<RawIe> others{};
  friend bool operator==(const UsageReport&, const UsageReport&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::urr_id, &UsageReport::urr_id),
                mandatory(IeType::ur_seqn, &UsageReport::ur_seqn),
                mandatory(IeType::usage_report_trigger, &UsageReport::usage_report_trigger),
                conditional(IeType::start_time, &UsageReport::start_time),
                conditional(IeType::end_time, &UsageReport::end_time),
                conditional(IeType::volume_measurement, &UsageReport::volume_measurement),
                conditional(IeType::duration_measurement, &UsageReport::duration_measurement),
                conditional(IeType::application_detection_information,
                            &UsageReport::application_detection_information),
                conditional(IeType::ue_ip_address, &UsageReport::ue_ip_address),
                conditional(IeType::network_instance, &UsageReport::network_instance),
                conditional(IeType::time_of_first_packet, &UsageReport::time_of_first_packet),
                conditional(IeType::time_of_last_packet, &UsageReport::time_of_last_packet),
                conditional(IeType::usage_information, &UsageReport::usage_information),
                conditional(IeType::query_urr_reference, &UsageReport::query_urr_reference),
                conditional(IeType::time_stamp, &UsageReport::event_time_stamps),
                conditional(IeType::ethernet_traffic_information, &UsageReport::ethernet_traffic_information),
                optional(IeType::predefined_rules_name, &UsageReport::predefined_rules_name));
  }
};

}  // namespace kiriko::pfcp
