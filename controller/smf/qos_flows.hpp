// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// QoS flows of a PDU session: what a default and a dedicated flow may be, by 5QI (TS 23.501 clause 5.7).
#pragma once

#include <optional>
#include <vector>

#include "controller/smf/five_gsm_cause.hpp"
#include "core/control/network_view.hpp"
#include "core/fiveg/five_qi.hpp"

namespace kiriko::smf {

/// A request's refusal: the cause for the UE, the reason for the log.
struct Refusal {
  FiveGsmCause cause{};
  Problem why{};
};

/// What a dedicated flow carries and how; its QFI is allocated.
struct DedicatedFlow {
  FiveQi five_qi{};
  SliceId slice{no_slice};
  std::uint8_t protocol{17};
  std::uint16_t port{};     ///< destination port; 0: every
  Ipv4Address peer{};       ///< 0.0.0.0: every
  Ambr maximum_bit_rate{};  ///< MFBR; a GBR 5QI needs one (clause 5.7.2.5)
};

/// The lowest QFI that neither the default flow nor another has; none: all 63 are taken.
std::optional<Qfi> free_qfi(const SessionView& session);

/// The flow with its QFI, or why not: a 5QI that is not standardized, a GBR 5QI without rates, no QFI left.
tl::expected<SessionView::QosFlow, Refusal> dedicated_flow(const SessionView& session,
                                                           const DedicatedFlow& flow);

/// Of the flows a session begins with: QFIs of 1 to 63, and 5QIs that are standardized or an operator's own. Flows of
/// one QFI share a QER; one without rates is not limited.
std::optional<Refusal> refusal_of_flows(const SessionView& session);

}  // namespace kiriko::smf
