// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The switch by packet tables: longest prefix, slices, MAC addresses, flooding, ECMP and ports that are down.
#include "vnf/switch/switch.hpp"

#include <set>

#include "tests/vnf/function_bed.hpp"

namespace kiriko::test {
namespace {

ForwardingEntry to_prefix(const char* prefix, std::vector<std::uint16_t> ports,
                          std::optional<SliceId> slice = {}) {
  ForwardingEntry entry{.destination = *Ipv4Prefix::parse(prefix), .slice = slice};
  for (const auto port : ports) entry.ports.push_back(PortId{port});
  return entry;
}
ForwardingEntry to_mac(const MacAddress& mac, std::vector<std::uint16_t> ports) {
  ForwardingEntry entry{.destination = mac};
  for (const auto port : ports) entry.ports.push_back(PortId{port});
  return entry;
}
SetForwarding set(std::vector<ForwardingEntry> entries) {
  return {.node = {}, .set = std::move(entries), .remove = {}};
}

Frame to(Ipv4Address destination, const MacAddress& mac = MacAddress::local(2)) {
  return udp_frame({.destination = destination, .destination_mac = mac});
}

/// The port by which one flow leaves.
std::uint16_t port_of(FunctionBed& bed, const Frame& frame) {
  bed.offer(Arrival{.frame = frame});
  const auto sent = bed.take_sent();
  REQUIRE(sent.size() == 1);
  return sent.front().port.value;
}

}  // namespace

TEST_CASE(
    "when entries overlap, then the longest prefix that holds for the slice wins, then the slice's own "
    "entry") {
  FunctionBed bed(switch_descriptor, {.ports = 6, .slices = 3});
  bed.apply(set({to_prefix("0.0.0.0/0", {1}), to_prefix("10.0.0.0/8", {2}), to_prefix("10.1.0.0/16", {3}),
                 to_prefix("10.1.0.0/16", {4}, SliceId{1}), to_prefix("10.1.2.3/32", {5}, SliceId{2})}));
  bed.check({
      {.description = "the default entry",
       .in = to({9, 9, 9, 9}),
       .out = to({9, 9, 9, 9}),
       .exit = to_ports({1})},
      {.description = "the /8", .in = to({10, 200, 0, 1}), .exit = to_ports({2})},
      {.description = "the /16", .in = to({10, 1, 0, 1}), .exit = to_ports({3})},
      {.description = "the /16 of slice 1",
       .in = to({10, 1, 0, 1}),
       .exit = to_ports({4}),
       .slice = SliceId{1}},
      {.description = "slice 1 where only others have entries",
       .in = to({10, 2, 0, 1}),
       .exit = to_ports({2}),
       .slice = SliceId{1}},
      {.description = "the /32 is for slice 2",
       .in = to({10, 1, 2, 3}),
       .exit = to_ports({5}),
       .slice = SliceId{2}},
      {.description = "the /32 is not for slice 1",
       .in = to({10, 1, 2, 3}),
       .exit = to_ports({4}),
       .slice = SliceId{1}},
      {.description = "the /32 is not for packets without a slice",
       .in = to({10, 1, 2, 3}),
       .exit = to_ports({3})},
  });
}

TEST_CASE("when no entry fits or a frame is broken, then the packet has its named exit") {
  FunctionBed bed(switch_descriptor, {.ports = 3});
  bed.apply(set({to_prefix("10.0.0.0/8", {1}), to_mac(MacAddress::local(7), {2})}));
  Frame broken = to({10, 0, 0, 1});
  broken[ethernet_header_size] = 0x65;
  Frame broken_to_mac = to({10, 0, 0, 1}, MacAddress::local(7));
  broken_to_mac[ethernet_header_size] = 0x65;
  Frame tagged = to({10, 0, 0, 1});
  const std::uint8_t tag[] = {0x81, 0x00, 0x00, 0x05};
  tagged.insert(tagged.begin() + 12, std::begin(tag), std::end(tag));
  const Frame unknown = ethernet_frame(Frame(46), ether_type::lldp, MacAddress::local(7));
  bed.check({
      {.description = "unknown address", .in = to({11, 0, 0, 1}), .exit = DropReason::unknown_destination},
      {.description = "unknown address, known MAC",
       .in = to({11, 0, 0, 1}, MacAddress::local(7)),
       .exit = to_ports({2})},
      {.description = "the address goes before the MAC",
       .in = to({10, 0, 0, 1}, MacAddress::local(7)),
       .exit = to_ports({1})},
      {.description = "not IPv4, known MAC", .in = unknown, .out = unknown, .exit = to_ports({2})},
      {.description = "a VLAN tag", .in = tagged, .out = tagged, .exit = to_ports({1})},
      {.description = "shorter than an Ethernet header",
       .in = truncated(to({10, 0, 0, 1}), 13),
       .exit = DropReason::malformed},
      {.description = "ends within IPv4",
       .in = truncated(to({10, 0, 0, 1}), 33),
       .exit = DropReason::malformed},
      {.description = "version 6 under the type of IPv4", .in = broken, .exit = DropReason::malformed},
      {.description = "broken IPv4 to a known MAC", .in = broken_to_mac, .exit = to_ports({2})},
      {.description = "empty", .in = {}, .exit = DropReason::malformed},
  });
  bed.offer(Arrival{.frame = to({10, 0, 0, 1}), .hops = 255});
  CHECK(bed.dropped(DropReason::hop_limit) == 1);
  bed.offer(Arrival{.frame = to({10, 0, 0, 1}), .hops = 254});
  CHECK(bed.dropped(DropReason::hop_limit) == 1);
  bed.check_conservation();
}

TEST_CASE("when a frame goes to a group address, then each live port but the ingress gets a copy") {
  FunctionBed bed(switch_descriptor, {.ports = 4});
  bed.apply(set({to_mac(broadcast_mac, {0, 1, 2, 3}), to_prefix("0.0.0.0/0", {1})}));
  const Frame arp = arp_request_frame({10, 0, 0, 1}, {10, 0, 0, 2});
  bed.check(
      {{.description = "from port 0", .in = arp, .out = arp, .exit = to_ports({1, 2, 3}), .port = PortId{0}},
       {.description = "from port 2", .in = arp, .exit = to_ports({0, 1, 3}), .port = PortId{2}},
       {.description = "IPv4 broadcast is flooded, not routed",
        .in = to({255, 255, 255, 255}, broadcast_mac),
        .exit = to_ports({0, 2, 3}),
        .port = PortId{1}}});
  CHECK(bed.metric("flood_copies") == 6);
  bed.apply(SetPortState{.node = {}, .port = PortId{1}, .up = false});
  bed.check({.description = "port 1 is down", .in = arp, .exit = to_ports({2, 3}), .port = PortId{0}});
  bed.apply(SetPortState{.node = {}, .port = PortId{2}, .up = false});
  bed.apply(SetPortState{.node = {}, .port = PortId{3}, .up = false});
  bed.check(
      {.description = "only the ingress is up", .in = arp, .exit = DropReason::link_down, .port = PortId{0}});
  CHECK(bed.metric("ports_down") == 3);

  FunctionBed lonely(switch_descriptor, {.ports = 1});
  lonely.apply(set({to_mac(broadcast_mac, {0})}));
  lonely.check({.description = "nowhere but back", .in = arp, .exit = DropReason::unknown_destination});
}

TEST_CASE(
    "when an entry has several ports, then a flow keeps its port and flows spread over all that are up") {
  FunctionBed bed(switch_descriptor, {.ports = 5});
  bed.apply(set({to_prefix("10.0.0.0/8", {1, 2, 3, 4})}));
  const auto spread = [&] {
    std::map<std::uint16_t, int> count;
    for (std::uint16_t flow = 0; flow < 400; ++flow)
      ++count[port_of(bed, udp_frame({.source_port = static_cast<std::uint16_t>(1000 + flow)}))];
    return count;
  };
  const auto all = spread();
  REQUIRE(all.size() == 4);
  for (const auto& [port, flows] : all) CHECK(flows > 60);
  CHECK(spread() == all);

  bed.apply(SetPortState{.node = {}, .port = PortId{2}, .up = false});
  const auto fewer = spread();
  CHECK(fewer.size() == 3);
  CHECK(fewer.count(2) == 0);
  bed.apply(SetPortState{.node = {}, .port = PortId{2}, .up = true});
  CHECK(spread() == all);

  for (std::uint16_t port = 1; port < 5; ++port)
    bed.apply(SetPortState{.node = {}, .port = PortId{port}, .up = false});
  bed.check({.description = "all ports are down", .in = to({10, 0, 0, 1}), .exit = DropReason::link_down});
}

TEST_CASE("when the only port of an entry loses its link, then packets drop until it is back") {
  FunctionBed bed(switch_descriptor, {.ports = 3, .slices = 2});
  for (const bool by_slice : {false, true}) {
    // Then a slice has an entry of its own, which leads to the same port.
    bed.apply(set({by_slice ? to_prefix("10.0.0.0/8", {1}, SliceId{1}) : to_prefix("10.0.0.0/8", {1})}));
    CHECK(port_of(bed, to({10, 0, 0, 1})) == 1);
    bed.apply(SetPortState{.node = {}, .port = PortId{1}, .up = false});
    bed.check({.description = "the port is down", .in = to({10, 0, 0, 1}), .exit = DropReason::link_down});
    bed.apply(SetPortState{.node = {}, .port = PortId{1}, .up = true});
    CHECK(port_of(bed, to({10, 0, 0, 1})) == 1);
  }
}

TEST_CASE(
    "when the ports of an entry change state before it is set, then it starts without those that are down") {
  FunctionBed bed(switch_descriptor, {.ports = 3});
  bed.apply(SetPortState{.node = {}, .port = PortId{1}, .up = false});
  bed.apply(set({to_prefix("10.0.0.0/8", {1, 2})}));
  for (std::uint16_t flow = 0; flow < 20; ++flow) CHECK(port_of(bed, udp_frame({.source_port = flow})) == 2);
}

TEST_CASE(
    "when packets are in one GTP-U tunnel, then they keep together, and tunnels between two hosts spread") {
  FunctionBed bed(switch_descriptor, {.ports = 3});
  bed.apply(set({to_prefix("192.168.0.2/32", {1, 2})}));
  std::set<std::uint16_t> used;
  for (std::uint32_t teid = 1; teid < 20; ++teid) {
    const auto first = port_of(bed, gtpu_frame({.teid = teid}, udp_packet({.source_port = 1})));
    CHECK(first == port_of(bed, gtpu_frame({.teid = teid}, udp_packet({.source_port = 2}))));
    used.insert(first);
  }
  CHECK(used.size() == 2);
}

TEST_CASE("when entries are replaced, removed or cleared, then the table is as if it had been set at once") {
  FunctionBed bed(switch_descriptor, {.ports = 4});
  bed.apply(set({to_prefix("10.0.0.0/8", {1}), to_prefix("10.1.0.0/16", {2})}));
  bed.apply(set({to_prefix("10.1.9.9/16", {3})}));  // the same network
  bed.check({.description = "replaced", .in = to({10, 1, 0, 1}), .exit = to_ports({3})});
  bed.apply(SetForwarding{
      .node = {}, .set = {}, .remove = {to_prefix("10.1.0.0/16", {}), to_prefix("44.0.0.0/8", {})}});
  bed.check({.description = "removed", .in = to({10, 1, 0, 1}), .exit = to_ports({1})});
  bed.apply(
      SetForwarding{.node = {}, .set = {to_prefix("20.0.0.0/8", {2})}, .remove = {}, .clear_first = true});
  bed.check({{.description = "cleared", .in = to({10, 1, 0, 1}), .exit = DropReason::unknown_destination},
             {.description = "set after clearing", .in = to({20, 1, 0, 1}), .exit = to_ports({2})}});
  CHECK(bed.metric("entries") == 1);
}

TEST_CASE("when two changes of one set are prepared before either is committed, then both take effect") {
  FunctionBed bed(switch_descriptor, {.ports = 3});
  auto first = bed.function().prepare(set({to_prefix("10.0.0.0/8", {1})}));
  auto second = bed.function().prepare(set({to_prefix("20.0.0.0/8", {2})}));
  REQUIRE((first && second));
  bed.check({.description = "nothing yet", .in = to({10, 0, 0, 1}), .exit = DropReason::unknown_destination});
  (*first)(ModelTime{}, bed.exits());
  (*second)(ModelTime{}, bed.exits());
  bed.check({{.description = "the first", .in = to({10, 0, 0, 1}), .exit = to_ports({1})},
             {.description = "the second", .in = to({20, 0, 0, 1}), .exit = to_ports({2})}});
}

TEST_CASE("when a change names what the switch has not, then it is refused and says which entry") {
  FunctionBed bed(switch_descriptor, {.ports = 2, .slices = 1});
  CHECK(to_string(bed.refusal(set({to_prefix("10.0.0.0/8", {2})}))) ==
        "the entry for 10.0.0.0/8: names a port that the switch has not; found port 2; allowed: 0 to 1");
  CHECK(bed.refusal(set({to_prefix("10.0.0.0/8", {})})).message == "has no ports");
  CHECK(bed.refusal(set({to_prefix("10.0.0.0/8", {1, 1})})).message == "names a port twice");
  CHECK(bed.refusal(set({to_prefix("10.0.0.0/8", {1}, SliceId{1})})).message ==
        "names a slice that is not declared");
  CHECK_FALSE(bed.refusal(SetPortState{.node = {}, .port = PortId{2}}).message.empty());
}

TEST_CASE("when ten thousand destinations are set, then each is found and its neighbours are not") {
  FunctionBed bed(switch_descriptor, {.ports = 8});
  std::vector<ForwardingEntry> entries;
  for (std::uint32_t i = 0; i < 10'000; ++i)
    entries.push_back({.destination = Ipv4Prefix{Ipv4Address{0x0a000000U + 2 * i}, 32},
                       .ports = {PortId{static_cast<std::uint16_t>(i % 7)}}});
  bed.apply(set(entries));
  for (std::uint32_t i = 0; i < 10'000; i += 7) {
    const Frame frame = to(Ipv4Address{0x0a000000U + 2 * i});
    if (port_of(bed, frame) != i % 7) FAIL("destination " << i);
  }
  bed.check({.description = "between two",
             .in = to(Ipv4Address{0x0a000001U}),
             .exit = DropReason::unknown_destination});
}

}  // namespace kiriko::test
