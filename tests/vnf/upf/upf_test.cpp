// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the UPF's data path on N3, N6 and N9.
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

TEST_CASE("when an uplink G-PDU of a session comes on N3, then its datagram leaves on N6") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  const Octets inner = datagram(ue_address(1), server, 1000, 53);
  upf.send(on_n3(g_pdu(101, 5, inner)), n3, ModelTime{7});

  REQUIRE(upf.at(n6).size() == 1);
  const Frame& out = upf.at(n6)[0];
  CHECK(Octets(out.bytes.begin() + 14, out.bytes.end()) == routed(inner));
  CHECK(reinterpret_cast<const Ipv4Header*>(out.bytes.data() + 14)->checksum_valid());
  CHECK(EthernetHeader::view(out.bytes.data(), 14)->destination == MacAddress::local(server.value));
  CHECK(out.metadata.qfi == 9);
  CHECK(out.metadata.slice == SliceId{3});
  CHECK(out.metadata.time == ModelTime{7});
  CHECK(upf.metric("uplink_bytes") == 100);
  upf.check_conservation();
}

TEST_CASE("when a datagram for a UE comes on N6, then it leaves on N3 in the session's tunnel") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  for (const std::size_t size : {28U, 29U, 100U, 1500U}) {
    const Octets ip = datagram(server, ue_address(1), 53, 1000, size);
    Octets padded = ethernet(ip);
    padded.resize(padded.size() + 6);  // Ethernet padding is not the user's
    upf.send(padded, n6);
    REQUIRE(upf.at(n3).size() == 1);
    const Tunnelled out = open_tunnelled(upf.at(n3)[0]);
    CHECK(out.destination == gnb_address);
    CHECK(out.dscp == 46);
    CHECK(out.gtpu.teid == 501);
    CHECK(out.gtpu.has_pdu_session);
    CHECK(out.gtpu.pdu_type == pdu_type::downlink);
    CHECK(out.gtpu.qfi == 9);
    CHECK(out.inner == routed(ip));
    upf.at(n3).clear();
  }
  CHECK(upf.metric("downlink_packets") == 4);
  upf.check_conservation();
}

TEST_CASE("when a packet cannot be carried, then it ends by its named exit") {
  const Octets inner = datagram(ue_address(1), server, 1000, 53);
  Octets bad_checksum = on_n3(g_pdu(101, 5, inner));
  bad_checksum[24] ^= std::uint8_t{1};
  Octets unknown_extension = on_n3(g_pdu(101, 5, inner));
  unknown_extension[42 + 11] = 0xc0;
  Octets gtp_prime = on_n3(g_pdu(101, 5, inner));
  gtp_prime[42] = 0x24;
  Octets arp = ethernet(inner);
  arp[13] = 0x06;
  Octets fragment = on_n3(g_pdu(101, 5, inner));
  write_ipv4(fragment.data() + 14, {.source = gnb_address,
                                    .destination = upf_address,
                                    .protocol = 17,
                                    .payload_length = static_cast<std::uint16_t>(fragment.size() - 34),
                                    .dont_fragment = false});
  fragment[20] = 0x20;
  reinterpret_cast<Ipv4Header*>(fragment.data() + 14)->checksum =
      updated_checksum(reinterpret_cast<Ipv4Header*>(fragment.data() + 14)->checksum, 0, 0x2000);

  struct Case {
    const char* description;
    Octets in;
    PortId port;
    DropReason exit;
  };
  const std::vector<Case> cases{
      {"the UE's address is forged", on_n3(g_pdu(101, 5, datagram(ue_address(2), server, 1, 2))), n3,
       DropReason::no_pdr},
      {"no UE has the destination", ethernet(datagram(server, ue_address(9), 1, 2)), n6, DropReason::no_pdr},
      {"the destination is 0.0.0.0", ethernet(datagram(server, Ipv4Address{}, 1, 2)), n6, DropReason::no_pdr},
      {"a plain datagram comes on N3", ethernet(datagram(server, ue_address(1), 1, 2)), n3,
       DropReason::unknown_destination},
      {"ARP", arp, n6, DropReason::unknown_destination},
      {"outer checksum is wrong", bad_checksum, n3, DropReason::malformed},
      {"version is not GTP 1", gtp_prime, n3, DropReason::malformed},
      {"extension that must be comprehended", unknown_extension, n3, DropReason::unsupported_gtpu},
      {"a fragmented outer header", fragment, n3, DropReason::unsupported_gtpu},
      {"time to live is used up on the uplink",
       on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1, 2, 50, 1))), n3, DropReason::hop_limit},
      {"time to live is used up on the downlink", ethernet(datagram(server, ue_address(1), 1, 2, 50, 1)), n6,
       DropReason::hop_limit},
      {"the user's packet is not IPv4", on_n3(g_pdu(101, 5, Octets(40, 0x60))), n3, DropReason::malformed},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    UpfUnderTest upf;
    upf.establish(session_rules(1));
    upf.send(c.in, c.port);
    CHECK(upf.dropped(c.exit) == 1);
    CHECK(upf.exits.ledger().dropped_total() == 1);
    CHECK(upf.at(n3).size() == static_cast<std::size_t>(upf.metric("extension_notices_sent")));
    CHECK(upf.at(n6).empty());
    upf.check_conservation();
  }
}

