// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Sessions of the N4 server: what an SMF sends and what the user plane then has; refusals, and that nothing is left of them.
#include "tests/vnf/upf/n4/wild_session.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;
using pfcp::Cause;
using pfcp::IeType;

namespace {

struct AssociatedBed : N4ServerBed {
  explicit AssociatedBed(const BedOptions& options = {}) : N4ServerBed(options) {
    REQUIRE(associate() == Cause::request_accepted);
  }
  Seid established(const pfcp::SessionEstablishmentRequest& request = wild_session()) {
    const auto response = establish(request);
    REQUIRE(response.cause == Cause::request_accepted);
    REQUIRE(response.up_f_seid);
    return response.up_f_seid->seid;
  }
};

const pfcp::CreatedPdr* created(const std::vector<pfcp::CreatedPdr>& pdrs, std::uint16_t id) {
  for (const pfcp::CreatedPdr& pdr : pdrs)
    if (pdr.pdr_id == PdrId{id}) return &pdr;
  return nullptr;
}

}  // namespace

TEST_CASE("when a real SMF establishes a session, then the user plane has all of it") {
  AssociatedBed bed;
  const auto response = bed.establish(wild_session());
  REQUIRE(response.cause == Cause::request_accepted);
  CHECK(bed.answered_seid == Seid{0xabc});
  CHECK(response.node_id == pfcp::NodeId{upf_ip});
  CHECK(response.up_f_seid->ipv4 == upf_ip);

  // Both PDRs of CHOOSE ID 5 share an F-TEID of N3, in IPv4 alone.
  REQUIRE(response.created_pdrs.size() == 3);
  const auto *second = created(response.created_pdrs, 2), *third = created(response.created_pdrs, 3),
             *fourth = created(response.created_pdrs, 4);
  REQUIRE((second != nullptr && third != nullptr && fourth != nullptr));
  CHECK(second->local_f_teid->ipv4 == n3_ip);
  CHECK_FALSE(second->local_f_teid->ipv6);
  CHECK(second->local_f_teid->teid != Teid{});
  CHECK(second->local_f_teid == fourth->local_f_teid);
  CHECK(second->local_f_teid->teid != third->local_f_teid->teid);

  const PduSessionRules& rules = bed.only_rules();
  CHECK(rules.type == PduSessionType::ipv4v6);
  REQUIRE(rules.pdrs.size() == 4);
  const auto &downlink = rules.pdrs[0], &uplink = rules.pdrs[1], &from_cp = rules.pdrs[2],
             &to_cp = rules.pdrs[3];
  CHECK(downlink.pdi.ue_ip_address == ue_ip);
  CHECK(downlink.pdi.network_instance == "internet");
  CHECK(uplink.pdi.network_instance == "internet");
  CHECK(uplink.pdi.qfis == std::vector{Qfi{1}});
  CHECK(uplink.outer_header_removal);
  CHECK(uplink.pdi.local_f_teid == FTeid{second->local_f_teid->teid, n3_ip});
  CHECK(from_cp.pdi.source_interface == SourceInterface::cp_function);
  CHECK(from_cp.precedence == 1000);
  REQUIRE(to_cp.pdi.sdf_filters.size() == 1);
  CHECK(to_cp.pdi.sdf_filters[0].protocol == 58);
  CHECK(to_cp.pdi.sdf_filters[0].remote == AddressRange{*Ipv6Prefix::parse("ff02::2/128")});
  CHECK(to_cp.pdi.sdf_filters[0].local == AddressRange{});
  REQUIRE(rules.fars.size() == 3);
  CHECK(rules.fars[0].action == ApplyAction::buffer);
  CHECK(rules.fars[0].notify_cp);
  CHECK(rules.fars[0].bar == kiriko::BarId{1});
  CHECK(rules.fars[1].destination_interface == DestinationInterface::core);
  CHECK(rules.fars[2].destination_interface == DestinationInterface::cp_function);
  CHECK(rules.fars[2].outer_header_creation == OuterHeaderCreation{Teid{77}, smf_ip});
  REQUIRE(rules.qers.size() == 1);
  CHECK(rules.qers[0].qfi == Qfi{1});
  CHECK_FALSE(rules.qers[0].session_ambr);
  REQUIRE(rules.urrs.size() == 1);
  CHECK(rules.urrs[0].volume_threshold.total == Bytes{104'857'600});
  CHECK(rules.urrs[0].triggers.volume_threshold);
  CHECK(rules.bars.size() == 1);
}

