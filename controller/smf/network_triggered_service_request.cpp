// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Network triggered service request: downlink data for a UE that is idle (TS 23.502 clause 4.2.3.3).
#include "controller/smf/smf.hpp"

namespace kiriko::smf {

// Steps 1, 2a and 2b are behind us: the UPF buffers, its Session Report Request is answered.
ProcedureList::Whole Smf::network_triggered_service_request(SmContextPtr context, PageUe paging) {
  {
    // What runs already, such as the AN release that made the UE idle, comes first.
    const Turns::Turn turn = co_await context->turns;
    if (context->state != SmState::idle || context->paging) co_return;
    context->paging = true;
  }
  // Steps 3a to 5: N1N2MessageTransfer, paging; other procedures go on meanwhile.
  const AccessAnswer paged = co_await ask_access(*context, paging);
  const Turns::Turn turn = co_await context->turns;
  context->paging = false;
  if (context->state != SmState::idle) co_return;
  if (std::holds_alternative<AccessFailed>(paged)) {
    // Step 3c and clause 4.2.3.3 after step 5: the UE does not answer; the buffer keeps what its limits allow.
    tell(context->ref, PagingFailed{});
    co_return;
  }
  // Step 6: the UE's Service Request (clause 4.2.3.2): steps 11 to 15, AN resources and the gNB's F-TEID.
  const AccessAnswer answer = co_await ask_access(*context, SetUpResources{context->uplink});
  const auto* tunnel = std::get_if<AccessTunnel>(&answer);
  if (tunnel == nullptr) {
    tell(context->ref, PagingFailed{});
    co_return;
  }
  // Steps 17a, 17b of clause 4.2.3.2: N4 session modification; the UPF sends what it has buffered.
  context->downlink = tunnel->downlink;
  const N4Outcome outcome = co_await modify_n4(context, false);
  if (outcome == N4Outcome::refused) context->downlink.reset();
  if (outcome != N4Outcome::accepted) co_return;
  context->state = SmState::active;
  tell(context->ref, SessionActivated{});
}

}  // namespace kiriko::smf
