// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Which event leads where, and the reports to the SMF (TS 29.244 clause 7.5.8).
#include "vnf/upf/n4/n4_server.hpp"

#include <algorithm>

#include "core/pfcp/rejection.hpp"
#include "vnf/upf/n4/write_reports.hpp"

namespace kiriko::upf {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

/// So many usage reports go into one request.
constexpr std::size_t reports_a_request = 32;

}  // namespace

std::uint64_t N4Counters::of(pfcp::MessageType type) const {
  const auto found = requests.find(type);
  return found == requests.end() ? 0 : found->second;
}

std::uint64_t N4Counters::all_requests() const {
  std::uint64_t sum = 0;
  for (const auto& [type, count] : requests) sum += count;
  return sum;
}

std::uint64_t N4Counters::refusals() const {
  std::uint64_t sum = 0;
  for (const auto& [cause, count] : answers)
    if (!pfcp::accepts(cause)) sum += count;
  return sum;
}

N4Server::N4Server(const N4Options& options, UeAddresses addresses, NamedRules named)
    : options_(options),
      endpoint_({.node_id = options.address,
                 .recovery_time_stamp = pfcp::ntp_time(options.unix_epoch_seconds),
                 .t1 = options.t1,
                 .n1 = options.n1,
                 .heartbeat_interval = options.heartbeat,
                 .peer_seid =
                     [this](Seid own) {
                       const auto found = sessions_.find(own.value);
                       return found == sessions_.end() ? Seid{} : found->second.cp_seid;
                     }}),
      teids_(options.seed),
      addresses_(std::move(addresses)),
      named_(std::move(named)) {
  for (const pfcp::PeerAddress& smf : options_.smfs) plan_setup(smf, ModelTime{});
}

void N4Server::receive(pfcp::OctetView octets, const pfcp::PeerAddress& from, ModelTime now,
                       UserPlane& user_plane) {
  handle(endpoint_.receive(octets, from, now), now, user_plane);
}

void N4Server::on_time(ModelTime now, UserPlane& user_plane) {
  handle(endpoint_.on_time(now), now, user_plane);
  ask_for_associations(now);
}

ModelTime N4Server::next_due() const {
  ModelTime due = endpoint_.next_due();
  for (const auto& [smf, at] : setups_) due = std::min(due, at);
  return due;
}

void N4Server::handle(const std::vector<pfcp::Event>& events, ModelTime now, UserPlane& user_plane) {
  // A request of ours that ends without a usable answer.
  const auto unanswered = [&](pfcp::RequestToken token) {
    if (reports_under_way_.erase(token.value) != 0) ++counters_.reports_unanswered;
    if (auto setup = setups_under_way_.extract(token.value))
      plan_setup(setup.mapped(), now + options_.setup_interval);
  };
  for (const pfcp::Event& event : events)
    std::visit(Overloaded{[&](const Request& request) { handle_request(request, now, user_plane); },
                          [&](const pfcp::ResponseReceived& response) {
                            handle_response(response, now, user_plane);
                          },
                          [&](const pfcp::RequestTimedOut& request) { unanswered(request.request); },
                          [&](const pfcp::ResponseUnreadable& response) { unanswered(response.request); },
                          [&](const pfcp::PeerRestarted& restarted) {
                            // TS 23.527 clause 4.2.2: its sessions are known to nobody any more.
                            drop_sessions_of(restarted.peer.address, user_plane);
                            associations_.erase(restarted.peer.address);
                            association_lost(restarted.peer.address, now);
                          },
                          [](const auto&) {}},
               event);
}

void N4Server::handle_request(const Request& request, ModelTime now, UserPlane& user_plane) {
  ++counters_.requests[request.request.type];
  std::visit(
      Overloaded{
          [&](const pfcp::AssociationSetupRequest& m) { set_up_association(request, m, now, user_plane); },
          [&](const pfcp::AssociationUpdateRequest&) { update_association(request, now); },
          [&](const pfcp::AssociationReleaseRequest&) { release_association(request, now, user_plane); },
          [&](const pfcp::SessionSetDeletionRequest&) { delete_session_set(request, now, user_plane); },
          [&](const pfcp::SessionEstablishmentRequest& m) { establish(request, m, now, user_plane); },
          [&](const pfcp::SessionModificationRequest& m) { modify(request, m, now, user_plane); },
          [&](const pfcp::SessionDeletionRequest&) { delete_session(request, now, user_plane); },
          [&](const auto&) {
            const auto refusal =
                pfcp::rejection(request.request.type, {pfcp::Cause::service_not_supported, {}},
                                options_.address, endpoint_.options().recovery_time_stamp);
            if (refusal) answer(request, *refusal, now);
          }},
      request.message);
}

