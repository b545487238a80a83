// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Traffic endpoints, bidirectional filters, applications and predefined rules: what PDRs name instead of saying it.
#include "tests/vnf/upf/n4/wild_session.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;
using pfcp::Cause;

namespace {

struct EstablishedBed : N4ServerBed {
  explicit EstablishedBed(const pfcp::SessionEstablishmentRequest& request = wild_session()) {
    REQUIRE(associate() == Cause::request_accepted);
    response = establish(request);
    REQUIRE(response.cause == Cause::request_accepted);
    seid = response.up_f_seid->seid;
  }
  Cause change(const pfcp::SessionModificationRequest& request) {
    modification = modify(seid, request);
    return modification.cause;
  }
  const PacketDetectionRule& pdr(std::uint16_t id) const {
    for (const PacketDetectionRule& pdr : only_rules().pdrs)
      if (pdr.id == PdrId{id}) return pdr;
    FAIL("no PDR " << id);
    return only_rules().pdrs[0];
  }
  pfcp::SessionEstablishmentResponse response{};
  pfcp::SessionModificationResponse modification{};
  Seid seid{};
};

constexpr pfcp::TrafficEndpointId access_endpoint{1}, core_endpoint{2};

/// PDR 1 names the core's endpoint, PDRs 2 and 4 the access network's.
pfcp::SessionEstablishmentRequest with_endpoints() {
  auto request = wild_session();
  pfcp::CreateTrafficEndpoint access, core;
  access.traffic_endpoint_id = access_endpoint;
  access.local_f_teid = choose();
  access.network_instance = pfcp::NetworkInstance{"internet"};
  core.traffic_endpoint_id = core_endpoint;
  core.network_instance = pfcp::NetworkInstance{"internet"};
  core.ue_ip_addresses = request.create_pdrs[0].pdi.ue_ip_addresses;
  request.create_traffic_endpoints = {access, core};
  request.create_pdrs[0].pdi.ue_ip_addresses.clear();
  request.create_pdrs[0].pdi.network_instance.reset();
  request.create_pdrs[0].pdi.traffic_endpoint_ids = {core_endpoint};
  for (const std::size_t i : {1U, 3U}) {
    request.create_pdrs[i].pdi.local_f_teid.reset();
    request.create_pdrs[i].pdi.network_instance.reset();
    request.create_pdrs[i].pdi.traffic_endpoint_ids = {access_endpoint};
  }
  return request;
}

}  // namespace

TEST_CASE("when PDRs name traffic endpoints, then they have what these say") {
  EstablishedBed bed(with_endpoints());
  REQUIRE(bed.response.created_traffic_endpoints.size() == 1);
  const auto& created = bed.response.created_traffic_endpoints[0];
  CHECK(created.traffic_endpoint_id == access_endpoint);
  REQUIRE(created.local_f_teid);
  CHECK(bed.pdr(2).pdi.local_f_teid == FTeid{created.local_f_teid->teid, n3_ip});
  CHECK(bed.pdr(4).pdi.local_f_teid == bed.pdr(2).pdi.local_f_teid);
  CHECK(bed.pdr(2).pdi.network_instance == "internet");
  CHECK(bed.pdr(1).pdi.ue_ip_address == ue_ip);

  SECTION("and follow them when they change") {
    pfcp::UpdateTrafficEndpoint update;
    update.traffic_endpoint_id = access_endpoint;
    update.local_f_teid = chosen_by_smf(0x900);
    pfcp::SessionModificationRequest change;
    change.update_traffic_endpoints = {update};
    pfcp::UpdatePdr precedence;
    precedence.pdr_id = PdrId{4};
    precedence.precedence.emplace().value = 77;
    change.update_pdrs = {precedence};
    REQUIRE(bed.change(change) == Cause::request_accepted);
    CHECK(bed.pdr(2).pdi.local_f_teid == FTeid{Teid{0x900}, n3_ip});
    CHECK(bed.pdr(2).pdi.qfis == std::vector{Qfi{1}});
    CHECK(bed.pdr(4).pdi.local_f_teid == FTeid{Teid{0x900}, n3_ip});
    CHECK(bed.pdr(4).precedence == 77);
    CHECK(bed.pdr(4).pdi.sdf_filters.size() == 1);
    CHECK(bed.pdr(1).pdi.ue_ip_address == ue_ip);
  }
  SECTION("and go with them") {
    pfcp::SessionModificationRequest change;
    change.remove_traffic_endpoints = {
        pfcp::RemoveTrafficEndpoint{.traffic_endpoint_id = access_endpoint, .others = {}}};
    REQUIRE(bed.change(change) == Cause::request_accepted);
    CHECK(bed.only_rules().pdrs.size() == 2);
    CHECK(bed.change(change) == Cause::rule_creation_or_modification_failure);
    // Its number may be given again.
    pfcp::SessionModificationRequest anew;
    anew.create_traffic_endpoints = {with_endpoints().create_traffic_endpoints[0]};
    anew.create_pdrs = {with_endpoints().create_pdrs[1]};
    REQUIRE(bed.change(anew) == Cause::request_accepted);
    CHECK(bed.modification.created_traffic_endpoints.size() == 1);
    CHECK(bed.only_rules().pdrs.size() == 3);
  }
  SECTION("and one that is there already is refused") {
    pfcp::SessionModificationRequest change;
    change.create_traffic_endpoints = {with_endpoints().create_traffic_endpoints[0]};
    CHECK(bed.change(change) == Cause::rule_creation_or_modification_failure);
    CHECK(bed.only_rules().pdrs.size() == 4);
  }
}

