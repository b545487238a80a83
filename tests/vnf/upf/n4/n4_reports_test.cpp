// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Session reports: what the user plane notices becomes requests to the SMF, and their answers changes of the session.
#include "tests/vnf/upf/n4/wild_session.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;
using pfcp::Cause;

namespace {

struct ReportingBed : N4ServerBed {
  ReportingBed() {
    REQUIRE(associate() == Cause::request_accepted);
    const auto response = establish(wild_session());
    REQUIRE(response.cause == Cause::request_accepted);
    seid = response.up_f_seid->seid;
    // Heartbeats are no part of these tests.
    sent.clear();
  }
  pfcp::SessionReportRequest told(const std::vector<UserPlaneReport>& reports) {
    sent.clear();
    report(reports);
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].to == smf_peer);
    CHECK(sent[0].header.seid == Seid{0xabc});
    return std::get<pfcp::SessionReportRequest>(sent[0].message);
  }
  UserPlaneReport buffered() const {
    return {now, seid,
            DownlinkDataReport{.pdr = PdrId{1}, .paging_policy_indication = std::uint8_t{46}, .qfi = Qfi{9}}};
  }
  Seid seid{};
};

}  // namespace

TEST_CASE("when downlink data waits, then the SMF gets the PDR and the data's service information") {
  ReportingBed bed;
  const auto request = bed.told({bed.buffered()});
  CHECK(request.report_type == pfcp::ReportType{.dldr = true});
  REQUIRE(request.downlink_data_report);
  CHECK(request.downlink_data_report->pdr_ids == std::vector{PdrId{1}});
  REQUIRE(request.downlink_data_report->downlink_data_service_information.size() == 1);
  CHECK(request.downlink_data_report->downlink_data_service_information[0] ==
        pfcp::DownlinkDataServiceInformation{.paging_policy_indication = std::uint8_t{46}, .qfi = Qfi{9}});
}

TEST_CASE("when several things are noticed of a session, then one request tells them all") {
  ReportingBed bed;
  const auto request =
      bed.told({bed.buffered(),
                {bed.now, bed.seid, RuleKeeper::usage(UrrId{1}, UsageReportTrigger::volume_threshold)},
                {bed.now, bed.seid, ErrorIndicationReport{OuterHeaderCreation{Teid{0x500}, gnb_ip}}},
                {bed.now, bed.seid, InactivityReport{}}});
  CHECK(request.report_type == pfcp::ReportType{.dldr = true, .usar = true, .erir = true, .upir = true});
  REQUIRE(request.usage_reports.size() == 1);
  CHECK(request.usage_reports[0].usage_report_trigger.volth);
  REQUIRE(request.error_indication_report);
  CHECK(request.error_indication_report->remote_f_teids.at(0).teid == Teid{0x500});
  CHECK(request.error_indication_report->remote_f_teids.at(0).ipv4 == gnb_ip);
}

TEST_CASE("when the SMF says nothing to a report, then it is sent N1 times and counted") {
  ReportingBed bed;
  bed.told({bed.buffered()});
  bed.run_until(bed.now + seconds(30));
  const auto requests = bed.all<pfcp::SessionReportRequest>();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].header == requests[2].header);
  CHECK(bed.server.counters().reports == 1);
  CHECK(bed.server.counters().reports_unanswered == 1);
  CHECK(bed.server.sessions() == 1);
}

TEST_CASE("when a report's answer updates the BAR or drops what is buffered, then the user plane does so") {
  ReportingBed bed;
  bed.told({bed.buffered()});
  pfcp::SessionReportResponse response;
  response.cause = Cause::request_accepted;
  SECTION("nothing") {
    bed.answer_last<pfcp::SessionReportRequest>(response, bed.seid);
    CHECK(bed.user_plane.updates.empty());
  }
  SECTION("Update BAR") {
    pfcp::UpdateBarInReportResponse bar;
    bar.bar_id = pfcp::BarId{1};
    bar.suggested_buffering_packets_count.emplace().value = 12;
    response.update_bars = {bar};
    bed.answer_last<pfcp::SessionReportRequest>(response, bed.seid);
    CHECK(bed.only_rules().bars[0].suggested_buffering_packets == std::uint16_t{12});
  }
  SECTION("DROBU") {
    response.pfcpsrrsp_flags.emplace().drobu = true;
    bed.answer_last<pfcp::SessionReportRequest>(response, bed.seid);
    REQUIRE(bed.user_plane.updates.size() == 1);
    CHECK(bed.user_plane.updates[0].drop_buffered);
  }
  CHECK(bed.server.counters().reports_unanswered == 0);
}

TEST_CASE("when the SMF does not know a reported session, then it ends") {
  ReportingBed bed;
  bed.told({bed.buffered()});
  pfcp::SessionReportResponse response;
  response.cause = Cause::session_context_not_found;
  bed.answer_last<pfcp::SessionReportRequest>(response, Seid{0});
  CHECK(bed.server.sessions() == 0);
  CHECK(bed.user_plane.sessions.empty());
  CHECK(bed.server.counters().reports_refused == 1);
  CHECK(bed.server.counters().sessions_dropped == 1);
}

TEST_CASE("when the SMF has moved to another F-SEID, then reports go there") {
  ReportingBed bed;
  pfcp::SessionModificationRequest change;
  change.cp_f_seid = pfcp::FSeid{.seid = Seid{0xdef}, .ipv4 = other_smf_ip, .ipv6 = std::nullopt};
  REQUIRE(bed.modify(bed.seid, change).cause == Cause::request_accepted);
  bed.sent.clear();
  bed.report({bed.buffered()});
  REQUIRE(bed.sent.size() == 1);
  CHECK(bed.sent[0].to == other_smf_peer);
  CHECK(bed.sent[0].header.seid == Seid{0xdef});
}

TEST_CASE("when a report is of no session, then nobody is told") {
  ReportingBed bed;
  bed.report({{bed.now, Seid{99}, InactivityReport{}}});
  CHECK(bed.sent.empty());
}