TEST_CASE(
    "when an establishment is wrong, then cause, offending IE and failed rule tell how, and nothing is "
    "left") {
  using Request = pfcp::SessionEstablishmentRequest;
  struct Case {
    const char* description;
    void (*edit)(Request&);
    Cause cause;
    std::optional<IeType> offending_ie{};
    std::optional<pfcp::FailedRuleId> failed_rule{};
  };
  const Case cases[] = {
      {"F-TEID of IPv6 alone",
       [](Request& r) { r.create_pdrs[2].pdi.local_f_teid = pfcp::ChooseFTeid{.ipv6 = true}; },
       Cause::invalid_f_teid_allocation_option, IeType::f_teid, PdrId{3}},
      {"F-TEID of another node",
       [](Request& r) { r.create_pdrs[2].pdi.local_f_teid = chosen_by_smf(5, gnb_ip); },
       Cause::mandatory_ie_incorrect, IeType::f_teid, PdrId{3}},
      {"F-TEID 0", [](Request& r) { r.create_pdrs[2].pdi.local_f_teid = chosen_by_smf(0); },
       Cause::mandatory_ie_incorrect, IeType::f_teid, PdrId{3}},
      {"no outer header removal", [](Request& r) { r.create_pdrs[1].outer_header_removal.reset(); },
       Cause::conditional_ie_missing, IeType::outer_header_removal, PdrId{2}},
      {"no F-TEID on the access side", [](Request& r) { r.create_pdrs[1].pdi.local_f_teid.reset(); },
       Cause::conditional_ie_missing, IeType::f_teid, PdrId{2}},
      {"no UE address on the core side", [](Request& r) { r.create_pdrs[0].pdi.ue_ip_addresses.clear(); },
       Cause::conditional_ie_missing, IeType::ue_ip_address, PdrId{1}},
      {"no FAR ID", [](Request& r) { r.create_pdrs[1].far_id.reset(); }, Cause::conditional_ie_missing,
       IeType::far_id, PdrId{2}},
      {"a FAR that is not there", [](Request& r) { r.create_pdrs[1].far_id = FarId{9}; },
       Cause::rule_creation_or_modification_failure, std::nullopt, PdrId{2}},
      {"a QER that is not there", [](Request& r) { r.create_qers.clear(); },
       Cause::rule_creation_or_modification_failure, std::nullopt, PdrId{1}},
      {"a BAR that is not there", [](Request& r) { r.create_bars.clear(); },
       Cause::rule_creation_or_modification_failure, std::nullopt, FarId{1}},
      {"a PDR twice", [](Request& r) { r.create_pdrs[3].pdr_id = PdrId{2}; },
       Cause::rule_creation_or_modification_failure, std::nullopt, PdrId{2}},
      {"a filter that is none",
       [](Request& r) { r.create_pdrs[3].pdi.sdf_filters[0].flow_description = "permit sideways"; },
       Cause::mandatory_ie_incorrect, IeType::sdf_filter, PdrId{4}},
      {"a filter that denies",
       [](Request& r) {
         r.create_pdrs[3].pdi.sdf_filters[0].flow_description = "deny out ip from any to assigned";
       },
       Cause::mandatory_ie_incorrect, IeType::sdf_filter, PdrId{4}},
      {"a filter by an id that nobody knows",
       [](Request& r) {
         r.create_pdrs[3].pdi.sdf_filters[0] = pfcp::SdfFilter{};
         r.create_pdrs[3].pdi.sdf_filters[0].sdf_filter_id = pfcp::SdfFilterId{4};
       },
       Cause::mandatory_ie_incorrect, IeType::sdf_filter, PdrId{4}},
      {"a traffic endpoint that is not there",
       [](Request& r) { r.create_pdrs[1].pdi.traffic_endpoint_ids = {pfcp::TrafficEndpointId{1}}; },
       Cause::mandatory_ie_incorrect, IeType::traffic_endpoint_id, PdrId{2}},
      {"an unknown application",
       [](Request& r) { r.create_pdrs[1].pdi.application_id = pfcp::ApplicationId{"chess"}; },
       Cause::unknown_application_id, IeType::application_id, PdrId{2}},
      {"an unknown predefined rule",
       [](Request& r) { r.create_pdrs[1].activate_predefined_rules = {pfcp::PredefinedRulesName{"chess"}}; },
       Cause::unknown_predefined_rule, IeType::activate_predefined_rules, PdrId{2}},
      {"no action", [](Request& r) { r.create_fars[1].apply_action = {}; }, Cause::mandatory_ie_incorrect,
       IeType::apply_action, FarId{2}},
      {"two actions", [](Request& r) { r.create_fars[1].apply_action.drop = true; },
       Cause::mandatory_ie_incorrect, IeType::apply_action, FarId{2}},
      {"forwarding to nowhere", [](Request& r) { r.create_fars[1].forwarding_parameters.reset(); },
       Cause::conditional_ie_missing, IeType::forwarding_parameters, FarId{2}},
      {"forwarding to the SMF without a tunnel",
       [](Request& r) { r.create_fars[2].forwarding_parameters->outer_header_creation.reset(); },
       Cause::conditional_ie_missing, IeType::outer_header_creation, FarId{3}},
      {"a tunnel of IPv6 alone",
       [](Request& r) {
         r.create_fars[2].forwarding_parameters->outer_header_creation =
             pfcp::OuterHeaderCreation::gtpu(Teid{7}, *Ipv6Address::parse("2001:db8::1"));
       },
       Cause::service_not_supported, IeType::outer_header_creation, FarId{3}},
      {"an address of a network without pool",
       [](Request& r) {
         r.create_pdrs[0].pdi.network_instance = pfcp::NetworkInstance{"ims"};
         r.create_pdrs[0].pdi.ue_ip_addresses[0] = pfcp::UeIpAddress{.choose_ipv4 = true};
       },
       Cause::all_dynamic_addresses_are_occupied, IeType::ue_ip_address, PdrId{1}},
      {"periodic reports without a period",
       [](Request& r) { r.create_urrs[0].reporting_triggers.perio = true; }, Cause::conditional_ie_missing,
       IeType::measurement_period, UrrId{1}},
  };
  AssociatedBed bed;
  for (const Case& c : cases) {
    INFO(c.description);
    auto request = wild_session();
    request.create_pdrs[1].pdi.local_f_teid = chosen_by_smf(0x1234);
    c.edit(request);
    const auto response = bed.establish(request);
    CHECK(response.cause == c.cause);
    CHECK(response.offending_ie == c.offending_ie);
    CHECK(response.failed_rule_id == c.failed_rule);
    CHECK_FALSE(response.up_f_seid);
    CHECK(bed.answered_seid == Seid{0xabc});
    CHECK(bed.user_plane.sessions.empty());
    CHECK(bed.server.sessions() == 0);
  }
  CHECK(bed.server.counters().refusals() == std::size(cases));
  CHECK(bed.server.counters().answers.at(Cause::conditional_ie_missing) == 7);
}

