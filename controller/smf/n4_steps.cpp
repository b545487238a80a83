// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parts that several procedures have: exchanges on N4 and requests to the access network.
#include "controller/smf/n4_rules.hpp"
#include "controller/smf/rule_changes.hpp"
#include "controller/smf/smf.hpp"
#include "core/pfcp/rejection.hpp"

namespace kiriko::smf {
namespace {

/// The response if its Cause accepts.
template <class Response>
const Response* accepted(const N4Answer& answer) {
  if (!answer) return nullptr;
  const auto* response = std::get_if<Response>(&*answer);
  return response != nullptr && pfcp::accepts(response->cause) ? response : nullptr;
}

}  // namespace

// TS 29.244 clause 6.3.2. A UPF that refuses or does not answer is left for the next one.
Procedure<bool> Smf::establish_n4(SmContextPtr context, std::vector<NodeId> upfs, bool restoration) {
  for (const NodeId upf : upfs) {
    context->upf = upf;
    context->up_seid = Seid{};
    context->uplink = FTeid{};
    PduSessionRules rules = plan(*context);
    pfcp::SessionEstablishmentRequest request;
    request.node_id = options_.n4.endpoint.node_id;
    request.cp_f_seid =
        pfcp::FSeid{.seid = Seid{context->ref.value}, .ipv4 = options_.address, .ipv6 = std::nullopt};
    put_rules(rules, request);
    const PduSessionRequest& wanted = context->request;
    if (wanted.s_nssai != SNssai{}) request.s_nssai = wanted.s_nssai;
    if (!wanted.dnn.empty()) request.apn_dnn = pfcp::ApnDnn{pfcp::labels_of(wanted.dnn.text())};
    if (restoration) {
      pfcp::PfcpseReqFlags flags;
      flags.resti = true;
      request.pfcpsereq_flags = flags;
    }
    const N4Answer answer = co_await n4_.request(upf, Seid{}, request, now_);
    const auto* response = accepted<pfcp::SessionEstablishmentResponse>(answer);
    if (response == nullptr || !response->up_f_seid) continue;
    if (!take_chosen_f_teid(response->created_pdrs, rules)) {
      leave_behind(upf, response->up_f_seid->seid);
      continue;
    }
    context->up_seid = rules.seid = response->up_f_seid->seid;
    for (const PacketDetectionRule& pdr : rules.pdrs)
      if (pdr.pdi.local_f_teid) context->uplink = *pdr.pdi.local_f_teid;
    context->rules = std::move(rules);
    co_return true;
  }
  context->upf = no_node;
  co_return false;
}

// TS 29.244 clause 6.3.3.
Procedure<Smf::N4Outcome> Smf::modify_n4(SmContextPtr context, bool send_end_marker) {
  PduSessionRules rules = plan(*context);
  PduSessionUpdate update = changes_between(context->rules, rules);
  if (is_empty(update)) co_return N4Outcome::accepted;
  for (ForwardingActionRuleUpdate& far : update.update_fars) far.send_end_marker = send_end_marker;
  const NodeId upf = context->upf;
  const N4Answer answer = co_await n4_.request(upf, context->up_seid, modification_request(update), now_);
  if (!answer) co_return N4Outcome::unanswered;
  if (accepted<pfcp::SessionModificationResponse>(answer) == nullptr) {
    // The UPF has forgotten this one session, though not its association.
    if (pfcp::cause_of(*answer) != pfcp::Cause::session_context_not_found) co_return N4Outcome::refused;
    context->without_upf_since = now_;
    start(change_of_upf(context, upf));
    co_return N4Outcome::unanswered;
  }
  context->rules = std::move(rules);
  co_return N4Outcome::accepted;
}

Reply<AccessAnswer> Smf::ask_access(const SmContext& context, decltype(AccessRequest::what) what) {
  const AccessToken token{next_access_token_++};
  Reply<AccessAnswer> reply(ready_);
  awaited_access_.emplace(token, AwaitedAccess{reply, now_ + options_.access_timeout});
  access_requests_.push_back({token, context.ref, context.request.wish.ue, what});
  return reply;
}

}  // namespace kiriko::smf
