// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Refusal: why a session request is not carried out, as its response tells it (TS 29.244 clause 7.6).
#pragma once

#include <optional>

#include "core/base/result.hpp"
#include "core/pfcp/cause.hpp"
#include "core/pfcp/session_values.hpp"

namespace kiriko::upf {

struct Refusal {
  pfcp::Cause cause{};
  std::optional<pfcp::IeType> offending_ie{};
  std::optional<pfcp::FailedRuleId> failed_rule{};
};

/// What was read from a message, or why it cannot be had.
template <class T>
using Reading = tl::expected<T, Refusal>;

inline tl::unexpected<Refusal> refuse_ie(pfcp::Cause cause, pfcp::IeType offending_ie) {
  return tl::unexpected<Refusal>({cause, offending_ie, std::nullopt});
}

/// A refusal by the user plane: its cause stands in the hint, the rule's name at the end of `where` (check_rules.hpp).
Refusal refusal_of(const Problem& problem);

}  // namespace kiriko::upf