TEST_CASE(
    "when an establishment is cut or any octet changed, then it is answered by the book or not at all") {
  AssociatedBed bed;
  const pfcp::Octets whole = bed.octets_of(wild_session(), Seid{0});
  std::uint32_t sequence = 0x10000;
  const auto offer = [&](pfcp::Octets octets) {
    if (octets.size() >= 16) {
      // As long as it says, and new each time.
      octets[2] = static_cast<std::uint8_t>((octets.size() - 4) >> 8);
      octets[3] = static_cast<std::uint8_t>(octets.size() - 4);
      octets[12] = static_cast<std::uint8_t>(++sequence >> 16);
      octets[13] = static_cast<std::uint8_t>(sequence >> 8);
      octets[14] = static_cast<std::uint8_t>(sequence);
    }
    bed.sent.clear();
    bed.receive(octets);
    CHECK(bed.user_plane.sessions.size() == bed.server.sessions());
    CHECK(bed.sent.size() <= 1);
    return bed.all<pfcp::SessionEstablishmentResponse>().size();
  };
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    offer({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
  }
  for (std::size_t at = 16; at < whole.size(); ++at)
    for (const unsigned with : {0x00U, 0x01U, 0x80U, 0xffU}) {
      INFO(at << " becomes " << with);
      pfcp::Octets changed = whole;
      changed[at] = static_cast<std::uint8_t>(with);
      CHECK(offer(changed) == 1);
    }
}

TEST_CASE("when a request is repeated, then it is carried out once and answered alike") {
  AssociatedBed bed;
  const pfcp::Octets octets = bed.octets_of(wild_session(), Seid{0});
  bed.sent.clear();
  bed.receive(octets);
  bed.receive(octets);
  REQUIRE(bed.sent.size() == 2);
  CHECK(bed.sent[0].message == bed.sent[1].message);
  CHECK(bed.server.sessions() == 1);
  CHECK(bed.server.counters().of(pfcp::MessageType::session_establishment_request) == 1);
  CHECK(bed.server.endpoint_counters().repeated_requests == 1);
}

TEST_CASE("when a request is for a session that is not the SMF's, then cause 65") {
  AssociatedBed bed;
  REQUIRE(bed.associate(other_smf_peer) == Cause::request_accepted);
  const Seid seid = bed.established();
  CHECK(bed.modify(Seid{99}, {}).cause == Cause::session_context_not_found);
  CHECK(bed.answered_seid == Seid{0});
  CHECK(bed.remove(Seid{99}).cause == Cause::session_context_not_found);
  CHECK(bed.modify(seid, {}, other_smf_peer).cause == Cause::session_context_not_found);
  CHECK(bed.remove(seid, other_smf_peer).cause == Cause::session_context_not_found);
  CHECK(bed.server.sessions() == 1);
}

TEST_CASE("when the gNB's F-TEID becomes known, then the buffering FAR forwards to it") {
  AssociatedBed bed;
  const Seid seid = bed.established();
  pfcp::SessionModificationRequest change;
  change.update_fars = {to_gnb(0x500)};
  CHECK(bed.modify(seid, change).cause == Cause::request_accepted);
  CHECK(bed.answered_seid == Seid{0xabc});
  const ForwardingActionRule& far = bed.only_rules().fars[0];
  CHECK(far.action == ApplyAction::forward);
  CHECK(far.outer_header_creation == OuterHeaderCreation{Teid{0x500}, gnb_ip});
  CHECK_FALSE(far.notify_cp);
  CHECK_FALSE(bed.user_plane.updates.back().update_fars[0].send_end_marker);

  SECTION("and on handover an end marker goes, whether the FAR or the message asks for it") {
    pfcp::SessionModificationRequest handover;
    handover.update_fars = {to_gnb(0x501)};
    handover.update_fars[0].update_forwarding_parameters->pfcpsmreq_flags.emplace().sndem = true;
    CHECK(bed.modify(seid, handover).cause == Cause::request_accepted);
    CHECK(bed.user_plane.updates.back().update_fars[0].send_end_marker);
    handover.update_fars = {to_gnb(0x502)};
    handover.pfcpsmreq_flags.emplace().sndem = true;
    CHECK(bed.modify(seid, handover).cause == Cause::request_accepted);
    CHECK(bed.user_plane.updates.back().update_fars[0].send_end_marker);
  }
  SECTION("and with an IPv6 address beside the IPv4 one the latter is taken") {
    change.update_fars = {to_gnb(0x503)};
    auto& outer = *change.update_fars[0].update_forwarding_parameters->outer_header_creation;
    outer.gtpu_udp_ipv6 = true;
    outer.ipv6 = *Ipv6Address::parse("2001:db8::1");
    CHECK(bed.modify(seid, change).cause == Cause::request_accepted);
    CHECK(bed.only_rules().fars[0].outer_header_creation == OuterHeaderCreation{Teid{0x503}, gnb_ip});
  }
}

TEST_CASE("when flags and queries come, then the user plane gets them and usage is in the answer") {
  AssociatedBed bed;
  const Seid seid = bed.established();
  pfcp::SessionModificationRequest change;
  change.pfcpsmreq_flags = pfcp::PfcpsmReqFlags{.drobu = true, .sndem = false, .qaurr = true};
  change.query_urrs = {pfcp::QueryUrr{.urr_id = UrrId{1}, .others = {}}};
  change.user_plane_inactivity_timer = pfcp::WholeSeconds{30};
  const auto response = bed.modify(seid, change);
  REQUIRE(response.cause == Cause::request_accepted);
  const PduSessionUpdate& update = bed.user_plane.updates.back();
  CHECK(update.drop_buffered);
  CHECK(update.query_all_urrs);
  CHECK(update.query_urrs == std::vector{UrrId{1}});
  CHECK(update.user_plane_inactivity == seconds(30));
  REQUIRE(response.usage_reports.size() == 1);
  CHECK(response.usage_reports[0].usage_report_trigger.immer);
}

TEST_CASE("when a modification is refused, then nothing has changed and what it took is free") {
  AssociatedBed bed;
  const Seid seid = bed.established();
  const PduSessionRules before = bed.only_rules();
  pfcp::SessionModificationRequest change;
  change.create_pdrs = {uplink_pdr_of(PdrId{9}, chosen_by_smf(0x700))};
  change.update_fars = {to_gnb(0x500), to_gnb(0x500)};
  change.update_fars[1].far_id = FarId{99};
  const auto response = bed.modify(seid, change);
  CHECK(response.cause == Cause::rule_creation_or_modification_failure);
  CHECK(response.failed_rule_id == pfcp::FailedRuleId{FarId{99}});
  CHECK(response.created_pdrs.empty());
  CHECK(bed.only_rules() == before);

  change.update_fars.clear();
  CHECK(bed.modify(seid, change).cause == Cause::request_accepted);
  CHECK(bed.only_rules().pdrs.size() == 5);
}

TEST_CASE("when a session is deleted, then its last usage is in the answer, in seconds of the wall clock") {
  AssociatedBed bed;
  const Seid seid = bed.established();
  const auto response = bed.remove(seid);
  REQUIRE(response.cause == Cause::request_accepted);
  CHECK(bed.answered_seid == Seid{0xabc});
  REQUIRE(response.usage_reports.size() == 1);
  const pfcp::UsageReport& usage = response.usage_reports[0];
  CHECK(usage.urr_id == UrrId{1});
  CHECK(usage.ur_seqn.value == 3);
  CHECK(usage.usage_report_trigger.termr);
  CHECK(usage.start_time == pfcp::ntp_time(unix_epoch + 1));
  CHECK(usage.end_time == pfcp::ntp_time(unix_epoch + 61));
  CHECK(usage.time_of_first_packet == pfcp::ntp_time(unix_epoch + 2));
  CHECK(usage.time_of_last_packet == pfcp::ntp_time(unix_epoch + 60));
  CHECK(usage.duration_measurement == pfcp::WholeSeconds{60});
  REQUIRE(usage.volume_measurement);
  CHECK(usage.volume_measurement->total_volume == 3000);
  CHECK(usage.volume_measurement->uplink_packets == 10);
  CHECK(bed.remove(seid).cause == Cause::session_context_not_found);
  CHECK(bed.user_plane.sessions.empty());
}

TEST_CASE("when a session has more usage than an answer holds, then the rest follows in reports") {
  AssociatedBed bed;
  auto request = wild_session();
  request.create_urrs.resize(423, request.create_urrs[0]);
  for (std::size_t i = 0; i < request.create_urrs.size(); ++i)
    request.create_urrs[i].urr_id = UrrId{static_cast<std::uint32_t>(i + 1)};
  const Seid seid = bed.established(request);
  const auto response = bed.remove(seid);
  CHECK(response.usage_reports.size() == 400);
  REQUIRE(response.additional_usage_reports_information);
  CHECK(response.additional_usage_reports_information->auri);
  CHECK(response.additional_usage_reports_information->number == 23);
  std::size_t reported = 0;
  for (const SentMessage& report : bed.all<pfcp::SessionReportRequest>()) {
    CHECK(report.header.seid == Seid{0xabc});
    reported += std::get<pfcp::SessionReportRequest>(report.message).usage_reports.size();
  }
  CHECK(reported == 23);
}

TEST_CASE("when the UPF chooses UE addresses, then PDRs of the session share them and their end frees them") {
  AssociatedBed bed;
  const auto request_for = [](bool uplink_too) {
    auto request = wild_session();
    pfcp::UeIpAddress both;
    both.choose_ipv4 = both.choose_ipv6 = both.destination = true;
    request.create_pdrs[0].pdi.ue_ip_addresses = {both};
    both.destination = false;
    if (uplink_too) request.create_pdrs[1].pdi.ue_ip_addresses = {both};
    return request;
  };
  const auto first = bed.establish(request_for(true));
  REQUIRE(first.cause == Cause::request_accepted);
  const auto *downlink = created(first.created_pdrs, 1), *uplink = created(first.created_pdrs, 2);
  REQUIRE((downlink != nullptr && uplink != nullptr));
  REQUIRE(downlink->ue_ip_addresses.size() == 1);
  CHECK(downlink->ue_ip_addresses == uplink->ue_ip_addresses);
  REQUIRE(downlink->ue_ip_addresses[0].ipv4);
  CHECK(bed.only_rules().pdrs[0].pdi.ue_ip_address == downlink->ue_ip_addresses[0].ipv4);
  CHECK(bed.only_rules().pdrs[0].pdi.ue_ipv6_prefix->length == 64);

  // Four prefixes and five addresses: the fifth session gets none, and takes none.
  std::vector<Seid> sessions{first.up_f_seid->seid};
  for (int i = 0; i < 3; ++i) sessions.push_back(bed.established(request_for(false)));
  for (int i = 0; i < 3; ++i)
    CHECK(bed.establish(request_for(false)).cause == Cause::all_dynamic_addresses_are_occupied);
  CHECK(bed.remove(sessions[2]).cause == Cause::request_accepted);
  bed.established(request_for(true));
  CHECK(bed.establish(request_for(false)).cause == Cause::all_dynamic_addresses_are_occupied);
}

TEST_CASE("when a second network instance has no address left, then the first gets its own back") {
  AssociatedBed bed;
  auto request = wild_session();
  request.create_pdrs[0].pdi.ue_ip_addresses = {pfcp::UeIpAddress{.choose_ipv4 = true}};
  auto wrong = request;
  wrong.create_pdrs[1].pdi.network_instance = pfcp::NetworkInstance{"ims"};
  wrong.create_pdrs[1].pdi.ue_ip_addresses = {pfcp::UeIpAddress{.choose_ipv6 = true}};
  // As often as the pool has addresses, and once more.
  for (int i = 0; i < 6; ++i) CHECK(bed.establish(wrong).cause == Cause::all_dynamic_addresses_are_occupied);
  bed.established(request);
}

TEST_CASE("when there are as many sessions as the UPF takes, then cause 75") {
  BedOptions options;
  options.n4.most_sessions = 1;
  AssociatedBed bed(options);
  const Seid seid = bed.established();
  CHECK(bed.establish(wild_session(Ipv4Address{10, 45, 0, 3})).cause == Cause::no_resources_available);
  CHECK(bed.remove(seid).cause == Cause::request_accepted);
  bed.established();
}

TEST_CASE("when two sessions want one F-TEID, then the refused one leaves it to the other") {
  TeidAllocator teids(0);
  const Teid first = TeidAllocator(0).allocate();
  teids.choose_by_peer(first);
  teids.choose_by_peer(first);
  teids.release(first);
  CHECK(teids.allocate() != first);
}
