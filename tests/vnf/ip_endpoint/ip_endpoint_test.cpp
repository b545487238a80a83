// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The IP endpoint: what it answers, what it lets through, and what it refuses.
#include "tests/vnf/ip_endpoint/endpoint_bed.hpp"

namespace kiriko::test {
namespace {

UdpFrame from_ue(Ipv4Address destination, std::uint16_t payload = 64) {
  return {.source = ue_ipv4, .destination = destination, .payload = payload};
}

/// `frame` with other MAC addresses.
Frame between(Frame frame, const MacAddress& from, const MacAddress& to) {
  std::copy_n(to.octets.begin(), 6, frame.begin());
  std::copy_n(from.octets.begin(), 6, frame.begin() + 6);
  return frame;
}

Frame with_octet(Frame frame, std::size_t at, std::uint8_t value) {
  frame[at] = value;
  return frame;
}

std::vector<std::string> lines(const Problem& problem) { return {problem.where, problem.message}; }

}  // namespace

TEST_CASE(
    "when frames come from the network, then each is answered, handed inside or refused as it must be") {
  EndpointBed bed;
  const Frame to_ue = udp_frame(
      {.source = far_ipv4, .destination = ue_ipv4, .source_mac = peer_mac, .destination_mac = own_mac});
  const Frame to_own = udp_frame(
      {.source = peer_ipv4, .destination = own_ipv4, .source_mac = peer_mac, .destination_mac = own_mac});
  Frame padded = udp_frame({.source = peer_ipv4,
                            .destination = own_ipv4,
                            .payload = 2,
                            .source_mac = peer_mac,
                            .destination_mac = own_mac});
  const Frame bare = between(padded, own_mac, mac_of(own_ipv4));
  padded.resize(60);
  const std::vector<PacketCase> cases{
      {"a packet for a UE", to_ue, between(to_ue, own_mac, mac_of(ue_ipv4)), to_ports({1})},
      {"a packet for the own address that is no ping", to_own, between(to_own, own_mac, mac_of(own_ipv4)),
       to_ports({1})},
      {"a short frame's padding is taken off", padded, bare, to_ports({1})},
      {"an IPv6 packet for a UE", ipv6_frame(peer_ipv6, ue_ipv6, 40, peer_mac, own_mac),
       ipv6_frame(peer_ipv6, ue_ipv6, 40, own_mac, MacAddress::local(9)), to_ports({1})},
      {"another's frame", between(to_ue, peer_mac, MacAddress::local(77)), {}, DropReason::not_for_this_host},
      {"a packet for one node in a broadcast frame",
       between(to_ue, peer_mac, broadcast_mac),
       {},
       DropReason::not_for_this_host},
      {"a frame from a group", between(to_ue, broadcast_mac, own_mac), {}, DropReason::not_for_this_host},
      {"the network's broadcast",
       udp_frame({.source = peer_ipv4,
                  .destination = {192, 168, 7, 255},
                  .source_mac = peer_mac,
                  .destination_mac = broadcast_mac}),
       {},
       DropReason::not_for_this_host},
      {"a group's packet",
       udp_frame({.source = peer_ipv4,
                  .destination = {224, 0, 0, 251},
                  .source_mac = peer_mac,
                  .destination_mac = *MacAddress::parse("01:00:5e:00:00:fb")}),
       {},
       DropReason::not_for_this_host},
      {"a link-local address that is not the own",
       ipv6_frame(link_local_of(peer_mac), link_local_of(peer_mac), 8, peer_mac, own_mac),
       {},
       DropReason::not_for_this_host},
      {"another protocol",
       ethernet_frame(Frame(46), ether_type::lldp, own_mac, peer_mac),
       {},
       DropReason::not_for_this_host},
      {"less than an Ethernet header", Frame(13), {}, DropReason::malformed},
      {"an IPv4 header with a wrong checksum", with_octet(to_ue, 24, 0xff), {}, DropReason::malformed},
      {"an IPv4 packet cut short", truncated(to_ue, 60), {}, DropReason::malformed},
      {"an IPv6 packet cut short",
       truncated(ipv6_frame(peer_ipv6, ue_ipv6, 40, peer_mac, own_mac), 60),
       {},
       DropReason::malformed},
      {"an ARP packet cut short",
       truncated(arp_question(peer_ipv4, own_ipv4), 41),
       {},
       DropReason::malformed},
      {"an ARP packet of a group",
       arp_frame(1, broadcast_mac, peer_ipv4, {}, own_ipv4, broadcast_mac),
       {},
       DropReason::not_for_this_host},
      {"a neighbour solicitation with a wrong checksum",
       with_octet(neighbour_frame(icmpv6_type::neighbour_solicitation, 0, peer_ipv6, own_ipv6, own_ipv6,
                                  peer_mac, own_mac),
                  56, 0x11),
       {},
       DropReason::malformed},
  };
  for (const PacketCase& c : cases) bed.check(c, EndpointBed::start);
}

TEST_CASE(
    "when somebody asks for an address, then it is answered if it is own or proxied, and for no other") {
  EndpointBed bed;
  const auto ns = [](const Ipv6Address& source, const Ipv6Address& wanted) {
    const Ipv6Address group = solicited_node_multicast(wanted);
    return neighbour_frame(icmpv6_type::neighbour_solicitation, 0, source, group, wanted, peer_mac,
                           multicast_mac_of(group));
  };
  const auto na = [](std::uint32_t flags, const Ipv6Address& target) {
    return neighbour_frame(icmpv6_type::neighbour_advertisement, flags, target, peer_ipv6, target, own_mac,
                           peer_mac);
  };
  const auto is_at = [](Ipv4Address address, Ipv4Address asker) {
    return arp_frame(arp_operation::reply, own_mac, address, peer_mac, asker, peer_mac);
  };
  using namespace neighbour_flags;
  const std::vector<PacketCase> cases{
      {"the own IPv4 address", arp_question(peer_ipv4, own_ipv4), is_at(own_ipv4, peer_ipv4), to_ports({0})},
      {"a UE's", arp_question(peer_ipv4, ue_ipv4), is_at(ue_ipv4, peer_ipv4), to_ports({0})},
      {"asked by a probe of RFC 5227", arp_question({}, own_ipv4), is_at(own_ipv4, {}), to_ports({0})},
      {"a stranger's", arp_question(peer_ipv4, gateway_ipv4), {}, Consumed{}},
      {"an announcement of a UE's address", arp_question(ue_ipv4, ue_ipv4), {}, Consumed{}},
      {"the own IPv6 address", ns(peer_ipv6, own_ipv6), na(solicited | override_entry, own_ipv6),
       to_ports({0})},
      {"the link-local address", ns(peer_ipv6, link_local_of(own_mac)),
       na(solicited | override_entry, link_local_of(own_mac)), to_ports({0})},
      {"a UE's IPv6 address, without the override flag", ns(peer_ipv6, ue_ipv6), na(solicited, ue_ipv6),
       to_ports({0})},
      {"a stranger's IPv6 address", ns(peer_ipv6, peer_ipv6), {}, Consumed{}},
  };
  for (const PacketCase& c : cases) bed.check(c, EndpointBed::start);
  CHECK(bed.metric("answers") == 6);

  // Duplicate address detection: no source, no link-layer address; all hear the answer.
  const Ipv6Address group = solicited_node_multicast(own_ipv6);
  Frame probe(ipv6_header_size + neighbour_message_size);
  write_ipv6(probe.data(), {.source = {},
                            .destination = group,
                            .next_header = ip_protocol::icmpv6,
                            .payload_length = neighbour_message_size,
                            .hop_limit = neighbour_hop_limit});
  probe[ipv6_header_size] = icmpv6_type::neighbour_solicitation;
  std::copy_n(own_ipv6.octets.begin(), 16, probe.begin() + ipv6_header_size + 8);
  finish_icmpv6(probe.data() + ipv6_header_size, neighbour_message_size, {}, group);
  bed.check({"duplicate address detection",
             ethernet_frame(probe, ether_type::ipv6, multicast_mac_of(group), peer_mac),
             neighbour_frame(icmpv6_type::neighbour_advertisement, override_entry, own_ipv6,
                             all_nodes_multicast, own_ipv6, own_mac, multicast_mac_of(all_nodes_multicast)),
             to_ports({0})},
            EndpointBed::start);
}

TEST_CASE("when the endpoint is pinged, then it replies whence the ping came; no fragment, no broken one") {
  EndpointBed bed;
  const Frame ping = echo_frame(icmp_type::echo_request, peer_ipv4, own_ipv4, peer_mac, own_mac);
  const Frame ping6 = echo6_frame(icmpv6_type::echo_request, peer_ipv6, own_ipv6, peer_mac, own_mac);
  Frame fragment = ping;
  write_ipv4(
      fragment.data() + ethernet_header_size,
      {.source = peer_ipv4, .destination = own_ipv4, .protocol = ip_protocol::icmp, .payload_length = 48});
  auto* ip = reinterpret_cast<Ipv4Header*>(fragment.data() + ethernet_header_size);
  ip->flags_and_fragment_offset = std::uint16_t{0x2000};
  ip->checksum = updated_checksum(ip->checksum, 0x4000, 0x2000);
  const std::vector<PacketCase> cases{
      {"IPv4", ping, echo_frame(icmp_type::echo_reply, own_ipv4, peer_ipv4, own_mac, peer_mac),
       to_ports({0})},
      {"from far away", echo_frame(icmp_type::echo_request, far_ipv4, own_ipv4, peer_mac, own_mac, 1400),
       echo_frame(icmp_type::echo_reply, own_ipv4, far_ipv4, own_mac, peer_mac, 1400), to_ports({0})},
      {"IPv6", ping6, echo6_frame(icmpv6_type::echo_reply, own_ipv6, peer_ipv6, own_mac, peer_mac),
       to_ports({0})},
      {"from inside", echo_frame(icmp_type::echo_request, ue_ipv4, own_ipv4, {}, {}),
       echo_frame(icmp_type::echo_reply, own_ipv4, ue_ipv4, own_mac, mac_of(ue_ipv4)), to_ports({1}),
       PortId{1}},
      {"IPv6 from inside", echo6_frame(icmpv6_type::echo_request, ue_ipv6, own_ipv6, {}, {}),
       echo6_frame(icmpv6_type::echo_reply, own_ipv6, ue_ipv6, own_mac, MacAddress::local(9)), to_ports({1}),
       PortId{1}},
      {"a fragment goes inside as any packet", fragment, {}, to_ports({1})},
      {"one with a wrong ICMP checksum too", with_octet(ping, 50, 1), {}, to_ports({1})},
      {"a reply is for whoever has asked",
       echo_frame(icmp_type::echo_reply, peer_ipv4, own_ipv4, peer_mac, own_mac),
       {},
       to_ports({1})},
  };
  for (const PacketCase& c : cases) bed.check(c, EndpointBed::start);
  CHECK(bed.metric("echo_replies") == 5);
}

TEST_CASE("when packets come from inside, then they go to the neighbour or the gateway, or are refused") {
  EndpointBed bed;
  bed.give(outside, arp_question(gateway_ipv4, own_ipv4));
  bed.give(outside, neighbour_frame(icmpv6_type::neighbour_solicitation, 0, peer_ipv6, own_ipv6, own_ipv6,
                                    peer_mac, own_mac));
  const Frame far = udp_frame(from_ue(far_ipv4));
  const Frame group = udp_frame(from_ue({239, 129, 2, 3}));
  const Frame turned = udp_frame(from_ue({10, 45, 0, 10}));
  Frame padded = udp_frame(from_ue(far_ipv4, 2));
  const Frame bare = between(padded, own_mac, peer_mac);
  padded.resize(60);
  const std::vector<PacketCase> cases{
      {"by the gateway", far, between(far, own_mac, peer_mac), to_ports({0}), inside},
      {"padding is taken off", padded, bare, to_ports({0}), inside},
      {"to an IPv6 neighbour", ipv6_frame(ue_ipv6, peer_ipv6),
       ipv6_frame(ue_ipv6, peer_ipv6, 40, own_mac, peer_mac), to_ports({0}), inside},
      {"to a group", group, between(group, own_mac, *MacAddress::parse("01:00:5e:01:02:03")), to_ports({0}),
       inside},
      {"to the network's broadcast", udp_frame(from_ue({192, 168, 7, 255})),
       between(udp_frame(from_ue({192, 168, 7, 255})), own_mac, broadcast_mac), to_ports({0}), inside},
      {"to another UE: back inside", turned, between(turned, own_mac, mac_of({10, 45, 0, 10})), to_ports({1}),
       inside},
      {"to an own address", udp_frame(from_ue(own_ipv4)), {}, DropReason::not_for_this_host, inside},
      {"ARP", arp_request_frame(ue_ipv4, own_ipv4), {}, DropReason::unknown_destination, inside},
      {"an IPv4 packet cut short", truncated(far, 50), {}, DropReason::malformed, inside},
      {"an IPv6 packet cut short",
       truncated(ipv6_frame(ue_ipv6, peer_ipv6), 60),
       {},
       DropReason::malformed,
       inside},
      {"less than an Ethernet header", Frame(3), {}, DropReason::malformed, inside},
      {"to an unspecified address", udp_frame(from_ue({})), {}, DropReason::unknown_destination, inside},
  };
  for (const PacketCase& c : cases) bed.check(c, EndpointBed::start);
  CHECK(bed.metric("turned_back") == 1);
}

TEST_CASE("when a packet cannot go on, then its source inside is told, by the RFCs' types and codes") {
  EndpointBed bed(OptionTexts{{"mtu", {"1000"}}});
  const auto told = [&](const Frame& frame) {
    bed.give(inside, frame);
    const auto frames = bed.frames();
    return frames.empty() ? Frame{} : frames.front();
  };
  Frame error = told(udp_frame(from_ue(far_ipv4, 1000)));
  REQUIRE(error.size() > 42);
  const Ipv4Header* ip = Ipv4Header::view(error.data() + 14, error.size() - 14);
  REQUIRE(ip != nullptr);
  CHECK((ip->source() == own_ipv4 && ip->destination() == ue_ipv4 && ip->checksum_valid()));
  const IcmpHeader* icmp = IcmpHeader::view(ip->payload(), ip->payload_length());
  CHECK((icmp->type == icmp_type::destination_unreachable && icmp->code == icmp_code::fragmentation_needed));
  CHECK(icmp->sequence_number == 1000);
  CHECK(internet_checksum(ip->payload(), ip->payload_length()) == 0);

  error = told(ipv6_frame(ue_ipv6, peer_ipv6, 1200));
  const Ipv6Header* ip6 = Ipv6Header::view(error.data() + 14, error.size() - 14);
  REQUIRE(ip6 != nullptr);
  CHECK((ip6->source == own_ipv6 && ip6->destination == ue_ipv6));
  const Icmpv6Header* icmp6 = Icmpv6Header::view(ip6->payload(), ip6->payload_length());
  CHECK((icmp6->type == icmpv6_type::packet_too_big && icmp6->body == 1000));
  CHECK(icmpv6_checksum(ip6->source, ip6->destination, ip6->payload(), ip6->payload_length()) == 0);

  // No gateway for IPv6 has been set.
  error = told(ipv6_frame(ue_ipv6, *Ipv6Address::parse("2001:db8::1")));
  ip6 = Ipv6Header::view(error.data() + 14, error.size() - 14);
  REQUIRE(ip6 != nullptr);
  CHECK((*ip6->payload() == icmpv6_type::destination_unreachable &&
         ip6->payload()[1] == icmpv6_code::no_route));
  CHECK(bed.metric("icmp_errors") == 3);
  CHECK(bed.dropped(DropReason::too_big) == 2);
  CHECK(bed.dropped(DropReason::unknown_destination) == 1);

  // Never about an error, and not more than a hundred a second.
  Frame about_error(ipv4_header_size + icmp_header_size + 1200);
  write_ipv4(
      about_error.data(),
      {.source = ue_ipv4, .destination = far_ipv4, .protocol = ip_protocol::icmp, .payload_length = 1208});
  about_error[20] = icmp_type::time_exceeded;
  CHECK(told(ethernet_frame(about_error)).empty());
  for (int i = 0; i < 200; ++i) bed.give(inside, udp_frame(from_ue(far_ipv4, 1000)));
  CHECK(bed.metric("icmp_errors") == 10);
  bed.give(inside, udp_frame(from_ue(far_ipv4, 1000)), EndpointBed::start + milliseconds(10));
  CHECK(bed.metric("icmp_errors") == 11);
  bed.check_conservation();
}

TEST_CASE("when options are wrong, then the problem names the option") {
  const auto problem = [](OptionTexts more) {
    return lines(creation_problem(ip_endpoint_descriptor, endpoint_settings(std::move(more))));
  };
  using Lines = std::vector<std::string>;
  CHECK(problem({{"addresses", {"192.168.7.300/24"}}}) == Lines{"addresses", "not an IPv4 prefix"});
  CHECK(problem({{"addresses", {"224.0.0.1/24"}}}) == Lines{"addresses", "not the address of one node"});
  CHECK(problem({{"addresses", {"192.168.7.2/24", "192.168.7.2/16"}}}) ==
        Lines{"addresses", "an address stands twice"});
  CHECK(problem({{"gateway", {"192.168.8.1"}}}) == Lines{"gateway", "the gateway is not a neighbour"});
  CHECK(problem({{"gateway", {"fd00::1"}}}) == Lines{"gateway", "not an address of one node"});
  CHECK(problem({{"gateway_ipv6", {"192.168.7.1"}}}) == Lines{"gateway_ipv6", "not an address of one node"});
  CHECK(problem({{"mac", {"01:00:00:00:00:01"}}}) == Lines{"mac", "not the MAC address of one node"});
  CHECK(problem({{"proxy", {"10.45.0.0/33"}}}).front() == "proxy");
  BedSettings one_link = endpoint_settings();
  one_link.ports = 1;
  CHECK(creation_problem(ip_endpoint_descriptor, one_link).found == "1 links");
}

TEST_CASE("when the device outside has a MAC address, then it is the endpoint's unless another is set") {
  BedSettings settings = endpoint_settings();
  NodeView device;
  device.kind = NodeKind::device;
  device.mac = peer_mac;
  settings.neighbours = {device};
  const auto source_of_announcement = [&] {
    FunctionBed bed(ip_endpoint_descriptor, settings);
    bed.advance(ModelTime{});
    const Frame frame = bed.sent().front().frame;
    return std::vector<std::uint8_t>(frame.begin() + 6, frame.begin() + 12);
  };
  CHECK(source_of_announcement() == std::vector<std::uint8_t>(own_mac.octets.begin(), own_mac.octets.end()));
  settings.options.erase("mac");
  CHECK(source_of_announcement() ==
        std::vector<std::uint8_t>(peer_mac.octets.begin(), peer_mac.octets.end()));
}

}  // namespace kiriko::test
