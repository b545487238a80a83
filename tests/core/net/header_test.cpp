// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Header views and builders: round trips, every truncated length, malformed fields.
#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "core/base/random.hpp"
#include "core/net/arp.hpp"
#include "core/net/edit.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/icmp.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"
#include "core/net/tcp.hpp"
#include "core/net/udp.hpp"
#include "core/net/vlan.hpp"
#include "core/net/vxlan.hpp"

using namespace kiriko;

namespace {

using Octets = std::vector<std::uint8_t>;

/// Views exactly `size` octets in an allocation of their own, so that a sanitizer sees a read past them.
template <class Header>
bool fits(const Octets& whole, std::size_t size) {
  const Octets copy(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
  return Header::view(copy.data(), size) != nullptr;
}

template <class Header>
void check_truncations(const Octets& whole) {
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(fits<Header>(whole, size));
  }
  CHECK(fits<Header>(whole, whole.size()));
}

template <class Header>
bool accepted(const Octets& octets) {
  return Header::view(octets.data(), octets.size()) != nullptr;
}

Octets ipv4_packet(std::uint16_t payload) {
  Octets octets(ipv4_header_size + payload, 0xee);
  write_ipv4(octets.data(), {.source = {10, 0, 0, 1},
                             .destination = {10, 0, 0, 2},
                             .protocol = ip_protocol::udp,
                             .payload_length = payload,
                             .time_to_live = 63,
                             .dscp = 46,
                             .ecn = 1,
                             .identification = 0x1234});
  return octets;
}

}  // namespace

TEST_CASE("when any header is cut short, then its view is refused at every length") {
  Octets octets(ethernet_header_size);
  write_ethernet(octets.data(), broadcast_mac, MacAddress::local(1), ether_type::ipv4);
  check_truncations<EthernetHeader>(octets);

  octets.assign(vlan_tag_size, 0);
  write_vlan(octets.data(), 100, 5, ether_type::ipv4);
  check_truncations<VlanTag>(octets);

  octets.assign(arp_size, 0);
  write_arp(octets.data(), arp_operation::request, MacAddress::local(1), {10, 0, 0, 1}, {}, {10, 0, 0, 2});
  check_truncations<ArpPacket>(octets);

  check_truncations<Ipv4Header>(ipv4_packet(0));
  check_truncations<Ipv4Header>(ipv4_packet(11));

  octets.assign(ipv6_header_size + 7, 0);
  write_ipv6(octets.data(), {.next_header = ip_protocol::udp, .payload_length = 7});
  check_truncations<Ipv6Header>(octets);

  octets.assign(udp_header_size + 5, 0);
  write_udp(octets.data(), 1, 2, 5);
  check_truncations<UdpHeader>(octets);

  octets.assign(tcp_header_size + 12, 0);
  write_tcp(octets.data(), {.source_port = 1, .destination_port = 2});
  octets[12] = 0x80;
  check_truncations<TcpHeader>(octets);

  octets.assign(icmp_header_size, 0);
  write_icmp_echo(octets.data(), icmp_type::echo_request, 1, 2, 0);
  check_truncations<IcmpHeader>(octets);

  octets.assign(vxlan_header_size, 0);
  write_vxlan(octets.data(), 5000);
  check_truncations<VxlanHeader>(octets);
}

TEST_CASE("when an Ethernet header is written, then it reads back") {
  Octets octets(ethernet_header_size);
  write_ethernet(octets.data(), broadcast_mac, MacAddress::local(7), ether_type::arp);
  const auto* ethernet = EthernetHeader::view(octets.data(), octets.size());
  REQUIRE(ethernet);
  CHECK(ethernet->destination == broadcast_mac);
  CHECK(ethernet->source == MacAddress::local(7));
  CHECK(ethernet->type == ether_type::arp);
  CHECK(octets[12] == 0x08);
  CHECK(octets[13] == 0x06);
}

TEST_CASE("when a frame has tags, then its payload is found behind at most two") {
  Octets octets(ethernet_header_size + 3 * vlan_tag_size);
  EthernetPayload payload;
  write_ethernet(octets.data(), {}, {}, ether_type::ipv6);
  REQUIRE(parse_ethernet(octets.data(), octets.size(), payload));
  CHECK(payload.tags == 0);
  CHECK(payload.offset == 14);
  CHECK(payload.type == ether_type::ipv6);

  write_ethernet(octets.data(), {}, {}, ether_type::service_vlan);
  write_vlan(octets.data() + 14, 4095, 7, ether_type::vlan);
  write_vlan(octets.data() + 18, 2, 1, ether_type::ipv4);
  REQUIRE(parse_ethernet(octets.data(), octets.size(), payload));
  CHECK(payload.tags == 2);
  CHECK(payload.vlan_id == 4095);
  CHECK(payload.priority == 7);
  CHECK(payload.offset == 22);
  CHECK(payload.type == ether_type::ipv4);
  for (std::size_t size = 0; size < 22; ++size) CHECK_FALSE(parse_ethernet(octets.data(), size, payload));

  write_vlan(octets.data() + 18, 2, 1, ether_type::vlan);
  write_vlan(octets.data() + 22, 3, 1, ether_type::ipv4);
  CHECK_FALSE(parse_ethernet(octets.data(), octets.size(), payload));
}

