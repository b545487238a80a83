// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Checks of QoS flows.
#include "controller/smf/qos_flows.hpp"

#include <algorithm>

namespace kiriko::smf {
namespace {

/// Operators' own 5QIs (128 to 254) carry what they signal with them, and so pass.
std::optional<Refusal> refusal_of_five_qi(std::uint16_t five_qi) {
  const bool operators_own = five_qi >= 128 && five_qi <= 254;
  const FiveQiCharacteristics* const row =
      five_qi <= 0xff ? find_five_qi(FiveQi{static_cast<std::uint8_t>(five_qi)}) : nullptr;
  if (row != nullptr || operators_own) return std::nullopt;
  return Refusal{FiveGsmCause::unsupported_five_qi_value,
                 {.message = "not a standardized 5QI",
                  .found = std::to_string(five_qi),
                  .allowed = "TS 23.501 Table 5.7.4-1, or 128 to 254"}};
}

std::optional<Refusal> refusal_of_rates(FiveQi five_qi, const Ambr& maximum) {
  const FiveQiCharacteristics* const row = find_five_qi(five_qi);
  if (row == nullptr || !row->is_gbr() || (maximum.uplink.value > 0 && maximum.downlink.value > 0))
    return std::nullopt;
  return Refusal{FiveGsmCause::semantic_error_in_the_qos_operation,
                 {.message = "a GBR QoS flow needs a bit rate in both directions",
                  .found = "5QI " + std::to_string(five_qi.value) + " without one"}};
}

}  // namespace

std::optional<Qfi> free_qfi(const SessionView& session) {
  for (std::uint8_t value = 1; value <= highest_qfi.value; ++value) {
    const Qfi qfi{value};
    const bool taken =
        qfi == session.default_qfi || std::any_of(session.flows.begin(), session.flows.end(),
                                                  [qfi](const auto& flow) { return flow.qfi == qfi; });
    if (!taken) return qfi;
  }
  return std::nullopt;
}

tl::expected<SessionView::QosFlow, Refusal> dedicated_flow(const SessionView& session,
                                                           const DedicatedFlow& flow) {
  if (auto refusal = refusal_of_five_qi(flow.five_qi.value)) return tl::unexpected(std::move(*refusal));
  if (auto refusal = refusal_of_rates(flow.five_qi, flow.maximum_bit_rate))
    return tl::unexpected(std::move(*refusal));
  const auto qfi = free_qfi(session);
  if (!qfi)
    return tl::unexpected(Refusal{FiveGsmCause::insufficient_resources,
                                  {.message = "all 63 QFIs of the PDU session are taken"}});
  return SessionView::QosFlow{.qfi = *qfi,
                              .slice = flow.slice,
                              .five_qi = flow.five_qi.value,
                              .protocol = flow.protocol,
                              .port = flow.port,
                              .peer = flow.peer,
                              .maximum_bit_rate = flow.maximum_bit_rate};
}

std::optional<Refusal> refusal_of_flows(const SessionView& session) {
  const auto refusal_of_qfi = [](Qfi qfi) -> std::optional<Refusal> {
    if (qfi.value >= 1 && qfi <= highest_qfi) return std::nullopt;
    return Refusal{FiveGsmCause::semantic_error_in_the_qos_operation,
                   {.message = "not a QFI", .found = std::to_string(qfi.value), .allowed = "1 to 63"}};
  };
  if (auto refusal = refusal_of_qfi(session.default_qfi)) return refusal;
  for (const SessionView::QosFlow& flow : session.flows) {
    if (auto refusal = refusal_of_qfi(flow.qfi)) return refusal;
    if (auto refusal = refusal_of_five_qi(flow.five_qi)) return refusal;
  }
  return std::nullopt;
}

}  // namespace kiriko::smf
