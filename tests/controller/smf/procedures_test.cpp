// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PDU session procedures against a fake UPF: what is said on N4, and in which order.
#include "tests/controller/smf/n4_bed.hpp"

using namespace kiriko;

namespace {

const pfcp::CreateFar* find_far(const FakeUpf::Session& session, FarId id) {
  for (const auto& far : session.established.create_fars)
    if (far.far_id == id) return &far;
  return nullptr;
}

pfcp::SessionReportRequest downlink_data() {
  pfcp::SessionReportRequest report;
  report.report_type.dldr = true;
  report.downlink_data_report = pfcp::DownlinkDataReport{};
  report.downlink_data_report->pdr_ids = {PdrId{2}};
  report.downlink_data_report->downlink_data_service_information = {
      {.paging_policy_indication = std::nullopt, .qfi = Qfi{1}}};
  return report;
}

smf::DedicatedFlow voice() {
  smf::DedicatedFlow flow;
  flow.five_qi = FiveQi{1};
  flow.port = 5060;
  flow.maximum_bit_rate = {BitsPerSecond{128'000}, BitsPerSecond{128'000}};
  return flow;
}

}  // namespace

TEST_CASE(
    "when a PDU session is established, then the UPF chooses the F-TEID and buffers until the gNB's is "
    "known") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  REQUIRE(bed.count<smf::UpfAssociated>() == 1);
  const auto ref = bed.smf.establish(bed.session_request(), bed.now);
  bed.run_for(milliseconds(3));
  REQUIRE(bed.upfs[0].sessions().size() == 1);
  const FakeUpf::Session& session = bed.upfs[0].session();
  CHECK(session.established.cp_f_seid.seid == Seid{ref.value});
  CHECK(session.established.s_nssai == SNssai{sst::embb, Sd{1}});
  REQUIRE(session.established.apn_dnn);
  CHECK(pfcp::canonical_name(*session.established.apn_dnn) == "internet");
  std::size_t chosen = 0;
  for (const auto& pdr : session.established.create_pdrs)
    if (pdr.pdi.local_f_teid) {
      const auto* choose = std::get_if<pfcp::ChooseFTeid>(&*pdr.pdi.local_f_teid);
      REQUIRE(choose != nullptr);
      CHECK(choose->choose_id == pfcp::ChooseId{1});
      CHECK(pdr.outer_header_removal);
      ++chosen;
    }
  CHECK(chosen == 1);
  const pfcp::CreateFar* far = find_far(session, downlink_far);
  REQUIRE(far != nullptr);
  CHECK((far->apply_action.buff && far->apply_action.nocp && !far->apply_action.forw));
  CHECK(far->bar_id);
  REQUIRE(session.established.create_bars.size() == 1);
  CHECK(session.modifications.empty());

  bed.run_for(milliseconds(10));
  REQUIRE(session.modifications.size() == 1);
  REQUIRE(session.modifications[0].update_fars.size() == 1);
  const pfcp::UpdateFar& update = session.modifications[0].update_fars[0];
  CHECK(update.far_id == downlink_far);
  CHECK((update.apply_action && update.apply_action->forw && !update.apply_action->buff));
  REQUIRE(
      (update.update_forwarding_parameters && update.update_forwarding_parameters->outer_header_creation));
  CHECK(update.update_forwarding_parameters->outer_header_creation->teid == N4Bed::gnb_tunnel(ref).teid);
  CHECK_FALSE(update.update_forwarding_parameters->pfcpsmreq_flags);
  CHECK(bed.count<smf::SessionEstablished>() == 1);
  const smf::SmContext& context = *bed.smf.find(ref);
  CHECK(context.state == smf::SmState::active);
  CHECK(context.request.wish.ue_address == Ipv4Address{10, 60, 0, 2});
  CHECK(context.uplink == FTeid{session.teid, Ipv4Address{10, 2, 0, 1}});
  REQUIRE(bed.access_requests.size() == 1);
  CHECK(std::get<smf::SetUpResources>(bed.access_requests[0].what).uplink == context.uplink);
}

