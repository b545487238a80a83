// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Associations, their failure and return, and the answers procedures wait for.
#include "controller/smf/n4_client.hpp"

#include <algorithm>
#include <utility>

#include "core/pfcp/rejection.hpp"

namespace kiriko::smf {

std::string_view to_string(N4Failure failure) {
  switch (failure) {
    case N4Failure::no_association: return "no PFCP association";
    case N4Failure::upf_failed: return "the UPF failed";
    case N4Failure::timed_out: return "no answer";
    case N4Failure::unreadable: return "an answer that cannot be read";
    case N4Failure::not_sent: return "a message that cannot be encoded";
  }
  return "";
}

N4Client::N4Client(N4Options options, ReadyQueue& ready)
    : options_(std::move(options)), ready_(ready), endpoint_(options_.endpoint) {}

void N4Client::add(const UpfDescription& description, ModelTime now) {
  by_address_[description.n4.address] = description.id;
  Upf& upf = upfs_[description.id];
  upf.description = description;
  set_up(upf, now);
}

void N4Client::set_up(Upf& upf, ModelTime now) {
  pfcp::AssociationSetupRequest request;
  request.node_id = options_.endpoint.node_id;
  request.recovery_time_stamp = options_.endpoint.recovery_time_stamp;
  upf.retry = ModelTime::never();
  upf.association = Association::asked;
  if (const auto token = endpoint_.request(upf.description.n4, request, now)) upf.node_request = *token;
}

void N4Client::prepare_release(NodeId id) {
  const auto found = upfs_.find(id);
  if (found != upfs_.end() && found->second.association == Association::held)
    found->second.association = Association::leaving;
}

void N4Client::release(NodeId id, ModelTime now) {
  const auto found = upfs_.find(id);
  if (found == upfs_.end()) return;
  Upf& upf = found->second;
  fail_all(id, N4Failure::no_association);
  upf.retry = ModelTime::never();
  upf.association = Association::releasing;
  pfcp::AssociationReleaseRequest request;
  request.node_id = options_.endpoint.node_id;
  if (const auto token = endpoint_.request(upf.description.n4, request, now)) upf.node_request = *token;
}

bool N4Client::is_usable(NodeId upf) const {
  const auto found = upfs_.find(upf);
  return found != upfs_.end() && found->second.association == Association::held;
}

bool N4Client::is_reachable(NodeId upf) const {
  const auto found = upfs_.find(upf);
  return found != upfs_.end() && (found->second.association == Association::held ||
                                  found->second.association == Association::leaving);
}

std::string N4Client::name_of(NodeId upf) const {
  const auto found = upfs_.find(upf);
  return found == upfs_.end() ? "none" : found->second.description.name;
}

Reply<N4Answer> N4Client::request(NodeId id, Seid up_seid, const pfcp::Message& message, ModelTime now) {
  Reply<N4Answer> reply(ready_);
  if (!is_reachable(id)) {
    reply.answer(tl::unexpected(N4Failure::no_association));
    return reply;
  }
  const auto token = endpoint_.request(upfs_.at(id).description.n4, message, now, up_seid);
  if (token)
    awaited_.emplace(*token, Awaited{id, reply});
  else
    reply.answer(tl::unexpected(N4Failure::not_sent));
  return reply;
}

void N4Client::respond(const pfcp::RequestHandle& request, const pfcp::Message& message, Seid up_seid,
                       ModelTime now) {
  // A response of the matching type with a Cause alone is always short enough to be encoded.
  (void)endpoint_.respond(request, message, now, up_seid);
}

std::vector<N4Event> N4Client::receive(pfcp::OctetView datagram, const pfcp::PeerAddress& from,
                                       ModelTime now) {
  Events events;
  std::vector<pfcp::Event> received = endpoint_.receive(datagram, from, now);
  if (Upf* const upf = upf_at(from.address)) upf->last_heard = now;
  for (pfcp::Event& event : received) handle(event, now, events);
  return events;
}

std::vector<N4Event> N4Client::on_time(ModelTime now) {
  Events events;
  std::vector<pfcp::Event> passed = endpoint_.on_time(now);
  for (pfcp::Event& event : passed) handle(event, now, events);
  for (auto& [id, upf] : upfs_)
    if (upf.retry <= now) set_up(upf, now);
  return events;
}

ModelTime N4Client::next_due() const {
  ModelTime due = endpoint_.next_due();
  for (const auto& [id, upf] : upfs_) due = std::min(due, upf.retry);
  return due;
}

N4Client::Upf* N4Client::upf_at(const pfcp::IpAddress& address) {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : &upfs_.at(found->second);
}

void N4Client::handle(pfcp::Event& event, ModelTime now, Events& events) {
  if (auto* request = std::get_if<pfcp::RequestReceived>(&event)) {
    on_request(*request, now, events);
  } else if (const auto* response = std::get_if<pfcp::ResponseReceived>(&event)) {
    on_response(*response, now, events);
  } else if (const auto* unreadable = std::get_if<pfcp::ResponseUnreadable>(&event)) {
    on_lost(unreadable->request, N4Failure::unreadable, now);
  } else if (const auto* lost = std::get_if<pfcp::RequestTimedOut>(&event)) {
    on_lost(lost->request, N4Failure::timed_out, now);
  } else if (const auto* failed = std::get_if<pfcp::PeerFailed>(&event)) {
    Upf* const upf = upf_at(failed->peer.address);
    if (upf == nullptr || upf->association == Association::releasing) return;
    upf->association = Association::failed;
    fail_all(upf->description.id, N4Failure::upf_failed);
    events.emplace_back(UpfFailed{upf->description.id, upf->last_heard});
  } else if (const auto* recovered = std::get_if<pfcp::PeerRecovered>(&event)) {
    Upf* const upf = upf_at(recovered->peer.address);
    if (upf == nullptr || upf->association != Association::failed) return;
    upf->association = Association::held;
    events.emplace_back(UpfRecovered{upf->description.id});
  } else if (const auto* restart = std::get_if<pfcp::PeerRestarted>(&event)) {
    Upf* const upf = upf_at(restart->peer.address);
    if (upf == nullptr || std::exchange(upf->restart_told, false)) return;
    restarted(*upf, now, events);
  }
}

void N4Client::restarted(Upf& upf, ModelTime now, Events& events) {
  fail_all(upf.description.id, N4Failure::upf_failed);
  events.emplace_back(UpfRestarted{upf.description.id});
  if (upf.association != Association::asked && upf.association != Association::releasing) set_up(upf, now);
}

void N4Client::on_response(const pfcp::ResponseReceived& response, ModelTime now, Events& events) {
  Upf* const upf = upf_at(response.from.address);
  if (upf != nullptr && upf->node_request == response.request) {
    upf->node_request.reset();
    on_node_response(*upf, response.message, now, events);
    return;
  }
  auto awaited = awaited_.extract(response.request);
  if (awaited.empty()) {
    const auto* late = std::get_if<pfcp::SessionEstablishmentResponse>(&response.message);
    if (upf != nullptr && late != nullptr && pfcp::accepts(late->cause) && late->up_f_seid)
      events.emplace_back(EstablishedLate{upf->description.id, late->up_f_seid->seid});
    return;
  }
  // A Version Not Supported Response answers none of what is asked here.
  if (std::holds_alternative<pfcp::VersionNotSupportedResponse>(response.message))
    awaited.mapped().reply.answer(tl::unexpected(N4Failure::unreadable));
  else
    awaited.mapped().reply.answer(response.message);
  // It has lost what it knew faster than a heartbeat could tell (clause 6.2.6).
  if (upf != nullptr && upf->association == Association::held &&
      pfcp::cause_of(response.message) == pfcp::Cause::no_established_pfcp_association) {
    restarted(*upf, now, events);
    upf->restart_told = true;
  }
}

void N4Client::on_node_response(Upf& upf, const pfcp::Message& message, ModelTime now, Events& events) {
  const NodeId id = upf.description.id;
  if (const auto* setup = std::get_if<pfcp::AssociationSetupResponse>(&message)) {
    if (!pfcp::accepts(setup->cause)) {
      upf.association = Association::wanted;
      upf.retry = now + options_.association_retry;
      events.emplace_back(UpfRefusedAssociation{id, setup->cause});
      return;
    }
    upf.association = Association::held;
    endpoint_.watch(upf.description.n4, now);
    events.emplace_back(UpfAssociated{id, setup->up_function_features.value_or(pfcp::UpFunctionFeatures{})});
    return;
  }
  if (upf.association == Association::releasing) {
    endpoint_.forget(upf.description.n4.address);
    by_address_.erase(upf.description.n4.address);
    upfs_.erase(id);
    events.emplace_back(UpfReleased{id});
    return;
  }
  upf.association = Association::wanted;
  upf.retry = now + options_.association_retry;
}

void N4Client::on_lost(pfcp::RequestToken token, N4Failure failure, ModelTime now) {
  for (auto& [id, upf] : upfs_) {
    if (upf.node_request != token) continue;
    upf.node_request.reset();
    if (upf.association == Association::releasing) {  // it is gone without having been told
      endpoint_.forget(upf.description.n4.address);
      by_address_.erase(upf.description.n4.address);
      upfs_.erase(id);
      return;
    }
    upf.association = Association::wanted;
    upf.retry = now + options_.association_retry;
    return;
  }
  auto awaited = awaited_.extract(token);
  if (!awaited.empty()) awaited.mapped().reply.answer(tl::unexpected(failure));
}

void N4Client::fail_all(NodeId upf, N4Failure failure) {
  for (auto each = awaited_.begin(); each != awaited_.end();) {
    if (each->second.upf != upf) {
      ++each;
      continue;
    }
    each->second.reply.answer(tl::unexpected(failure));
    each = awaited_.erase(each);
  }
}

void N4Client::on_request(pfcp::RequestReceived& received, ModelTime now, Events& events) {
  Upf* const upf = upf_at(received.request.from.address);
  if (upf == nullptr) {
    // The SMF says which UPFs it uses.
    (void)endpoint_.refuse(received.request, {pfcp::Cause::request_rejected, pfcp::IeType{}}, now);
    return;
  }
  const NodeId id = upf->description.id;
  if (auto* report = std::get_if<pfcp::SessionReportRequest>(&received.message)) {
    events.emplace_back(
        SessionReported{id, received.request, received.seid.value_or(Seid{}), std::move(*report)});
  } else if (std::holds_alternative<pfcp::AssociationSetupRequest>(received.message)) {
    pfcp::AssociationSetupResponse response;  // clause 6.2.6.3: the UP function may begin, too
    response.node_id = options_.endpoint.node_id;
    response.cause = pfcp::Cause::request_accepted;
    response.recovery_time_stamp = options_.endpoint.recovery_time_stamp;
    (void)endpoint_.respond(received.request, response, now);
    const auto& setup = std::get<pfcp::AssociationSetupRequest>(received.message);
    // Where one's own setup is under way, its answer tells.
    if (upf->association != Association::wanted) return;
    upf->association = Association::held;
    upf->retry = ModelTime::never();
    endpoint_.watch(upf->description.n4, now);
    events.emplace_back(UpfAssociated{id, setup.up_function_features.value_or(pfcp::UpFunctionFeatures{})});
  } else if (const auto* update = std::get_if<pfcp::AssociationUpdateRequest>(&received.message)) {
    pfcp::AssociationUpdateResponse response;
    response.node_id = options_.endpoint.node_id;
    response.cause = pfcp::Cause::request_accepted;
    (void)endpoint_.respond(received.request, response, now);
    const bool wants_release =
        update->pfcp_association_release_request && update->pfcp_association_release_request->sarr;
    const bool prepares = update->pfcpaureq_flags && update->pfcpaureq_flags->parps;
    if ((wants_release || prepares) && upf->association == Association::held) {
      upf->association = Association::leaving;
      events.emplace_back(UpfWantsRelease{id});
    }
  } else if (const auto* report_of_node = std::get_if<pfcp::NodeReportRequest>(&received.message)) {
    pfcp::NodeReportResponse response;
    response.node_id = options_.endpoint.node_id;
    response.cause = pfcp::Cause::request_accepted;
    (void)endpoint_.respond(received.request, response, now);
    const auto tell = [&](const std::optional<pfcp::UserPlanePathReport>& paths, bool failed) {
      if (!paths) return;
      for (const pfcp::RemoteGtpuPeer& peer : paths->remote_gtpu_peers)
        if (peer.ipv4) events.emplace_back(UpfPathReported{id, *peer.ipv4, failed});
    };
    tell(report_of_node->user_plane_path_failure_report, true);
    tell(report_of_node->user_plane_path_recovery_report, false);
  } else {
    (void)endpoint_.refuse(received.request, {pfcp::Cause::service_not_supported, pfcp::IeType{}}, now);
  }
}

}  // namespace kiriko::smf
