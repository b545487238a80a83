// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FakeUpf: a UPF that speaks PFCP by the codec and keeps what it was told, without a user plane.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "core/pfcp/endpoint.hpp"

namespace kiriko {

class FakeUpf {
 public:
  struct Session {
    Seid cp_seid{};
    pfcp::SessionEstablishmentRequest established{};
    std::vector<pfcp::SessionModificationRequest> modifications{};
    Teid teid{};
  };

  explicit FakeUpf(Ipv4Address address, pfcp::EndpointOptions options = {})
      : address_(address), options_(std::move(options)), endpoint_(own(options_, 1)) {}

  pfcp::PeerAddress address() const { return {address_, pfcp::pfcp_port}; }
  const std::map<Seid, Session>& sessions() const { return sessions_; }
  /// The only one there is.
  const Session& session() const { return sessions_.at(only_seid()); }
  Seid only_seid() const { return sessions_.size() == 1 ? sessions_.begin()->first : Seid{}; }
  bool alive() const { return alive_; }
  int deletions() const { return deletions_; }
  bool is_associated(const pfcp::PeerAddress& peer) const { return endpoint_.is_associated(peer.address); }

  void die() { alive_ = false; }
  /// It comes back as it was.
  void wake() { alive_ = true; }
  /// It comes back and has forgotten everything.
  void restart() {
    alive_ = true;
    sessions_.clear();
    endpoint_ = pfcp::PfcpEndpoint(own(options_, ++starts_));
  }
  void refuse_sessions(pfcp::Cause cause) { refusal_ = cause; }
  void accept_sessions() { refusal_.reset(); }

  void receive(pfcp::OctetView octets, const pfcp::PeerAddress& from, ModelTime now) {
    if (!alive_) return;
    for (auto& event : endpoint_.receive(octets, from, now))
      if (auto* request = std::get_if<pfcp::RequestReceived>(&event)) answer(*request, now);
  }
  void report(Seid up_seid, const pfcp::SessionReportRequest& report, const pfcp::PeerAddress& smf,
              ModelTime now) {
    (void)endpoint_.request(smf, report, now, sessions_.at(up_seid).cp_seid);
  }
  void ask_for_release(const pfcp::PeerAddress& smf, ModelTime now) {
    pfcp::AssociationUpdateRequest request;
    request.node_id = address_;
    request.pfcp_association_release_request = pfcp::PfcpAssociationReleaseRequest{.sarr = true};
    (void)endpoint_.request(smf, request, now);
  }
  ModelTime next_due() const { return alive_ ? endpoint_.next_due() : ModelTime::never(); }
  void on_time(ModelTime now) {
    if (alive_) (void)endpoint_.on_time(now);
  }
  std::vector<pfcp::OutDatagram> take_output() { return endpoint_.take_output(); }

 private:
  pfcp::EndpointOptions own(pfcp::EndpointOptions options, std::uint32_t start) const {
    options.node_id = address_;
    options.recovery_time_stamp = pfcp::NtpTime{1000 * start};
    return options;
  }

  void answer(const pfcp::RequestReceived& request, ModelTime now) {
    if (std::holds_alternative<pfcp::AssociationSetupRequest>(request.message)) {
      pfcp::AssociationSetupResponse response;
      response.node_id = address_;
      response.cause = pfcp::Cause::request_accepted;
      response.recovery_time_stamp = pfcp::NtpTime{1000 * starts_};
      (void)endpoint_.respond(request.request, response, now);
    } else if (std::holds_alternative<pfcp::AssociationReleaseRequest>(request.message)) {
      pfcp::AssociationReleaseResponse response;
      response.node_id = address_;
      response.cause = pfcp::Cause::request_accepted;
      (void)endpoint_.respond(request.request, response, now);
    } else if (const auto* establishment = std::get_if<pfcp::SessionEstablishmentRequest>(&request.message)) {
      establish(request, *establishment, now);
    } else if (const auto* change = std::get_if<pfcp::SessionModificationRequest>(&request.message)) {
      pfcp::SessionModificationResponse response;
      const auto found = sessions_.find(request.seid.value_or(Seid{}));
      response.cause = found == sessions_.end() ? pfcp::Cause::session_context_not_found
                                                : refusal_.value_or(pfcp::Cause::request_accepted);
      Seid peer{};
      if (found != sessions_.end()) {
        peer = found->second.cp_seid;
        found->second.modifications.push_back(*change);
      }
      (void)endpoint_.respond(request.request, response, now, peer);
    } else if (std::holds_alternative<pfcp::SessionDeletionRequest>(request.message)) {
      pfcp::SessionDeletionResponse response;
      const auto found = sessions_.find(request.seid.value_or(Seid{}));
      response.cause =
          found == sessions_.end() ? pfcp::Cause::session_context_not_found : pfcp::Cause::request_accepted;
      Seid peer{};
      if (found != sessions_.end()) {
        peer = found->second.cp_seid;
        pfcp::UsageReport usage;
        usage.urr_id = UrrId{1};
        usage.usage_report_trigger.termr = true;
        usage.volume_measurement = pfcp::VolumeMeasurement{.total_volume = 4711};
        response.usage_reports.push_back(usage);
        sessions_.erase(found);
        ++deletions_;
      }
      (void)endpoint_.respond(request.request, response, now, peer);
    }
  }

  void establish(const pfcp::RequestReceived& request, const pfcp::SessionEstablishmentRequest& wanted,
                 ModelTime now) {
    pfcp::SessionEstablishmentResponse response;
    response.node_id = address_;
    response.cause = refusal_.value_or(pfcp::Cause::request_accepted);
    if (pfcp::accepts(response.cause)) {
      const Seid seid{next_seid_++};
      Session session{
          wanted.cp_f_seid.seid, wanted, {}, Teid{static_cast<std::uint32_t>(0x100 + seid.value)}};
      response.up_f_seid = pfcp::FSeid{.seid = seid, .ipv4 = address_, .ipv6 = std::nullopt};
      for (const pfcp::CreatePdr& pdr : wanted.create_pdrs) {
        if (!pdr.pdi.local_f_teid || !std::holds_alternative<pfcp::ChooseFTeid>(*pdr.pdi.local_f_teid))
          continue;
        pfcp::CreatedPdr created;
        created.pdr_id = pdr.pdr_id;
        created.local_f_teid = pfcp::FTeid{.teid = session.teid, .ipv4 = address_, .ipv6 = std::nullopt};
        response.created_pdrs.push_back(created);
      }
      sessions_.emplace(seid, std::move(session));
    }
    (void)endpoint_.respond(request.request, response, now, wanted.cp_f_seid.seid);
  }

  Ipv4Address address_;
  pfcp::EndpointOptions options_;
  std::uint32_t starts_{1};
  pfcp::PfcpEndpoint endpoint_;
  std::map<Seid, Session> sessions_{};
  std::optional<pfcp::Cause> refusal_{};
  std::uint64_t next_seid_{1};
  int deletions_{};
  bool alive_{true};
};

}  // namespace kiriko