TEST_CASE(
    "when a session is established and all answers are lost, then it is deleted once one comes through") {
  N4Bed bed(2);
  bed.run_for(milliseconds(100));
  REQUIRE(bed.count<smf::UpfAssociated>() == 2);
  // N1 answers to the establishment are lost, one more comes through, then N1 answers to the deletion are lost.
  bed.lose_from(0, [](std::size_t number) { return number != N4Bed::n1 && number <= 2 * N4Bed::n1; });
  const smf::SmContextRef ref = bed.smf.establish(bed.session_request(), bed.now);
  bed.run_for(N4Bed::t1 * N4Bed::n1);
  CHECK(bed.upfs[0].sessions().size() == 1);
  bed.run_for(milliseconds(20));
  CHECK(bed.smf.find(ref)->upf == N4Bed::upf_id(1));
  bed.run_for(N4Bed::t1 * N4Bed::n1);
  CHECK(bed.upfs[0].deletions() == 1);
  CHECK(bed.upfs[0].sessions().empty());
  CHECK(bed.upfs[1].sessions().size() == 1);
  CHECK(bed.smf.find(ref)->state == smf::SmState::active);
  bed.run_for(seconds(2));
  CHECK(bed.smf.find(ref)->upf == N4Bed::upf_id(1));
}

TEST_CASE(
    "when every tenth datagram is lost and every fourth comes twice, then all sessions are established") {
  N4Bed bed(2);
  bed.copies = [](std::size_t number) { return number % 10 == 9 ? 0 : number % 4 == 3 ? 2 : 1; };
  bed.run_for(seconds(3));
  REQUIRE(bed.count<smf::UpfAssociated>() == 2);
  std::vector<smf::SmContextRef> refs;
  for (std::uint32_t i = 1; i <= 20; ++i) refs.push_back(bed.smf.establish(bed.session_request(i), bed.now));
  bed.run_for(seconds(5));
  std::size_t active = 0;
  for (const auto ref : refs)
    active += bed.smf.find(ref) != nullptr && bed.smf.find(ref)->state == smf::SmState::active;
  CHECK(active == 20);
  // An establishment that was answered too late has left nothing behind.
  CHECK(bed.upfs[0].sessions().size() + bed.upfs[1].sessions().size() == 20);
  CHECK(bed.smf.n4().counters().retransmissions > 0);
}

TEST_CASE(
    "when a handover comes, then only the downlink FAR changes, with an end marker for the old tunnel") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  const auto ref = bed.establish();
  const auto target = N4Bed::gnb_tunnel(ref, 2);
  bed.smf.switch_path(ref, target, bed.now);
  bed.run_for(milliseconds(10));
  CHECK(bed.count<smf::PathSwitched>() == 1);
  const auto& change = bed.upfs[0].session().modifications.back();
  CHECK((change.update_pdrs.empty() && change.create_pdrs.empty() && change.remove_pdrs.empty()));
  REQUIRE(change.update_fars.size() == 1);
  const auto& parameters = change.update_fars[0].update_forwarding_parameters;
  REQUIRE(parameters);
  CHECK(parameters->outer_header_creation->ipv4 == target.address);
  REQUIRE(parameters->pfcpsmreq_flags);
  CHECK(parameters->pfcpsmreq_flags->sndem);
}

