// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Associations of the N4 server: set up by SMFs and by the UPF, restarted, released; what ends with them.
#include "tests/vnf/upf/n4/wild_session.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;
using pfcp::Cause;

namespace {

/// What is left where an association and all of its sessions have ended: a session may be made as if never before.
void check_nothing_left(N4ServerBed& bed) {
  CHECK(bed.server.sessions() == 0);
  CHECK(bed.user_plane.sessions.empty());
  CHECK(bed.user_plane.queue.empty());
}

}  // namespace

TEST_CASE("when there is no association, then heartbeats are answered and sessions refused with cause 72") {
  N4ServerBed bed;
  pfcp::HeartbeatRequest heartbeat;
  heartbeat.recovery_time_stamp = pfcp::NtpTime{1};
  CHECK(bed.ask<pfcp::HeartbeatResponse>(heartbeat).recovery_time_stamp == pfcp::ntp_time(unix_epoch));
  CHECK(bed.establish(wild_session()).cause == Cause::no_established_pfcp_association);
  CHECK(bed.answered_seid == Seid{0xabc});
  check_nothing_left(bed);
}

TEST_CASE(
    "when an SMF sets up an association, then the answer tells what the UPF can, and heartbeats begin") {
  N4ServerBed bed;
  REQUIRE(bed.associate() == Cause::request_accepted);
  const auto response = bed.all<pfcp::AssociationSetupResponse>().front();
  const auto& setup = std::get<pfcp::AssociationSetupResponse>(response.message);
  CHECK(setup.node_id == pfcp::NodeId{upf_ip});
  CHECK(setup.recovery_time_stamp == pfcp::ntp_time(unix_epoch));
  REQUIRE(setup.up_function_features);
  CHECK(setup.up_function_features->ftup);
  CHECK(setup.up_function_features->ueip);
  bed.run_until(ModelTime{} + seconds(1));
  CHECK(bed.all<pfcp::HeartbeatRequest>().size() == 1);

  BedOptions without_pools;
  without_pools.pools.clear();
  N4ServerBed other(without_pools);
  REQUIRE(other.associate() == Cause::request_accepted);
  CHECK_FALSE(
      std::get<pfcp::AssociationSetupResponse>(other.sent.front().message).up_function_features->ueip);
}

TEST_CASE("when an association ends, then its sessions end with it and no others") {
  struct Case {
    const char* description;
    void (*end)(N4ServerBed&);
    bool associated;  ///< again, afterwards
  };
  const Case cases[] = {
      {"set up again", [](auto& bed) { CHECK(bed.associate() == Cause::request_accepted); }, true},
      {"set up again after a restart",
       [](auto& bed) { CHECK(bed.associate(smf_peer, 2000) == Cause::request_accepted); }, true},
      {"a heartbeat with another recovery time stamp",
       [](auto& bed) {
         pfcp::HeartbeatRequest heartbeat;
         heartbeat.recovery_time_stamp = pfcp::NtpTime{2000};
         bed.template ask<pfcp::HeartbeatResponse>(heartbeat);
       },
       false},
      {"released",
       [](auto& bed) {
         pfcp::AssociationReleaseRequest release;
         release.node_id = smf_ip;
         CHECK(bed.template ask<pfcp::AssociationReleaseResponse>(release).cause == Cause::request_accepted);
       },
       false},
      {"its sessions deleted as a set",
       [](auto& bed) {
         pfcp::SessionSetDeletionRequest deletion;
         deletion.node_id = smf_ip;
         CHECK(bed.template ask<pfcp::SessionSetDeletionResponse>(deletion).cause == Cause::request_accepted);
       },
       true},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    N4ServerBed bed;
    REQUIRE(bed.associate() == Cause::request_accepted);
    REQUIRE(bed.associate(other_smf_peer) == Cause::request_accepted);
    REQUIRE(bed.establish(wild_session()).cause == Cause::request_accepted);
    REQUIRE(bed.establish(wild_session(Ipv4Address{10, 45, 0, 3})).cause == Cause::request_accepted);
    const auto others = bed.establish(wild_session(Ipv4Address{10, 45, 0, 4}), other_smf_peer);
    REQUIRE(others.cause == Cause::request_accepted);
    c.end(bed);
    CHECK(bed.server.sessions() == 1);
    CHECK(bed.only_rules().seid == others.up_f_seid->seid);
    CHECK(bed.server.counters().sessions_dropped == 2);
    CHECK(bed.server.associations() == (c.associated ? 2 : 1));
    CHECK(bed.establish(wild_session()).cause ==
          (c.associated ? Cause::request_accepted : Cause::no_established_pfcp_association));
  }
}