TEST_CASE("when an ARP packet is written, then it reads back, and other hardware is refused") {
  Octets octets(arp_size);
  write_arp(octets.data(), arp_operation::reply, MacAddress::local(1), {10, 0, 0, 1}, MacAddress::local(2),
            {10, 0, 0, 2});
  const auto* arp = ArpPacket::view(octets.data(), octets.size());
  REQUIRE(arp);
  CHECK(arp->operation == arp_operation::reply);
  CHECK(arp->sender_mac == MacAddress::local(1));
  CHECK(arp->sender_address() == Ipv4Address{10, 0, 0, 1});
  CHECK(arp->target_mac == MacAddress::local(2));
  CHECK(arp->target_address() == Ipv4Address{10, 0, 0, 2});
  for (const std::size_t at : {0U, 1U, 2U, 3U, 4U, 5U}) {
    Octets wrong = octets;
    wrong[at] ^= 0x01;
    CAPTURE(at);
    CHECK_FALSE(accepted<ArpPacket>(wrong));
  }
}

TEST_CASE("when an IPv4 header is written, then it reads back") {
  Octets octets = ipv4_packet(100);
  const auto* ip = Ipv4Header::view(octets.data(), octets.size());
  REQUIRE(ip);
  CHECK(ip->header_length() == 20);
  CHECK(ip->payload_length() == 100);
  CHECK(ip->payload() == octets.data() + 20);
  CHECK(ip->source() == Ipv4Address{10, 0, 0, 1});
  CHECK(ip->destination() == Ipv4Address{10, 0, 0, 2});
  CHECK(ip->protocol == ip_protocol::udp);
  CHECK(ip->time_to_live == 63);
  CHECK(ip->dscp() == 46);
  CHECK(ip->ecn() == 1);
  CHECK(ip->identification == 0x1234);
  CHECK(ip->dont_fragment());
  CHECK_FALSE(ip->is_fragment());
  CHECK(ip->checksum_valid());
  edit<Ipv4Header>(octets.data(), octets.size())->flags_and_fragment_offset = std::uint16_t{0x2003};
  CHECK(ip->more_fragments());
  CHECK(ip->fragment_offset() == 24);
  CHECK(ip->is_fragment());
  CHECK_FALSE(ip->checksum_valid());
}

TEST_CASE("when an IPv4 header is malformed, then its view is refused") {
  struct Case {
    const char* description;
    std::size_t at;
    std::uint8_t value;
  };
  for (const Case& c : {Case{"version 6", 0, 0x65},
                        {"version 0", 0, 0x05},
                        {"header of 16 octets", 0, 0x44},
                        {"header longer than the packet", 0, 0x4f},
                        {"total length 0", 3, 0},
                        {"total length below the header's", 3, 19},
                        {"total length beyond the data", 3, 25},
                        {"total length far beyond the data", 2, 0xff}}) {
    Octets octets = ipv4_packet(4);
    octets[c.at] = c.value;
    CAPTURE(c.description);
    CHECK_FALSE(accepted<Ipv4Header>(octets));
  }
  Octets padded = ipv4_packet(4);
  padded.resize(46);
  CHECK(Ipv4Header::view(padded.data(), padded.size())->payload_length() == 4);
}

TEST_CASE("when an IPv6 header is written, then it reads back, and a wrong version or length is refused") {
  Octets octets(ipv6_header_size + 3);
  Ipv6Address source;
  source.octets[15] = 9;
  write_ipv6(octets.data(), {.source = source,
                             .next_header = ip_protocol::tcp,
                             .payload_length = 3,
                             .hop_limit = 5,
                             .traffic_class = 0xb8,
                             .flow_label = 0xabcde});
  const auto* ip = Ipv6Header::view(octets.data(), octets.size());
  REQUIRE(ip);
  CHECK(ip->source == source);
  CHECK(ip->next_header == ip_protocol::tcp);
  CHECK(ip->hop_limit == 5);
  CHECK(ip->dscp() == 46);
  CHECK(ip->flow_label() == 0xabcde);
  CHECK(ip->payload_length() == 3);
  octets[0] = 0x4b;
  CHECK_FALSE(accepted<Ipv6Header>(octets));
  octets[0] = 0x6b;
  octets[4] = 0xff;
  CHECK_FALSE(accepted<Ipv6Header>(octets));
}

