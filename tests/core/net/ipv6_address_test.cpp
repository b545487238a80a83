// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// IPv6 addresses and prefixes.
#include "core/net/ipv6_address.hpp"

#include <catch2/catch.hpp>

using namespace kiriko;

TEST_CASE("when an IPv6 address is printed, then it has the one form of RFC 5952") {
  const struct {
    const char* text;
    const char* printed;
  } cases[] = {
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
      {"2001:0db8:0000:1::", "2001:db8:0:1::"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"fe80::1:2", "fe80::1:2"},
      {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
      {"::ffff:10.1.2.3", "::ffff:10.1.2.3"},
      {"::ffff:0a01:0203", "::ffff:10.1.2.3"},
      {"64:ff9b::10.0.0.1", "64:ff9b::a00:1"},
      {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto address = Ipv6Address::parse(c.text);
    REQUIRE(address);
    CHECK(to_string(*address) == c.printed);
    CHECK(Ipv6Address::parse(c.printed) == *address);
  }
}

TEST_CASE("when a text is not an IPv6 address, then a problem quotes it") {
  for (const char* text : {"", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::",
                           "g::", " ::1", "::1 ", "fe80::1%eth0", "::1/64", "10.0.0.1", "::256.0.0.1"}) {
    CAPTURE(text);
    const auto address = Ipv6Address::parse(text);
    REQUIRE_FALSE(address);
    CHECK(address.error().found == "'" + std::string(text) + "'");
  }
  CHECK_FALSE(Ipv6Address::parse(std::string_view("::1\0x", 5)));
}

TEST_CASE("when an IPv6 address is taken in halves, then they make it up again") {
  const auto address = *Ipv6Address::parse("2001:db8:1:2:3:4:5:6");
  CHECK(address.half(0) == 0x20010db800010002ULL);
  CHECK(address.half(1) == 0x0003000400050006ULL);
  CHECK(Ipv6Address::from_halves(address.half(0), address.half(1)) == address);
  CHECK(Ipv6Address::parse("ff02::2")->is_multicast());
  CHECK(Ipv6Address::parse("febf::1")->is_link_local());
  CHECK_FALSE(Ipv6Address::parse("fec0::1")->is_link_local());
  CHECK(Ipv6Address{}.is_zero());
}

TEST_CASE("when an IPv6 prefix is parsed, then it contains exactly its addresses") {
  const auto in = [](const char* prefix, const char* address) {
    return Ipv6Prefix::parse(prefix)->contains(*Ipv6Address::parse(address));
  };
  CHECK(in("::/0", "ffff::"));
  CHECK(in("2001:db8::/32", "2001:db8:ffff::1"));
  CHECK_FALSE(in("2001:db8::/32", "2001:db9::"));
  CHECK(in("2001:db8:0:ff00::/56", "2001:db8:0:ff12:1::"));
  CHECK_FALSE(in("2001:db8:0:ff00::/56", "2001:db8:0:fe00::"));
  CHECK(in("2001:db8::/64", "2001:db8::ffff:0:0:1"));
  CHECK_FALSE(in("2001:db8::/64", "2001:db8:0:1::"));
  CHECK(in("2001:db8::80/121", "2001:db8::ff"));
  CHECK_FALSE(in("2001:db8::80/121", "2001:db8::7f"));
  CHECK_FALSE(in("2001:db8::1/128", "2001:db8::2"));
  CHECK(Ipv6Prefix::parse("2001:db8::1")->length == 128);
  const auto prefix = *Ipv6Prefix::parse("2001:db8::1/64");
  CHECK_FALSE(prefix.is_network());
  CHECK(to_string(prefix) == "2001:db8::1/64");
  CHECK(to_string(prefix.network()) == "2001:db8::/64");
  CHECK(to_string(Ipv6Prefix{{}, 65}.mask()) == "ffff:ffff:ffff:ffff:8000::");
  for (const char* text :
       {"", "/8", "::/", "::/129", "::/-1", "::/08", "::/8/8", "::/8x", "::/256", "::/999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(Ipv6Prefix::parse(text));
  }
}
