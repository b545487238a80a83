// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Grouped IEs of reports, failures and load (TS 29.244 clauses 7.5.3, 7.5.8).
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/addresses.hpp"
#include "core/pfcp/cause.hpp"
#include "core/pfcp/group.hpp"
#include "core/pfcp/node_values.hpp"
#include "core/pfcp/session_values.hpp"

namespace kiriko::pfcp {

/// Table 7.5.3.3-1.
struct LoadControlInformation {
  LoadSequenceNumber load_control_sequence_number{};
  Metric load_metric{};
  std::vector<RawIe> others{};
  friend bool operator==(const LoadControlInformation&, const LoadControlInformation&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::sequence_number, &LoadControlInformation::load_control_sequence_number),
                mandatory(IeType::metric, &LoadControlInformation::load_metric));
  }
};

/// Table 7.5.3.4-1.
struct OverloadControlInformation {
  LoadSequenceNumber overload_control_sequence_number{};
  Metric overload_reduction_metric{};
  UnitTimer period_of_validity{};
  std::optional<OciFlags> overload_control_information_flags{};
  std::vector<RawIe> others{};
  friend bool operator==(const OverloadControlInformation&, const OverloadControlInformation&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::sequence_number, &OverloadControlInformation::overload_control_sequence_number),
        mandatory(IeType::metric, &OverloadControlInformation::overload_reduction_metric),
        mandatory(IeType::timer, &OverloadControlInformation::period_of_validity),
        conditional(IeType::oci_flags, &OverloadControlInformation::overload_control_information_flags));
  }
};

/// Table 7.5.8.2-1: packets came for a FAR that buffers.
struct DownlinkDataReport {
  std::vector<PdrId> pdr_ids{};
  std::vector<DownlinkDataServiceInformation>
      downlink_data_service_information{};  ///< one for each PDR, in their order
  std::optional<DlDataPacketsSize> dl_data_packets_size{};
  std::optional<DataStatus> data_status{};
  std::vector<RawIe> others{};
  friend bool operator==(const DownlinkDataReport&, const DownlinkDataReport&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::pdr_id, &DownlinkDataReport::pdr_ids),
                conditional(IeType::downlink_data_service_information,
                            &DownlinkDataReport::downlink_data_service_information),
                conditional(IeType::dl_data_packets_size, &DownlinkDataReport::dl_data_packets_size),
                conditional(IeType::data_status, &DownlinkDataReport::data_status));
  }
};

/// Table 7.5.8.4-1.
struct ErrorIndicationReport {
  std::vector<FTeid> remote_f_teids{};
  std::vector<RawIe> others{};
  friend bool operator==(const ErrorIndicationReport&, const ErrorIndicationReport&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::f_teid, &ErrorIndicationReport::remote_f_teids));
  }
};

/// Table 7.5.8.6-1; its measurements are among the others.
struct SessionReport {
  SrrId srr_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const SessionReport&, const SessionReport&) = default;
  static constexpr auto members(auto list) { return list(mandatory(IeType::srr_id, &SessionReport::srr_id)); }
};

/// Table 7.5.3.1-2.
struct PartialFailureInformation {
  FailedRuleId failed_rule_id{};
  Cause failure_cause{};
  std::vector<OffendingIeInformation> offending_ie_information{};
  std::vector<RawIe> others{};
  friend bool operator==(const PartialFailureInformation&, const PartialFailureInformation&) = default;
  static constexpr auto members(auto list) {
    return list(
        mandatory(IeType::failed_rule_id, &PartialFailureInformation::failed_rule_id),
        mandatory(IeType::cause, &PartialFailureInformation::failure_cause),
        conditional(IeType::offending_ie_information, &PartialFailureInformation::offending_ie_information));
  }
};

}  // namespace kiriko::pfcp