TEST_CASE("when UDP and TCP headers are written, then they read back, and wrong lengths are refused") {
  Octets octets(udp_header_size + 4);
  write_udp(octets.data(), 5000, 2152, 4);
  const auto* udp = UdpHeader::view(octets.data(), octets.size());
  REQUIRE(udp);
  CHECK(udp->source_port == 5000);
  CHECK(udp->destination_port == 2152);
  CHECK(udp->payload_length() == 4);
  for (const int length : {0, 7, 13}) {
    octets[5] = static_cast<std::uint8_t>(length);
    CHECK_FALSE(accepted<UdpHeader>(octets));
  }

  octets.assign(tcp_header_size + 4, 0);
  write_tcp(octets.data(), {.source_port = 80,
                            .destination_port = 81,
                            .sequence_number = 0x01020304,
                            .acknowledgment_number = 0x05060708,
                            .flags = tcp_flag::syn | tcp_flag::ack,
                            .window = 1000});
  const auto* tcp = TcpHeader::view(octets.data(), octets.size());
  REQUIRE(tcp);
  CHECK(tcp->source_port == 80);
  CHECK(tcp->destination_port == 81);
  CHECK(tcp->sequence_number == 0x01020304);
  CHECK(tcp->acknowledgment_number == 0x05060708);
  CHECK(tcp->flags == 0x12);
  CHECK(tcp->window == 1000);
  CHECK(tcp->header_length() == 20);
  CHECK(tcp->payload() == octets.data() + 20);
  for (const int offset : {0x00, 0x40, 0x70, 0xf0}) {
    octets[12] = static_cast<std::uint8_t>(offset);
    CHECK_FALSE(accepted<TcpHeader>(octets));
  }
}

TEST_CASE("when ICMP messages are written, then their checksums are right") {
  Octets octets(icmp_header_size + 5, 0x33);
  write_icmp_echo(octets.data(), icmp_type::echo_request, 7, 8, 5);
  const auto* icmp = IcmpHeader::view(octets.data(), octets.size());
  CHECK(icmp->type == icmp_type::echo_request);
  CHECK(icmp->identifier == 7);
  CHECK(icmp->sequence_number == 8);
  CHECK(internet_checksum(octets.data(), octets.size()) == 0);

  const Octets original = ipv4_packet(1400);
  octets.assign(2000, 0);
  const std::size_t size =
      write_icmp_error(octets.data(), icmp_type::destination_unreachable, icmp_code::fragmentation_needed,
                       original.data(), original.size(), 1280);
  CHECK(size == icmp_header_size + icmp_largest_original);
  CHECK(internet_checksum(octets.data(), size) == 0);
  CHECK(IcmpHeader::view(octets.data(), size)->sequence_number == 1280);
  CHECK(std::equal(original.begin(), original.begin() + icmp_largest_original, octets.begin() + 8));
  CHECK(octets[size] == 0);
  CHECK(write_icmp_error(octets.data(), icmp_type::time_exceeded, 0, original.data(), 28) == 36);
}

TEST_CASE("when a VXLAN header has no valid VNI, then its view is refused") {
  Octets octets(vxlan_header_size);
  write_vxlan(octets.data(), 0xabcdef);
  CHECK(VxlanHeader::view(octets.data(), octets.size())->vni() == 0xabcdef);
  CHECK(octets[0] == 0x08);
  octets[1] = 0xff;
  CHECK(accepted<VxlanHeader>(octets));
  octets[0] = 0xf7;
  CHECK_FALSE(accepted<VxlanHeader>(octets));
}

TEST_CASE("when random bytes are viewed, then nothing reaches beyond them") {
  RandomStream random(3, "headers", "noise");
  for (int i = 0; i < 20000; ++i) {
    const auto size = static_cast<std::size_t>(random.between(0, 80));
    const auto octets = std::make_unique<std::uint8_t[]>(size);
    for (std::size_t k = 0; k < size; ++k) octets[k] = static_cast<std::uint8_t>(random.next());
    if (size > 0) octets[0] = static_cast<std::uint8_t>((i % 2 == 0 ? 0x40 : 0x60) | (octets[0] & 0x0f));
    if (size > 3) octets[2] = 0;
    if (const auto* ip = Ipv4Header::view(octets.get(), size))
      REQUIRE(ip->header_length() + ip->payload_length() <= size);
    if (const auto* ip = Ipv6Header::view(octets.get(), size)) REQUIRE(40 + ip->payload_length() <= size);
    if (const auto* udp = UdpHeader::view(octets.get(), size)) REQUIRE(8 + udp->payload_length() <= size);
    if (const auto* tcp = TcpHeader::view(octets.get(), size)) REQUIRE(tcp->header_length() <= size);
  }
}
