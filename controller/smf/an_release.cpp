// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// AN release: the UE goes idle, the UPF buffers what comes for it (TS 23.502 clause 4.2.6).
#include "controller/smf/smf.hpp"

namespace kiriko::smf {

// Steps 1 to 5 brought it here: the gNB released the UE, or the user plane was inactive for long enough.
ProcedureList::Whole Smf::an_release(SmContextPtr context) {
  const Turns::Turn turn = co_await context->turns;
  if (context->state != SmState::active) co_return;
  // Steps 6a, 6b: N4 session modification, the downlink FAR gets BUFF and NOCP.
  const auto tunnel = std::exchange(context->downlink, std::nullopt);
  const N4Outcome outcome = co_await modify_n4(context, false);
  if (outcome == N4Outcome::refused) {
    context->downlink = tunnel;
    co_return;
  }
  context->state = SmState::idle;
  tell(context->ref, SessionDeactivated{});
}

}  // namespace kiriko::smf