TEST_CASE("when a QoS flow comes and goes, then the rules of the others keep their ids") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  const auto ref = bed.establish();
  smf::PduSessionModification add;
  add.add.push_back(voice());
  bed.smf.modify(ref, add, bed.now);
  bed.run_for(milliseconds(20));
  REQUIRE(bed.count<smf::SessionModified>() == 1);
  const auto added = bed.upfs[0].session().modifications.back();
  CHECK(added.create_pdrs.size() == 3);  // uplink, downlink from N6 and from the same UPF's sessions
  CHECK((added.remove_pdrs.empty() && added.update_pdrs.empty() && added.update_fars.empty()));
  REQUIRE(added.create_qers.size() == 1);
  CHECK(added.create_qers[0].qfi == pfcp::QfiIe{Qfi{2}});
  CHECK(added.create_qers[0].maximum_bit_rate ==
        pfcp::BitRates{BitsPerSecond{128'000}, BitsPerSecond{128'000}});
  for (const auto& pdr : added.create_pdrs)
    if (pdr.pdi.local_f_teid) CHECK(std::holds_alternative<pfcp::FTeid>(*pdr.pdi.local_f_teid));

  smf::PduSessionModification change;
  change.session_ambr = Ambr{BitsPerSecond{1'000'000}, BitsPerSecond{2'000'000}};
  bed.smf.modify(ref, change, bed.now);
  bed.run_for(milliseconds(20));
  const auto ambr = bed.upfs[0].session().modifications.back();
  REQUIRE(ambr.update_qers.size() == 1);
  CHECK(ambr.update_qers[0].maximum_bit_rate ==
        pfcp::BitRates{BitsPerSecond{1'000'000}, BitsPerSecond{2'000'000}});
  CHECK((ambr.create_pdrs.empty() && ambr.update_pdrs.empty()));

  smf::PduSessionModification remove;
  remove.remove.push_back(Qfi{2});
  bed.smf.modify(ref, remove, bed.now);
  bed.run_for(milliseconds(20));
  const auto removed = bed.upfs[0].session().modifications.back();
  CHECK(removed.remove_pdrs.size() == 3);
  CHECK(removed.remove_qers.size() == 1);
  CHECK((removed.create_pdrs.empty() && removed.update_pdrs.empty()));
}

TEST_CASE("when a modification is refused, then the session stays as it was") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  const auto ref = bed.establish();
  const auto before = bed.smf.find(ref)->rules;
  smf::PduSessionModification add;
  add.add.push_back(voice());
  SECTION("by the UPF") { bed.upfs[0].refuse_sessions(pfcp::Cause::no_resources_available); }
  SECTION("by the access network") {
    bed.access = [](const auto&) -> std::optional<smf::AccessAnswer> { return smf::AccessFailed{}; };
  }
  SECTION("for its 5QI") { add.add[0].five_qi = FiveQi{200}, add.add.push_back({.five_qi = FiveQi{40}}); }
  SECTION("for a flow that is not there") { add.remove.push_back(Qfi{9}); }
  bed.smf.modify(ref, add, bed.now);
  bed.run_for(milliseconds(50));
  CHECK(bed.count<smf::ModificationRefused>() == 1);
  CHECK(bed.count<smf::SessionModified>() == 0);
  CHECK(bed.smf.find(ref)->request.wish.flows.empty());
  CHECK(bed.smf.find(ref)->rules == before);
}

TEST_CASE("when a session is released, then its usage is told and its address is free again") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  const auto ref = bed.establish();
  bed.smf.release(ref, bed.now);
  bed.smf.release(ref, bed.now);
  bed.run_for(milliseconds(20));
  const auto released = bed.events_of<smf::SessionReleased>();
  REQUIRE(released.size() == 1);
  REQUIRE(released[0].second.usage.size() == 1);
  CHECK(released[0].second.usage[0].volume_measurement->total_volume == 4711);
  CHECK(bed.smf.find(ref) == nullptr);
  CHECK(bed.smf.session_count() == 0);
  CHECK(bed.upfs[0].sessions().empty());
  CHECK(std::holds_alternative<smf::ReleaseResources>(bed.access_requests.back().what));
  bed.establish();  // the same identity of the same UE
}

TEST_CASE("when procedures of one session come together, then each waits for the one before") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  const auto ref = bed.smf.establish(bed.session_request(), bed.now);
  bed.smf.switch_path(ref, N4Bed::gnb_tunnel(ref, 2), bed.now);
  bed.smf.switch_path(ref, N4Bed::gnb_tunnel(ref, 3), bed.now);
  bed.run_for(milliseconds(50));
  CHECK(bed.count<smf::PathSwitched>() == 2);
  const auto& changes = bed.upfs[0].session().modifications;
  REQUIRE(changes.size() == 3);
  for (std::uint8_t i = 0; i < 3; ++i)
    CHECK(changes[i].update_fars[0].update_forwarding_parameters->outer_header_creation->ipv4 ==
          Ipv4Address{10, 1, 0, static_cast<std::uint8_t>(i + 1)});
}

