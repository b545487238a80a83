// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Grouped IEs of QoS enforcement: QERs (TS 29.244 clauses 7.5.2.5, 7.5.4.5, 7.5.4.9).
#pragma once

#include <optional>
#include <vector>

#include "core/pfcp/group.hpp"
#include "core/pfcp/qos_values.hpp"

namespace kiriko::pfcp {

/// Table 7.5.2.5-1.
struct CreateQer {
  QerId qer_id{};
  std::optional<QerCorrelationId> qer_correlation_id{};
  GateStatus gate_status{};
  std::optional<BitRates> maximum_bit_rate{};
  std::optional<BitRates> guaranteed_bit_rate{};
  std::optional<PacketRate> packet_rate{};
  std::optional<PacketRateStatus> packet_rate_status{};
  std::optional<DlFlowLevelMarking> dl_flow_level_marking{};
  std::optional<QfiIe> qfi{};
  std::optional<Rqi> reflective_qos{};
  std::optional<PagingPolicyIndicator> paging_policy_indicator{};
  std::optional<AveragingWindow> averaging_window{};
  std::optional<QerControlIndications> qer_control_indications{};
  std::vector<RawIe> others{};
  friend bool operator==(const CreateQer&, const CreateQer&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::qer_id, &CreateQer::qer_id),
                conditional(IeType::qer_correlation_id, &CreateQer::qer_correlation_id),
                mandatory(IeType::gate_status, &CreateQer::gate_status),
                conditional(IeType::mbr, &CreateQer::maximum_bit_rate),
                conditional(IeType::gbr, &CreateQer::guaranteed_bit_rate),
                conditional(IeType::packet_rate, &CreateQer::packet_rate),
                conditional(IeType::packet_rate_status, &CreateQer::packet_rate_status),
                conditional(IeType::dl_flow_level_marking, &CreateQer::dl_flow_level_marking),
                conditional(IeType::qfi, &CreateQer::qfi),
                conditional(IeType::rqi, &CreateQer::reflective_qos),
                conditional(IeType::paging_policy_indicator, &CreateQer::paging_policy_indicator),
                optional(IeType::averaging_window, &CreateQer::averaging_window),
                conditional(IeType::qer_control_indications, &CreateQer::qer_control_indications));
  }
};

/// Table 7.5.4.5-1.
struct UpdateQer {
  QerId qer_id{};
  std::optional<QerCorrelationId> qer_correlation_id{};
  std::optional<GateStatus> gate_status{};
  std::optional<BitRates> maximum_bit_rate{};
  std::optional<BitRates> guaranteed_bit_rate{};
  std::optional<PacketRate> packet_rate{};
  std::optional<DlFlowLevelMarking> dl_flow_level_marking{};
  std::optional<QfiIe> qfi{};
  std::optional<Rqi> reflective_qos{};
  std::optional<PagingPolicyIndicator> paging_policy_indicator{};
  std::optional<AveragingWindow> averaging_window{};
  std::optional<QerControlIndications> qer_control_indications{};
  std::vector<IeType> removed{};
  std::vector<RawIe> others{};
  friend bool operator==(const UpdateQer&, const UpdateQer&) = default;
  static constexpr auto members(auto list) {
    return list(mandatory(IeType::qer_id, &UpdateQer::qer_id),
                conditional(IeType::qer_correlation_id, &UpdateQer::qer_correlation_id),
                conditional(IeType::gate_status, &UpdateQer::gate_status),
                conditional(IeType::mbr, &UpdateQer::maximum_bit_rate),
                conditional(IeType::gbr, &UpdateQer::guaranteed_bit_rate),
                conditional(IeType::packet_rate, &UpdateQer::packet_rate),
                conditional(IeType::dl_flow_level_marking, &UpdateQer::dl_flow_level_marking),
                conditional(IeType::qfi, &UpdateQer::qfi),
                conditional(IeType::rqi, &UpdateQer::reflective_qos),
                conditional(IeType::paging_policy_indicator, &UpdateQer::paging_policy_indicator),
                optional(IeType::averaging_window, &UpdateQer::averaging_window),
                conditional(IeType::qer_control_indications, &UpdateQer::qer_control_indications));
  }
};

/// Table 7.5.4.9-1.
struct RemoveQer {
  QerId qer_id{};
  std::vector<RawIe> others{};
  friend bool operator==(const RemoveQer&, const RemoveQer&) = default;
  static constexpr auto members(auto list) { return list(mandatory(IeType::qer_id, &RemoveQer::qer_id)); }
};

}  // namespace kiriko::pfcp