TEST_CASE("when an SDF filter has an id, then the id alone stands for it, for as long as a PDR has it") {
  auto request = wild_session();
  request.create_pdrs[3].pdi.sdf_filters[0].sdf_filter_id = pfcp::SdfFilterId{6};
  EstablishedBed bed(request);
  pfcp::SessionModificationRequest change;
  pfcp::CreatePdr again = pdr_of(PdrId{7}, 10, pfcp::SourceInterface::core, FarId{2});
  again.pdi.ue_ip_addresses = request.create_pdrs[0].pdi.ue_ip_addresses;
  again.pdi.sdf_filters.emplace_back().sdf_filter_id = pfcp::SdfFilterId{6};
  change.create_pdrs = {again};
  REQUIRE(bed.change(change) == Cause::request_accepted);
  CHECK(bed.pdr(7).pdi.sdf_filters == bed.pdr(4).pdi.sdf_filters);

  pfcp::SessionModificationRequest removal;
  removal.remove_pdrs = {pfcp::RemovePdr{.pdr_id = PdrId{4}, .others = {}},
                         pfcp::RemovePdr{.pdr_id = PdrId{7}, .others = {}}};
  REQUIRE(bed.change(removal) == Cause::request_accepted);
  CHECK(bed.change(change) == Cause::mandatory_ie_incorrect);
}

TEST_CASE("when a PDR names an application, then it matches the filters that the UPF was given") {
  auto request = wild_session();
  request.create_pdrs[1].pdi.application_id = pfcp::ApplicationId{"video"};
  EstablishedBed bed(request);
  const PacketDetectionInformation& pdi = bed.pdr(2).pdi;
  CHECK(pdi.application_id == "video");
  REQUIRE(pdi.sdf_filters.size() == 1);
  CHECK(pdi.sdf_filters[0].protocol == 17);
  CHECK(pdi.sdf_filters[0].remote == AddressRange{*Ipv4Prefix::parse("10.9.0.0/16")});
  CHECK(pdi.sdf_filters[0].remote_ports == std::vector{SdfPortRange{5000, 5999}});
}