TEST_CASE("when downlink data comes for an idle UE, then it is paged once and the buffer is let go") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  const auto ref = bed.establish();
  bed.smf.deactivate(ref, bed.now);
  bed.run_for(milliseconds(10));
  REQUIRE(bed.count<smf::SessionDeactivated>() == 1);
  const auto& idle = bed.upfs[0].session().modifications.back();
  REQUIRE(idle.update_fars.size() == 1);
  CHECK((idle.update_fars[0].apply_action->buff && idle.update_fars[0].apply_action->nocp));
  const auto before = bed.access_requests.size();

  SECTION("and the UE answers") {
    bed.upfs[0].report(bed.upfs[0].only_seid(), downlink_data(), N4Bed::smf_address(), bed.now);
    bed.upfs[0].report(bed.upfs[0].only_seid(), downlink_data(), N4Bed::smf_address(), bed.now);
    bed.run_for(milliseconds(30));
    CHECK(bed.count<smf::SessionActivated>() == 1);
    REQUIRE(bed.access_requests.size() == before + 2);
    CHECK(std::get<smf::PageUe>(bed.access_requests[before].what).qfi == Qfi{1});
    CHECK(std::holds_alternative<smf::SetUpResources>(bed.access_requests[before + 1].what));
    CHECK(bed.upfs[0].session().modifications.back().update_fars[0].apply_action->forw);
  }
  SECTION("and the UE does not answer") {
    bed.access = [](const auto&) -> std::optional<smf::AccessAnswer> { return std::nullopt; };
    bed.upfs[0].report(bed.upfs[0].only_seid(), downlink_data(), N4Bed::smf_address(), bed.now);
    bed.run_for(seconds(11));
    CHECK(bed.count<smf::PagingFailed>() == 1);
    CHECK(bed.smf.find(ref)->state == smf::SmState::idle);
  }
}

TEST_CASE("when the gNB does not know a tunnel any more, then the UPF buffers and the UE is called") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  bed.establish();
  pfcp::SessionReportRequest report;
  report.report_type.erir = true;
  report.error_indication_report = pfcp::ErrorIndicationReport{};
  report.error_indication_report->remote_f_teids = {
      {.teid = Teid{1}, .ipv4 = Ipv4Address{10, 1, 0, 1}, .ipv6 = {}}};
  bed.upfs[0].report(bed.upfs[0].only_seid(), report, N4Bed::smf_address(), bed.now);
  bed.run_for(milliseconds(50));
  CHECK(bed.count<smf::SessionDeactivated>() == 1);
  CHECK(bed.count<smf::SessionActivated>() == 1);
}

TEST_CASE("when a UPF refuses sessions, then the next one is asked, and without any the UE is refused") {
  N4Bed bed(2);
  bed.run_for(milliseconds(10));
  bed.upfs[0].refuse_sessions(pfcp::Cause::no_resources_available);
  bed.establish(1);
  CHECK(bed.upfs[1].sessions().size() == 1);
  bed.upfs[1].refuse_sessions(pfcp::Cause::no_resources_available);
  const auto ref = bed.smf.establish(bed.session_request(2), bed.now);
  bed.run_for(milliseconds(20));
  const auto refused = bed.events_of<smf::SessionRefused>();
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].second.refusal.cause == smf::FiveGsmCause::network_failure);
  CHECK(bed.smf.find(ref) == nullptr);
}

