// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From the user plane's problems to causes and failed rules.
#include "vnf/upf/n4/refusal.hpp"

#include <charconv>

#include "vnf/upf/pfcp_cause.hpp"

namespace kiriko::upf {
namespace {

/// The rule in "upf1, session 7, PDR 3".
std::optional<pfcp::FailedRuleId> rule_in(std::string_view where) {
  const std::size_t comma = where.rfind(", ");
  if (comma == std::string_view::npos) return std::nullopt;
  const std::string_view rule = where.substr(comma + 2);
  const std::size_t space = rule.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::uint32_t id = 0;
  const std::string_view number = rule.substr(space + 1);
  if (std::from_chars(number.data(), number.data() + number.size(), id).ec != std::errc{})
    return std::nullopt;
  const std::string_view kind = rule.substr(0, space);
  if (kind == "PDR") return PdrId{static_cast<std::uint16_t>(id)};
  if (kind == "FAR") return FarId{id};
  if (kind == "QER") return QerId{id};
  if (kind == "URR") return UrrId{id};
  if (kind == "BAR") return pfcp::BarId{static_cast<std::uint8_t>(id)};
  return std::nullopt;
}

}  // namespace

Refusal refusal_of(const Problem& problem) {
  Refusal out{.cause = pfcp::Cause::request_rejected, .failed_rule = rule_in(problem.where)};
  if (const auto cause = cause_in(problem.hint)) out.cause = static_cast<pfcp::Cause>(*cause);
  if (const auto ie = offending_ie_in(problem.hint)) out.offending_ie = static_cast<pfcp::IeType>(*ie);
  return out;
}

}  // namespace kiriko::upf
