// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Building a session's block from its rules, and the parts of it that an update replaces.
#pragma once

#include <functional>

#include "core/control/pdu_session.hpp"
#include "vnf/upf/session.hpp"

namespace kiriko::upf {

/// Where everything lies in the block of a session with these (checked) rules.
struct SessionLayout {
  std::size_t fars_at{}, buckets_at{}, filters_at{}, marks_at{}, lines{};
  static SessionLayout of(const PduSessionRules& rules);
};

/// Fills a zeroed session, whose block has layout.lines lines.
void build_session(const Session& session, const SessionLayout& layout, const PduSessionRules& rules,
                   Duration mbr_burst, ModelTime now,
                   const std::function<FarEntry(const ForwardingActionRule&)>& far_entry);

/// Replaces the QER at `index` and brings the PDRs' digests up to date; buckets keep their tokens.
void replace_qer(const Session& session, std::size_t index, const QosEnforcementRule& rule,
                 Duration mbr_burst, ModelTime now);

/// Says anew which directions need not look at their PDRs; after a change of FARs.
void choose_lanes(const Session& session);

/// Index of an id among a session's FARs or QERs, or -1.
int far_index(const Session& session, FarId id);
int qer_index(const Session& session, QerId id);

}  // namespace kiriko::upf
