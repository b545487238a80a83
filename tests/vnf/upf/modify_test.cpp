// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of session modification: rules kept without loss, all or nothing, and what is carried over.
#include "tests/vnf/upf/upf_fixture.hpp"
#include "vnf/upf/rules_archive.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

Ipv6Prefix prefix(const char* text) { return *Ipv6Prefix::parse(text); }

/// Every member of every rule has another value than its default.
PduSessionRules full_rules() {
  PduSessionRules rules = session_rules(1, Ambr{BitsPerSecond{1'000'000}, BitsPerSecond{2'000'000}});
  rules.type = PduSessionType::ipv4v6;
  rules.user_plane_inactivity = seconds(30);
  PacketDetectionInformation& pdi = rules.pdrs[1].pdi;
  pdi.ue_ipv6_prefix = prefix("2001:db8:1::/64");
  pdi.network_instance = "internet";
  pdi.qfis = {Qfi{1}, Qfi{63}};
  pdi.application_id = "video";
  pdi.ethernet_pdu_session = true;
  pdi.sdf_filters = {SdfFilter{.protocol = std::uint8_t{6},
                               .remote = Ipv4Prefix{Ipv4Address{8, 8, 0, 0}, 16},
                               .local = prefix("2001:db8::/32"),
                               .remote_ports = {{80, 80}, {1000, 2000}},
                               .local_ports = {{5000, 5000}},
                               .tos_traffic_class = MaskedOctet{0xb8, 0xfc},
                               .security_parameter_index = 77U,
                               .flow_label = 0xabcdeU,
                               .filter_id = 4U}};
  rules.fars[1].network_instance = "internet";
  rules.fars[1].forwarding_policy = "policy";
  rules.fars[1].duplicate = true;
  rules.fars[1].duplicating = {{.destination_interface = DestinationInterface::core,
                                .outer_header_creation = OuterHeaderCreation{Teid{9}, server},
                                .dscp = std::uint8_t{10}}};
  rules.bars = {{.id = BarId{3}, .suggested_buffering_packets = 10, .notification_delay = milliseconds(50)}};
  rules.fars.push_back({.id = FarId{3}, .action = ApplyAction::buffer, .notify_cp = true, .bar = BarId{3}});
  QosEnforcementRule& qer = rules.qers[0];
  qer.uplink_gate = qer.downlink_gate = GateStatus::closed;
  qer.guaranteed_bit_rate = {BitsPerSecond{10}, BitsPerSecond{20}};
  qer.reflective_qos = true;
  qer.paging_policy_indicator = std::uint8_t{5};
  qer.packet_rate = PacketRate{10, 20, seconds(2), seconds(3)};
  qer.correlation_id = 8U;
  qer.averaging_window = seconds(2);
  UsageReportingRule& urr = rules.urrs[0];
  urr.method = {.duration = true, .volume = true, .event = true};
  urr.triggers = {true, true, true, true, true, true, true, true, true, true, true, true};
  urr.measurement_period = seconds(60);
  urr.volume_threshold = {Bytes{1}, Bytes{2}, Bytes{3}};
  urr.volume_quota = VolumeLimits{};
  urr.time_threshold = seconds(4);
  urr.time_quota = seconds(5);
  urr.event_threshold = 6;
  urr.event_quota = 7U;
  urr.quota_holding_time = seconds(8);
  urr.dropped_dl_traffic_threshold = {9, Bytes{10}};
  urr.monitoring_time = ModelTime{} + seconds(100);
  urr.subsequent_volume_threshold = {Bytes{11}, {}, {}};
  urr.subsequent_time_threshold = seconds(12);
  urr.subsequent_volume_quota = VolumeLimits{Bytes{13}, {}, {}};
  urr.subsequent_time_quota = seconds(14);
  urr.inactivity_detection_time = seconds(15);
  urr.linked = {UrrId{1}};
  urr.quota_far = FarId{1};
  urr.measure_before_qos = urr.inactive_measurement = urr.immediate_start_metering = true;
  EthernetPacketFilter ethernet{
      .filter_id = 1U,
      .bidirectional = true,
      .sources = {{MacAddress::local(1), MacAddress::local(9)}},
      .destinations = {{MacAddress::local(2), MacAddress::local(2)}},
      .ether_type = std::uint16_t{0x0800},
      .c_tag = VlanFilter{.id = std::uint16_t{100}, .priority = std::uint8_t{3}, .drop_eligible = true},
      .s_tag = VlanFilter{.id = std::uint16_t{200}},
      .sdf_filters = {SdfFilter{.protocol = std::uint8_t{17}}}};
  rules.pdrs[0].pdi.ethernet_filters = {ethernet};
  return rules;
}

}  // namespace

