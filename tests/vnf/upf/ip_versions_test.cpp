// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of IPv6 and IPv4v6 sessions, of what goes to and comes from the control plane, and of packets that do not fit.
#include "core/net/icmp.hpp"
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

Ipv6Address v6(const char* text) { return *Ipv6Address::parse(text); }

Octets datagram6(const Ipv6Address& source, const Ipv6Address& destination, std::uint16_t destination_port,
                 std::size_t size = 100, std::uint8_t hops = 64) {
  Octets ip(size);
  write_ipv6(ip.data(), {.source = source,
                         .destination = destination,
                         .next_header = ip_protocol::udp,
                         .payload_length = static_cast<std::uint16_t>(size - 40),
                         .hop_limit = hops});
  write_udp(ip.data() + 40, 1000, destination_port, static_cast<std::uint16_t>(size - 48));
  return ip;
}

Octets ethernet6(const Octets& ip) {
  Octets frame = ethernet(ip);
  frame[12] = 0x86;
  frame[13] = 0xdd;
  return frame;
}

Octets routed6(Octets ip) {
  --ip[7];
  return ip;
}

const Ipv6Address server6 = v6("2001:db8:ffff::8");

PduSessionRules dual_rules(const char* prefix) {
  PduSessionRules rules = session_rules(1);
  rules.type = PduSessionType::ipv4v6;
  for (auto& pdr : rules.pdrs) pdr.pdi.ue_ipv6_prefix = *Ipv6Prefix::parse(prefix);
  return rules;
}

}  // namespace

TEST_CASE("when a session has an IPv6 prefix, then every address of it passes both ways, beside IPv4") {
  for (const char* prefix :
       {"2001:db8:1::/64", "2001:db8:1::/56", "2001:db8:1::5/128", "2001:db8:1::4/126"}) {
    INFO(prefix);
    UpfUnderTest upf;
    upf.establish(dual_rules(prefix));
    const Ipv6Address ue = v6("2001:db8:1::5");
    const Octets up = datagram6(ue, server6, 53);
    upf.send(on_n3(g_pdu(101, 5, up)), n3);
    REQUIRE(upf.at(n6).size() == 1);
    const Octets& out = upf.at(n6)[0].bytes;
    CHECK(EthernetHeader::view(out.data(), out.size())->type == ether_type::ipv6);
    CHECK(Octets(out.begin() + 14, out.end()) == routed6(up));

    const Octets down = datagram6(server6, ue, 1000);
    upf.send(ethernet6(down), n6);
    REQUIRE(upf.at(n3).size() == 1);
    CHECK(open_tunnelled(upf.at(n3)[0]).inner == routed6(down));

    // Not its own: forged, or nobody's.
    upf.send(on_n3(g_pdu(101, 5, datagram6(v6("2001:db8:2::5"), server6, 53))), n3);
    upf.send(ethernet6(datagram6(server6, v6("2001:db8:2::5"), 53)), n6);
    CHECK(upf.dropped(DropReason::no_pdr) == 2);
    upf.send(on_n3(g_pdu(101, 5, datagram6(ue, server6, 53, 100, 1))), n3);
    CHECK(upf.dropped(DropReason::hop_limit) == 1);
    upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1, 2))), n3);
    CHECK(upf.at(n6).size() == 2);
    upf.check_conservation();
  }
}

TEST_CASE("when an IPv6 packet is cut anywhere, then it is accounted for") {
  UpfUnderTest upf;
  upf.establish(dual_rules("2001:db8:1::/64"));
  const Octets frame = on_n3(g_pdu(101, 5, datagram6(v6("2001:db8:1::5"), server6, 53)));
  const Octets plain = ethernet6(datagram6(server6, v6("2001:db8:1::5"), 53));
  for (std::size_t size = 0; size < plain.size(); ++size)
    upf.send(Octets(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(size)), n6);
  for (std::size_t size = 0; size < frame.size(); ++size)
    upf.send(Octets(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size)), n3);
  CHECK(upf.exits.ledger().dropped_total() == plain.size() + frame.size());
  upf.check_conservation();
}

