// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of establishment, modification and release of PDU sessions.
#include <algorithm>

#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

ModifyPduSession update_far(const ForwardingActionRule& far) {
  ModifyPduSession change{.node = {}, .seid = Seid{1}};
  change.update.update_fars = {ForwardingActionRuleUpdate::whole(far)};
  return change;
}

ModifyPduSession update_qer(const QosEnforcementRule& qer) {
  ModifyPduSession change{.node = {}, .seid = Seid{1}};
  change.update.update_qers = {QosEnforcementRuleUpdate::whole(qer)};
  return change;
}

ForwardingActionRule downlink_far(std::uint32_t teid, Ipv4Address gnb) {
  return {.id = FarId{2},
          .destination_interface = DestinationInterface::access,
          .outer_header_creation = OuterHeaderCreation{Teid{teid}, gnb}};
}

}  // namespace

TEST_CASE(
    "when the downlink tunnel moves to another gNB, then the old one gets an end marker and the new one the "
    "packets") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  const Ipv4Address target{10, 0, 1, 2};
  REQUIRE(upf.apply(update_far(downlink_far(800, target)), ModelTime{1000}).empty());
  REQUIRE(upf.at(n3).size() == 1);
  const Tunnelled marker = open_tunnelled(upf.at(n3)[0]);
  CHECK(marker.gtpu.message_type == gtpu_message::end_marker);
  CHECK(marker.gtpu.teid == 501);
  CHECK(marker.destination == gnb_address);
  CHECK(upf.at(n3)[0].metadata.time == ModelTime{1000});

  upf.send(ethernet(datagram(server, ue_address(1), 1, 2)), n6, ModelTime{1001});
  const Tunnelled out = open_tunnelled(upf.at(n3)[1]);
  CHECK(out.destination == target);
  CHECK(out.gtpu.teid == 800);

  // The same tunnel again is no path switch.
  REQUIRE(upf.apply(update_far(downlink_far(800, target)), ModelTime{2000}).empty());
  CHECK(upf.at(n3).size() == 2);
  upf.check_conservation();
}

TEST_CASE("when FARs that differ by DSCP share a tunnel that moves, then one end marker closes it") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  const auto downlink =
      std::find_if(rules.fars.begin(), rules.fars.end(), [](const auto& far) { return far.id == FarId{2}; });
  REQUIRE(downlink != rules.fars.end());
  ForwardingActionRule marked = *downlink;
  marked.id = FarId{9};
  marked.dscp = 46;
  rules.fars.push_back(marked);
  upf.establish(rules);
  const Ipv4Address target{10, 0, 1, 2};
  ModifyPduSession change = update_far(downlink_far(800, target));
  ForwardingActionRule moved = downlink_far(800, target);
  moved.id = FarId{9};
  change.update.update_fars.push_back(ForwardingActionRuleUpdate::whole(moved));
  REQUIRE(upf.apply(change, ModelTime{1000}).empty());
  REQUIRE(upf.at(n3).size() == 1);
  CHECK(open_tunnelled(upf.at(n3)[0]).gtpu.message_type == gtpu_message::end_marker);
  upf.check_conservation();
}

TEST_CASE("when a FAR buffers, then packets wait in order until it forwards, and no more than it may keep") {
  UpfUnderTest upf(Options{{"buffer_packets", {"3"}}});
  upf.establish(session_rules(1));
  REQUIRE(upf.apply(update_far({.id = FarId{2}, .action = ApplyAction::buffer})).empty());
  for (std::uint16_t i = 0; i < 5; ++i)
    upf.send(ethernet(datagram(server, ue_address(1), i, 2)), n6, ModelTime{i});
  CHECK(upf.at(n3).empty());
  CHECK(upf.report().held == 3);
  CHECK(upf.dropped(DropReason::far_buffer_full) == 2);
  upf.check_conservation();

  SECTION("it forwards") {
    REQUIRE(upf.apply(update_far(downlink_far(800, gnb_address)), ModelTime{100}).empty());
    REQUIRE(upf.at(n3).size() == 3);
    for (std::uint16_t i = 0; i < 3; ++i) {
      const Tunnelled out = open_tunnelled(upf.at(n3)[i]);
      CHECK(out.gtpu.teid == 800);
      CHECK(out.gtpu.qfi == 9);
      CHECK(out.inner == routed(datagram(server, ue_address(1), i, 2)));
      CHECK(upf.at(n3)[i].metadata.time == ModelTime{100});
      CHECK(upf.at(n3)[i].metadata.queueing_ns == 100U - i);
    }
  }
  SECTION("it drops") {
    REQUIRE(upf.apply(update_far({.id = FarId{2}, .action = ApplyAction::drop})).empty());
    CHECK(upf.dropped(DropReason::far_drop) == 3);
    upf.send(ethernet(datagram(server, ue_address(1), 1, 2)), n6);
    CHECK(upf.dropped(DropReason::far_drop) == 4);
  }
  SECTION("the session is released") {
    REQUIRE(upf.apply(ReleasePduSession{NodeId{}, Seid{1}}).empty());
    CHECK(upf.dropped(DropReason::far_drop) == 3);
  }
  SECTION("the node fails") {
    REQUIRE(upf.apply(SetNodeState{NodeId{}, false}).empty());
    CHECK(upf.dropped(DropReason::node_failed) == 3);
  }
  CHECK(upf.report().held == 0);
  upf.check_conservation();
}

