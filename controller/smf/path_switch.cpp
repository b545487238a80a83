// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Path switch after an Xn based handover without a change of UPF (TS 23.502 clause 4.9.1.2.2).
#include "controller/smf/smf.hpp"

namespace kiriko::smf {

// Steps 1 and 2 brought the target gNB's F-TEID here: N2 Path Switch Request, UpdateSMContext.
ProcedureList::Whole Smf::path_switch(SmContextPtr context, OuterHeaderCreation target) {
  const Turns::Turn turn = co_await context->turns;
  const auto fail_with = [this, &context](FiveGsmCause cause, std::string message) {
    tell(context->ref, PathSwitchFailed{{cause, {.message = std::move(message)}}});
  };
  if (context->state == SmState::released) {
    fail_with(FiveGsmCause::pdu_session_does_not_exist, "no such PDU session");
    co_return;
  }
  const auto source = std::exchange(context->downlink, target);
  if (context->state == SmState::without_upf) {
    // The next UPF sends to the target at once.
    tell(context->ref, PathSwitched{});
    co_return;
  }
  // Steps 3, 4: N4 session modification. Step 5: the UPF ends the old tunnel with end markers.
  const N4Outcome outcome = co_await modify_n4(context, source.has_value());
  if (outcome == N4Outcome::refused) context->downlink = source;
  if (outcome != N4Outcome::accepted) {
    // Unanswered: the UE is at the target all the same, and a UPF that takes the session over sends there.
    fail_with(FiveGsmCause::network_failure,
              outcome == N4Outcome::refused ? "the UPF refused the path switch" : "the UPF does not answer");
    co_return;
  }
  context->state = SmState::active;
  // Steps 6 to 8: UpdateSMContext response, Path Switch Request Ack, release of the source.
  tell(context->ref, PathSwitched{});
}

}  // namespace kiriko::smf
