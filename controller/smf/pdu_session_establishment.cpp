// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDU session establishment (TS 23.502 clause 4.3.2.2.1).
#include "controller/smf/smf.hpp"

namespace kiriko::smf {

// Steps 1 to 3 brought the request here: the UE's by way of the AMF.
ProcedureList::Whole Smf::pdu_session_establishment(SmContextPtr context) {
  const Turns::Turn turn = co_await context->turns;
  const auto refuse = [this, &context](Refusal refusal) {
    free_resources(*context);
    context->state = SmState::released;
    contexts_.erase(context->ref);
    tell(context->ref, SessionRefused{std::move(refusal)});
  };

  // Steps 4 to 7: subscription and policy are in the request; the slice's quota and the UE's address.
  if (auto refusal = admit(*context)) {
    refuse(std::move(*refusal));
    co_return;
  }
  // Steps 8 and 10a, 10b: UPF selection and N4 session establishment. The UPF chooses the uplink F-TEID; the downlink
  // is buffered, since the gNB's is not known yet.
  const bool established = co_await establish_n4(context, candidates(*context), false);
  if (!established) {
    refuse({FiveGsmCause::network_failure, {.message = "no UPF accepts the PDU session"}});
    co_return;
  }
  // Steps 11 to 15: N1N2MessageTransfer, AN resources, and the gNB's F-TEID back in UpdateSMContext.
  const AccessAnswer answer = co_await ask_access(*context, SetUpResources{context->uplink});
  const auto* tunnel = std::get_if<AccessTunnel>(&answer);
  context->state = SmState::idle;
  if (tunnel != nullptr) {
    context->downlink = tunnel->downlink;
    // Steps 16a, 16b: N4 session modification, the downlink goes to the gNB.
    const N4Outcome outcome = co_await modify_n4(context, false);
    if (outcome == N4Outcome::accepted) context->state = SmState::active;
    if (outcome == N4Outcome::refused) context->downlink.reset();
  }
  // Without AN resources the session stays with its user plane inactive (clause 4.3.2.2.1 after step 15).
  tell(context->ref, SessionEstablished{context->upf});
}

}  // namespace kiriko::smf
