// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Which event leads where, and the reports to the SMF (TS 29.244 clause 7.5.8).
#include "vnf/upf/n4/n4_server.hpp"

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

N4Server::N4Server(const N4Options& options, UeAddresses addresses)
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
      addresses_(std::move(addresses)) {}

void N4Server::receive(pfcp::OctetView octets, const pfcp::PeerAddress& from, ModelTime now,
                       UserPlane& user_plane) {
  handle(endpoint_.receive(octets, from, now), now, user_plane);
}

void N4Server::on_time(ModelTime now, UserPlane& user_plane) {
  handle(endpoint_.on_time(now), now, user_plane);
}

void N4Server::handle(const std::vector<pfcp::Event>& events, ModelTime now, UserPlane& user_plane) {
  for (const pfcp::Event& event : events)
    std::visit(
        Overloaded{[&](const Request& request) { handle_request(request, now, user_plane); },
                   [&](const pfcp::ResponseReceived& response) { handle_response(response, user_plane); },
                   [&](const pfcp::RequestTimedOut& request) {
                     if (reports_under_way_.erase(request.request.value) != 0) ++counters_.reports_unanswered;
                   },
                   [&](const pfcp::PeerRestarted& restarted) {
                     // TS 23.527 clause 4.2.2: its sessions are known to nobody any more.
                     drop_sessions_of(restarted.peer.address, user_plane);
                     associations_.erase(restarted.peer.address);
                   },
                   [](const auto&) {}},
        event);
}

void N4Server::handle_request(const Request& request, ModelTime now, UserPlane& user_plane) {
  ++counters_.requests;
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
            ++counters_.refusals;
            static_cast<void>(
                endpoint_.refuse(request.request, {pfcp::Cause::service_not_supported, {}}, now));
          }},
      request.message);
}

// Clause 7.5.9: a report's answer may say what becomes of what is buffered.
void N4Server::handle_response(const pfcp::ResponseReceived& response, UserPlane& user_plane) {
  const auto under_way = reports_under_way_.find(response.request.value);
  if (under_way == reports_under_way_.end()) return;
  const auto session = sessions_.find(under_way->second.value);
  reports_under_way_.erase(under_way);
  const auto* message = std::get_if<pfcp::SessionReportResponse>(&response.message);
  if (message == nullptr || session == sessions_.end()) return;
  PduSessionUpdate update;
  const RuleReader reader = reader_for(session->second);
  for (const pfcp::UpdateBarInReportResponse& bar : message->update_bars)
    update.update_bars.push_back(reader.bar(bar));
  update.drop_buffered = message->pfcpsrrsp_flags && message->pfcpsrrsp_flags->drobu;
  if (update.update_bars.empty() && !update.drop_buffered) return;
  static_cast<void>(user_plane.modify(session->second.up_seid, update));
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

void N4Server::send_report(const N4Session& session, const pfcp::SessionReportRequest& report,
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
