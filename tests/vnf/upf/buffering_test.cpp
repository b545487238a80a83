// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of buffering, downlink data reports and end markers (TS 29.244 clause 5.2.4, TS 23.502 clause 4.2.3.3).
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

PduSessionRules buffering_rules(Duration delay = {}, std::optional<std::uint16_t> packets = {}) {
  PduSessionRules rules = session_rules(1);
  rules.bars = {{.id = BarId{1}, .suggested_buffering_packets = packets, .notification_delay = delay}};
  rules.fars[1] = {.id = FarId{2}, .action = ApplyAction::buffer, .notify_cp = true, .bar = BarId{1}};
  return rules;
}

Octets down(std::uint16_t port, std::uint8_t dscp = 0) {
  Octets ip = datagram(server, ue_address(1), 1, port);
  reinterpret_cast<Ipv4Header*>(ip.data())->set_dscp(dscp);
  return ethernet(ip);
}

ModifyPduSession forward() {
  PduSessionUpdate update;
  update.update_fars = {{.id = FarId{2},
                         .action = ApplyAction::forward,
                         .destination_interface = DestinationInterface::access,
                         .outer_header_creation = OuterHeaderCreation{Teid{800}, gnb_address}}};
  return modify(update);
}

std::vector<DownlinkDataReport> downlink_data(const std::vector<UserPlaneReport>& reports) {
  std::vector<DownlinkDataReport> found;
  for (const auto& report : reports)
    if (const auto* content = std::get_if<DownlinkDataReport>(&report.content)) found.push_back(*content);
  return found;
}

}  // namespace

TEST_CASE("when the first packet is buffered, then the SMF is told once for each paging policy") {
  UpfUnderTest upf;
  upf.establish(buffering_rules());
  upf.send(down(1), n6, ModelTime{10});
  const auto first = upf.reports();
  REQUIRE(first.size() == 1);
  CHECK(first[0].at == ModelTime{10});
  CHECK(first[0].seid == Seid{1});
  CHECK(std::get<DownlinkDataReport>(first[0].content) ==
        DownlinkDataReport{PdrId{2}, std::uint8_t{0}, Qfi{9}});
  upf.send(down(2), n6, ModelTime{20});
  CHECK(upf.reports().empty());
  upf.send(down(3, 46), n6, ModelTime{30});
  const auto urgent = downlink_data(upf.reports());
  REQUIRE(urgent.size() == 1);
  CHECK(urgent[0].paging_policy_indication == 46);

  REQUIRE(upf.apply(forward(), ModelTime{40}).empty());
  REQUIRE(upf.at(n3).size() == 3);
  for (std::uint16_t i = 0; i < 3; ++i)
    CHECK(reinterpret_cast<const UdpHeader*>(open_tunnelled(upf.at(n3)[i]).inner.data() + 20)
              ->destination_port == i + 1);
  upf.check_conservation();
}

TEST_CASE(
    "when a BAR delays the notification, then it comes after that, and not at all if the tunnel comes "
    "before") {
  UpfUnderTest upf;
  upf.establish(buffering_rules(milliseconds(50)));
  upf.send(down(1), n6, ModelTime{} + milliseconds(10));
  SECTION("nothing happens meanwhile") {
    upf.advance(ModelTime{} + milliseconds(59));
    CHECK(upf.reports().empty());
    upf.advance(ModelTime{} + milliseconds(60));
    const auto reports = upf.reports();
    REQUIRE(downlink_data(reports).size() == 1);
    CHECK(reports[0].at == ModelTime{} + milliseconds(60));
  }
  SECTION("a later packet comes in one burst with the earlier one") {
    upf.send(down(2), n6, ModelTime{} + milliseconds(500));
    const auto reports = upf.reports();
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].at == ModelTime{} + milliseconds(60));
  }
  SECTION("the tunnel comes first") {
    REQUIRE(upf.apply(forward(), ModelTime{} + milliseconds(20)).empty());
    upf.advance(ModelTime{} + seconds(1));
    CHECK(upf.reports().empty());
  }
  SECTION("the rules change and it still buffers") {
    PduSessionUpdate update;
    update.update_qers = {{.id = QerId{1}, .qfi = Qfi{3}}};
    REQUIRE(upf.apply(modify(update), ModelTime{} + milliseconds(20)).empty());
    upf.advance(ModelTime{} + seconds(1));
    CHECK(downlink_data(upf.reports()).size() == 1);
    CHECK(upf.report().held == 1);
  }
  REQUIRE(upf.apply(ReleasePduSession{NodeId{}, Seid{1}}, ModelTime{} + seconds(2)).empty());
  upf.check_conservation();
}

