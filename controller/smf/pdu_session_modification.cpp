// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDU session modification (TS 23.502 clause 4.3.3.2): QoS flows that come and go, the Session-AMBR.
#include <algorithm>

#include "controller/smf/smf.hpp"

namespace kiriko::smf {

// Step 1 brought the request here, from the UE (1a), the policy (1b) or the SMF itself (1d).
ProcedureList::Whole Smf::pdu_session_modification(SmContextPtr context,
                                                   PduSessionModification modification) {
  const Turns::Turn turn = co_await context->turns;
  if (context->state == SmState::released) {
    tell(context->ref,
         ModificationRefused{{FiveGsmCause::pdu_session_does_not_exist, {.message = "no such PDU session"}}});
    co_return;
  }
  // Step 2: what the session is to be, checked as a whole.
  SessionView& wish = context->request.wish;
  const SessionView before = wish;
  std::optional<Refusal> refusal;
  for (const Qfi qfi : modification.remove) {
    const auto removed = std::erase_if(wish.flows, [qfi](const auto& flow) { return flow.qfi == qfi; });
    if (removed == 0)
      refusal =
          Refusal{FiveGsmCause::semantic_error_in_the_qos_operation,
                  {.message = "no such dedicated QoS flow", .found = "QFI " + std::to_string(qfi.value)}};
  }
  for (const DedicatedFlow& wanted : modification.add) {
    auto flow = dedicated_flow(wish, wanted);
    if (flow)
      wish.flows.push_back(*flow);
    else
      refusal = flow.error();
  }
  if (modification.session_ambr) wish.ambr = *modification.session_ambr;
  if (refusal) {
    wish = before;
    tell(context->ref, ModificationRefused{std::move(*refusal)});
    co_return;
  }
  // Steps 3b to 7: N1N2MessageTransfer, AN resources, where the user plane is up.
  if (context->state == SmState::active) {
    const AccessAnswer answer = co_await ask_access(*context, ModifyResources{context->uplink});
    if (std::holds_alternative<AccessFailed>(answer)) {
      wish = before;
      tell(context->ref, ModificationRefused{{FiveGsmCause::insufficient_resources,
                                              {.message = "the access network refused the QoS flows"}}});
      co_return;
    }
  }
  // Steps 8a, 8b: N4 session modification. Without a UPF the next one gets the rules as they are by now.
  if (context->state != SmState::without_upf) {
    const N4Outcome outcome = co_await modify_n4(context, false);
    if (outcome != N4Outcome::accepted) {
      wish = before;
      tell(context->ref, ModificationRefused{{FiveGsmCause::network_failure,
                                              {.message = "the UPF refused the modification"}}});
      co_return;
    }
  }
  tell(context->ref, SessionModified{});
}

}  // namespace kiriko::smf
