// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// MessageType: the types of PFCP messages, and which answers which (TS 29.244 Table 7.3-1).
#pragma once

#include <cstdint>
#include <optional>

namespace kiriko::pfcp {

enum class MessageType : std::uint8_t {
  heartbeat_request = 1,
  heartbeat_response = 2,
  pfd_management_request = 3,
  pfd_management_response = 4,
  association_setup_request = 5,
  association_setup_response = 6,
  association_update_request = 7,
  association_update_response = 8,
  association_release_request = 9,
  association_release_response = 10,
  version_not_supported_response = 11,
  node_report_request = 12,
  node_report_response = 13,
  session_set_deletion_request = 14,
  session_set_deletion_response = 15,
  session_set_modification_request = 16,
  session_set_modification_response = 17,
  session_establishment_request = 50,
  session_establishment_response = 51,
  session_modification_request = 52,
  session_modification_response = 53,
  session_deletion_request = 54,
  session_deletion_response = 55,
  session_report_request = 56,
  session_report_response = 57,
};

/// The type of the answer to a request; none for a response or a type not known here.
constexpr std::optional<MessageType> response_to(MessageType request) noexcept {
  switch (request) {
    case MessageType::heartbeat_request:
    case MessageType::pfd_management_request:
    case MessageType::association_setup_request:
    case MessageType::association_update_request:
    case MessageType::association_release_request:
    case MessageType::node_report_request:
    case MessageType::session_set_deletion_request:
    case MessageType::session_set_modification_request:
    case MessageType::session_establishment_request:
    case MessageType::session_modification_request:
    case MessageType::session_deletion_request:
    case MessageType::session_report_request:
      return static_cast<MessageType>(static_cast<std::uint8_t>(request) + 1);
    default: return std::nullopt;
  }
}

constexpr bool is_request(MessageType type) noexcept { return response_to(type).has_value(); }

/// Messages of sessions, types 50 to 99, have a SEID in their header (clauses 7.2.2.4, 7.3).
constexpr bool is_of_session(MessageType type) noexcept {
  return static_cast<std::uint8_t>(type) >= 50 && static_cast<std::uint8_t>(type) <= 99;
}

}  // namespace kiriko::pfcp
