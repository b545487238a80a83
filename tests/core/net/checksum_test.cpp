// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The Internet checksum: known values, a plain reference, and incremental against full.
#include <catch2/catch.hpp>
#include <vector>

#include "core/base/random.hpp"
#include "core/net/checksum.hpp"
#include "core/net/ip_protocol.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/tcp.hpp"
#include "core/net/udp.hpp"

using namespace kiriko;

namespace {

std::uint16_t plain_sum(const std::vector<std::uint8_t>& data) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    sum += i % 2 == 0 ? std::uint32_t{data[i]} << 8 : data[i];
    sum = (sum & 0xffffU) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

}  // namespace

TEST_CASE("when the example of RFC 1071 is summed, then its sum comes out") {
  const std::uint8_t data[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  CHECK(ones_complement_sum(data, sizeof data) == 0xddf2);
  CHECK(internet_checksum(data, sizeof data) == 0x220d);
}

TEST_CASE("when a known IPv4 header is summed, then its checksum comes out") {
  std::uint8_t header[] = {0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                           0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7};
  CHECK(internet_checksum(header, sizeof header) == 0xb861);
  header[10] = 0xb8;
  header[11] = 0x61;
  CHECK(internet_checksum(header, sizeof header) == 0);
}

TEST_CASE("when data of any size is summed, then a plain sum agrees, in one piece or two") {
  RandomStream random(1, "checksum", "data");
  std::vector<std::uint8_t> data;
  for (std::size_t size = 0; size < 400; ++size) {
    CAPTURE(size);
    REQUIRE(ones_complement_sum(data.data(), data.size()) == plain_sum(data));
    const std::size_t cut = size / 4 * 2;
    REQUIRE(ones_complement_sum(data.data() + cut, size - cut, ones_complement_sum(data.data(), cut)) ==
            plain_sum(data));
    data.push_back(size % 3 == 0 ? std::uint8_t{0xff} : static_cast<std::uint8_t>(random.next()));
  }
  const std::vector<std::uint8_t> large(65535, 0xff);
  CHECK(ones_complement_sum(large.data(), large.size()) == plain_sum(large));
}

TEST_CASE("when fields change, then the incremental update equals the full checksum") {
  RandomStream random(2, "checksum", "fields");
  for (int i = 0; i < 20000; ++i) {
    std::uint8_t bytes[ipv4_header_size];
    write_ipv4(bytes, {.source = Ipv4Address{static_cast<std::uint32_t>(random.next())},
                       .destination = Ipv4Address{static_cast<std::uint32_t>(random.next())},
                       .protocol = static_cast<std::uint8_t>(random.next()),
                       .payload_length = static_cast<std::uint16_t>(random.next() % 60000),
                       .time_to_live = static_cast<std::uint8_t>(random.between(2, 255)),
                       .dscp = static_cast<std::uint8_t>(random.next() & 0x3f)});
    auto* ip = reinterpret_cast<Ipv4Header*>(bytes);
    REQUIRE(ip->checksum_valid());
    ip->decrement_time_to_live();
    REQUIRE(ip->checksum_valid());
    ip->set_dscp(static_cast<std::uint8_t>(random.next() & 0x3f));
    REQUIRE(ip->checksum_valid());
    const auto address = static_cast<std::uint32_t>(random.next());
    ip->checksum = updated_checksum32(ip->checksum, ip->source_address, address);
    ip->source_address = address;
    REQUIRE(ip->checksum_valid());

    const std::uint16_t kept = ip->checksum;
    ip->checksum = std::uint16_t{0};
    REQUIRE(internet_checksum(bytes, sizeof bytes) == kept);
  }
}

TEST_CASE("when RFC 1624's corner case is updated, then the result is 0 and not 0xffff") {
  CHECK(updated_checksum(0xdd2f, 0x5555, 0x3285) == 0x0000);
}

TEST_CASE("when UDP and TCP checksums are filled in, then they are valid, and one flipped bit is noticed") {
  const Ipv4Address source{10, 0, 0, 1};
  const Ipv4Address destination{10, 0, 0, 2};
  for (std::size_t payload = 0; payload < 70; ++payload) {
    CAPTURE(payload);
    std::vector<std::uint8_t> udp(udp_header_size + payload, 0x5a);
    write_udp(udp.data(), 1000, 2000, static_cast<std::uint16_t>(payload));
    const auto udp_length = static_cast<std::uint16_t>(udp.size());
    reinterpret_cast<UdpHeader*>(udp.data())->checksum =
        udp_checksum(source, destination, udp.data(), udp_length);
    REQUIRE(transport_checksum_valid(source, destination, ip_protocol::udp, udp.data(), udp_length));
    udp.back() ^= 0x10;
    REQUIRE_FALSE(transport_checksum_valid(source, destination, ip_protocol::udp, udp.data(), udp_length));

    std::vector<std::uint8_t> tcp(tcp_header_size + payload, 0xa5);
    write_tcp(tcp.data(), {.source_port = 1, .destination_port = 2, .sequence_number = 3});
    const auto tcp_length = static_cast<std::uint16_t>(tcp.size());
    reinterpret_cast<TcpHeader*>(tcp.data())->checksum =
        tcp_checksum(source, destination, tcp.data(), tcp_length);
    REQUIRE(transport_checksum_valid(source, destination, ip_protocol::tcp, tcp.data(), tcp_length));
    REQUIRE_FALSE(transport_checksum_valid(source, {10, 0, 0, 3}, ip_protocol::tcp, tcp.data(), tcp_length));
  }
}

TEST_CASE("when a UDP checksum computes to zero, then 0xffff is sent") {
  // The payload is the complement of everything else, so that the sum is 0xffff.
  std::uint8_t udp[10] = {};
  write_udp(udp, 0, 0, 2);
  const Ipv4Address zero{};
  const std::uint16_t rest = ones_complement_sum(udp, 8, pseudo_header_sum(zero, zero, ip_protocol::udp, 10));
  const auto fill = static_cast<std::uint16_t>(0xffff - rest);
  udp[8] = static_cast<std::uint8_t>(fill >> 8);
  udp[9] = static_cast<std::uint8_t>(fill);
  CHECK(udp_checksum(zero, zero, udp, 10) == 0xffff);
}
