// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UE address pools: what is given out, what comes back, what is refused.
#include "core/fiveg/ue_address_pool.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace kiriko;

TEST_CASE("when IPv4 pools are used up, then each has given out what its prefix allows") {
  struct Case {
    const char* prefix;
    std::uint64_t size;
    const char* first;
    const char* last;
  };
  const std::vector<Case> cases{
      {"10.60.0.0/24", 253, "10.60.0.2", "10.60.0.254"},
      {"10.60.0.77/24", 253, "10.60.0.2", "10.60.0.254"},  // the prefix counts, not its host part
      {"10.60.0.0/30", 1, "10.60.0.2", "10.60.0.2"},
      {"10.60.0.0/31", 2, "10.60.0.0", "10.60.0.1"},
      {"10.60.0.5/32", 1, "10.60.0.5", "10.60.0.5"},
  };
  for (const Case& each : cases) {
    INFO(each.prefix);
    Ipv4AddressPool pool(*Ipv4Prefix::parse(each.prefix));
    REQUIRE(pool.size() == each.size);
    Ipv4Address last;
    for (std::uint64_t i = 0; i < each.size; ++i) {
      const auto address = pool.allocate();
      REQUIRE(address);
      if (i == 0) CHECK(to_string(*address) == each.first);
      last = *address;
    }
    CHECK(to_string(last) == each.last);
    const auto more = pool.allocate();
    REQUIRE_FALSE(more);
    CHECK(more.error().message == "all UE addresses of the pool are taken");
    CHECK(more.error().found == std::to_string(each.size) + " taken");
    REQUIRE(pool.release(last));
    CHECK(pool.allocate() == last);
  }
}

TEST_CASE(
    "when addresses are released, then the one that is free for longest goes first, after those never used") {
  NumberPool pool(5);
  for (std::uint64_t i = 0; i < 4; ++i) CHECK(pool.allocate() == i);
  CHECK(pool.release(2));
  CHECK(pool.release(0));
  CHECK_FALSE(pool.release(0));
  CHECK(pool.allocate() == 4);
  CHECK(pool.allocate() == 2);
  CHECK(pool.release(2));
  CHECK(pool.reserve(0));
  CHECK(pool.allocate() == 2);
  CHECK_FALSE(pool.allocate());
}

TEST_CASE("when an address is static, then the pool does not give it to another") {
  Ipv4AddressPool pool(*Ipv4Prefix::parse("10.60.0.0/29"));
  CHECK(pool.reserve(Ipv4Address{10, 60, 0, 3}));
  CHECK_FALSE(pool.reserve(Ipv4Address{10, 60, 0, 3}));  // taken
  CHECK_FALSE(pool.reserve(Ipv4Address{10, 60, 0, 1}));  // the gateway
  CHECK_FALSE(pool.reserve(Ipv4Address{10, 60, 0, 7}));  // broadcast
  CHECK_FALSE(pool.reserve(Ipv4Address{10, 61, 0, 3}));
  std::vector<std::string> given;
  while (const auto address = pool.allocate()) given.push_back(to_string(*address));
  CHECK(given == std::vector<std::string>{"10.60.0.2", "10.60.0.4", "10.60.0.5", "10.60.0.6"});
  CHECK(pool.release(Ipv4Address{10, 60, 0, 3}));
  CHECK(pool.allocate() == Ipv4Address{10, 60, 0, 3});
}

TEST_CASE("when IPv6 prefixes are given out, then each UE has a /64 of its own") {
  Ipv6PrefixPool pool(*Ipv6Prefix::parse("2001:db8:0:10::/62"));
  REQUIRE(pool.size() == 4);
  for (const char* expected :
       {"2001:db8:0:10::/64", "2001:db8:0:11::/64", "2001:db8:0:12::/64", "2001:db8:0:13::/64"}) {
    const auto prefix = pool.allocate();
    REQUIRE(prefix);
    CHECK(to_string(*prefix) == expected);
  }
  CHECK_FALSE(pool.allocate());
  CHECK_FALSE(pool.release(*Ipv6Prefix::parse("2001:db8:0:14::/64")));
  CHECK_FALSE(pool.release(*Ipv6Prefix::parse("2001:db8:0:12::/63")));
  CHECK(pool.release(*Ipv6Prefix::parse("2001:db8:0:12::/64")));
  CHECK(pool.reserve(*Ipv6Prefix::parse("2001:db8:0:12::/64")));
  CHECK(Ipv6PrefixPool(*Ipv6Prefix::parse("2000::/3")).size() == std::uint64_t{1} << 61);
}
