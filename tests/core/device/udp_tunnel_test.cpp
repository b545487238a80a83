// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UDP tunnel on loopback addresses, with two tunnels or a plain socket at its far end.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/ipv6.hpp"
#include "tests/core/device/device_bed.hpp"

namespace kiriko::test {
namespace {

/// A port that nobody has on 127.0.0.0/8 now.
std::uint16_t free_port() {
  const int probe = socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  REQUIRE(bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  socklen_t size = sizeof address;
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

OptionTexts at(const char* address, std::uint16_t port, const char* mtu = "3500") {
  return {{"local_address", {address}}, {"port", {std::to_string(port)}}, {"mtu", {mtu}}};
}

Frame between(Ipv4Address from, Ipv4Address to, std::uint16_t port, std::uint16_t payload = 64,
              std::uint8_t dscp = 0) {
  return udp_frame({.source = from,
                    .destination = to,
                    .source_port = port,
                    .destination_port = port,
                    .payload = payload,
                    .dscp = dscp,
                    .source_mac = mac_of(from),
                    .destination_mac = mac_of(to)});
}

constexpr Ipv4Address left_address{127, 0, 0, 2}, right_address{127, 0, 0, 3};

}  // namespace

TEST_CASE("when frames go through two UDP tunnels, then they arrive whole, in order, with their DSCP") {
  const std::uint16_t port = free_port();
  DeviceBed left("udp_tunnel", at("127.0.0.2", port)), right("udp_tunnel", at("127.0.0.3", port));
  CHECK(left.device().wait_descriptor() >= 0);
  std::vector<Frame> frames;
  for (std::uint16_t i = 0; i < 50; ++i)
    frames.push_back(between(left_address, right_address, port, static_cast<std::uint16_t>(i * 60),
                             static_cast<std::uint8_t>(i)));
  left.send(frames);
  CHECK(right.receive(50) == frames);
  CHECK((left.metric("sent") == 50 && right.metric("received") == 50));
  right.send({between(right_address, left_address, port)});
  CHECK(left.receive(1) == Frames{between(right_address, left_address, port)});
  left.check_conservation();
  right.check_conservation();
  CHECK(left.receive(1).empty());
}

TEST_CASE("when frames cannot be datagrams, then each is dropped with its reason and the others go") {
  const std::uint16_t port = free_port();
  DeviceBed left("udp_tunnel", at("127.0.0.2", port, "1500")), right("udp_tunnel", at("127.0.0.3", port));
  const Frame good = between(left_address, right_address, port);
  Frame no_port = between(left_address, right_address, 0);
  left.send({good, truncated(good, 40), arp_request_frame(left_address, right_address), no_port,
             between(left_address, right_address, port, 1480), good});
  CHECK(right.receive(2) == Frames{good, good});
  CHECK(left.dropped(DropReason::malformed) == 1);
  CHECK(left.dropped(DropReason::not_for_this_host) == 1);
  CHECK(left.dropped(DropReason::unknown_destination) == 1);
  CHECK(left.dropped(DropReason::too_big) == 1);
  CHECK(left.metric("driver_refused") == 1);
  left.check_conservation();
}

TEST_CASE("when a datagram is longer than the MTU, then it is counted and not received") {
  const std::uint16_t port = free_port();
  DeviceBed left("udp_tunnel", at("127.0.0.2", port)), right("udp_tunnel", at("127.0.0.3", port, "600"));
  const Frame fits = between(left_address, right_address, port, 572);
  left.send({between(left_address, right_address, port, 573), fits});
  CHECK(right.receive(1) == Frames{fits});
  CHECK(right.metric("truncated_datagrams") == 1);
}

TEST_CASE("when more than a burst waits, then no poll brings more than one, and none is lost") {
  const std::uint16_t port = free_port();
  DeviceBed left("udp_tunnel", at("127.0.0.2", port)), right("udp_tunnel", at("127.0.0.3", port));
  for (int i = 0; i < 5; ++i) left.send(std::vector<Frame>(64, between(left_address, right_address, port)));
  CHECK(right.receive(320).size() == 320);
  CHECK(right.metric("driver_missed") == 0);
}

TEST_CASE("when the tunnel stands on IPv6, then frames are IPv6 both ways") {
  const int probe = socket(AF_INET6, SOCK_DGRAM, 0);
  sockaddr_in6 loopback{};
  loopback.sin6_family = AF_INET6;
  loopback.sin6_addr = in6addr_loopback;
  const bool ipv6 = probe >= 0 && bind(probe, reinterpret_cast<sockaddr*>(&loopback), sizeof loopback) == 0;
  close(probe);
  if (!ipv6) return;
  const std::uint16_t port = free_port();
  DeviceBed tunnel("udp_tunnel", at("::1", port));
  // To itself: one address is all that IPv6's loopback has.
  Frame packet(ipv6_header_size + udp_header_size + 20);
  const Ipv6Address us = *Ipv6Address::parse("::1");
  write_ipv6(packet.data(), {.source = us,
                             .destination = us,
                             .next_header = ip_protocol::udp,
                             .payload_length = 28,
                             .traffic_class = 0x28});
  write_udp(packet.data() + ipv6_header_size, port, port, 20);
  const Frame frame = ethernet_frame(packet, ether_type::ipv6, MacAddress::local(0), MacAddress::local(0));
  tunnel.send({frame});
  CHECK(tunnel.receive(1) == Frames{frame});
}

TEST_CASE("when an address cannot be had, then the problem says whose it is and how to find out") {
  const auto foreign = open_device(device_setup("udp_tunnel", at("192.0.2.77", 2152)));
  REQUIRE_FALSE(foreign.has_value());
  CHECK(foreign.error().message == "UDP port 2152 cannot be had: udp_tunnel '192.0.2.77'");
  CHECK(foreign.error().hint == "ip address shows the addresses of this network namespace");
  const std::uint16_t port = free_port();
  const DeviceBed first("udp_tunnel", at("127.0.0.2", port));
  const auto second = open_device(device_setup("udp_tunnel", at("127.0.0.2", port)));
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().hint == "ss -ulpn shows who has it");
}

}  // namespace kiriko::test
