// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDU session release (TS 23.502 clause 4.3.4.2).
#include "controller/smf/smf.hpp"

namespace kiriko::smf {

// Step 1 brought the request here.
ProcedureList::Whole Smf::pdu_session_release(SmContextPtr context) {
  const Turns::Turn turn = co_await context->turns;
  if (context->state == SmState::released) co_return;
  // Steps 2a, 2b: N4 session release; the response has the last usage reports.
  SessionReleased released;
  if (context->upf != no_node) {
    const N4Answer answer =
        co_await n4_.request(context->upf, context->up_seid, pfcp::SessionDeletionRequest{}, now_);
    if (!answer)
      leave_behind(context->upf, context->up_seid);
    else if (const auto* response = std::get_if<pfcp::SessionDeletionResponse>(&*answer))
      released.usage = response->usage_reports;
  }
  // Steps 3 to 10: N1N2MessageTransfer, AN resources are released, the UE is told; whatever comes of it.
  if (context->state == SmState::active) (void)co_await ask_access(*context, ReleaseResources{});
  // Steps 11, 12: the context goes; its address and its place in the slice are free from now on.
  free_resources(*context);
  context->upf = no_node;
  context->state = SmState::released;
  contexts_.erase(context->ref);
  tell(context->ref, std::move(released));
}

}  // namespace kiriko::smf