TEST_CASE("when a QER's gate closes, then that direction stops") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  QosEnforcementRule qer{.id = QerId{1}, .downlink_gate = GateStatus::closed, .qfi = Qfi{7}};
  REQUIRE(upf.apply(update_qer(qer)).empty());
  upf.send(ethernet(datagram(server, ue_address(1), 1, 2)), n6);
  upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1, 2))), n3);
  CHECK(upf.dropped(DropReason::gate_closed) == 1);
  REQUIRE(upf.at(n6).size() == 1);
  CHECK(upf.at(n6)[0].metadata.qfi == 7);
}

TEST_CASE("when a session sends more than its Session-AMBR, then exactly depth plus rate times time passes") {
  UpfUnderTest upf(Options{{"mbr_burst", {"10ms"}}});
  upf.establish(
      session_rules(1, {BitsPerSecond{8'000'000}, BitsPerSecond{}}));  // 1 octet a µs, depth 10,000 octets
  // 100 octets every 50 µs: twice the rate.
  for (int i = 0; i < 2000; ++i)
    upf.send(on_n3(g_pdu(101, 9, datagram(ue_address(1), server, 1, 2, 100))), n3, ModelTime{i * 50'000});
  // At the last packet's time of 99.95 ms: 10,000 + 99,950 octets, in whole packets.
  CHECK(upf.at(n6).size() == 1099);
  CHECK(upf.dropped(DropReason::session_ambr_exceeded) == 2000 - 1099);
}

TEST_CASE(
    "when two PDRs share a QER and one has another beside it, then the rate is shared and the reason told "
    "apart") {
  UpfUnderTest upf(Options{{"mbr_burst", {"0"}}});
  PduSessionRules rules = session_rules(1, {BitsPerSecond{8'000'000}, BitsPerSecond{8'000'000}});
  rules.qers.push_back(
      {.id = QerId{2}, .maximum_bit_rate = {BitsPerSecond{}, BitsPerSecond{800}}, .qfi = Qfi{2}});
  PacketDetectionRule flow = rules.pdrs[1];
  flow.id = PdrId{3};
  flow.precedence = 1;
  flow.qers = {QerId{1}, QerId{2}};
  flow.pdi.sdf_filters = {SdfFilter{.local_ports = {{5000, 5000}}}};
  rules.pdrs.push_back(flow);
  upf.establish(rules);
  const auto down = [&upf](std::uint16_t port) {
    upf.send(ethernet(datagram(server, ue_address(1), 1, port, 900)), n6);
  };
  down(5000);  // both buckets hold 2000 octets
  down(5000);
  down(5000);
  CHECK(upf.dropped(DropReason::session_ambr_exceeded) ==
        1);  // 200 left in each; the shared one is asked first
  QosEnforcementRule more{.id = QerId{1}, .maximum_bit_rate = {}, .session_ambr = true};
  REQUIRE(upf.apply(update_qer(more)).empty());
  down(5000);
  CHECK(upf.dropped(DropReason::mfbr_exceeded) == 1);
  down(6000);
  CHECK(upf.at(n3).size() == 3);
}

TEST_CASE(
    "when a URR's volume threshold is reached, then a usage report is counted, and again for each further "
    "volume") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  rules.urrs[0].triggers.volume_threshold = true;
  rules.urrs[0].volume_threshold.total = Bytes{250};
  upf.establish(rules);
  const auto up = [&upf] { upf.send(on_n3(g_pdu(101, 9, datagram(ue_address(1), server, 1, 2, 100))), n3); };
  const auto down = [&upf] { upf.send(ethernet(datagram(server, ue_address(1), 1, 2, 100)), n6); };
  up();
  down();
  CHECK(upf.metric("reports") == 0);
  up();
  CHECK(upf.metric("reports") == 1);
  down();
  up();
  CHECK(upf.metric("reports") == 1);
  up();
  CHECK(upf.metric("reports") == 2);
}

TEST_CASE("when rules are wrong, then they are refused with the cause and nothing changes") {
  using Edit = std::function<void(PduSessionRules&)>;
  struct Case {
    const char* description;
    Edit edit;
    const char* cause;
  };
  const std::vector<Case> cases{
      {"SEID 0", [](auto& r) { r.seid = Seid{}; }, "cause 69"},
      {"no PDR", [](auto& r) { r.pdrs.clear(); }, "cause 66"},
      {"no FAR", [](auto& r) { r.fars.clear(); }, "cause 66"},
      {"PDR twice", [](auto& r) { r.pdrs[1].id = r.pdrs[0].id; }, "cause 73"},
      {"PDR names an unknown FAR", [](auto& r) { r.pdrs[0].far = FarId{9}; }, "cause 73"},
      {"PDR names an unknown QER", [](auto& r) { r.pdrs[0].qers = {QerId{9}}; }, "cause 73"},
      {"PDR names an unknown URR", [](auto& r) { r.pdrs[0].urrs = {UrrId{9}}; }, "cause 73"},
      {"too many QERs", [](auto& r) { r.pdrs[0].qers.assign(256, QerId{1}); }, "cause 75"},
      {"access without F-TEID", [](auto& r) { r.pdrs[0].pdi.local_f_teid.reset(); }, "cause 67"},
      {"TEID 0", [](auto& r) { r.pdrs[0].pdi.local_f_teid->teid = Teid{}; }, "cause 69"},
      {"another node's F-TEID", [](auto& r) { r.pdrs[0].pdi.local_f_teid->address = gnb_address; },
       "cause 69"},
      {"no outer header removal", [](auto& r) { r.pdrs[0].outer_header_removal = false; }, "cause 67"},
      {"core without UE address", [](auto& r) { r.pdrs[1].pdi.ue_ip_address.reset(); }, "cause 67"},
      {"UE address 0", [](auto& r) { r.pdrs[1].pdi.ue_ip_address = Ipv4Address{}; }, "cause 69"},
      {"cp_function without F-TEID",
       [](auto& r) { r.pdrs[1].pdi.source_interface = SourceInterface::cp_function; }, "cause 67"},
      {"no such source interface", [](auto& r) { r.pdrs[1].pdi.source_interface = SourceInterface{5}; },
       "cause 76"},
      {"FAR names an unknown BAR", [](auto& r) { r.fars[1].bar = BarId{1}; }, "cause 73"},
      {"URR names an unknown FAR", [](auto& r) { r.urrs[0].quota_far = FarId{9}; }, "cause 73"},
      {"URR is linked to an unknown one", [](auto& r) { r.urrs[0].linked = {UrrId{9}}; }, "cause 73"},
      {"periodic without a period", [](auto& r) { r.urrs[0].triggers.periodic = true; }, "cause 67"},
      {"prefix of 129 bits",
       [](auto& r) {
         r.pdrs[1].pdi.ue_ipv6_prefix = Ipv6Prefix{Ipv6Address{{0x20}}, 129};
       },
       "cause 69"},
      {"Ethernet filter in an IPv4 session", [](auto& r) { r.pdrs[1].pdi.ethernet_filters.resize(1); },
       "cause 69"},
      {"filter's ports are crossed",
       [](auto& r) {
         r.pdrs[1].pdi.sdf_filters = {SdfFilter{.remote_ports = {{2, 1}}}};
       },
       "cause 69"},
      {"too many filters", [](auto& r) { r.pdrs[1].pdi.sdf_filters.resize(65536); }, "cause 75"},
      {"QFI 64", [](auto& r) { r.qers[0].qfi = Qfi{64}; }, "cause 69"},
      {"negative rate", [](auto& r) { r.qers[0].maximum_bit_rate.uplink = BitsPerSecond{-1}; }, "cause 69"},
      {"negative threshold", [](auto& r) { r.urrs[0].volume_threshold.total = Bytes{-1}; }, "cause 69"},
      {"access without outer header", [](auto& r) { r.fars[1].outer_header_creation.reset(); }, "cause 67"},
      {"outer TEID 0", [](auto& r) { r.fars[1].outer_header_creation->teid = Teid{}; }, "cause 69"},
      {"DSCP 64", [](auto& r) { r.fars[1].dscp = std::uint8_t{64}; }, "cause 69"},
      {"FAR to cp_function without outer header",
       [](auto& r) { r.fars[0].destination_interface = DestinationInterface::cp_function; }, "cause 67"},
      {"TEID of another session", [](auto& r) { r.pdrs[0].pdi.local_f_teid->teid = Teid{105}; }, "cause 73"},
      {"UE address of another session", [](auto& r) { r.pdrs[1].pdi.ue_ip_address = ue_address(5); },
       "cause 73"},
      {"SEID of another session", [](auto& r) { r.seid = Seid{5}; }, "cause 73"},
  };
  UpfUnderTest upf;
  upf.establish(session_rules(5));
  for (const Case& c : cases) {
    INFO(c.description);
    PduSessionRules rules = session_rules(1);
    c.edit(rules);
    CHECK_THAT(upf.apply(EstablishPduSession{NodeId{}, rules}), Catch::Contains(c.cause));
  }
  CHECK(upf.metric("sessions") == 1);
  upf.establish(session_rules(1));
}

TEST_CASE("when one of several updates is wrong, then none is made") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  ModifyPduSession change = update_far(downlink_far(800, gnb_address));
  change.update.update_qers = {{.id = QerId{9}}};
  CHECK_THAT(upf.apply(change), Catch::Contains("cause 73"));
  change.update.update_qers.clear();
  change.update.update_fars.push_back({.id = FarId{7}});
  CHECK_THAT(upf.apply(change), Catch::Contains("cause 73"));
  change.seid = Seid{2};
  CHECK_THAT(upf.apply(change), Catch::Contains("cause 65"));
  CHECK_THAT(upf.apply(ReleasePduSession{NodeId{}, Seid{2}}), Catch::Contains("cause 65"));
  CHECK_FALSE(upf.apply(SetForwarding{}).empty());
  upf.send(ethernet(datagram(server, ue_address(1), 1, 2)), n6);
  CHECK(open_tunnelled(upf.at(n3)[0]).gtpu.teid == 501);
}

