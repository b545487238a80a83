// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The firewall: connections pass both ways, expire on model time, and end when a new list denies them.
#include "vnf/firewall/firewall.hpp"

#include "tests/vnf/function_bed.hpp"

namespace kiriko::test {
namespace {

constexpr PortId inside{0}, outside{1};
const std::vector<std::string> out_only{"allow any from 10.0.0.0/8 to any"};

UdpFrame outgoing(std::uint16_t source_port = 1000) {
  return {.source = {10, 0, 0, 1},
          .destination = {20, 0, 0, 1},
          .source_port = source_port,
          .destination_port = 5000};
}
UdpFrame answer_to(const UdpFrame& f) {
  return {.source = f.destination,
          .destination = f.source,
          .source_port = f.destination_port,
          .destination_port = f.source_port};
}

}  // namespace

TEST_CASE(
    "when a packet comes first, then the list decides; when its connection is open, then both directions "
    "pass") {
  FunctionBed bed(firewall_descriptor, {.options = {{"entries", out_only}}});
  const Frame out = udp_frame(outgoing()), in = udp_frame(answer_to(outgoing()));
  Frame cut = truncated(out, ethernet_header_size + ipv4_header_size + 2);
  cut[ethernet_header_size + 3] = ipv4_header_size + 2;
  const Frame arp = arp_request_frame({10, 0, 0, 1}, {10, 0, 0, 2});
  bed.check({
      {.description = "from outside, nothing open",
       .in = in,
       .exit = DropReason::acl_denied,
       .port = outside},
      {.description = "from inside", .in = out, .out = out, .exit = to_ports({1}), .port = inside},
      {.description = "the answer", .in = in, .out = in, .exit = to_ports({0}), .port = outside},
      {.description = "another port is another connection",
       .in = udp_frame(answer_to(outgoing(1001))),
       .exit = DropReason::acl_denied,
       .port = outside},
      {.description = "another protocol is another connection",
       .in = tcp_frame(answer_to(outgoing()), tcp_flag::syn),
       .exit = DropReason::acl_denied,
       .port = outside},
      {.description = "ARP passes by default", .in = arp, .out = arp, .exit = to_ports({0}), .port = outside},
      {.description = "shorter than Ethernet",
       .in = truncated(out, 10),
       .exit = DropReason::malformed,
       .port = inside},
      {.description = "ends within IPv4",
       .in = truncated(out, 30),
       .exit = DropReason::malformed,
       .port = inside},
      {.description = "ends within its ports", .in = cut, .exit = DropReason::malformed, .port = inside},
  });
  CHECK(bed.metric("connections") == 1);
  CHECK(bed.metric("denied") == 3);
}

TEST_CASE("when the answer lies in the same burst as the packet that opens its connection, then it passes") {
  FunctionBed bed(firewall_descriptor, {.options = {{"entries", out_only}}});
  const Frame out = udp_frame(outgoing()), in = udp_frame(answer_to(outgoing()));
  bed.offer({{.frame = in, .port = outside}, {.frame = out, .port = inside}, {.frame = in, .port = outside}});
  CHECK(bed.dropped(DropReason::acl_denied) == 1);
  CHECK(bed.sent().size() == 2);
  bed.check_conservation();
}

TEST_CASE("when a connection is idle for the timeout, then it is forgotten to the nanosecond") {
  const Frame out = udp_frame(outgoing()), in = udp_frame(answer_to(outgoing()));
  for (const auto& [idle, passes] :
       {std::pair{milliseconds(100) - nanoseconds(1), true}, std::pair{milliseconds(100), false}}) {
    FunctionBed bed(firewall_descriptor,
                    {.options = {{"entries", out_only}, {"established_timeout", {"100ms"}}}});
    const ModelTime opened{5}, answered = opened + milliseconds(60);
    bed.offer(Arrival{.frame = out, .port = inside, .time = opened});
    bed.offer(Arrival{.frame = in, .port = outside, .time = answered});  // keeps it open
    bed.offer(Arrival{.frame = in, .port = outside, .time = answered + idle});
    CHECK(bed.sent().size() == (passes ? 3 : 2));
    CHECK(bed.dropped(DropReason::acl_denied) == (passes ? 0 : 1));
  }
}

TEST_CASE("when the table is full, then a new connection is refused until the oldest expires") {
  FunctionBed bed(
      firewall_descriptor,
      {.options = {{"default", {"allow"}}, {"table_size", {"2"}}, {"established_timeout", {"1s"}}}});
  const auto offer = [&](std::uint16_t port, Duration at) {
    bed.offer(Arrival{.frame = udp_frame(outgoing(port)), .port = inside, .time = ModelTime{} + at});
  };
  offer(1, milliseconds(0));
  offer(2, milliseconds(500));
  offer(3, milliseconds(900));
  CHECK(bed.dropped(DropReason::state_table_full) == 1);
  offer(1, milliseconds(950));
  offer(3, milliseconds(1499));
  CHECK(bed.dropped(DropReason::state_table_full) == 2);
  offer(3, milliseconds(1500));  // the place of 2
  CHECK(bed.dropped(DropReason::state_table_full) == 2);
  CHECK(bed.sent().size() == 4);
  CHECK(bed.metric("connections") == 2);
  bed.check_conservation();
}

TEST_CASE(
    "when the access list changes, then connections that it would not let begin are cut, and the others live "
    "on") {
  FunctionBed bed(firewall_descriptor, {.options = {{"entries", out_only}}});
  bed.offer(Arrival{.frame = udp_frame(outgoing(1)), .port = inside});
  bed.offer(Arrival{.frame = udp_frame(outgoing(2)), .port = inside});
  bed.take_sent();
  bed.apply(SetAccessList{
      .node = {}, .entries = {"deny udp from any port 1 to any", "allow udp from 10.0.0.0/8 to any"}});
  bed.check({
      {.description = "denied now",
       .in = udp_frame(outgoing(1)),
       .exit = DropReason::acl_denied,
       .port = inside},
      {.description = "its answer too",
       .in = udp_frame(answer_to(outgoing(1))),
       .exit = DropReason::acl_denied,
       .port = outside},
      {.description = "still open",
       .in = udp_frame(answer_to(outgoing(2))),
       .exit = to_ports({0}),
       .port = outside},
  });
  CHECK(bed.metric("connections_cut") == 1);
  CHECK(bed.metric("entries") == 2);
  CHECK(bed.refusal(SetAccessList{.node = {}, .entries = {"allow"}}).where == "entries, number 1 'allow'");
  bed.check({.description = "a refused list changes nothing",
             .in = udp_frame(outgoing(1)),
             .exit = DropReason::acl_denied});
}

TEST_CASE("when other is drop, then what is not IPv4 is denied") {
  FunctionBed bed(firewall_descriptor, {.options = {{"other", {"drop"}}}});
  bed.check({.description = "ARP",
             .in = arp_request_frame({10, 0, 0, 1}, {10, 0, 0, 2}),
             .exit = DropReason::acl_denied});
}

TEST_CASE("when a firewall is set up wrongly, then the problem says why") {
  CHECK(to_string(creation_problem(firewall_descriptor,
                                   {.options = {{"entries", {"allow all from any to any"}}}})) ==
        "entries, number 1 'allow all from any to any': the protocol is not known; found 'all'; allowed: "
        "any, tcp, udp, sctp, icmp "
        "or a number from 0 to 255; an entry is 'allow|deny PROTOCOL from ADDRESS [port P[-Q]] to ADDRESS "
        "[port P[-Q]]'");
  CHECK(creation_problem(firewall_descriptor, {.ports = 3}).found == "3 links");
}

}  // namespace kiriko::test