TEST_CASE("when an association is updated, then it stays, and so do its sessions") {
  N4ServerBed bed;
  REQUIRE(bed.associate() == Cause::request_accepted);
  REQUIRE(bed.establish(wild_session()).cause == Cause::request_accepted);
  pfcp::AssociationUpdateRequest update;
  update.node_id = smf_ip;
  CHECK(bed.ask<pfcp::AssociationUpdateResponse>(update).cause == Cause::request_accepted);
  CHECK(bed.server.sessions() == 1);
}

TEST_CASE("when more SMFs come than the UPF takes, then they are refused with cause 75") {
  BedOptions options;
  options.n4.most_associations = 1;
  N4ServerBed bed(options);
  CHECK(bed.associate() == Cause::request_accepted);
  CHECK(bed.associate(other_smf_peer) == Cause::no_resources_available);
  CHECK(bed.associate() == Cause::request_accepted);
  CHECK(bed.server.associations() == 1);
}

TEST_CASE("when the UPF is given SMFs, then it sets up associations itself and tries until one stands") {
  BedOptions options;
  options.n4.smfs = {smf_peer};
  options.n4.n1 = 2;
  N4ServerBed bed(options);
  pfcp::AssociationSetupResponse response;
  response.node_id = smf_ip;
  response.recovery_time_stamp = pfcp::NtpTime{1000};

  // Nobody answers: T1 twice, then the interval.
  CHECK(bed.server.next_due() == ModelTime{});
  bed.run_until(ModelTime{} + seconds(15));
  auto setups = bed.all<pfcp::AssociationSetupRequest>();
  REQUIRE(setups.size() == 2);
  CHECK(setups[0].to == smf_peer);
  CHECK(setups[0].header.sequence == setups[1].header.sequence);
  CHECK(std::get<pfcp::AssociationSetupRequest>(setups[0].message).up_function_features->ftup);
  bed.run_until(ModelTime{} + seconds(17));
  CHECK(bed.all<pfcp::AssociationSetupRequest>().size() == 3);

  // Refused: after the interval again.
  response.cause = Cause::request_rejected;
  bed.answer_last<pfcp::AssociationSetupRequest>(response);
  CHECK(bed.server.associations() == 0);
  bed.run_until(ModelTime{} + seconds(26));
  CHECK(bed.all<pfcp::AssociationSetupRequest>().size() == 3);
  bed.run_until(ModelTime{} + seconds(27));
  CHECK(bed.all<pfcp::AssociationSetupRequest>().size() == 4);

  response.cause = Cause::request_accepted;
  bed.answer_last<pfcp::AssociationSetupRequest>(response);
  CHECK(bed.server.associations() == 1);
  CHECK(bed.establish(wild_session()).cause == Cause::request_accepted);

  // The SMF has restarted: it knows nothing of the UPF any more.
  pfcp::HeartbeatRequest heartbeat;
  heartbeat.recovery_time_stamp = pfcp::NtpTime{2000};
  bed.ask<pfcp::HeartbeatResponse>(heartbeat);
  check_nothing_left(bed);
  CHECK(bed.server.associations() == 0);
  bed.run_until(bed.now + seconds(4));
  CHECK(bed.all<pfcp::AssociationSetupRequest>().size() == 5);

  // It comes first itself.
  CHECK(bed.associate(smf_peer, 2000) == Cause::request_accepted);
  CHECK(bed.server.associations() == 1);
}

TEST_CASE("when a GTP-U path fails and recovers, then every SMF is told") {
  N4ServerBed bed;
  REQUIRE(bed.associate() == Cause::request_accepted);
  REQUIRE(bed.associate(other_smf_peer) == Cause::request_accepted);
  bed.report(
      {{ModelTime{}, Seid{}, PathReport{gnb_ip, true}}, {ModelTime{}, Seid{}, PathReport{gnb_ip, false}}});
  const auto reports = bed.all<pfcp::NodeReportRequest>();
  REQUIRE(reports.size() == 4);
  const auto& failed = std::get<pfcp::NodeReportRequest>(reports[0].message);
  CHECK(reports[0].to == smf_peer);
  CHECK(reports[1].to == other_smf_peer);
  CHECK(failed.node_report_type.upfr);
  REQUIRE(failed.user_plane_path_failure_report);
  CHECK(failed.user_plane_path_failure_report->remote_gtpu_peers.at(0).ipv4 == gnb_ip);
  CHECK(std::get<pfcp::NodeReportRequest>(reports[2].message).node_report_type.uprr);
}

TEST_CASE("when a request is none of a UPF's, then cause 76") {
  N4ServerBed bed;
  REQUIRE(bed.associate() == Cause::request_accepted);
  CHECK(bed.ask<pfcp::PfdManagementResponse>(pfcp::PfdManagementRequest{}).cause ==
        Cause::service_not_supported);
  CHECK(bed.server.counters().refusals() == 1);
}
