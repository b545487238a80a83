// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Headers put on and taken off a UDP socket's datagrams.
#include "core/device/udp_framing.hpp"

#include <arpa/inet.h>

#include "core/net/ipv6.hpp"
#include "core/packet/packet_pool.hpp"
#include "tests/vnf/function_bed.hpp"

namespace kiriko::test {
namespace {

SocketAddress socket_address(const char* address, std::uint16_t port) {
  const auto parsed = SocketAddress::parse(address, port);
  REQUIRE(parsed.has_value());
  return *parsed;
}

/// read() of a frame in an mbuf.
struct Read {
  explicit Read(const UdpFraming& framing, const Frame& frame) : pool(make_pool()) {
    packet = pool.allocate();
    std::memcpy(rte_pktmbuf_append(packet, static_cast<std::uint16_t>(frame.size())), frame.data(),
                frame.size());
    taken = framing.read(packet, datagram, reason);
  }
  ~Read() { rte_pktmbuf_free(packet); }
  Read(const Read&) = delete;
  Read& operator=(const Read&) = delete;

  static PacketPool make_pool() {
    static unsigned serial = 0;
    auto made = PacketPool::create("framing" + std::to_string(++serial), 63);
    REQUIRE(made.has_value());
    return std::move(*made);
  }

  PacketPool pool;
  Packet* packet{};
  UdpFraming::Datagram datagram{};
  DropReason reason{};
  bool taken{};
};

}  // namespace

TEST_CASE("when a datagram has come, then its frame is what the network would have brought") {
  const UdpFraming framing(socket_address("127.0.0.2", 2152));
  REQUIRE(framing.size() == 42);
  const Frame payload{1, 2, 3, 4, 5};
  Frame frame(42);
  framing.write(frame.data(), socket_address("127.0.0.3", 40000), 0xb9, 5);
  frame.insert(frame.end(), payload.begin(), payload.end());
  const EthernetHeader* ethernet = EthernetHeader::view(frame.data(), frame.size());
  CHECK((ethernet->type == ether_type::ipv4 && ethernet->source == mac_of({127, 0, 0, 3})));
  const Ipv4Header* ip = Ipv4Header::view(frame.data() + 14, frame.size() - 14);
  REQUIRE(ip != nullptr);
  CHECK(ip->checksum_valid());
  CHECK((ip->source() == Ipv4Address{127, 0, 0, 3} && ip->destination() == Ipv4Address{127, 0, 0, 2}));
  CHECK((ip->dscp() == 46 && ip->ecn() == 1));
  const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length());
  REQUIRE(udp != nullptr);
  CHECK((udp->source_port == 40000 && udp->destination_port == 2152 && udp->payload_length() == 5));
}

TEST_CASE("when an IPv6 datagram has come, then its frame is an IPv6 one, and is read back") {
  const UdpFraming framing(socket_address("::1", 2152));
  REQUIRE(framing.size() == 62);
  Frame frame(62 + 3);
  framing.write(frame.data(), socket_address("fd00::9", 7), 0xb8, 3);
  const Ipv6Header* ip = Ipv6Header::view(frame.data() + 14, frame.size() - 14);
  REQUIRE(ip != nullptr);
  CHECK((to_string(ip->source) == "fd00::9" && to_string(ip->destination) == "::1"));
  CHECK((ip->next_header == ip_protocol::udp && ip->dscp() == 46));
  const Read read(framing, frame);
  REQUIRE(read.taken);
  CHECK((read.datagram.length == 3 && read.datagram.traffic_class == 0xb8));
  CHECK(ntohs(read.datagram.peer.ipv6.sin6_port) == 2152);
}

TEST_CASE("when a frame is to leave by a socket, then it is a datagram or its reason why not") {
  const UdpFraming framing(socket_address("127.0.0.2", 2152));
  const Frame good =
      udp_frame({.destination = {127, 0, 0, 9}, .destination_port = 2152, .payload = 30, .dscp = 46});
  const Read read(framing, good);
  REQUIRE(read.taken);
  CHECK(ntohl(read.datagram.peer.ipv4.sin_addr.s_addr) == 0x7f000009);
  CHECK(ntohs(read.datagram.peer.ipv4.sin_port) == 2152);
  CHECK((read.datagram.length == 30 && read.datagram.traffic_class == 46 << 2));
  CHECK(read.datagram.payload == bytes_of(read.packet) + 42);

  const auto edited = [&](std::size_t at, std::uint8_t value) {
    Frame frame = good;
    frame[at] = value;
    return frame;
  };
  Frame padded = good;
  padded.resize(200);
  struct Case {
    const char* description;
    Frame frame;
    std::optional<DropReason> reason;
  };
  const std::vector<Case> cases{
      {"padding behind the packet", padded, std::nullopt},
      {"less than an Ethernet header", truncated(good, 13), DropReason::malformed},
      {"a header cut short", truncated(good, 30), DropReason::malformed},
      {"a packet cut short", truncated(good, 60), DropReason::malformed},
      {"a fragment", edited(20, 0x20), DropReason::malformed},
      {"UDP's length beyond the packet", edited(39, 200), DropReason::malformed},
      {"UDP's length below its header", edited(39, 7), DropReason::malformed},
      {"another protocol", edited(23, 6), DropReason::not_for_this_host},
      {"another version", edited(12, 0x86), DropReason::not_for_this_host},
      {"ARP", arp_request_frame({10, 0, 0, 1}, {10, 0, 0, 2}), DropReason::not_for_this_host},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    const Read got(framing, c.frame);
    CHECK(got.taken == !c.reason.has_value());
    if (c.reason) CHECK(got.reason == *c.reason);
  }
}

TEST_CASE("when a local address is wrong, then the problem shows it") {
  for (const char* text : {"", "localhost", "127.0.0.256", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255",
                           "ff02::1", "1.2.3"}) {
    INFO(text);
    const auto parsed = SocketAddress::parse(text, 2152);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().found == "'" + std::string(text) + "'");
  }
}

}  // namespace kiriko::test