TEST_CASE(
    "when changes of one set touch the same session, then each is checked as if those before were made") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  {
    auto release = upf.function->prepare(ReleasePduSession{NodeId{}, Seid{1}});
    REQUIRE(release);
    CHECK_FALSE(upf.function->prepare(ReleasePduSession{NodeId{}, Seid{1}}));
    PduSessionRules moved = session_rules(1);
    moved.seid = Seid{2};
    auto establish = upf.function->prepare(EstablishPduSession{NodeId{}, moved});
    REQUIRE(establish);
    CHECK_FALSE(upf.function->prepare(EstablishPduSession{NodeId{}, moved}));
    (*release)(ModelTime{}, upf.exits);
    (*establish)(ModelTime{}, upf.exits);
  }
  CHECK(upf.metric("sessions") == 1);
  upf.send(ethernet(datagram(server, ue_address(1), 1, 2)), n6);
  CHECK(upf.at(n3).size() == 1);
  {
    // A set that was refused leaves nothing reserved.
    auto forgotten = upf.function->prepare(EstablishPduSession{NodeId{}, session_rules(3)});
    REQUIRE(forgotten);
  }
  upf.establish(session_rules(3));
  { REQUIRE(upf.function->prepare(ReleasePduSession{NodeId{}, Seid{3}})); }
  CHECK(upf.apply(ReleasePduSession{NodeId{}, Seid{3}}).empty());
}

