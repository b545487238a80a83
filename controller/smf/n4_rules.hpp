// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Rules to wire: a session's PDRs, FARs, QERs, URRs and BARs as the IEs of N4 messages, and Created PDRs back.
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/control/pdu_session_update.hpp"
#include "core/pfcp/session_messages.hpp"

namespace kiriko::smf {

/// PDRs whose local F-TEID has the TEID 0, which no tunnel has, ask the UPF to choose one for all of them (clause
/// 5.5.3); the answer's is put into them by take_chosen_f_teid().
inline constexpr pfcp::ChooseId uplink_choose_id{1};

/// The rules of a Session Establishment Request. A QER's `session_ambr` has no IE: it is the QER of rates without QFI.
void put_rules(const PduSessionRules& rules, pfcp::SessionEstablishmentRequest& request);

/// All of a Session Modification Request that follows from the update.
pfcp::SessionModificationRequest modification_request(const PduSessionUpdate& update);

/// Puts the F-TEID of the Created PDRs into every PDR that asked for one. A Problem if it is missing, or without IPv4.
Result<void> take_chosen_f_teid(const std::vector<pfcp::CreatedPdr>& created, PduSessionRules& rules);

}  // namespace kiriko::smf