TEST_CASE(
    "when predefined rules are activated and deactivated, then their filters come and go beside the PDR's "
    "own") {
  auto request = wild_session();
  request.create_pdrs[3].activate_predefined_rules = {pfcp::PredefinedRulesName{"free"}};
  EstablishedBed bed(request);
  const SdfFilter own = bed.pdr(4).pdi.sdf_filters.at(0);
  CHECK(bed.pdr(4).pdi.sdf_filters.size() == 3);

  pfcp::UpdatePdr update;
  update.pdr_id = PdrId{4};
  pfcp::SessionModificationRequest change;
  SECTION("alone") {
    update.activate_predefined_rules = {pfcp::PredefinedRulesName{"voice"},
                                        pfcp::PredefinedRulesName{"free"}};
    change.update_pdrs = {update};
    REQUIRE(bed.change(change) == Cause::request_accepted);
    CHECK(bed.pdr(4).pdi.sdf_filters.size() == 4);
    update.activate_predefined_rules.clear();
    update.deactivate_predefined_rules = {pfcp::PredefinedRulesName{"free"},
                                          pfcp::PredefinedRulesName{"voice"}};
    change.update_pdrs = {update};
    REQUIRE(bed.change(change) == Cause::request_accepted);
    CHECK(bed.pdr(4).pdi.sdf_filters == std::vector{own});
  }
  SECTION("and stay when the PDI is replaced") {
    update.pdi = request.create_pdrs[3].pdi;
    update.pdi->sdf_filters.push_back(update.pdi->sdf_filters[0]);
    change.update_pdrs = {update};
    REQUIRE(bed.change(change) == Cause::request_accepted);
    CHECK(bed.pdr(4).pdi.sdf_filters.size() == 4);
  }
  SECTION("and not when the PDR is made anew") {
    change.remove_pdrs = {pfcp::RemovePdr{.pdr_id = PdrId{4}, .others = {}}};
    change.create_pdrs = {wild_session().create_pdrs[3]};
    REQUIRE(bed.change(change) == Cause::request_accepted);
    CHECK(bed.pdr(4).pdi.sdf_filters == std::vector{own});
  }
  SECTION("and a PDR that is updated twice is refused") {
    // The first gives it more filters than the second finds.
    update.pdi = request.create_pdrs[3].pdi;
    update.pdi->sdf_filters.resize(5, update.pdi->sdf_filters[0]);
    pfcp::UpdatePdr second;
    second.pdr_id = PdrId{4};
    second.activate_predefined_rules = {pfcp::PredefinedRulesName{"voice"}};
    change.update_pdrs = {update, second};
    const PduSessionRules before = bed.only_rules();
    CHECK(bed.change(change) == Cause::rule_creation_or_modification_failure);
    CHECK(bed.modification.failed_rule_id == pfcp::FailedRuleId{PdrId{4}});
    CHECK(bed.only_rules() == before);
  }
  SECTION("and unknown ones are refused") {
    update.deactivate_predefined_rules = {pfcp::PredefinedRulesName{"chess"}};
    change.update_pdrs = {update};
    CHECK(bed.change(change) == Cause::unknown_predefined_rule);
    CHECK(bed.modification.failed_rule_id == pfcp::FailedRuleId{PdrId{4}});
  }
}

TEST_CASE("when filters are named in no usable way, then the option says so") {
  for (const char* text :
       {"video", "=permit out ip from any to assigned", "video=deny out ip from any to assigned",
        "video=permit out ip from !10.0.0.1 to assigned"}) {
    INFO(text);
    const auto made = NamedFilters::create("applications", {text});
    REQUIRE_FALSE(made);
    CHECK(made.error().where == "applications");
  }
}

TEST_CASE(
    "when a peer changes its mind again and again, then the session keeps no more than its rules need") {
  N4Session session;
  PduSessionRules rules;
  PacketDetectionRule pdr;
  pdr.id = PdrId{1};
  pdr.pdi.local_f_teid = FTeid{Teid{1}, n3_ip};
  SdfFilter filter;
  filter.filter_id = 4;
  pdr.pdi.sdf_filters = {filter};
  rules.pdrs = {pdr};
  session.chosen_by_peer = {Teid{1}, Teid{2}, Teid{3}};
  session.chosen = {{pfcp::ChooseId{1}, Teid{1}}, {pfcp::ChooseId{2}, Teid{9}}};
  session.endpoints.push_back({.id = pfcp::TrafficEndpointId{1}, .local_f_teid = FTeid{Teid{3}, n3_ip}});
  session.endpoint_uses = {{PdrId{1}, {pfcp::TrafficEndpointId{1}}}, {PdrId{2}, {}}};
  session.predefined_uses = {{PdrId{2}, 0, {"free"}}};
  SdfFilter other;
  other.filter_id = 5;
  session.bidirectional_filters = {filter, other};
  CHECK(session.forget_unused(rules) == std::vector{Teid{2}});
  CHECK(session.chosen_by_peer == std::vector{Teid{1}, Teid{3}});
  CHECK(session.chosen.size() == 1);
  CHECK(session.endpoint_uses.size() == 1);
  CHECK(session.predefined_uses.empty());
  CHECK(session.bidirectional_filters == std::vector{filter});
}
