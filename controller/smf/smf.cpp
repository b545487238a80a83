// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Smf's entrances: what comes in starts procedures or brings them what they wait for.
#include "controller/smf/smf.hpp"

#include <algorithm>

namespace kiriko::smf {

Smf::Smf(SmfOptions options)
    : options_(std::move(options)),
      n4_(
          [this] {
            N4Options n4 = options_.n4;
            n4.endpoint.peer_seid = [this](Seid own) {
              const SmContext* const context = find(SmContextRef{own.value});
              return context == nullptr ? Seid{} : context->up_seid;
            };
            return n4;
          }(),
          ready_),
      procedures_(ready_) {}

Result<void> Smf::add_data_network(const DataNetwork& network) {
  if (network.ipv6_pool && (network.ipv6_pool->length < 1 || network.ipv6_pool->length > 64))
    return fail({.message = "an IPv6 pool gives out prefixes of /64",
                 .where = network.dnn.text(),
                 .found = to_string(*network.ipv6_pool),
                 .allowed = "/1 to /64"});
  Addresses addresses{.network = network, .ipv4 = {}, .ipv6 = {}};
  if (network.ipv4_pool) addresses.ipv4.emplace(*network.ipv4_pool);
  if (network.ipv6_pool) addresses.ipv6.emplace(*network.ipv6_pool);
  if (!data_networks_.emplace(network.dnn, std::move(addresses)).second)
    return fail({.message = "this DNN is there already", .where = network.dnn.text()});
  return {};
}

void Smf::add_upf(const UpfDescription& upf, ModelTime now) {
  now_ = now;
  n4_.add(upf, now);
}

void Smf::release_upf(NodeId upf, ModelTime now) {
  now_ = now;
  n4_.prepare_release(upf);
  start(release_of_upf(upf));
  run();
}

void Smf::start(Whole procedure) { procedures_.start(procedure); }

SmContextRef Smf::establish(PduSessionRequest request, ModelTime now) {
  now_ = now;
  auto context = std::make_shared<SmContext>(ready_);
  context->ref = SmContextRef{next_ref_++};
  context->request = std::move(request);
  contexts_.emplace(context->ref, context);
  const SmContextRef ref = context->ref;
  start(pdu_session_establishment(std::move(context)));
  run();
  return ref;
}

void Smf::modify(SmContextRef session, PduSessionModification modification, ModelTime now) {
  now_ = now;
  const auto found = contexts_.find(session);
  if (found == contexts_.end()) {
    tell(session,
         ModificationRefused{{FiveGsmCause::pdu_session_does_not_exist, {.message = "no such PDU session"}}});
    return;
  }
  start(pdu_session_modification(found->second, std::move(modification)));
  run();
}

void Smf::release(SmContextRef session, ModelTime now) {
  now_ = now;
  if (const auto found = contexts_.find(session); found != contexts_.end())
    start(pdu_session_release(found->second));
  run();
}

void Smf::switch_path(SmContextRef session, const OuterHeaderCreation& target, ModelTime now) {
  now_ = now;
  const auto found = contexts_.find(session);
  if (found == contexts_.end()) {
    tell(session,
         PathSwitchFailed{{FiveGsmCause::pdu_session_does_not_exist, {.message = "no such PDU session"}}});
    return;
  }
  start(path_switch(found->second, target));
  run();
}

void Smf::deactivate(SmContextRef session, ModelTime now) {
  now_ = now;
  if (const auto found = contexts_.find(session); found != contexts_.end()) start(an_release(found->second));
  run();
}

void Smf::receive(pfcp::OctetView datagram, const pfcp::PeerAddress& from, ModelTime now) {
  now_ = now;
  handle(n4_.receive(datagram, from, now));
  run();
}

void Smf::access_answered(AccessToken token, AccessAnswer answer, ModelTime now) {
  now_ = now;
  auto awaited = awaited_access_.extract(token);
  if (!awaited.empty()) awaited.mapped().reply.answer(answer);
  run();
}

void Smf::on_time(ModelTime now) {
  now_ = now;
  // Tokens rise with the time they are due at.
  while (!awaited_access_.empty() && awaited_access_.begin()->second.due <= now) {
    auto awaited = awaited_access_.extract(awaited_access_.begin());
    awaited.mapped().reply.answer(AccessFailed{});
  }
  handle(n4_.on_time(now));
  run();
}

ModelTime Smf::next_due() const {
  const ModelTime n4 = n4_.next_due();
  return awaited_access_.empty() ? n4 : std::min(n4, awaited_access_.begin()->second.due);
}

const SmContext* Smf::find(SmContextRef session) const {
  const auto found = contexts_.find(session);
  return found == contexts_.end() ? nullptr : found->second.get();
}

void Smf::handle(std::vector<N4Event> events) {
  for (N4Event& event : events) {
    if (auto* report = std::get_if<SessionReported>(&event)) {
      on_report(*report);
      continue;
    }
    if (const auto* late = std::get_if<EstablishedLate>(&event)) {
      leave_behind(late->upf, late->up_seid);
      continue;
    }
    std::visit(
        [this](auto& each) {
          using E = std::decay_t<decltype(each)>;
          if constexpr (!std::is_same_v<E, SessionReported> && !std::is_same_v<E, EstablishedLate>)
            tell({}, each);
        },
        event);
    if (const auto* failed = std::get_if<UpfFailed>(&event)) {
      on_upf_lost(failed->upf, failed->last_heard);
    } else if (const auto* restarted = std::get_if<UpfRestarted>(&event)) {
      stale_.erase(restarted->upf);
      on_upf_lost(restarted->upf, now_);
    } else if (const auto* recovered = std::get_if<UpfRecovered>(&event)) {
      on_upf_there(recovered->upf);
    } else if (const auto* associated = std::get_if<UpfAssociated>(&event)) {
      on_upf_there(associated->upf);
    } else if (const auto* leaving = std::get_if<UpfWantsRelease>(&event)) {
      start(release_of_upf(leaving->upf));
    }
  }
}

void Smf::on_upf_lost(NodeId upf, ModelTime since) {
  for (const auto& [ref, context] : contexts_) {
    if (context->upf != upf) continue;
    context->without_upf_since = since;
    start(change_of_upf(context, upf));
  }
}

void Smf::on_upf_there(NodeId upf) {
  if (auto stale = stale_.extract(upf); !stale.empty())
    start(deletion_of_stale_sessions(upf, std::move(stale.mapped())));
  for (const auto& [ref, context] : contexts_) {
    if (context->state == SmState::establishing) continue;
    const std::vector<NodeId> wished = candidates(*context);
    if (wished.empty() || wished.front() != upf || context->upf == upf) continue;
    if (context->upf == no_node || options_.revert) start(change_of_upf(context, context->upf));
  }
}

void Smf::on_report(SessionReported& reported) {
  const auto found = contexts_.find(SmContextRef{reported.cp_seid.value});
  pfcp::SessionReportResponse response;
  // A UPF the session has left may not know yet that it has.
  const bool known = found != contexts_.end() && found->second->upf == reported.upf;
  response.cause = known ? pfcp::Cause::request_accepted : pfcp::Cause::session_context_not_found;
  n4_.respond(reported.request, response, known ? found->second->up_seid : Seid{}, now_);
  if (!known) return;
  const SmContextPtr context = found->second;
  pfcp::SessionReportRequest& report = reported.report;
  if (!report.usage_reports.empty()) tell(context->ref, UsageReported{std::move(report.usage_reports)});
  if (report.report_type.upir) start(an_release(context));
  // The gNB has lost the UE's context (TS 23.527 clause 5.3.3.1): as if it had released it, then the UE is called.
  if (report.error_indication_report) start(an_release(context));
  if (report.downlink_data_report || report.error_indication_report) {
    PageUe paging;
    if (report.downlink_data_report &&
        !report.downlink_data_report->downlink_data_service_information.empty()) {
      const auto& service = report.downlink_data_report->downlink_data_service_information.front();
      paging = {service.paging_policy_indication, service.qfi};
    }
    start(network_triggered_service_request(context, paging));
  }
}

}  // namespace kiriko::smf
