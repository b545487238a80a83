// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4Server: the UPF's side of PFCP (TS 29.244), without sockets or a clock: datagrams and times in, datagrams out.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/control/user_plane_report.hpp"
#include "core/pfcp/endpoint.hpp"
#include "vnf/upf/n4/allocation.hpp"
#include "vnf/upf/n4/n4_session.hpp"
#include "vnf/upf/n4/rule_reader.hpp"
#include "vnf/upf/n4/user_plane.hpp"

namespace kiriko::upf {

struct N4Options {
  Ipv4Address address{};              ///< node ID and UP F-SEID
  Ipv4Address n3_address{};           ///< of allocated F-TEIDs
  std::int64_t unix_epoch_seconds{};  ///< wall clock at model time 0, for times on the wire
  std::uint32_t seed{};               ///< of the order of allocated TEIDs
  Duration heartbeat{seconds(60)};
  Duration t1{seconds(3)};
  unsigned n1{3};
  std::map<SNssai, SliceId> slices{};     ///< a session's S-NSSAI names the slice its packets are of
  std::vector<pfcp::PeerAddress> smfs{};  ///< to these the UPF sets up associations itself
  Duration setup_interval{seconds(10)};   ///< to the next try, after one that failed
  std::size_t most_associations{1024};
  std::size_t most_sessions{1'048'576};
};

struct N4Counters {
  std::map<pfcp::MessageType, std::uint64_t> requests{};  ///< of SMFs, by type; heartbeats left out
  std::map<pfcp::Cause, std::uint64_t> answers{};         ///< by cause
  std::uint64_t reports{}, reports_unanswered{}, reports_refused{}, sessions_dropped{};

  std::uint64_t of(pfcp::MessageType type) const;
  std::uint64_t all_requests() const;
  std::uint64_t refusals() const;
};

/// Every call names the user plane as it is at that time. What must be told lies in take_output() after each.
class N4Server {
 public:
  N4Server(const N4Options& options, UeAddresses addresses, NamedRules named = {});

  void receive(pfcp::OctetView octets, const pfcp::PeerAddress& from, ModelTime now, UserPlane& user_plane);
  /// never() when nothing is waited for.
  ModelTime next_due() const;
  void on_time(ModelTime now, UserPlane& user_plane);
  /// Tells the SMFs what the user plane has noticed.
  void report(const std::vector<UserPlaneReport>& reports, ModelTime now);
  std::vector<pfcp::OutDatagram> take_output() { return endpoint_.take_output(); }

  /// The reports that a call of the user plane by this server leads to; asked for within receive().
  void collect_reports_by(std::function<std::vector<UserPlaneReport>()> take) {
    take_reports_ = std::move(take);
  }

  std::size_t sessions() const noexcept { return sessions_.size(); }
  std::size_t associations() const noexcept { return associations_.size(); }
  const N4Counters& counters() const noexcept { return counters_; }
  /// What did not come so far as to be a request.
  const pfcp::EndpointCounters& endpoint_counters() const noexcept { return endpoint_.counters(); }

 private:
  using Request = pfcp::RequestReceived;

  void handle(const std::vector<pfcp::Event>& events, ModelTime now, UserPlane& user_plane);
  void handle_request(const Request& request, ModelTime now, UserPlane& user_plane);
  void handle_response(const pfcp::ResponseReceived& response, ModelTime now, UserPlane& user_plane);
  void handle_report_response(const StoredN4Session& session, const pfcp::SessionReportResponse& response,
                              UserPlane& user_plane);
  /// Sends the answer and counts it.
  void answer(const Request& request, const pfcp::Message& response, ModelTime now,
              std::optional<Seid> cp_seid = std::nullopt);

  // Clause 7.4: procedures of nodes.
  void set_up_association(const Request& request, const pfcp::AssociationSetupRequest& setup, ModelTime now,
                          UserPlane& user_plane);
  void begin_association(const pfcp::IpAddress& peer, const pfcp::NodeId& node, ModelTime now,
                         UserPlane& user_plane);
  void update_association(const Request& request, ModelTime now);
  void release_association(const Request& request, ModelTime now, UserPlane& user_plane);
  void delete_session_set(const Request& request, ModelTime now, UserPlane& user_plane);
  void drop_sessions_of(const pfcp::IpAddress& peer, UserPlane& user_plane);
  pfcp::UpFunctionFeatures features() const;
  void send_path_report(const PathReport& report, ModelTime now);
  // Set up by the UPF (clause 6.2.6.3, own_associations.cpp).
  void ask_for_associations(ModelTime now);
  void association_answered(const pfcp::PeerAddress& smf, const pfcp::AssociationSetupResponse& response,
                            ModelTime now, UserPlane& user_plane);
  /// Unless the SMF has come first.
  void plan_setup(const pfcp::PeerAddress& smf, ModelTime at) {
    if (!associations_.contains(smf.address)) setups_.insert_or_assign(smf, at);
  }
  void association_lost(const pfcp::IpAddress& peer, ModelTime now);

  // Clause 7.5: procedures of sessions.
  void establish(const Request& request, const pfcp::SessionEstablishmentRequest& message, ModelTime now,
                 UserPlane& user_plane);
  void modify(const Request& request, const pfcp::SessionModificationRequest& message, ModelTime now,
              UserPlane& user_plane);
  void delete_session(const Request& request, ModelTime now, UserPlane& user_plane);
  /// Its tunnels and addresses are free for others.
  void forget(const StoredN4Session& session);
  void drop_session(Seid seid, UserPlane& user_plane);
  StoredN4Session* find(const Request& request);
  void refuse(const Request& request, const Refusal& refusal, Seid cp_seid, ModelTime now);
  void send_report(const N4SessionHead& session, const pfcp::SessionReportRequest& report, ModelTime now);
  /// What the last call of the user plane has reported: of `seid` to be told with the answer, all else at once.
  std::vector<pfcp::UsageReport> usage_of(Seid seid, ModelTime now);
  void send_usage(const N4SessionHead& session, std::vector<pfcp::UsageReport> usage, ModelTime now);
  RuleReader reader_for(N4Session& draft, const UserPlane& user_plane) {
    return {draft,
            {teids_, addresses_, named_, user_plane, options_.n3_address, options_.unix_epoch_seconds}};
  }

  N4Options options_;
  pfcp::PfcpEndpoint endpoint_;
  TeidAllocator teids_;
  UeAddresses addresses_;
  NamedRules named_;
  std::map<pfcp::IpAddress, pfcp::NodeId> associations_{};
  std::unordered_map<std::uint64_t, StoredN4Session>
      sessions_{};                                     ///< by UP SEID; never walked in an order that is told
  std::map<std::uint64_t, Seid> reports_under_way_{};  ///< by request token
  std::map<pfcp::PeerAddress, ModelTime> setups_{};    ///< when the next one is to be sent
  std::map<std::uint64_t, pfcp::PeerAddress> setups_under_way_{};  ///< by request token
  std::uint64_t next_seid_{1};
  std::function<std::vector<UserPlaneReport>()> take_reports_{};
  N4Counters counters_{};
};

}  // namespace kiriko::upf