TEST_CASE("when a request cannot be met, then it is refused with the cause of TS 24.501 and costs nothing") {
  struct Case {
    const char* description;
    std::function<void(smf::PduSessionRequest&)> change;
    smf::FiveGsmCause cause;
  };
  const std::vector<Case> cases{
      {"unknown DNN", [](auto& r) { r.dnn = *Dnn::parse("ims"); }, smf::FiveGsmCause::missing_or_unknown_dnn},
      {"no DNN and no address", [](auto& r) { r.dnn = {}; }, smf::FiveGsmCause::missing_or_unknown_dnn},
      {"Ethernet", [](auto& r) { r.type = PduSessionType::ethernet; },
       smf::FiveGsmCause::unknown_pdu_session_type},
      {"IPv6 of a DNN without",
       [](auto& r) {
         r.dnn = *Dnn::parse("v4only");
         r.type = PduSessionType::ipv6;
       },
       smf::FiveGsmCause::pdu_session_type_ipv4_only_allowed},
      {"QFI 0", [](auto& r) { r.wish.default_qfi = Qfi{0}; },
       smf::FiveGsmCause::semantic_error_in_the_qos_operation},
      {"5QI 40", [](auto& r) { r.wish.flows.push_back({.qfi = Qfi{2}, .five_qi = 40}); },
       smf::FiveGsmCause::unsupported_five_qi_value},
      {"identity taken", [](auto& r) { r.supi = "imsi-999700000001"; },
       smf::FiveGsmCause::invalid_pdu_session_identity},
      {"no such UPF", [](auto& r) { r.wish.upf = NodeId{5}; }, smf::FiveGsmCause::network_failure},
      {"slice is full", [](auto& r) { r.s_nssai = SNssai{sst::miot}; },
       smf::FiveGsmCause::insufficient_resources_for_specific_slice},
      {"pool is empty", [](auto& r) { r.dnn = *Dnn::parse("v4only"); },
       smf::FiveGsmCause::insufficient_resources},
  };
  for (const Case& each : cases) {
    INFO(each.description);
    N4Bed bed(1);
    REQUIRE(bed.smf.add_data_network(
        {.dnn = *Dnn::parse("v4only"), .ipv4_pool = Ipv4Prefix{Ipv4Address{10, 70, 0, 0}, 30}}));
    REQUIRE(bed.smf.slice_admission().set_maxima(SNssai{sst::miot}, {.pdu_sessions = 0}));
    bed.run_for(milliseconds(10));
    auto first = bed.session_request(1);
    first.supi = "imsi-999700000001";
    first.dnn = *Dnn::parse("v4only");
    const auto one = bed.smf.establish(first, bed.now);
    bed.run_for(milliseconds(20));
    REQUIRE(bed.smf.find(one) != nullptr);
    auto request = bed.session_request(2);
    each.change(request);
    const auto ref = bed.smf.establish(request, bed.now);
    bed.run_for(milliseconds(20));
    const auto refused = bed.events_of<smf::SessionRefused>();
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].second.refusal.cause == each.cause);
    CHECK_FALSE(refused[0].second.refusal.why.message.empty());
    CHECK(bed.smf.find(ref) == nullptr);
    CHECK(bed.upfs[0].sessions().size() == 1);
    CHECK(bed.smf.slice_admission().counts(SNssai{sst::miot}).pdu_sessions == 0);
    // What was refused took no address: the next one gets the first that is free.
    const auto next = bed.establish(3);
    CHECK(bed.smf.find(next)->request.wish.ue_address == Ipv4Address{10, 60, 0, 2});
  }
}

TEST_CASE("when a session is of IPv4 and IPv6, then the UPF matches both and the UE has a /64") {
  N4Bed bed(1);
  bed.run_for(milliseconds(10));
  auto request = bed.session_request();
  request.type = PduSessionType::ipv4v6;
  const auto ref = bed.smf.establish(request, bed.now);
  bed.run_for(milliseconds(20));
  REQUIRE(bed.smf.find(ref)->ue_prefix);
  CHECK(bed.smf.find(ref)->ue_prefix->length == 64);
  const auto& established = bed.upfs[0].session().established;
  CHECK(established.pdn_type->value == pfcp::PdnType::Value::ipv4v6);
  for (const auto& pdr : established.create_pdrs) {
    REQUIRE(pdr.pdi.ue_ip_addresses.size() == 1);
    CHECK((pdr.pdi.ue_ip_addresses[0].ipv4 && pdr.pdi.ue_ip_addresses[0].ipv6));
    CHECK(pdr.pdi.ue_ip_addresses[0].destination ==
          (pdr.pdi.source_interface != pfcp::SourceInterface::access));
  }
}
