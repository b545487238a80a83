// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Cause: whether a request was accepted, and why not (TS 29.244 clause 8.2.1).
#pragma once

#include <cstdint>
#include <string_view>

#include "core/pfcp/ie_type.hpp"

namespace kiriko::pfcp {

/// 1 to 63 accept a request, 64 to 255 reject it; a value unknown here counts by its range.
enum class Cause : std::uint8_t {
  request_accepted = 1,
  more_usage_report_to_send = 2,
  request_partially_accepted = 3,
  request_rejected = 64,
  session_context_not_found = 65,
  mandatory_ie_missing = 66,
  conditional_ie_missing = 67,
  invalid_length = 68,
  mandatory_ie_incorrect = 69,
  invalid_forwarding_policy = 70,
  invalid_f_teid_allocation_option = 71,
  no_established_pfcp_association = 72,
  rule_creation_or_modification_failure = 73,
  pfcp_entity_in_congestion = 74,
  no_resources_available = 75,
  service_not_supported = 76,
  system_failure = 77,
  redirection_requested = 78,
  all_dynamic_addresses_are_occupied = 79,
  unknown_predefined_rule = 80,
  unknown_application_id = 81,
  l2tp_tunnel_establishment_failure = 82,
  l2tp_session_establishment_failure = 83,
  l2tp_tunnel_release = 84,
  l2tp_session_release = 85,
  pfcp_session_restoration_failure = 86,
};

constexpr bool accepts(Cause cause) noexcept {
  return static_cast<std::uint8_t>(cause) >= 1 && static_cast<std::uint8_t>(cause) < 64;
}

/// The standard's words; "unassigned cause" for a value it does not list.
std::string_view to_string(Cause cause);

/// What is wrong with a message's body: the Cause of the answer and the type of the Offending IE (clause 7.6).
struct Fault {
  Cause cause{};
  IeType offending_ie{};
  friend bool operator==(const Fault&, const Fault&) = default;
};

}  // namespace kiriko::pfcp