TEST_CASE("when a frame is cut at any length or has any octet changed, then it is accounted for") {
  UpfUnderTest upf;
  upf.establish(session_rules(1));
  const std::vector<std::pair<Octets, PortId>> frames{
      {on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1000, 53))), n3},
      {ethernet(datagram(server, ue_address(1), 53, 1000)), n6},
      {on_n3(Octets{0x32, 1, 0, 4, 0, 0, 0, 0, 0, 7, 0, 0}), n3}};
  for (const auto& [frame, port] : frames) {
    for (std::size_t size = 0; size < frame.size(); ++size) {
      upf.send(Octets(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)), port);
      INFO(size);
      CHECK(upf.exits.ledger().dropped_total() == 1);
      upf.exits.ledger() = Ledger{};
    }
    for (std::size_t i = 0; i < frame.size(); ++i)
      for (const std::uint8_t value : Octets{0x00, 0x01, 0x7f, 0x80, 0xff}) {
        Octets changed = frame;
        changed[i] = value;
        upf.send(changed, port);
        // Right outer checksums lead the change further in.
        if (i >= 14 && i < 34 && changed.size() > 34) {
          auto* ip = reinterpret_cast<Ipv4Header*>(changed.data() + 14);
          ip->checksum = std::uint16_t{0};
          ip->checksum = internet_checksum(changed.data() + 14, 20);
          upf.send(changed, port);
        }
      }
    upf.check_conservation();
    upf.exits.ledger() = Ledger{};
  }
}

TEST_CASE("when a G-PDU comes for an unknown tunnel, then an error indication goes back") {
  UpfUnderTest upf;
  upf.send(on_n3(g_pdu(0x1234, 5, datagram(ue_address(1), server, 1, 2))), n3, ModelTime{50});
  CHECK(upf.dropped(DropReason::no_pdr) == 1);
  REQUIRE(upf.at(n3).size() == 1);
  const Octets& bytes = upf.at(n3)[0].bytes;
  Octets expected(24);
  write_gtpu_error_indication(expected.data(), 0x1234, upf_address);
  CHECK(Octets(bytes.begin() + 42, bytes.end()) == expected);
  CHECK(reinterpret_cast<const Ipv4Header*>(bytes.data() + 14)->destination() == gnb_address);
  CHECK(upf.at(n3)[0].metadata.time == ModelTime{50});
  upf.check_conservation();
}

TEST_CASE(
    "when an echo request comes, then a response with its sequence number and a Recovery element goes back") {
  UpfUnderTest upf;
  Octets request(12);
  write_gtpu_echo_request(request.data(), 0xbeef);
  upf.send(on_n3(request, gnb_address, 40000), n3);
  Octets longer = request;  // with a private extension
  longer.insert(longer.end(), {255, 0, 3, 0, 1, 9});
  longer[3] = 10;
  upf.send(on_n3(longer, gnb_address, 40000), n3);
  REQUIRE(upf.at(n3).size() == 2);
  Octets expected(14);
  write_gtpu_echo_response(expected.data(), 0xbeef);
  for (const Frame& frame : upf.at(n3)) {
    const auto* ip = Ipv4Header::view(frame.bytes.data() + 14, frame.bytes.size() - 14);
    REQUIRE(ip != nullptr);
    CHECK(ip->checksum_valid());
    CHECK(ip->destination() == gnb_address);
    CHECK(UdpHeader::view(ip->payload(), ip->payload_length())->destination_port == 40000);
    CHECK(EthernetHeader::view(frame.bytes.data(), 14)->destination == MacAddress::local(2));
    CHECK(Octets(frame.bytes.begin() + 42, frame.bytes.end()) == expected);
  }
  CHECK(upf.metric("echo_requests") == 2);
  upf.check_conservation();
}

TEST_CASE("when an end marker, echo response or error indication comes, then it ends here") {
  UpfUnderTest upf;
  Octets marker(8), response(14), indication(24);
  write_gtpu_end_marker(marker.data(), 101);
  write_gtpu_echo_response(response.data(), 1);
  write_gtpu_error_indication(indication.data(), 5, gnb_address);
  for (const Octets& message : {marker, response, indication}) upf.send(on_n3(message), n3);
  CHECK(upf.exits.ledger().consumed == 3);
  CHECK(upf.metric("end_markers_received") == 1);
  CHECK(upf.metric("error_indications_received") == 1);
  upf.check_conservation();
}

