// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The IP endpoint in time: asking, waiting, asking again, giving up, aging, announcing.
#include "tests/vnf/ip_endpoint/endpoint_bed.hpp"

namespace kiriko::test {
namespace {

constexpr ModelTime start = EndpointBed::start;

Frame to(Ipv4Address destination, std::uint16_t number) {
  return udp_frame({.source = ue_ipv4, .destination = destination, .source_port = number});
}
std::uint16_t number_of(const Frame& frame) { return static_cast<std::uint16_t>(frame[34] << 8 | frame[35]); }

Frame solicited(const Ipv6Address& wanted) {
  const Ipv6Address group = solicited_node_multicast(wanted);
  return neighbour_frame(icmpv6_type::neighbour_solicitation, 0, own_ipv6, group, wanted, own_mac,
                         multicast_mac_of(group));
}
Frame advertised(const Ipv6Address& address, std::uint32_t flags, const MacAddress& mac = peer_mac) {
  return neighbour_frame(icmpv6_type::neighbour_advertisement, flags, address, own_ipv6, address, mac,
                         own_mac);
}

}  // namespace

TEST_CASE("when the endpoint starts or its link comes back, then it announces all its addresses twice") {
  FunctionBed bed(ip_endpoint_descriptor, endpoint_settings());
  bed.advance(ModelTime{});
  const auto announced = bed.take_sent();
  REQUIRE(announced.size() == 3);
  CHECK(announced[0].frame ==
        arp_frame(arp_operation::request, own_mac, own_ipv4, {}, own_ipv4, broadcast_mac));
  CHECK(announced[1].frame == neighbour_frame(icmpv6_type::neighbour_advertisement,
                                              neighbour_flags::override_entry, own_ipv6, all_nodes_multicast,
                                              own_ipv6, own_mac, multicast_mac_of(all_nodes_multicast)));
  bed.advance(ModelTime{1'999'999'999});
  CHECK(bed.sent().empty());
  bed.advance(ModelTime{20'000'000'000});
  CHECK(bed.take_sent().size() == 3);
  bed.apply(SetPortState{.node = {}, .port = outside, .up = true}, ModelTime{30'000'000'000});
  bed.advance(ModelTime{60'000'000'000});
  CHECK(bed.take_sent().size() == 6);
  bed.apply(SetPortState{.node = {}, .port = inside, .up = true}, ModelTime{70'000'000'000});
  bed.advance(ModelTime{90'000'000'000});
  CHECK(bed.sent().empty());
}

TEST_CASE(
    "when a neighbour is unknown, then one question is sent and its packets follow the answer in order") {
  EndpointBed bed;
  for (std::uint16_t i = 1; i <= 3; ++i) bed.give(inside, to(far_ipv4, i), start + microseconds(i));
  CHECK(bed.frames() == Frames{arp_asked(gateway_ipv4)});
  CHECK(bed.metric("waiting") == 3);
  bed.check_conservation();
  bed.give(outside, arp_answer(gateway_ipv4), start + milliseconds(1));
  const auto sent = bed.take_sent();
  REQUIRE(sent.size() == 3);
  for (std::uint16_t i = 0; i < 3; ++i) {
    CHECK(number_of(sent[i].frame) == i + 1);
    CHECK(sent[i].time == start + milliseconds(1));
    CHECK(std::equal(peer_mac.octets.begin(), peer_mac.octets.end(), sent[i].frame.begin()));
  }
  bed.give(inside, to(far_ipv4, 4), start + milliseconds(2));
  CHECK(number_of(bed.frames().at(0)) == 4);
  bed.check_conservation();
}

TEST_CASE(
    "when an IPv6 neighbour is unknown, then it is solicited and its packets follow the advertisement") {
  EndpointBed bed;
  bed.give(inside, ipv6_frame(ue_ipv6, peer_ipv6));
  CHECK(bed.frames() == Frames{solicited(peer_ipv6)});
  bed.give(outside, advertised(peer_ipv6, neighbour_flags::solicited | neighbour_flags::override_entry),
           start + milliseconds(1));
  CHECK(bed.frames() == Frames{ipv6_frame(ue_ipv6, peer_ipv6, 40, own_mac, peer_mac)});
  // Without the override flag another's claim changes nothing, with it all.
  const MacAddress other = MacAddress::local(0x99);
  bed.give(outside, advertised(peer_ipv6, neighbour_flags::solicited, other), start + milliseconds(2));
  bed.give(inside, ipv6_frame(ue_ipv6, peer_ipv6), start + milliseconds(3));
  CHECK(bed.frames() == Frames{ipv6_frame(ue_ipv6, peer_ipv6, 40, own_mac, peer_mac)});
  bed.give(outside, advertised(peer_ipv6, neighbour_flags::override_entry, other), start + milliseconds(4));
  bed.give(inside, ipv6_frame(ue_ipv6, peer_ipv6), start + milliseconds(5));
  CHECK(bed.frames() == Frames{ipv6_frame(ue_ipv6, peer_ipv6, 40, own_mac, other)});
}

TEST_CASE("when more packets wait than may, then the longest waiting makes room") {
  EndpointBed bed;
  for (std::uint16_t i = 1; i <= 5; ++i) bed.give(inside, to(peer_ipv4, i));
  CHECK(bed.dropped(DropReason::neighbour_queue_full) == 2);
  CHECK(bed.frames().size() == 1);
  bed.give(outside, arp_answer(peer_ipv4));
  const auto frames = bed.frames();
  REQUIRE(frames.size() == 3);
  CHECK(number_of(frames.front()) == 3);
  bed.check_conservation();
}

TEST_CASE(
    "when nobody answers, then three questions are asked a second apart, and the packets' source is told") {
  EndpointBed bed;
  bed.give(inside, to(peer_ipv4, 1));
  bed.give(inside, to(peer_ipv4, 2), start + milliseconds(500));
  bed.advance(start + milliseconds(2999));
  auto sent = bed.take_sent();
  REQUIRE(sent.size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(sent[static_cast<std::size_t>(i)].frame == arp_asked(peer_ipv4));
    CHECK(sent[static_cast<std::size_t>(i)].time == start + seconds(i));
  }
  bed.advance(start + seconds(3));
  CHECK(bed.dropped(DropReason::neighbour_unresolved) == 2);
  CHECK(bed.metric("unanswered") == 1);
  sent = bed.take_sent();
  REQUIRE(sent.size() == 2);
  CHECK(sent.front().port == inside);
  CHECK((sent.front().frame[34] == icmp_type::destination_unreachable &&
         sent.front().frame[35] == icmp_code::host_unreachable));
  // A new packet begins anew.
  bed.give(inside, to(peer_ipv4, 3), start + seconds(4));
  CHECK(bed.frames() == Frames{arp_asked(peer_ipv4)});
  bed.check_conservation();
}

TEST_CASE(
    "when a neighbour in use grows old, then it alone is asked, and forgotten when it is silent; an unused "
    "one at once") {
  EndpointBed bed;
  bed.give(outside, arp_question(peer_ipv4, own_ipv4));
  bed.give(outside, arp_question(gateway_ipv4, own_ipv4));
  bed.give(inside, to(peer_ipv4, 1));
  bed.take_sent();
  CHECK(bed.metric("neighbours") == 2);
  bed.advance(start + seconds(30));
  CHECK(bed.frames() == Frames{arp_asked(peer_ipv4, peer_mac)});
  CHECK(bed.metric("neighbours") == 1);
  // Meanwhile it is believed.
  bed.give(inside, to(peer_ipv4, 2), start + seconds(31) - nanoseconds(1));
  CHECK(bed.take_sent().size() == 1);
  SECTION("it answers") {
    bed.give(outside, arp_answer(peer_ipv4), start + milliseconds(30'500) + milliseconds(499));
    bed.advance(start + seconds(59));
    CHECK(bed.sent().empty());
    CHECK(bed.metric("neighbours") == 1);
  }
  SECTION("it is gone") {
    bed.advance(start + seconds(33));
    CHECK(bed.take_sent().size() == 2);
    CHECK(bed.metric("neighbours") == 0);
    bed.give(inside, to(peer_ipv4, 3), start + seconds(34));
    CHECK(bed.frames() == Frames{arp_asked(peer_ipv4)});
  }
  bed.check_conservation();
}

TEST_CASE(
    "when somebody speaks unasked, then only what is known or asked for changes, and own addresses stay "
    "own") {
  EndpointBed bed;
  const MacAddress other = MacAddress::local(0x99);
  bed.give(outside, arp_answer(peer_ipv4));  // nobody asked
  bed.give(outside, arp_frame(arp_operation::request, peer_mac, peer_ipv4, {}, peer_ipv4,
                              broadcast_mac));  // announced
  bed.give(outside, advertised(peer_ipv6, neighbour_flags::override_entry));
  bed.give(outside, arp_question(far_ipv4, own_ipv4));  // not on this link
  CHECK(bed.metric("neighbours") == 0);
  bed.take_sent();

  bed.give(outside, arp_question(peer_ipv4, own_ipv4));
  bed.take_sent();
  bed.give(outside, arp_frame(arp_operation::request, other, peer_ipv4, {}, peer_ipv4, broadcast_mac));
  bed.give(inside, to(peer_ipv4, 1));
  CHECK(std::equal(other.octets.begin(), other.octets.end(), bed.frames().at(0).begin()));

  bed.give(outside, arp_frame(arp_operation::request, other, own_ipv4, {}, own_ipv4, broadcast_mac));
  bed.give(outside, advertised(own_ipv6, neighbour_flags::override_entry, other));
  CHECK(bed.metric("address_conflicts") == 2);
  // What we sent ourselves comes back by a loop: no conflict.
  bed.give(outside, arp_frame(arp_operation::request, own_mac, own_ipv4, {}, own_ipv4, broadcast_mac));
  CHECK(bed.metric("address_conflicts") == 2);
  bed.check_conservation();
}

TEST_CASE(
    "when there are more neighbours than places, then the one confirmed longest ago goes, and questions have "
    "a bound") {
  EndpointBed bed(OptionTexts{{"neighbours", {"2"}}});
  for (std::uint8_t i = 10; i < 13; ++i) bed.give(outside, arp_question({192, 168, 7, i}, own_ipv4));
  CHECK(bed.metric("neighbours") == 2);
  bed.take_sent();
  bed.give(inside, to({192, 168, 7, 12}, 1));
  CHECK(bed.take_sent().size() == 1);
  for (std::uint8_t i = 20; i < 24; ++i) bed.give(inside, to({192, 168, 7, i}, i));
  CHECK(bed.frames().size() == 2);
  CHECK(bed.dropped(DropReason::neighbour_queue_full) == 2);
  bed.check_conservation();
}

}  // namespace kiriko::test