TEST_CASE("when two sessions want one IPv6 prefix, then the second is refused, until the first is gone") {
  UpfUnderTest upf;
  upf.establish(dual_rules("2001:db8:1::/64"));
  PduSessionRules second = session_rules(2);
  for (auto& pdr : second.pdrs) pdr.pdi.ue_ipv6_prefix = Ipv6Prefix{v6("2001:db8:1::7"), 64};
  CHECK_THAT(upf.apply(EstablishPduSession{NodeId{}, second}), Catch::Contains("UE prefix"));
  REQUIRE(upf.apply(ReleasePduSession{NodeId{}, Seid{1}}).empty());
  upf.establish(second);
}

TEST_CASE("when filters ask for IPv6 members, then they are matched") {
  struct Case {
    const char* description;
    SdfFilter filter;
    bool matches;
  };
  const std::vector<Case> cases{
      {"remote prefix", {.remote = *Ipv6Prefix::parse("2001:db8:ffff::/48")}, true},
      {"other prefix", {.remote = *Ipv6Prefix::parse("2001:db8:fffe::/48")}, false},
      {"IPv4 any", {.remote = Ipv4Prefix{}}, false},
      {"protocol", {.protocol = std::uint8_t{17}}, true},
      {"other protocol", {.protocol = std::uint8_t{6}}, false},
      {"one of several ports", {.local_ports = {{1, 9}, {1000, 1000}}}, true},
      {"none of them", {.local_ports = {{1, 9}, {1001, 1002}}}, false},
      {"traffic class", {.tos_traffic_class = MaskedOctet{0x10, 0xf0}}, false},
      {"flow label", {.flow_label = 0U}, true},
      {"other flow label", {.flow_label = 1U}, false},
      {"SPI", {.security_parameter_index = 1U}, false},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    UpfUnderTest upf;
    PduSessionRules rules = dual_rules("2001:db8:1::/64");
    rules.pdrs[1].pdi.sdf_filters = {c.filter};
    upf.establish(rules);
    upf.send(ethernet6(datagram6(server6, v6("2001:db8:1::5"), 1000)), n6);
    CHECK(upf.at(n3).size() == (c.matches ? 1 : 0));
  }
}

TEST_CASE(
    "when router solicitations go to the SMF and its advertisements come back, then they pass by N4-u") {
  const Ipv4Address smf{10, 0, 9, 9};
  UpfUnderTest upf;
  PduSessionRules rules = dual_rules("2001:db8:1::/64");
  PacketDetectionRule solicitation = rules.pdrs[0];
  solicitation.id = PdrId{4};
  solicitation.precedence = 1;
  solicitation.pdi.ue_ip_address.reset();
  solicitation.pdi.ue_ipv6_prefix.reset();
  solicitation.pdi.sdf_filters = {
      {.protocol = std::uint8_t{58}, .remote = *Ipv6Prefix::parse("ff02::2/128")}};
  solicitation.far = FarId{4};
  PacketDetectionRule advertisement{.id = PdrId{3}, .outer_header_removal = true, .far = FarId{2}};
  advertisement.pdi = {.source_interface = SourceInterface::cp_function,
                       .local_f_teid = FTeid{Teid{700}, upf_address}};
  rules.pdrs.push_back(solicitation);
  rules.pdrs.push_back(advertisement);
  rules.fars.push_back({.id = FarId{4},
                        .destination_interface = DestinationInterface::cp_function,
                        .outer_header_creation = OuterHeaderCreation{Teid{44}, smf}});
  upf.establish(rules);
  Octets rs = datagram6(v6("fe80::1"), v6("ff02::2"), 0, 48, 255);
  rs[6] = 58;
  upf.send(on_n3(g_pdu(101, 5, rs)), n3);
  REQUIRE(upf.at(n3).size() == 1);
  const Tunnelled out = open_tunnelled(upf.at(n3)[0]);
  CHECK(out.destination == smf);
  CHECK(out.gtpu.teid == 44);
  CHECK_FALSE(out.gtpu.has_pdu_session);
  CHECK(out.inner == rs);

  Octets gtpu(8);
  Octets ra = datagram6(v6("fe80::2"), v6("ff02::1"), 0, 60, 255);
  write_gtpu(gtpu.data(), gtpu_message::g_pdu, 700, static_cast<std::uint16_t>(ra.size()));
  gtpu.insert(gtpu.end(), ra.begin(), ra.end());
  upf.send(on_n3(gtpu, smf), n3);
  REQUIRE(upf.at(n3).size() == 2);
  const Tunnelled to_ue = open_tunnelled(upf.at(n3)[1]);
  CHECK(to_ue.gtpu.teid == 501);
  CHECK(to_ue.gtpu.has_pdu_session);
  CHECK(to_ue.inner == ra);
  upf.check_conservation();
}