void N4Server::answer(const Request& request, const pfcp::Message& response, ModelTime now,
                      std::optional<Seid> cp_seid) {
  std::optional<pfcp::Cause> cause = pfcp::cause_of(response);
  if (!endpoint_.respond(request.request, response, now, cp_seid)) {
    // No datagram holds it. The peer must not wait for ever.
    cause = pfcp::Cause::system_failure;
    static_cast<void>(endpoint_.refuse(request.request, {*cause, {}}, now, cp_seid));
  }
  if (cause) ++counters_.answers[*cause];
}

void N4Server::handle_response(const pfcp::ResponseReceived& response, ModelTime now, UserPlane& user_plane) {
  if (auto setup = setups_under_way_.extract(response.request.value)) {
    if (const auto* message = std::get_if<pfcp::AssociationSetupResponse>(&response.message))
      association_answered(setup.mapped(), *message, now, user_plane);
    else
      plan_setup(setup.mapped(), now + options_.setup_interval);
    return;
  }
  const auto under_way = reports_under_way_.find(response.request.value);
  if (under_way == reports_under_way_.end()) return;
  const auto session = sessions_.find(under_way->second.value);
  reports_under_way_.erase(under_way);
  const auto* message = std::get_if<pfcp::SessionReportResponse>(&response.message);
  if (message == nullptr) {
    ++counters_.reports_unanswered;
    return;
  }
  if (!pfcp::accepts(message->cause)) ++counters_.reports_refused;
  if (session == sessions_.end()) return;
  if (message->cause == pfcp::Cause::session_context_not_found)
    // What nobody at the SMF knows would hold its tunnels and addresses for ever.
    drop_session(session->second.up_seid, user_plane);
  else
    handle_report_response(session->second, *message, user_plane);
}

// Clause 7.5.9: a report's answer may say what becomes of what is buffered.
void N4Server::handle_report_response(const StoredN4Session& session,
                                      const pfcp::SessionReportResponse& response, UserPlane& user_plane) {
  PduSessionUpdate update;
  N4Session draft = session.copy();
  const RuleReader reader = reader_for(draft, user_plane);
  for (const pfcp::UpdateBarInReportResponse& bar : response.update_bars)
    update.update_bars.push_back(reader.bar(bar));
  update.drop_buffered = response.pfcpsrrsp_flags && response.pfcpsrrsp_flags->drobu;
  if (update.update_bars.empty() && !update.drop_buffered) return;
  static_cast<void>(user_plane.modify(session.up_seid, update));
}

void N4Server::report(const std::vector<UserPlaneReport>& reports, ModelTime now) {
  for (std::size_t i = 0; i < reports.size();) {
    if (const auto* path = std::get_if<PathReport>(&reports[i].content)) {
      send_path_report(*path, now);
      ++i;
      continue;
    }
    const Seid seid = reports[i].seid;
    pfcp::SessionReportRequest request;
    const std::size_t first = i;
    for (; i < reports.size() && reports[i].seid == seid && i - first < reports_a_request; ++i)
      add_report(reports[i], options_.unix_epoch_seconds, request);
    if (const auto session = sessions_.find(seid.value); session != sessions_.end())
      send_report(session->second, request, now);
  }
}

void N4Server::send_report(const N4SessionHead& session, const pfcp::SessionReportRequest& report,
                           ModelTime now) {
  const auto token = endpoint_.request(session.reports_to, report, now, session.cp_seid);
  if (!token) return;
  ++counters_.reports;
  reports_under_way_[token->value] = session.up_seid;
}

std::vector<pfcp::UsageReport> N4Server::usage_of(Seid seid, ModelTime now) {
  std::vector<pfcp::UsageReport> own;
  if (!take_reports_) return own;
  std::vector<UserPlaneReport> others;
  for (const UserPlaneReport& made : take_reports_()) {
    const auto* usage = std::get_if<UsageReport>(&made.content);
    const bool asked_for = usage != nullptr && made.seid == seid &&
                           (usage->trigger == UsageReportTrigger::termination ||
                            usage->trigger == UsageReportTrigger::immediate);
    if (asked_for)
      own.push_back(wire_of(*usage, options_.unix_epoch_seconds));
    else
      others.push_back(made);
  }
  report(others, now);
  return own;
}

}  // namespace kiriko::upf
