// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What one session modification has to say so that the rules a UPF has become those that are planned.
#pragma once

#include "core/control/pdu_session_update.hpp"

namespace kiriko::smf {

/// The shortest update from `before` to `after`, whose PDRs and QERs first get the ids of those they continue: a QER
/// that of the same QFI (or of the Session-AMBR), a PDR that of the same match. So a QoS flow that comes or goes does
/// not touch the others' counters and tokens.
PduSessionUpdate changes_between(const PduSessionRules& before, PduSessionRules& after);

inline bool is_empty(const PduSessionUpdate& update) {
  return update.remove_pdrs.empty() && update.remove_fars.empty() && update.remove_qers.empty() &&
         update.remove_urrs.empty() && update.remove_bars.empty() && update.create_pdrs.empty() &&
         update.create_fars.empty() && update.create_qers.empty() && update.create_urrs.empty() &&
         update.create_bars.empty() && update.update_pdrs.empty() && update.update_fars.empty() &&
         update.update_qers.empty() && update.update_urrs.empty() && update.update_bars.empty() &&
         !update.drop_buffered;
}

}  // namespace kiriko::smf
