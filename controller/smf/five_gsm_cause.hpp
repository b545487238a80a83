// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// 5GSM causes the SMF gives a UE whose request it refuses (TS 24.501 clause 9.11.4.2).
#pragma once

#include <cstdint>
#include <string_view>

namespace kiriko::smf {

enum class FiveGsmCause : std::uint8_t {
  insufficient_resources = 26,
  missing_or_unknown_dnn = 27,
  unknown_pdu_session_type = 28,
  regular_deactivation = 36,
  network_failure = 38,
  invalid_pdu_session_identity = 43,
  pdu_session_type_ipv4_only_allowed = 50,
  pdu_session_type_ipv6_only_allowed = 51,
  pdu_session_does_not_exist = 54,
  unsupported_five_qi_value = 59,
  insufficient_resources_for_specific_slice = 69,
  semantic_error_in_the_qos_operation = 83,
};

/// The standard's words.
constexpr std::string_view to_string(FiveGsmCause cause) {
  switch (cause) {
    case FiveGsmCause::insufficient_resources: return "insufficient resources";
    case FiveGsmCause::missing_or_unknown_dnn: return "missing or unknown DNN";
    case FiveGsmCause::unknown_pdu_session_type: return "unknown PDU session type";
    case FiveGsmCause::regular_deactivation: return "regular deactivation";
    case FiveGsmCause::network_failure: return "network failure";
    case FiveGsmCause::invalid_pdu_session_identity: return "invalid PDU session identity";
    case FiveGsmCause::pdu_session_type_ipv4_only_allowed: return "PDU session type IPv4 only allowed";
    case FiveGsmCause::pdu_session_type_ipv6_only_allowed: return "PDU session type IPv6 only allowed";
    case FiveGsmCause::pdu_session_does_not_exist: return "PDU session does not exist";
    case FiveGsmCause::unsupported_five_qi_value: return "unsupported 5QI value";
    case FiveGsmCause::insufficient_resources_for_specific_slice:
      return "insufficient resources for specific slice";
    case FiveGsmCause::semantic_error_in_the_qos_operation: return "semantic error in the QoS operation";
  }
  return "unassigned 5GSM cause";
}

}  // namespace kiriko::smf