TEST_CASE("when a session takes the place of a released one, then nothing of the old one is left") {
  UpfUnderTest upf(Options{{"mbr_burst", {"0"}}});
  const PduSessionRules rules = session_rules(1, {BitsPerSecond{8'000}, BitsPerSecond{8'000}});
  for (int round = 0; round < 3; ++round) {
    upf.establish(rules);
    for (int i = 0; i < 21; ++i) upf.send(ethernet(datagram(server, ue_address(1), 1, 2, 100)), n6);
    CHECK(upf.at(n3).size() == 20);  // 2000 octets
    upf.at(n3).clear();
    REQUIRE(upf.apply(ReleasePduSession{NodeId{}, Seid{1}}).empty());
  }
  CHECK(upf.metric("sessions") == 0);
  upf.check_conservation();
}

TEST_CASE("when an N6 port goes down, then the next one is used") {
  UpfUnderTest upf(Options{{"n3_ports", {"0"}}, {"n6_ports", {"1", "2"}}}, 3);
  upf.establish(session_rules(1));
  const Octets up = on_n3(g_pdu(101, 9, datagram(ue_address(1), server, 1, 2)));
  upf.send(up, n3);
  REQUIRE(upf.apply(SetPortState{NodeId{}, PortId{1}, false}).empty());
  upf.send(up, n3);
  REQUIRE(upf.apply(SetPortState{NodeId{}, PortId{1}, true}).empty());
  upf.send(up, n3);
  CHECK(upf.at(PortId{1}).size() == 2);
  CHECK(upf.at(PortId{2}).size() == 1);
}