TEST_CASE("when a BAR suggests how many packets to keep, then no more are kept") {
  UpfUnderTest upf;
  upf.establish(buffering_rules({}, std::uint16_t{2}));
  for (std::uint16_t i = 0; i < 5; ++i) upf.send(down(i), n6);
  CHECK(upf.report().held == 2);
  CHECK(upf.dropped(DropReason::far_buffer_full) == 3);
  PduSessionUpdate update;
  update.update_bars = {{.id = BarId{1}, .suggested_buffering_packets = std::uint16_t{4}}};
  REQUIRE(upf.apply(modify(update)).empty());
  for (std::uint16_t i = 0; i < 5; ++i) upf.send(down(i), n6);
  CHECK(upf.report().held == 4);
  upf.check_conservation();
}

TEST_CASE("when the SMF has buffered packets dropped, then they go, and the next one is told again") {
  UpfUnderTest upf;
  upf.establish(buffering_rules());
  upf.send(down(1), n6);
  upf.send(down(2), n6);
  CHECK(upf.reports().size() == 1);
  PduSessionUpdate update;
  update.drop_buffered = true;
  REQUIRE(upf.apply(modify(update)).empty());
  CHECK(upf.dropped(DropReason::far_drop) == 2);
  CHECK(upf.report().held == 0);
  upf.send(down(3), n6);
  CHECK(upf.reports().size() == 1);
  REQUIRE(upf.apply(forward()).empty());
  CHECK(upf.at(n3).size() == 1);
  upf.check_conservation();
}

TEST_CASE("when end markers are sent only if asked, then a tunnel's change alone brings none") {
  UpfUnderTest upf(Options{{"end_markers", {"asked"}}});
  upf.establish(session_rules(1));
  PduSessionUpdate update;
  update.update_fars = {
      {.id = FarId{2}, .outer_header_creation = OuterHeaderCreation{Teid{800}, gnb_address}}};
  REQUIRE(upf.apply(modify(update)).empty());
  CHECK(upf.at(n3).empty());
  update.update_fars[0].outer_header_creation = OuterHeaderCreation{Teid{801}, gnb_address};
  update.update_fars[0].send_end_marker = true;
  REQUIRE(upf.apply(modify(update)).empty());
  REQUIRE(upf.at(n3).size() == 1);
  CHECK(open_tunnelled(upf.at(n3)[0]).gtpu.teid == 800);
}

TEST_CASE("when a FAR duplicates, then copies go by its duplicating parameters") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  rules.fars[0].duplicate = true;
  rules.fars[0].duplicating = {
      {.destination_interface = DestinationInterface::core,
       .outer_header_creation = OuterHeaderCreation{Teid{5}, Ipv4Address{10, 9, 9, 9}}}};
  upf.establish(rules);
  const Octets inner = datagram(ue_address(1), server, 1, 2);
  upf.send(on_n3(g_pdu(101, 5, inner)), n3);
  REQUIRE(upf.at(n6).size() == 1);
  REQUIRE(upf.at(n3).size() == 1);
  const Tunnelled copy = open_tunnelled(upf.at(n3)[0]);
  CHECK(copy.gtpu.teid == 5);
  CHECK(copy.inner == routed(inner));
  CHECK(upf.metric("duplicated") == 1);
  upf.check_conservation();
}