TEST_CASE("when the FAR says 5G VN internal, then the packet goes down to the other UE in the same pass") {
  UpfUnderTest upf;
  for (const std::uint32_t n : {1U, 2U}) {
    PduSessionRules rules = session_rules(n);
    rules.fars[0].destination_interface = DestinationInterface::vn_internal;
    upf.establish(rules);
  }
  const Octets inner = datagram(ue_address(1), ue_address(2), 4000, 4001);
  upf.send(on_n3(g_pdu(101, 5, inner)), n3);
  REQUIRE(upf.at(n3).size() == 1);
  const Tunnelled out = open_tunnelled(upf.at(n3)[0]);
  CHECK(out.gtpu.teid == 502);
  CHECK(out.inner == routed(inner));
  CHECK(upf.metric("local_switched") == 1);
  CHECK(upf.metric("uplink_packets") == 1);
  CHECK(upf.metric("downlink_packets") == 1);

  upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1, 2))), n3);
  CHECK(upf.dropped(DropReason::no_pdr) == 1);
  upf.check_conservation();
}

TEST_CASE(
    "when the FAR creates an outer header towards core, then the packet is relayed to the next UPF on N9") {
  UpfUnderTest upf(Options{{"n3_ports", {"0"}}, {"n6_ports", {"1"}}, {"n9_ports", {"2"}}}, 3);
  PduSessionRules rules = session_rules(1);
  const Ipv4Address anchor{10, 0, 9, 9};
  rules.fars[0].outer_header_creation = OuterHeaderCreation{Teid{77}, anchor};
  rules.pdrs[1].pdi.local_f_teid = FTeid{Teid{900}, upf_address};
  rules.pdrs[1].outer_header_removal = true;
  upf.establish(rules);
  const Octets up = datagram(ue_address(1), server, 1000, 53);
  upf.send(on_n3(g_pdu(101, 9, up)), n3);
  REQUIRE(upf.at(PortId{2}).size() == 1);
  const Tunnelled out = open_tunnelled(upf.at(PortId{2})[0]);
  CHECK(out.destination == anchor);
  CHECK(out.gtpu.teid == 77);
  CHECK(out.gtpu.pdu_type == pdu_type::uplink);
  CHECK(out.inner == up);  // relayed, not routed

  const Octets down = datagram(server, ue_address(1), 53, 1000);
  upf.send(on_n3(g_pdu(900, 9, down, pdu_type::downlink), anchor), PortId{2});
  REQUIRE(upf.at(n3).size() == 1);
  CHECK(open_tunnelled(upf.at(n3)[0]).inner == down);
  CHECK(upf.metric("downlink_packets") == 1);
  upf.check_conservation();
}

TEST_CASE("when the UPF has one port, then it carries N3 and N6") {
  UpfUnderTest upf({}, 1);
  upf.establish(session_rules(1));
  upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1000, 53))), n3);
  upf.send(ethernet(datagram(server, ue_address(1), 53, 1000)), n3);
  REQUIRE(upf.at(n3).size() == 2);
  CHECK(open_tunnelled(upf.at(n3)[1]).gtpu.teid == 501);
}

TEST_CASE("when PDRs have SDF filters, then the first by precedence that matches applies") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  rules.qers.push_back({.id = QerId{2}, .qfi = Qfi{86}});
  rules.qers[1].qfi = Qfi{6};
  for (const std::size_t base : {0U, 1U}) {
    PacketDetectionRule pdr = rules.pdrs[base];
    pdr.id = PdrId{static_cast<std::uint16_t>(10 + base)};
    pdr.precedence = 10;
    pdr.qers = {QerId{2}};
    pdr.pdi.sdf_filters = {SdfFilter{.protocol = std::uint8_t{17},
                                     .remote = Ipv4Prefix{Ipv4Address{8, 8, 8, 0}, 24},
                                     .remote_ports = {{50, 60}}}};
    rules.pdrs.push_back(pdr);
  }
  upf.establish(rules);
  struct Case {
    const char* description;
    Ipv4Address remote;
    std::uint16_t port;
    std::uint8_t qfi;
  };
  for (const Case& c : std::vector<Case>{{"lowest port", {8, 8, 8, 8}, 50, 6},
                                         {"highest port", {8, 8, 8, 255}, 60, 6},
                                         {"port below", {8, 8, 8, 8}, 49, 9},
                                         {"port above", {8, 8, 8, 8}, 61, 9},
                                         {"other network", {8, 8, 9, 8}, 53, 9}}) {
    INFO(c.description);
    upf.send(ethernet(datagram(c.remote, ue_address(1), c.port, 1000)), n6);
    upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), c.remote, 1000, c.port))), n3);
    CHECK(open_tunnelled(upf.at(n3).back()).gtpu.qfi == c.qfi);
    CHECK(upf.at(n6).back().metadata.qfi == c.qfi);
  }
  upf.check_conservation();
}

