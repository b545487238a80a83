// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Establishment, modification and deletion of sessions, each wholly or not at all (TS 29.244 clauses 6.3, 7.5.2 to 7.5.7).
#include "vnf/upf/n4/n4_server.hpp"

namespace kiriko::upf {
namespace {

using pfcp::Cause;

PduSessionType type_of(const std::optional<pfcp::PdnType>& wire) {
  if (!wire) return PduSessionType::ipv4v6;
  switch (wire->value) {
    case pfcp::PdnType::Value::ipv4: return PduSessionType::ipv4;
    case pfcp::PdnType::Value::ipv6: return PduSessionType::ipv6;
    case pfcp::PdnType::Value::ethernet: return PduSessionType::ethernet;
    default: return PduSessionType::ipv4v6;
  }
}

/// Reads every rule of a kind into `out`; the first refusal ends it.
template <class Wire, class Out, class Read>
std::optional<Refusal> read_all(const std::vector<Wire>& wire, std::vector<Out>& out, Read read) {
  out.reserve(wire.size());
  for (const Wire& rule : wire) {
    auto made = read(rule);
    if (!made) return made.error();
    out.push_back(std::move(*made));
  }
  return std::nullopt;
}

template <class Wire, class Id>
std::vector<Id> ids_of(const std::vector<Wire>& wire, Id Wire::*member) {
  std::vector<Id> out;
  for (const Wire& rule : wire) out.push_back(rule.*member);
  return out;
}

}  // namespace

N4Session* N4Server::find(const Request& request) {
  const auto found = sessions_.find(request.seid.value_or(Seid{}).value);
  // Another SMF's session is none of this one's.
  if (found == sessions_.end() || found->second.owner != request.request.from.address) return nullptr;
  return &found->second;
}

void N4Server::refuse(const Request& request, const Refusal& refusal, Seid cp_seid, ModelTime now) {
  ++counters_.refusals;
  if (std::holds_alternative<pfcp::SessionEstablishmentRequest>(request.message)) {
    pfcp::SessionEstablishmentResponse response;
    response.node_id = options_.address;
    response.cause = refusal.cause;
    response.offending_ie = refusal.offending_ie;
    response.failed_rule_id = refusal.failed_rule;
    static_cast<void>(endpoint_.respond(request.request, response, now, cp_seid));
  } else if (std::holds_alternative<pfcp::SessionModificationRequest>(request.message)) {
    pfcp::SessionModificationResponse response;
    response.cause = refusal.cause;
    response.offending_ie = refusal.offending_ie;
    response.failed_rule_id = refusal.failed_rule;
    static_cast<void>(endpoint_.respond(request.request, response, now, cp_seid));
  } else {
    pfcp::SessionDeletionResponse response;
    response.cause = refusal.cause;
    response.offending_ie = refusal.offending_ie;
    static_cast<void>(endpoint_.respond(request.request, response, now, cp_seid));
  }
}

Reading<PduSessionRules> N4Server::read_rules(const pfcp::SessionEstablishmentRequest& message,
                                              RuleReader& reader) const {
  PduSessionRules rules;
  rules.type = type_of(message.pdn_type);
  if (message.user_plane_inactivity_timer)
    rules.user_plane_inactivity = message.user_plane_inactivity_timer->duration();
  for (const pfcp::CreateTrafficEndpoint& endpoint : message.create_traffic_endpoints)
    if (auto read = reader.endpoint(endpoint); !read) return tl::unexpected(read.error());
  if (auto refusal = read_all(message.create_pdrs, rules.pdrs, [&](const auto& r) { return reader.pdr(r); }))
    return tl::unexpected(*refusal);
  if (auto refusal = read_all(message.create_fars, rules.fars, [&](const auto& r) { return reader.far(r); }))
    return tl::unexpected(*refusal);
  for (const pfcp::CreateQer& qer : message.create_qers) rules.qers.push_back(reader.qer(qer));
  for (const pfcp::CreateUrr& urr : message.create_urrs) rules.urrs.push_back(reader.urr(urr));
  for (const pfcp::CreateBar& bar : message.create_bars) rules.bars.push_back(reader.bar(bar));
  return rules;
}

void N4Server::establish(const Request& request, const pfcp::SessionEstablishmentRequest& message,
                         ModelTime now, UserPlane& user_plane) {
  N4Session draft;
  draft.up_seid = Seid{next_seid_};
  draft.cp_seid = message.cp_f_seid.seid;
  draft.owner = request.request.from.address;
  draft.reports_to = {draft.owner, pfcp::pfcp_port};
  if (message.cp_f_seid.ipv4) draft.reports_to.address = *message.cp_f_seid.ipv4;
  RuleReader reader = reader_for(draft);
  auto rules = read_rules(message, reader);
  if (rules) {
    rules->seid = draft.up_seid;
    if (auto established = user_plane.establish(*rules); !established)
      rules = tl::unexpected(refusal_of(established.error()));
  }
  if (!rules) {
    reader.release_new();
    return refuse(request, rules.error(), draft.cp_seid, now);
  }
  ++next_seid_;
  pfcp::SessionEstablishmentResponse response;
  response.node_id = options_.address;
  response.cause = Cause::request_accepted;
  pfcp::FSeid own;
  own.seid = draft.up_seid;
  own.ipv4 = options_.address;
  response.up_f_seid = own;
  response.created_pdrs = reader.take_created_pdrs();
  response.created_traffic_endpoints = reader.take_created_endpoints();
  const Seid cp_seid = draft.cp_seid;
  sessions_.emplace(draft.up_seid.value, std::move(draft));
  static_cast<void>(endpoint_.respond(request.request, response, now, cp_seid));
}

Reading<PduSessionUpdate> N4Server::read_update(const pfcp::SessionModificationRequest& message,
                                                RuleReader& reader) const {
  PduSessionUpdate update;
  update.remove_pdrs = ids_of(message.remove_pdrs, &pfcp::RemovePdr::pdr_id);
  update.remove_fars = ids_of(message.remove_fars, &pfcp::RemoveFar::far_id);
  update.remove_qers = ids_of(message.remove_qers, &pfcp::RemoveQer::qer_id);
  update.remove_urrs = ids_of(message.remove_urrs, &pfcp::RemoveUrr::urr_id);
  for (const pfcp::RemoveBar& bar : message.remove_bars)
    update.remove_bars.push_back(BarId{bar.bar_id.value});
  for (const pfcp::CreateTrafficEndpoint& endpoint : message.create_traffic_endpoints)
    if (auto read = reader.endpoint(endpoint); !read) return tl::unexpected(read.error());
  if (auto refusal =
          read_all(message.create_pdrs, update.create_pdrs, [&](const auto& r) { return reader.pdr(r); }))
    return tl::unexpected(*refusal);
  if (auto refusal =
          read_all(message.update_pdrs, update.update_pdrs, [&](const auto& r) { return reader.pdr(r); }))
    return tl::unexpected(*refusal);
  if (auto refusal =
          read_all(message.create_fars, update.create_fars, [&](const auto& r) { return reader.far(r); }))
    return tl::unexpected(*refusal);
  if (auto refusal =
          read_all(message.update_fars, update.update_fars, [&](const auto& r) { return reader.far(r); }))
    return tl::unexpected(*refusal);
  for (const auto& qer : message.create_qers) update.create_qers.push_back(reader.qer(qer));
  for (const auto& qer : message.update_qers) update.update_qers.push_back(reader.qer(qer));
  for (const auto& urr : message.create_urrs) update.create_urrs.push_back(reader.urr(urr));
  for (const auto& urr : message.update_urrs) update.update_urrs.push_back(reader.urr(urr));
  for (const auto& bar : message.create_bars) update.create_bars.push_back(reader.bar(bar));
  for (const auto& bar : message.update_bars) update.update_bars.push_back(reader.bar(bar));
  if (message.user_plane_inactivity_timer)
    update.user_plane_inactivity = message.user_plane_inactivity_timer->duration();
  update.query_urrs = ids_of(message.query_urrs, &pfcp::QueryUrr::urr_id);
  if (message.pfcpsmreq_flags) {
    update.query_all_urrs = message.pfcpsmreq_flags->qaurr;
    update.drop_buffered = message.pfcpsmreq_flags->drobu;
    // Clause 8.2.31: SNDEM in the message stands for all the FARs that it updates.
    if (message.pfcpsmreq_flags->sndem)
      for (ForwardingActionRuleUpdate& far : update.update_fars) far.send_end_marker = true;
  }
  return update;
}

void N4Server::modify(const Request& request, const pfcp::SessionModificationRequest& message, ModelTime now,
                      UserPlane& user_plane) {
  N4Session* session = find(request);
  if (session == nullptr)
    return refuse(request, {Cause::session_context_not_found, std::nullopt, std::nullopt}, Seid{}, now);
  N4Session draft = *session;
  // Clause 7.5.4: another SMF of the set, or another SEID, has taken the session over.
  if (message.cp_f_seid) {
    draft.cp_seid = message.cp_f_seid->seid;
    if (message.cp_f_seid->ipv4) draft.reports_to.address = *message.cp_f_seid->ipv4;
  }
  RuleReader reader = reader_for(draft);
  auto update = read_update(message, reader);
  if (update)
    if (auto modified = user_plane.modify(draft.up_seid, *update); !modified)
      update = tl::unexpected(refusal_of(modified.error()));
  if (!update) {
    reader.release_new();
    return refuse(request, update.error(), session->cp_seid, now);
  }
  for (const pfcp::RemoveTrafficEndpoint& gone : message.remove_traffic_endpoints)
    std::erase_if(draft.endpoints,
                  [&](const TrafficEndpoint& e) { return e.id == gone.traffic_endpoint_id; });
  pfcp::SessionModificationResponse response;
  response.cause = Cause::request_accepted;
  response.created_pdrs = reader.take_created_pdrs();
  response.created_traffic_endpoints = reader.take_created_endpoints();
  const Seid up_seid = draft.up_seid, cp_seid = draft.cp_seid;
  *session = std::move(draft);
  response.usage_reports = usage_of(up_seid, now);
  static_cast<void>(endpoint_.respond(request.request, response, now, cp_seid));
}

void N4Server::delete_session(const Request& request, ModelTime now, UserPlane& user_plane) {
  N4Session* session = find(request);
  if (session == nullptr)
    return refuse(request, {Cause::session_context_not_found, std::nullopt, std::nullopt}, Seid{}, now);
  const Seid up_seid = session->up_seid, cp_seid = session->cp_seid;
  user_plane.release(up_seid);
  pfcp::SessionDeletionResponse response;
  response.cause = Cause::request_accepted;
  response.usage_reports = usage_of(up_seid, now);
  forget(*session);
  sessions_.erase(up_seid.value);
  static_cast<void>(endpoint_.respond(request.request, response, now, cp_seid));
}

void N4Server::forget(const N4Session& session) {
  for (const Teid teid : session.chosen_by_peer) teids_.release(teid);
  if (session.allocated_address) addresses_.release(session.address_instance, *session.allocated_address);
  if (session.allocated_prefix) addresses_.release(session.address_instance, *session.allocated_prefix);
}

}  // namespace kiriko::upf
