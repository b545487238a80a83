// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Associations that SMFs set up, session sets and path reports (TS 29.244 clauses 6.2.6 to 6.2.9, 7.4).
#include <algorithm>

#include "vnf/upf/n4/n4_server.hpp"

namespace kiriko::upf {

using pfcp::Cause;

pfcp::UpFunctionFeatures N4Server::features() const {
  pfcp::UpFunctionFeatures out;
  out.ddnd = out.ftup = out.empu = out.pdiu = out.quoac = out.mnop = out.bundl = out.ip6pl = true;
  out.ueip = !addresses_.empty();
  return out;
}

// Clause 6.2.6.2.2: a new association takes the place of the old one, whose sessions are deleted.
void N4Server::set_up_association(const Request& request, const pfcp::AssociationSetupRequest& setup,
                                  ModelTime now, UserPlane& user_plane) {
  const pfcp::IpAddress& peer = request.request.from.address;
  const bool fits = associations_.contains(peer) || associations_.size() < options_.most_associations;
  pfcp::AssociationSetupResponse response;
  response.node_id = options_.address;
  response.cause = fits ? Cause::request_accepted : Cause::no_resources_available;
  response.recovery_time_stamp = endpoint_.options().recovery_time_stamp;
  response.up_function_features = features();
  answer(request, response, now);
  if (fits) begin_association(peer, setup.node_id, now, user_plane);
}

void N4Server::begin_association(const pfcp::IpAddress& peer, const pfcp::NodeId& node, ModelTime now,
                                 UserPlane& user_plane) {
  drop_sessions_of(peer, user_plane);
  associations_.insert_or_assign(peer, node);
  std::erase_if(setups_, [&](const auto& planned) { return planned.first.address == peer; });
  endpoint_.watch({peer, pfcp::pfcp_port}, now);
}

void N4Server::update_association(const Request& request, ModelTime now) {
  pfcp::AssociationUpdateResponse response;
  response.node_id = options_.address;
  response.cause = Cause::request_accepted;
  response.up_function_features = features();
  answer(request, response, now);
}

void N4Server::release_association(const Request& request, ModelTime now, UserPlane& user_plane) {
  const pfcp::IpAddress peer = request.request.from.address;
  drop_sessions_of(peer, user_plane);
  pfcp::AssociationReleaseResponse response;
  response.node_id = options_.address;
  response.cause = Cause::request_accepted;
  answer(request, response, now);
  associations_.erase(peer);
  endpoint_.unwatch(peer);
  endpoint_.forget(peer);
}

// Clause 7.4.6: FQ-CSIDs are not told apart here, so the set is all that the peer has.
void N4Server::delete_session_set(const Request& request, ModelTime now, UserPlane& user_plane) {
  drop_sessions_of(request.request.from.address, user_plane);
  pfcp::SessionSetDeletionResponse response;
  response.node_id = options_.address;
  response.cause = Cause::request_accepted;
  answer(request, response, now);
}

void N4Server::drop_sessions_of(const pfcp::IpAddress& peer, UserPlane& user_plane) {
  std::vector<Seid> gone;
  for (const auto& [seid, session] : sessions_)
    if (session.owner == peer) gone.push_back(session.up_seid);
  std::sort(gone.begin(), gone.end());
  for (const Seid seid : gone) drop_session(seid, user_plane);
  // The endpoint may forget the peer's requests without a word.
  if (!gone.empty())
    std::erase_if(reports_under_way_,
                  [this](const auto& report) { return !sessions_.contains(report.second.value); });
}

void N4Server::drop_session(Seid seid, UserPlane& user_plane) {
  user_plane.release(seid);
  forget(sessions_.at(seid.value));
  sessions_.erase(seid.value);
  ++counters_.sessions_dropped;
  // Its last usage is nobody's.
  if (take_reports_) static_cast<void>(take_reports_());
}

void N4Server::send_path_report(const PathReport& report, ModelTime now) {
  pfcp::NodeReportRequest request;
  request.node_id = options_.address;
  pfcp::UserPlanePathReport path;
  pfcp::RemoteGtpuPeer peer;
  peer.ipv4 = report.peer;
  path.remote_gtpu_peers = {peer};
  if (report.failed) {
    request.node_report_type.upfr = true;
    request.user_plane_path_failure_report = path;
  } else {
    request.node_report_type.uprr = true;
    request.user_plane_path_recovery_report = path;
  }
  for (const auto& [address, node] : associations_)
    static_cast<void>(endpoint_.request({address, pfcp::pfcp_port}, request, now));
}

}  // namespace kiriko::upf
