// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of several data networks, N9 and the uplink classifier, and of GTP-U's error and extension messages.
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

constexpr PortId edge{2};

Options two_networks() {
  return {{"n3_ports", {"0"}}, {"n6_ports", {"1", "2"}}, {"network_instances", {"internet=1", "edge=2"}}};
}

}  // namespace

TEST_CASE("when FARs name network instances, then packets leave by their ports, and PDRs tell them apart") {
  UpfUnderTest upf(two_networks(), 3);
  PduSessionRules rules = session_rules(1);
  rules.fars[0].network_instance = "internet";
  rules.pdrs[1].pdi.network_instance = "internet";
  // The uplink classifier: one address range goes to the edge's data network.
  PacketDetectionRule local = rules.pdrs[0];
  local.id = PdrId{3};
  local.precedence = 1;
  local.pdi.sdf_filters = {SdfFilter{.remote = Ipv4Prefix{Ipv4Address{192, 168, 0, 0}, 16}}};
  local.far = FarId{3};
  rules.pdrs.push_back(local);
  rules.fars.push_back(
      {.id = FarId{3}, .destination_interface = DestinationInterface::core, .network_instance = "edge"});
  upf.establish(rules);
  upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1, 2))), n3);
  CHECK(upf.at(n6).size() == 1);
  upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), Ipv4Address{192, 168, 1, 1}, 1, 2))), n3);
  CHECK(upf.at(edge).size() == 1);
  const Octets down = ethernet(datagram(server, ue_address(1), 1, 2));
  upf.send(down, n6);
  CHECK(upf.at(n3).size() == 1);
  upf.send(down, edge);
  CHECK(upf.dropped(DropReason::no_pdr) == 1);
  upf.check_conservation();
}

TEST_CASE("when packets of a burst leave by different ports, then each leaves by its own") {
  UpfUnderTest upf(two_networks(), 3);
  for (const std::uint32_t n : {1U, 2U}) {
    PduSessionRules rules = session_rules(n);
    rules.fars[0].network_instance = n == 1 ? "internet" : "edge";
    upf.establish(rules);
  }
  std::vector<UpfUnderTest::Coming> burst;
  for (const std::uint32_t n : {1U, 2U, 2U, 1U, 2U, 1U, 1U})
    burst.push_back({on_n3(g_pdu(100 + n, 5, datagram(ue_address(n), server, 1, 2))), n3});
  for (int round = 1; round <= 2; ++round) {  // the first packet of a session goes by its rules
    upf.send(burst);
    CHECK(upf.at(n6).size() == 4U * static_cast<unsigned>(round));
    CHECK(upf.at(edge).size() == 3U * static_cast<unsigned>(round));
  }
  upf.check_conservation();
}

TEST_CASE("when a network instance names no N6 port, then the UPF is refused") {
  for (const char* text : {"internet", "=1", "internet=", "internet=9", "internet=0", "internet=1x"}) {
    INFO(text);
    FunctionSetup setup;
    setup.name = "upf1";
    std::vector<Problem> problems;
    setup.options = *OptionValues::parse(
        upf_descriptor.options,
        Options{{"n3_ports", {"0"}}, {"n6_ports", {"1"}}, {"network_instances", {text}}}, &problems);
    setup.address = upf_address;
    setup.ports.resize(2);
    CHECK_FALSE(upf_descriptor.create(setup));
  }
}

TEST_CASE(
    "when an intermediate UPF branches, then the anchor's traffic is relayed both ways and the edge's is "
    "not") {
  const Ipv4Address anchor{10, 0, 2, 2};
  UpfUnderTest upf(Options{{"n3_ports", {"0"}}, {"n9_ports", {"1"}}, {"n6_ports", {"2"}}}, 3);
  PduSessionRules rules = session_rules(1);
  PacketDetectionRule from_anchor = rules.pdrs[1];
  from_anchor.id = PdrId{3};
  from_anchor.pdi.local_f_teid = FTeid{Teid{300}, upf_address};
  from_anchor.outer_header_removal = true;
  PacketDetectionRule to_edge = rules.pdrs[0];
  to_edge.id = PdrId{4};
  to_edge.precedence = 1;
  to_edge.pdi.sdf_filters = {SdfFilter{.remote = Ipv4Prefix{Ipv4Address{192, 168, 0, 0}, 16}}};
  to_edge.far = FarId{3};
  rules.pdrs.push_back(from_anchor);
  rules.pdrs.push_back(to_edge);
  rules.fars[0].outer_header_creation = OuterHeaderCreation{Teid{900}, anchor};
  rules.fars.push_back({.id = FarId{3}, .destination_interface = DestinationInterface::core});
  upf.establish(rules);
  const Octets up = datagram(ue_address(1), server, 1, 2);
  upf.send(on_n3(g_pdu(101, 5, up)), n3);
  REQUIRE(upf.at(PortId{1}).size() == 1);
  const Tunnelled relayed = open_tunnelled(upf.at(PortId{1})[0]);
  CHECK(relayed.destination == anchor);
  CHECK(relayed.gtpu.teid == 900);
  CHECK(relayed.gtpu.pdu_type == pdu_type::uplink);
  CHECK(relayed.inner == up);
  const Octets down = datagram(server, ue_address(1), 2, 1);
  upf.send(on_n3(g_pdu(300, 5, down, pdu_type::downlink), anchor), PortId{1});
  REQUIRE(upf.at(n3).size() == 1);
  CHECK(open_tunnelled(upf.at(n3)[0]).inner == down);
  upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), Ipv4Address{192, 168, 1, 1}, 1, 2))), n3);
  CHECK(upf.at(PortId{2}).size() == 1);
  upf.send(ethernet(datagram(Ipv4Address{192, 168, 1, 1}, ue_address(1), 1, 2)), PortId{2});
  CHECK(upf.at(n3).size() == 2);
  upf.check_conservation();
}

