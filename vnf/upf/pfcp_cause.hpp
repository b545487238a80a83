// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Cause values of TS 29.244 table 8.2.1-1, as the hint of a Problem.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kiriko::upf {

enum class PfcpCause : std::uint8_t {
  session_context_not_found = 65,
  mandatory_ie_missing = 66,
  conditional_ie_missing = 67,
  mandatory_ie_incorrect = 69,
  rule_creation_modification_failure = 73,
  no_resources_available = 75,
  service_not_supported = 76,
};

/// "PFCP cause 65, Session context not found".
inline std::string to_string(PfcpCause cause) {
  const char* text = "";
  switch (cause) {
    case PfcpCause::session_context_not_found: text = "Session context not found"; break;
    case PfcpCause::mandatory_ie_missing: text = "Mandatory IE missing"; break;
    case PfcpCause::conditional_ie_missing: text = "Conditional IE missing"; break;
    case PfcpCause::mandatory_ie_incorrect: text = "Mandatory IE incorrect"; break;
    case PfcpCause::rule_creation_modification_failure: text = "Rule creation/modification Failure"; break;
    case PfcpCause::no_resources_available: text = "No resources available"; break;
    case PfcpCause::service_not_supported: text = "Service not supported"; break;
  }
  return "PFCP cause " + std::to_string(static_cast<unsigned>(cause)) + ", " + text;
}

/// The same with the type of the offending IE: "PFCP cause 67, Conditional IE missing, IE 95".
inline std::string to_string(PfcpCause cause, std::uint16_t offending_ie) {
  return to_string(cause) + ", IE " + std::to_string(offending_ie);
}

/// The cause that to_string() wrote; nothing in another text.
inline std::optional<PfcpCause> cause_in(std::string_view hint) {
  constexpr std::string_view begin = "PFCP cause ";
  if (!hint.starts_with(begin)) return std::nullopt;
  unsigned value = 0;
  std::from_chars(hint.data() + begin.size(), hint.data() + hint.size(), value);
  return static_cast<PfcpCause>(value);
}

/// The offending IE that to_string() wrote; nothing where it named none.
inline std::optional<std::uint16_t> offending_ie_in(std::string_view hint) {
  constexpr std::string_view before = ", IE ";
  const std::size_t at = hint.rfind(before);
  if (at == std::string_view::npos) return std::nullopt;
  std::uint16_t value = 0;
  const char* number = hint.data() + at + before.size();
  if (std::from_chars(number, hint.data() + hint.size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace kiriko::upf