TEST_CASE("when a PDR asks for a QFI, then only packets marked so match it") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  rules.pdrs[0].pdi.qfis = {Qfi{5}};
  upf.establish(rules);
  const Octets inner = datagram(ue_address(1), server, 1, 2);
  upf.send(on_n3(g_pdu(101, 5, inner)), n3);
  upf.send(on_n3(g_pdu(101, 4, inner)), n3);
  CHECK(upf.at(n6).size() == 1);
  CHECK(upf.dropped(DropReason::no_pdr) == 1);
  CHECK(upf.at(n3).empty());  // the tunnel exists: no error indication
}

TEST_CASE("when the same packets come in other bursts, then the result is the same") {
  const auto run = [](std::uint64_t cut_seed) {
    UpfUnderTest upf;
    for (std::uint32_t n = 1; n <= 8; ++n) {
      PduSessionRules rules = session_rules(n, {BitsPerSecond{400'000}, BitsPerSecond{700'000}});
      if (n % 2 == 0) rules.fars[0].destination_interface = DestinationInterface::vn_internal;
      upf.establish(rules);
    }
    RandomStream traffic(1, "traffic", "test"), cuts(cut_seed, "cuts", "test");
    Burst burst;
    auto length = cuts.between(1, 64);
    std::int64_t now = 0;
    for (int i = 0; i < 4000; ++i) {
      now += traffic.between(0, 200'000);
      const auto a = static_cast<std::uint32_t>(traffic.between(1, 9));
      const auto b = static_cast<std::uint32_t>(traffic.between(1, 9));
      const auto size = static_cast<std::size_t>(traffic.between(40, 1400));
      burst.push(
          traffic.chance(0.5)
              ? upf.packet(on_n3(g_pdu(100 + a, 9, datagram(ue_address(a), ue_address(b), 1, 2, size))), n3,
                           ModelTime{now})
              : upf.packet(ethernet(datagram(server, ue_address(b), 1, 2, size)), n6, ModelTime{now}));
      if (burst.size() == static_cast<std::uint32_t>(length)) {
        upf.function->process(burst, upf.exits);
        burst.clear();
        upf.exits.flush_all();
        length = cuts.between(1, 64);
      }
    }
    upf.function->process(burst, upf.exits);
    upf.exits.flush_all();
    upf.check_conservation();
    std::vector<Octets> out;
    for (const auto& recorder : upf.recorders)
      for (const Frame& frame : recorder.frames) out.push_back(frame.bytes);
    CHECK(upf.dropped(DropReason::session_ambr_exceeded) > 100);
    CHECK(out.size() > 1000);
    return std::pair{out, upf.exits.ledger().dropped};
  };
  const auto first = run(1);
  for (const std::uint64_t seed : {2U, 3U, 4U}) CHECK(run(seed) == first);
}

TEST_CASE("when 100,000 sessions are established, then each packet finds its own") {
  UpfUnderTest upf;
  constexpr std::uint32_t count = 100'000;
  for (std::uint32_t n = 1; n <= count; ++n) upf.establish(session_rules(n));
  CHECK(upf.metric("sessions") == count);
  RandomStream random(5, "lookups", "test");
  for (int i = 0; i < 2000; ++i) {
    const auto n = static_cast<std::uint32_t>(random.between(1, count));
    upf.send(ethernet(datagram(server, ue_address(n), 1, 2)), n6);
    // The gNB's TEID tells the session.
    REQUIRE(open_tunnelled(upf.at(n3).back()).gtpu.teid == 500 + n);
    upf.send(on_n3(g_pdu(100 + n, 9, datagram(ue_address(n), server, 1, 2))), n3);
    upf.at(n3).clear();
  }
  CHECK(upf.at(n6).size() == 2000);
  for (std::uint32_t n = 1; n <= count; n += 2)
    REQUIRE(upf.apply(ReleasePduSession{NodeId{}, Seid{n}}).empty());
  for (int i = 0; i < 2000; ++i) {
    const auto n = static_cast<std::uint32_t>(random.between(1, count));
    const std::size_t before = upf.at(n3).size();
    upf.send(ethernet(datagram(server, ue_address(n), 1, 2)), n6);
    REQUIRE(upf.at(n3).size() - before == (n % 2 == 0 ? 1 : 0));
  }
  upf.check_conservation();
}