TEST_CASE("when rules are archived, then every member comes back") {
  const PduSessionRules rules = full_rules();
  const auto octets = write_rules(rules);
  CHECK(read_rules(octets.data(), octets.size()) == rules);
  const auto plain = write_rules(session_rules(1));
  CHECK(read_rules(plain.data(), plain.size()) == session_rules(1));
  CHECK(plain.size() < 150);
}

TEST_CASE(
    "when a session is established, then the UPF gives back its rules, and none of a session that is not") {
  UpfUnderTest upf;
  PduSessionRules rules = full_rules();
  rules.pdrs[0].pdi.ethernet_filters.clear();
  upf.establish(rules);
  CHECK(upf.upf().rules(Seid{1}) == rules);
  CHECK_FALSE(upf.upf().rules(Seid{2}));
}

TEST_CASE("when an update names some members, then the others stay") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  upf.establish(rules);
  PduSessionUpdate update;
  update.update_fars = {{.id = FarId{2}, .dscp = std::optional<std::uint8_t>{}}};
  update.update_pdrs = {{.id = PdrId{1}, .precedence = 7U}};
  update.update_qers = {{.id = QerId{1}, .reflective_qos = true}};
  update.update_urrs = {{.id = UrrId{1}, .measure_before_qos = true}};
  update.user_plane_inactivity = seconds(9);
  REQUIRE(upf.apply(modify(update)).empty());
  rules.fars[1].dscp.reset();
  rules.pdrs[0].precedence = 7;
  rules.qers[0].reflective_qos = true;
  rules.urrs[0].measure_before_qos = true;
  rules.user_plane_inactivity = seconds(9);
  CHECK(upf.upf().rules(Seid{1}) == rules);
  upf.send(ethernet(datagram(server, ue_address(1), 1, 2)), n6);
  const Tunnelled out = open_tunnelled(upf.at(n3).at(0));
  CHECK(out.dscp == 0);
  CHECK(out.gtpu.teid == 501);
  CHECK(out.gtpu.rqi);
}

TEST_CASE("when rules are created and removed, then packets follow, and TEIDs and addresses are free again") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  PduSessionUpdate add;
  PacketDetectionRule uplink = session_rules(1).pdrs[0];
  uplink.id = PdrId{9};
  uplink.pdi.local_f_teid->teid = Teid{900};
  uplink.far = FarId{9};
  uplink.urrs = {UrrId{9}};
  uplink.qers.clear();
  add.create_pdrs = {uplink};
  add.create_fars = {{.id = FarId{9},
                      .destination_interface = DestinationInterface::core,
                      .outer_header_creation = OuterHeaderCreation{Teid{77}, server}}};
  add.create_urrs = {{.id = UrrId{9}}};
  add.create_bars = {{.id = BarId{1}}};
  REQUIRE(upf.apply(modify(add)).empty());
  const Octets frame = on_n3(g_pdu(900, 5, datagram(ue_address(1), server, 1, 2)));
  upf.send(frame, n3);
  REQUIRE(upf.at(n3).size() == 1);
  CHECK(open_tunnelled(upf.at(n3)[0]).gtpu.teid == 77);
  // Another session cannot have it now.
  PduSessionRules other = session_rules(2);
  other.pdrs[0].pdi.local_f_teid->teid = Teid{900};
  CHECK_THAT(upf.apply(EstablishPduSession{NodeId{}, other}), Catch::Contains("cause 73"));
  PduSessionUpdate remove;
  remove.remove_pdrs = {PdrId{9}};
  remove.remove_fars = {FarId{9}};
  remove.remove_urrs = {UrrId{9}};
  remove.remove_bars = {BarId{1}};
  REQUIRE(upf.apply(modify(remove), ModelTime{5}).empty());
  const auto last = upf.usage();
  REQUIRE(last.size() == 1);
  CHECK(last[0].urr == UrrId{9});
  CHECK(last[0].trigger == UsageReportTrigger::termination);
  CHECK(last[0].uplink_bytes == 100);
  CHECK(upf.upf().rules(Seid{1}) == session_rules(1));
  upf.establish(other);
  upf.check_conservation();
}