TEST_CASE(
    "when a datagram does not fit N3 and may be fragmented, then its pieces come in tunnels of their own") {
  UpfUnderTest upf(Options{{"n3_mtu", {"1280"}}});
  upf.establish(session_rules(1));
  Octets ip = datagram(server, ue_address(1), 1, 2, 1500);
  write_ipv4(ip.data(), {.source = server,
                         .destination = ue_address(1),
                         .protocol = 17,
                         .payload_length = 1480,
                         .identification = 7,
                         .dont_fragment = false});
  upf.send(ethernet(ip), n6, ModelTime{5});
  REQUIRE(upf.at(n3).size() == 2);
  Octets whole;
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(upf.at(n3)[i].bytes.size() <= 1294);
    CHECK(upf.at(n3)[i].metadata.time == ModelTime{5});
    const Tunnelled out = open_tunnelled(upf.at(n3)[i]);
    const auto* piece = Ipv4Header::view(out.inner.data(), out.inner.size());
    REQUIRE(piece != nullptr);
    CHECK(piece->checksum_valid());
    CHECK(piece->identification == 7);
    CHECK(piece->fragment_offset() == whole.size());
    CHECK(piece->more_fragments() == (i < 1));
    whole.insert(whole.end(), piece->payload(), piece->payload() + piece->payload_length());
  }
  CHECK(whole == Octets(ip.begin() + 20, ip.end()));
  // Just as large as fits.
  upf.send(ethernet(datagram(server, ue_address(1), 1, 2, 1236)), n6);
  CHECK(upf.at(n3).size() == 3);
  upf.check_conservation();
}

TEST_CASE("when a packet must not be fragmented, then its sender is told the MTU") {
  UpfUnderTest upf(Options{{"n3_mtu", {"1400"}}, {"n6_mtu", {"1300"}}});
  upf.establish(dual_rules("2001:db8:1::/64"));
  const Octets down = datagram(server, ue_address(1), 1, 2, 1357);
  upf.send(ethernet(down), n6);
  CHECK(upf.at(n3).empty());
  REQUIRE(upf.at(n6).size() == 1);
  const Octets& answer = upf.at(n6)[0].bytes;
  const auto* ip = Ipv4Header::view(answer.data() + 14, answer.size() - 14);
  REQUIRE(ip != nullptr);
  CHECK(ip->destination() == server);
  const auto* icmp = IcmpHeader::view(ip->payload(), ip->payload_length());
  CHECK(icmp->type == icmp_type::destination_unreachable);
  CHECK(icmp->code == icmp_code::fragmentation_needed);
  CHECK(icmp->sequence_number == 1356);
  CHECK(internet_checksum(ip->payload(), ip->payload_length()) == 0);

  // The UE is told through its own session.
  upf.send(on_n3(g_pdu(101, 5, datagram(ue_address(1), server, 1, 2, 1301))), n3);
  REQUIRE(upf.at(n3).size() == 1);
  const Tunnelled to_ue = open_tunnelled(upf.at(n3)[0]);
  CHECK(Ipv4Header::view(to_ue.inner.data(), to_ue.inner.size())->protocol == ip_protocol::icmp);

  upf.send(ethernet6(datagram6(server6, v6("2001:db8:1::5"), 1, 1400)), n6);
  REQUIRE(upf.at(n6).size() == 2);
  const Octets& answer6 = upf.at(n6)[1].bytes;
  const auto* ip6 = Ipv6Header::view(answer6.data() + 14, answer6.size() - 14);
  REQUIRE(ip6 != nullptr);
  CHECK(ip6->destination == server6);
  CHECK(ip6->payload()[0] == 2);
  CHECK((ip6->payload()[6] << 8 | ip6->payload()[7]) == 1356);
  std::uint16_t sum = ones_complement_sum(ip6->source.octets.data(), 32);
  sum = fold_checksum(std::uint64_t{sum} + ip6->payload_length() + 58);
  CHECK(ones_complement_sum(ip6->payload(), ip6->payload_length(), sum) == 0xffff);
  CHECK(upf.dropped(DropReason::too_big) == 3);
  upf.check_conservation();
}
