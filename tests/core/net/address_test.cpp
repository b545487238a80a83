// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// MAC and IPv4 addresses, prefixes and wire integers.
#include <catch2/catch.hpp>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/mac_address.hpp"

using namespace kiriko;

TEST_CASE("when a wire integer is assigned, then its bytes are big-endian and it reads back") {
  struct {
    Be16 a;
    Be32 b;
    Be64 c;
  } wire{};
  wire.a = std::uint16_t{0x0102};
  wire.b = 0x03040506U;
  wire.c = 0x0708090a0b0c0d0eULL;
  static_assert(sizeof wire == 14);
  std::uint8_t bytes[14];
  std::memcpy(bytes, &wire, sizeof bytes);
  for (std::size_t i = 0; i < sizeof bytes; ++i) CHECK(bytes[i] == i + 1);
  CHECK(wire.a == 0x0102);
  CHECK(wire.b == 0x03040506U);
  CHECK(wire.c.value() == 0x0708090a0b0c0d0eULL);
  static_assert(Be32{0xdeadbeefU} == 0xdeadbeefU);
}

TEST_CASE("when a MAC address is printed, then it parses back") {
  const auto mac = MacAddress::parse("02:AB:cd:00:7f:ff");
  REQUIRE(mac);
  CHECK(to_string(*mac) == "02:ab:cd:00:7f:ff");
  CHECK(mac->value() == 0x02abcd007fffULL);
  CHECK(MacAddress::from_value(mac->value()) == *mac);
  CHECK(MacAddress::parse("02-ab-cd-00-7f-ff") == *mac);
  CHECK(to_string(MacAddress::local(0x01020304)) == "02:00:01:02:03:04");
}

TEST_CASE("when a MAC address is a group or broadcast address, then it says so") {
  CHECK(broadcast_mac.is_broadcast());
  CHECK(broadcast_mac.is_group());
  CHECK(MacAddress::from_value(0x01005e000001).is_group());
  CHECK_FALSE(MacAddress::from_value(0x01005e000001).is_broadcast());
  CHECK_FALSE(MacAddress::local(1).is_group());
  CHECK(MacAddress{}.is_zero());
}

TEST_CASE("when a text is not a MAC address, then a problem quotes it") {
  for (const char* text :
       {"", "02:00:00:00:00", "02:00:00:00:00:0g", "02:00:00:00:00:001", "2:0:0:0:0:1:2:3:4",
        "02:00:00-00:00:01", "020000000001", "02:00:00:00:00:0 ", "+2:00:00:00:00:01"}) {
    const auto mac = MacAddress::parse(text);
    CAPTURE(text);
    REQUIRE_FALSE(mac);
    CHECK(mac.error().found == "'" + std::string(text) + "'");
  }
}

TEST_CASE("when an IPv4 address is printed, then it parses back") {
  for (const char* text : {"0.0.0.0", "10.0.0.1", "192.168.100.200", "255.255.255.255"}) {
    const auto address = Ipv4Address::parse(text);
    CAPTURE(text);
    REQUIRE(address);
    CHECK(to_string(*address) == text);
  }
  CHECK(Ipv4Address::parse("10.1.2.3") == Ipv4Address{10, 1, 2, 3});
  CHECK(Ipv4Address{10, 1, 2, 3}.value == 0x0a010203U);
  CHECK(Ipv4Address{224, 0, 0, 1}.is_multicast());
  CHECK_FALSE(Ipv4Address{223, 255, 255, 255}.is_multicast());
}

TEST_CASE("when a text is not an IPv4 address, then it is refused") {
  for (const char* text : {"", "10", "10.0.0", "10.0.0.", "10.0.0.256", "10.0.0.1.2", "10.0.0.01", "10..0.1",
                           " 10.0.0.1", "10.0.0.1 ", "-1.0.0.0", "10.0.0.1/8", "99999999999.0.0.0"}) {
    CAPTURE(text);
    CHECK_FALSE(Ipv4Address::parse(text));
  }
}

TEST_CASE("when a prefix is parsed, then it contains exactly its addresses") {
  const auto prefix = Ipv4Prefix::parse("10.1.2.3/20");
  REQUIRE(prefix);
  CHECK(to_string(*prefix) == "10.1.2.3/20");
  CHECK_FALSE(prefix->is_network());
  CHECK(to_string(prefix->network()) == "10.1.0.0/20");
  CHECK(prefix->network().is_network());
  CHECK(prefix->contains({10, 1, 0, 0}));
  CHECK(prefix->contains({10, 1, 15, 255}));
  CHECK_FALSE(prefix->contains({10, 1, 16, 0}));
  CHECK_FALSE(prefix->contains({10, 0, 255, 255}));
  CHECK(Ipv4Prefix::parse("0.0.0.0/0")->contains({255, 1, 2, 3}));
  CHECK(Ipv4Prefix::parse("0.0.0.0/0")->mask() == 0);
  CHECK(Ipv4Prefix::parse("10.0.0.1")->length == 32);
  CHECK(Ipv4Prefix::parse("10.0.0.1/32")->mask() == 0xffffffffU);
  CHECK_FALSE(Ipv4Prefix::parse("10.0.0.1/32")->contains({10, 0, 0, 2}));
  for (const char* text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.0/8x"}) {
    CAPTURE(text);
    CHECK_FALSE(Ipv4Prefix::parse(text));
  }
}
