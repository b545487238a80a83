// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of Ethernet PDU sessions: learning, flooding, filters (TS 23.501 clause 5.6.10.2).
#include "core/net/vlan.hpp"
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

constexpr MacAddress station(std::uint32_t n) { return MacAddress::local(0xe0000000U + n); }
constexpr MacAddress outside = MacAddress::local(0xff000001U);

PduSessionRules ethernet_rules(std::uint32_t n) {
  PduSessionRules rules = session_rules(n);
  rules.type = PduSessionType::ethernet;
  for (auto& pdr : rules.pdrs) {
    pdr.pdi.ue_ip_address.reset();
    pdr.pdi.ethernet_pdu_session = true;
  }
  return rules;
}

Octets frame(const MacAddress& from, const MacAddress& to, std::uint16_t type = 0x88f7,
             std::size_t size = 60) {
  Octets bytes(size);
  write_ethernet(bytes.data(), to, from, type);
  return bytes;
}

Octets tagged(const MacAddress& from, const MacAddress& to, std::uint16_t id) {
  Octets bytes = frame(from, to, ether_type::vlan);
  write_vlan(bytes.data() + 14, id, 3, 0x88f7);
  return bytes;
}

}  // namespace

TEST_CASE("when Ethernet frames pass, then addresses are learned uplink and lead frames downlink") {
  UpfUnderTest upf(Options{{"mac_age", {"10s"}}});
  for (std::uint32_t n = 1; n <= 3; ++n) upf.establish(ethernet_rules(n));
  const Octets up = frame(station(2), outside);
  upf.send(on_n3(g_pdu(102, 5, up)), n3);
  REQUIRE(upf.at(n6).size() == 1);
  CHECK(upf.at(n6)[0].bytes == up);
  CHECK(upf.metric("mac_addresses") == 1);

  upf.send(frame(outside, station(2)), n6, ModelTime{} + seconds(1));
  REQUIRE(upf.at(n3).size() == 1);
  const Tunnelled out = open_tunnelled(upf.at(n3)[0]);
  CHECK(out.gtpu.teid == 502);
  CHECK(out.inner == frame(outside, station(2)));
  upf.at(n3).clear();

  SECTION("an unknown address and a group are flooded") {
    upf.send(frame(outside, station(9)), n6, ModelTime{} + seconds(2));
    upf.send(frame(outside, broadcast_mac), n6, ModelTime{} + seconds(2));
    REQUIRE(upf.at(n3).size() == 6);
    for (std::size_t i = 0; i < 6; ++i) CHECK(open_tunnelled(upf.at(n3)[i]).gtpu.teid == 501 + i % 3);
  }
  SECTION("a forgotten address is flooded") {
    upf.send(frame(outside, station(2)), n6, ModelTime{} + seconds(11));
    CHECK(upf.at(n3).size() == 3);
  }
  SECTION("a session that is gone has no addresses") {
    REQUIRE(upf.apply(ReleasePduSession{NodeId{}, Seid{2}}).empty());
    CHECK(upf.metric("mac_addresses") == 0);
    upf.send(frame(outside, station(2)), n6, ModelTime{} + seconds(2));
    CHECK(upf.at(n3).size() == 2);
  }
  SECTION("any frame is accounted for") {
    for (std::size_t size = 0; size < up.size(); ++size) {
      upf.send(Octets(up.begin(), up.begin() + static_cast<std::ptrdiff_t>(size)), n6);
      upf.send(on_n3(g_pdu(102, 5, Octets(up.begin(), up.begin() + static_cast<std::ptrdiff_t>(size)))), n3);
    }
  }
  upf.check_conservation();
}

TEST_CASE("when stations of one UPF talk by 5G VN internal, then frames stay inside") {
  UpfUnderTest upf;
  for (std::uint32_t n = 1; n <= 3; ++n) {
    PduSessionRules rules = ethernet_rules(n);
    rules.fars[0].destination_interface = DestinationInterface::vn_internal;
    upf.establish(rules);
  }
  upf.send(on_n3(g_pdu(101, 5, frame(station(1), broadcast_mac))), n3);
  CHECK(upf.at(n3).size() == 2);
  upf.send(on_n3(g_pdu(103, 5, frame(station(3), station(1)))), n3);
  REQUIRE(upf.at(n3).size() == 3);
  CHECK(open_tunnelled(upf.at(n3)[2]).gtpu.teid == 501);
  CHECK(upf.at(n6).empty());
  upf.check_conservation();
}

TEST_CASE("when Ethernet packet filters are given, then only their frames match") {
  struct Case {
    const char* description;
    EthernetPacketFilter filter;
    Octets in;
    bool matches;
  };
  const Octets plain = frame(station(1), outside);
  const Octets in_vlan = tagged(station(1), outside, 100);
  const std::vector<Case> cases{
      {"source", {.sources = {{station(1), station(1)}}}, plain, true},
      {"another source", {.sources = {{station(2), station(4)}}}, plain, false},
      {"source range", {.sources = {{station(0), station(4)}}}, plain, true},
      {"destination", {.destinations = {{outside, outside}}}, plain, true},
      {"bidirectional: written for the downlink",
       {.bidirectional = true, .sources = {{outside, outside}}},
       plain,
       true},
      {"type", {.ether_type = std::uint16_t{0x88f7}}, plain, true},
      {"type behind a tag", {.ether_type = std::uint16_t{0x88f7}}, in_vlan, true},
      {"another type", {.ether_type = std::uint16_t{0x0800}}, plain, false},
      {"C-TAG", {.c_tag = VlanFilter{.id = std::uint16_t{100}}}, in_vlan, true},
      {"another C-TAG", {.c_tag = VlanFilter{.id = std::uint16_t{101}}}, in_vlan, false},
      {"C-TAG of a frame without", {.c_tag = VlanFilter{}}, plain, false},
      {"priority", {.c_tag = VlanFilter{.priority = std::uint8_t{3}}}, in_vlan, true},
      {"S-TAG", {.s_tag = VlanFilter{}}, in_vlan, false},
      {"SDF filter of a frame without IP", {.sdf_filters = {SdfFilter{}}}, plain, false},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    UpfUnderTest upf;
    PduSessionRules rules = ethernet_rules(1);
    rules.pdrs[0].pdi.ethernet_filters = {c.filter};
    upf.establish(rules);
    upf.send(on_n3(g_pdu(101, 5, c.in)), n3);
    CHECK(upf.at(n6).size() == (c.matches ? 1 : 0));
    upf.check_conservation();
  }
  UpfUnderTest upf;
  PduSessionRules rules = ethernet_rules(1);
  rules.pdrs[0].pdi.sdf_filters = {SdfFilter{.protocol = std::uint8_t{17}, .remote_ports = {{53, 53}}}};
  upf.establish(rules);
  for (const std::uint16_t port : {std::uint16_t{53}, std::uint16_t{54}})
    upf.send(on_n3(g_pdu(101, 5, ethernet(datagram(ue_address(1), server, 9, port)))), n3);
  CHECK(upf.at(n6).size() == 1);
}
