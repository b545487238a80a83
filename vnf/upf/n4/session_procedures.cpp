// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Establishment, modification and deletion of sessions, each wholly or not at all (TS 29.244 clauses 6.3, 7.5.2 to 7.5.7).
#include <algorithm>
#include <iterator>

#include "vnf/upf/n4/n4_server.hpp"
#include "vnf/upf/n4/read_messages.hpp"

namespace kiriko::upf {
namespace {

using pfcp::Cause;

/// So many usage reports go into one answer: each takes up to 130 octets of a datagram.
constexpr std::size_t usage_reports_an_answer = 400;
/// And into one request, which the path may carry without fragments.
constexpr std::size_t usage_reports_a_request = 10;

/// Puts into an answer what fits it (clause 7.5.5.1) and returns the rest.
template <class Response>
std::vector<pfcp::UsageReport> add_usage(Response& response, std::vector<pfcp::UsageReport> usage) {
  std::vector<pfcp::UsageReport> rest;
  if (usage.size() > usage_reports_an_answer) {
    const auto end = usage.begin() + usage_reports_an_answer;
    rest.assign(std::make_move_iterator(end), std::make_move_iterator(usage.end()));
    usage.erase(end, usage.end());
    const auto number = static_cast<std::uint16_t>(std::min<std::size_t>(rest.size(), 0x7fff));
    response.additional_usage_reports_information =
        pfcp::AdditionalUsageReportsInformation{.auri = true, .number = number};
  }
  response.usage_reports = std::move(usage);
  return rest;
}

}  // namespace

StoredN4Session* N4Server::find(const Request& request) {
  const auto found = sessions_.find(request.seid.value_or(Seid{}).value);
  // Another SMF's session is none of this one's.
  if (found == sessions_.end() || found->second.owner != request.request.from.address) return nullptr;
  return &found->second;
}

void N4Server::refuse(const Request& request, const Refusal& refusal, Seid cp_seid, ModelTime now) {
  if (std::holds_alternative<pfcp::SessionEstablishmentRequest>(request.message)) {
    pfcp::SessionEstablishmentResponse response;
    response.node_id = options_.address;
    response.cause = refusal.cause;
    response.offending_ie = refusal.offending_ie;
    response.failed_rule_id = refusal.failed_rule;
    answer(request, response, now, cp_seid);
  } else if (std::holds_alternative<pfcp::SessionModificationRequest>(request.message)) {
    pfcp::SessionModificationResponse response;
    response.cause = refusal.cause;
    response.offending_ie = refusal.offending_ie;
    response.failed_rule_id = refusal.failed_rule;
    answer(request, response, now, cp_seid);
  } else {
    pfcp::SessionDeletionResponse response;
    response.cause = refusal.cause;
    response.offending_ie = refusal.offending_ie;
    answer(request, response, now, cp_seid);
  }
}

void N4Server::establish(const Request& request, const pfcp::SessionEstablishmentRequest& message,
                         ModelTime now, UserPlane& user_plane) {
  if (sessions_.size() >= options_.most_sessions)
    return refuse(request, {Cause::no_resources_available, std::nullopt, std::nullopt},
                  message.cp_f_seid.seid, now);
  N4Session draft;
  draft.up_seid = Seid{next_seid_};
  draft.cp_seid = message.cp_f_seid.seid;
  draft.owner = request.request.from.address;
  draft.reports_to = {draft.owner, pfcp::pfcp_port};
  if (message.cp_f_seid.ipv4) draft.reports_to.address = *message.cp_f_seid.ipv4;
  RuleReader reader = reader_for(draft, user_plane);
  auto rules = read_rules(message, reader);
  if (rules) {
    rules->seid = draft.up_seid;
    if (const auto slice = options_.slices.find(message.s_nssai.value_or(SNssai{}));
        slice != options_.slices.end())
      rules->slice = slice->second;
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
  const Seid cp_seid = draft.cp_seid, up_seid = draft.up_seid;
  sessions_.emplace(up_seid.value, StoredN4Session{std::move(draft)});
  answer(request, response, now, cp_seid);
}

void N4Server::modify(const Request& request, const pfcp::SessionModificationRequest& message, ModelTime now,
                      UserPlane& user_plane) {
  StoredN4Session* session = find(request);
  if (session == nullptr)
    return refuse(request, {Cause::session_context_not_found, std::nullopt, std::nullopt}, Seid{}, now);
  N4Session draft = session->copy();
  // Clause 7.5.4: another SMF of the set, or another SEID, has taken the session over.
  if (message.cp_f_seid) {
    draft.cp_seid = message.cp_f_seid->seid;
    if (message.cp_f_seid->ipv4) draft.reports_to.address = *message.cp_f_seid->ipv4;
  }
  RuleReader reader = reader_for(draft, user_plane);
  auto update = read_update(message, reader);
  if (update)
    if (auto modified = user_plane.modify(draft.up_seid, *update); !modified)
      update = tl::unexpected(refusal_of(modified.error()));
  if (!update) {
    reader.release_new();
    return refuse(request, update.error(), session->cp_seid, now);
  }
  // Most modifications are of FARs alone.
  const bool pdrs_change = !update->remove_pdrs.empty() || !update->update_pdrs.empty();
  if (const auto rules = pdrs_change ? user_plane.rules(draft.up_seid) : std::nullopt)
    for (const Teid teid : draft.forget_unused(*rules)) teids_.release(teid);
  pfcp::SessionModificationResponse response;
  response.cause = Cause::request_accepted;
  response.created_pdrs = reader.take_created_pdrs();
  response.created_traffic_endpoints = reader.take_created_endpoints();
  session->store(std::move(draft));
  auto rest = add_usage(response, usage_of(session->up_seid, now));
  answer(request, response, now, session->cp_seid);
  send_usage(*session, std::move(rest), now);
}

void N4Server::delete_session(const Request& request, ModelTime now, UserPlane& user_plane) {
  StoredN4Session* session = find(request);
  if (session == nullptr)
    return refuse(request, {Cause::session_context_not_found, std::nullopt, std::nullopt}, Seid{}, now);
  const Seid up_seid = session->up_seid;
  user_plane.release(up_seid);
  pfcp::SessionDeletionResponse response;
  response.cause = Cause::request_accepted;
  auto rest = add_usage(response, usage_of(up_seid, now));
  answer(request, response, now, session->cp_seid);
  send_usage(*session, std::move(rest), now);
  forget(*session);
  sessions_.erase(up_seid.value);
}

void N4Server::send_usage(const N4SessionHead& session, std::vector<pfcp::UsageReport> usage, ModelTime now) {
  for (std::size_t first = 0; first < usage.size(); first += usage_reports_a_request) {
    const auto begin = usage.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        begin + static_cast<std::ptrdiff_t>(std::min(usage_reports_a_request, usage.size() - first));
    pfcp::SessionReportRequest request;
    request.report_type.usar = true;
    request.usage_reports.assign(std::make_move_iterator(begin), std::make_move_iterator(end));
    send_report(session, request, now);
  }
}

void N4Server::forget(const StoredN4Session& session) {
  const N4SessionRest* rest = session.rest();
  if (rest == nullptr) return;
  for (const Teid teid : rest->chosen_by_peer) teids_.release(teid);
  if (const auto& v4 = rest->allocated_address) addresses_.release(v4->instance, v4->address);
  if (const auto& v6 = rest->allocated_prefix) addresses_.release(v6->instance, v6->address);
}

}  // namespace kiriko::upf