TEST_CASE("when a peer does not know a tunnel, then the SMF is told which session's it is") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  const auto indication = [](std::uint32_t teid, Ipv4Address peer) {
    Octets gtpu(24);
    write_gtpu_error_indication(gtpu.data(), teid, peer);
    return gtpu;
  };
  upf.send(on_n3(indication(501, gnb_address)), n3, ModelTime{8});
  const auto reports = upf.reports();
  REQUIRE(reports.size() == 1);
  CHECK(reports[0].seid == Seid{1});
  CHECK(reports[0].at == ModelTime{8});
  CHECK(std::get<ErrorIndicationReport>(reports[0].content).remote ==
        OuterHeaderCreation{Teid{501}, gnb_address});
  // Another's tunnel, another peer, and anything broken.
  upf.send(on_n3(indication(502, gnb_address)), n3);
  upf.send(on_n3(indication(501, server)), n3);
  const Octets whole = indication(501, gnb_address);
  for (std::size_t size = 8; size < whole.size(); ++size) {
    Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    cut[3] = static_cast<std::uint8_t>(size - 8);
    upf.send(on_n3(cut), n3);
  }
  CHECK(upf.reports().empty());
  // The tunnel moved: the old one is nobody's.
  PduSessionUpdate update;
  update.update_fars = {
      {.id = FarId{2}, .outer_header_creation = OuterHeaderCreation{Teid{800}, gnb_address}}};
  REQUIRE(upf.apply(modify(update)).empty());
  upf.send(on_n3(indication(501, gnb_address)), n3);
  CHECK(upf.reports().empty());
  upf.send(on_n3(indication(800, gnb_address)), n3);
  CHECK(upf.reports().size() == 1);
  upf.check_conservation();
}

TEST_CASE(
    "when a peer in use answers no echo request, then its path fails, and recovers with its first answer") {
  UpfUnderTest upf(Options{{"echo_interval", {"60s"}}, {"echo_timeout", {"3s"}}, {"echo_attempts", {"3"}}});
  upf.establish(session_rules(1));
  const auto at = [](std::int64_t s) { return ModelTime{} + seconds(s); };
  const auto respond = [&](std::uint16_t sequence, ModelTime when) {
    Octets gtpu(gtpu_echo_response_size);
    write_gtpu_echo_response(gtpu.data(), sequence);
    upf.send(on_n3(gtpu), n3, when);
  };
  upf.advance(at(60));
  REQUIRE(upf.at(n3).size() == 1);
  const Tunnelled request = open_tunnelled(upf.at(n3)[0]);
  CHECK(request.destination == gnb_address);
  CHECK(request.gtpu.message_type == gtpu_message::echo_request);
  CHECK(request.gtpu.sequence_number == 1);
  CHECK(upf.at(n3)[0].metadata.time == at(60));
  respond(1, at(61));
  upf.advance(at(120));
  CHECK(upf.at(n3).size() == 1);
  // At 121 s, 124 s and 127 s; an answer to another request is none.
  upf.advance(at(125));
  respond(1, at(126));
  upf.advance(at(129));
  CHECK(upf.at(n3).size() == 4);
  CHECK(upf.reports().empty());
  upf.advance(at(130));
  auto reports = upf.reports();
  REQUIRE(reports.size() == 1);
  CHECK(std::get<PathReport>(reports[0].content) == PathReport{.peer = gnb_address, .failed = true});
  CHECK(reports[0].seid == Seid{});
  // It goes on asking.
  upf.advance(at(191));
  CHECK(upf.at(n3).size() == 5);
  CHECK(upf.reports().empty());
  respond(3, at(192));
  reports = upf.reports();
  REQUIRE(reports.size() == 1);
  CHECK(std::get<PathReport>(reports[0].content) == PathReport{.peer = gnb_address, .failed = false});
  upf.advance(at(252));
  CHECK(upf.at(n3).size() == 6);
  upf.check_conservation();
  // A peer that nobody uses is asked nothing.
  REQUIRE(upf.apply(ReleasePduSession{NodeId{}, Seid{1}}, at(300)).empty());
  const std::size_t sent = upf.at(n3).size();
  upf.advance(at(1000));
  CHECK(upf.at(n3).size() == sent);
}

TEST_CASE("when an extension header must be comprehended and is not, then the sender is told what is") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  Octets frame = on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1, 2)));
  frame[42 + 11] = 0xc0;
  upf.send(frame, n3);
  CHECK(upf.dropped(DropReason::unsupported_gtpu) == 1);
  REQUIRE(upf.at(n3).size() == 1);
  Octets expected(gtpu_supported_extension_headers_size);
  write_gtpu_supported_extension_headers(expected.data());
  const Octets& bytes = upf.at(n3)[0].bytes;
  CHECK(Octets(bytes.begin() + 42, bytes.end()) == expected);
  upf.check_conservation();
}