TEST_CASE("when any part of a modification is wrong, then nothing of it is made") {
  struct Case {
    const char* description;
    std::function<void(PduSessionUpdate&)> edit;
    const char* cause;
  };
  const std::vector<Case> cases{
      {"removes a PDR that is not there", [](auto& u) { u.remove_pdrs = {PdrId{9}}; }, "cause 73"},
      {"creates a FAR that is there", [](auto& u) { u.create_fars = {{.id = FarId{1}}}; }, "cause 73"},
      {"updates a URR that is not there", [](auto& u) { u.update_urrs = {{.id = UrrId{9}}}; }, "cause 73"},
      {"removes a FAR in use", [](auto& u) { u.remove_fars = {FarId{1}}; }, "cause 73"},
      {"removes a QER in use", [](auto& u) { u.remove_qers = {QerId{1}}; }, "cause 73"},
      {"names a BAR that is not there", [](auto& u) { u.update_fars[0].bar = BarId{1}; }, "cause 73"},
      {"takes away an outer header",
       [](auto& u) { u.update_fars[0].outer_header_creation = std::optional<OuterHeaderCreation>{}; },
       "cause 67"},
      {"takes another session's TEID",
       [](auto& u) {
         auto pdi = session_rules(1).pdrs[0].pdi;
         pdi.local_f_teid->teid = Teid{102};
         u.update_pdrs = {{.id = PdrId{1}, .pdi = pdi}};
       },
       "cause 73"},
      {"asks for a URR that is not there", [](auto& u) { u.query_urrs = {UrrId{8}}; }, "cause 73"},
  };
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  upf.establish(session_rules(2));
  for (const Case& c : cases) {
    INFO(c.description);
    PduSessionUpdate update;
    update.update_fars = {{.id = FarId{2}, .dscp = std::uint8_t{1}}};
    c.edit(update);
    CHECK_THAT(upf.apply(modify(update)), Catch::Contains(c.cause));
    CHECK(upf.upf().rules(Seid{1}) == session_rules(1));
  }
}

TEST_CASE("when two modifications of one set touch a session, then the second starts from the first") {
  UpfUnderTest upf;
  auto establish = upf.function->prepare(EstablishPduSession{NodeId{}, session_rules(1)});
  REQUIRE(establish);
  PduSessionUpdate add;
  add.create_fars = {{.id = FarId{9}}};
  auto first = upf.function->prepare(modify(add));
  REQUIRE(first);
  PduSessionUpdate change;
  change.update_fars = {{.id = FarId{9}, .action = ApplyAction::drop}};
  auto second = upf.function->prepare(modify(change));
  REQUIRE(second);
  (*establish)(ModelTime{}, upf.exits);
  (*first)(ModelTime{}, upf.exits);
  (*second)(ModelTime{}, upf.exits);
  CHECK(upf.upf().rules(Seid{1})->fars.at(2).action == ApplyAction::drop);
}

TEST_CASE("when a session's rules change, then tokens and usage stay with the rules of the same id") {
  UpfUnderTest upf(Options{{"mbr_burst", {"0"}}});
  const PduSessionRules rules = session_rules(1, {BitsPerSecond{8}, BitsPerSecond{8}});
  upf.establish(rules);
  const Octets down = ethernet(datagram(server, ue_address(1), 1, 2, 1500));
  upf.send(down, n6);
  CHECK(upf.at(n3).size() == 1);
  for (int round = 0; round < 3; ++round) {
    // Another QER and URR before the present ones: their places change.
    PduSessionUpdate update;
    update.remove_qers = {QerId{1}};
    update.remove_urrs = {UrrId{1}};
    update.create_qers = {{.id = QerId{static_cast<std::uint32_t>(10 + round)}}, rules.qers[0]};
    update.create_urrs = {{.id = UrrId{static_cast<std::uint32_t>(10 + round)}}, rules.urrs[0]};
    REQUIRE(upf.apply(modify(update)).empty());
    upf.send(down, n6);
    CHECK(upf.at(n3).size() == 1);  // 500 octets of tokens are left
  }
  PduSessionUpdate query;
  query.query_urrs = {UrrId{1}};
  REQUIRE(upf.apply(modify(query)).empty());
  const auto usage = upf.usage();
  REQUIRE(usage.size() == 1);
  CHECK(usage[0].downlink_bytes == 1500);
  CHECK(usage[0].downlink_packets == 1);
  upf.check_conservation();
}

TEST_CASE("when a plain session of four PDRs is kept, then it takes less than 1 KB, tables included") {
  UpfUnderTest upf;
  constexpr std::uint32_t count = 3000;
  for (std::uint32_t n = 1; n <= count; ++n) {
    PduSessionRules rules = session_rules(n);
    for (const std::size_t base : {0U, 1U}) {
      PacketDetectionRule more = rules.pdrs[base];
      more.id = PdrId{static_cast<std::uint16_t>(3 + base)};
      more.precedence = 10;
      more.pdi.sdf_filters = {SdfFilter{.protocol = std::uint8_t{17}}};
      rules.pdrs.push_back(more);
    }
    rules.fars.push_back({.id = FarId{3}, .action = ApplyAction::buffer, .notify_cp = true, .bar = BarId{1}});
    rules.bars = {{.id = BarId{1}}};
    rules.urrs[0].triggers.volume_threshold = true;
    rules.urrs[0].volume_threshold.total = Bytes{1'000'000};
    upf.establish(rules);
  }
  CHECK(upf.metric("session_bytes") / count < 1100);
}
