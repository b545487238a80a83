// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Five-tuples: reading, fragments, hash and reverse.
#include <catch2/catch.hpp>
#include <cstring>
#include <memory>
#include <set>
#include <vector>

#include "core/net/edit.hpp"
#include "core/net/five_tuple.hpp"
#include "core/net/udp.hpp"

using namespace kiriko;

namespace {

std::vector<std::uint8_t> packet(std::uint8_t protocol, std::uint16_t payload = 12) {
  std::vector<std::uint8_t> octets(ipv4_header_size + payload, 0);
  write_ipv4(octets.data(), {.source = {10, 0, 0, 1},
                             .destination = {10, 0, 0, 2},
                             .protocol = protocol,
                             .payload_length = payload});
  if (payload >= 8)
    write_udp(octets.data() + ipv4_header_size, 1111, 2222, static_cast<std::uint16_t>(payload - 8));
  return octets;
}

}  // namespace

TEST_CASE("when a packet is read, then its ports are those of its protocol") {
  struct Case {
    std::uint8_t protocol;
    std::uint16_t source_port, destination_port;
  };
  for (const Case& c : {Case{ip_protocol::udp, 1111, 2222},
                        {ip_protocol::tcp, 1111, 2222},
                        {ip_protocol::sctp, 1111, 2222},
                        {ip_protocol::icmp, 0, 0},
                        {ip_protocol::esp, 0, 0}}) {
    const auto octets = packet(c.protocol);
    FiveTuple tuple;
    CAPTURE(c.protocol);
    REQUIRE(parse_five_tuple(octets.data(), octets.size(), tuple));
    CHECK(tuple == FiveTuple{{10, 0, 0, 1}, {10, 0, 0, 2}, c.source_port, c.destination_port, c.protocol});
  }
}

TEST_CASE("when a packet has options, then its ports are read behind them") {
  auto octets = packet(ip_protocol::udp);
  octets.insert(octets.begin() + 20, {1, 1, 1, 1});
  auto* ip = reinterpret_cast<Ipv4Header*>(octets.data());
  ip->version_and_ihl = 0x46;
  ip->total_length = static_cast<std::uint16_t>(octets.size());
  FiveTuple tuple;
  REQUIRE(parse_five_tuple(octets.data(), octets.size(), tuple));
  CHECK(tuple.source_port == 1111);
}

TEST_CASE("when a packet is a fragment, then its ports are 0, whichever fragment it is") {
  for (const int flags : {0x2000, 0x2001, 0x0001}) {
    auto octets = packet(ip_protocol::udp);
    edit<Ipv4Header>(octets.data(), octets.size())->flags_and_fragment_offset =
        static_cast<std::uint16_t>(flags);
    FiveTuple tuple;
    CAPTURE(flags);
    REQUIRE(parse_five_tuple(octets.data(), octets.size(), tuple));
    CHECK(tuple.source_port == 0);
    CHECK(tuple.destination_port == 0);
    CHECK(tuple.protocol == ip_protocol::udp);
  }
}

TEST_CASE("when a packet ends within its ports or header, then it is refused") {
  FiveTuple tuple;
  for (std::uint16_t payload = 0; payload < 4; ++payload) {
    auto octets = packet(ip_protocol::tcp, payload);
    octets.resize(60);
    CHECK_FALSE(parse_five_tuple(octets.data(), octets.size(), tuple));
  }
  const auto whole = packet(ip_protocol::udp);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto copy = std::make_unique<std::uint8_t[]>(size);
    if (size > 0) std::memcpy(copy.get(), whole.data(), size);
    CHECK_FALSE(parse_five_tuple(copy.get(), size, tuple));
  }
}

TEST_CASE("when a tuple is reversed twice, then it is itself") {
  const FiveTuple tuple{{10, 0, 0, 1}, {10, 0, 0, 2}, 1, 2, 17};
  CHECK(tuple.reversed() == FiveTuple{{10, 0, 0, 2}, {10, 0, 0, 1}, 2, 1, 17});
  CHECK(tuple.reversed().reversed() == tuple);
  CHECK(tuple.reversed() != tuple);
}

TEST_CASE("when tuples are hashed, then every field and the seed count, and the buckets fill evenly") {
  constexpr FiveTuple tuple{{10, 0, 0, 1}, {10, 0, 0, 2}, 1, 2, 17};
  static_assert(tuple.hash() == FiveTuple{{10, 0, 0, 1}, {10, 0, 0, 2}, 1, 2, 17}.hash());
  std::set<std::uint32_t> hashes{tuple.hash(), tuple.reversed().hash(), tuple.hash(1)};
  FiveTuple other = tuple;
  other.protocol = 6;
  hashes.insert(other.hash());
  other = tuple;
  other.source_port = 3;
  hashes.insert(other.hash());
  other = tuple;
  other.destination_port = 3;
  hashes.insert(other.hash());
  CHECK(hashes.size() == 6);

  for (const unsigned buckets : {2U, 3U, 8U}) {
    std::vector<int> count(buckets, 0);
    for (std::uint32_t host = 0; host < 100; ++host)
      for (std::uint16_t port = 0; port < 240; ++port)
        ++count[FiveTuple{Ipv4Address{0x0a000000U + host}, {10, 9, 9, 9}, port, 80, 6}.hash() % buckets];
    const int expected = 24000 / static_cast<int>(buckets);
    for (const int n : count) CHECK(std::abs(n - expected) < expected / 10);
  }
}
