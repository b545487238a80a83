// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ICMPv6 and neighbour discovery: addresses made from others, checksums, and what a receiver must refuse.
#include "core/net/neighbour_discovery.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <vector>

using namespace kiriko;

namespace {

const Ipv6Address asker = *Ipv6Address::parse("fd00::1"), asked = *Ipv6Address::parse("fd00::12:3456");
const MacAddress mac = *MacAddress::parse("02:11:22:33:44:55");

std::vector<std::uint8_t> solicitation() {
  std::vector<std::uint8_t> out(ipv6_header_size + neighbour_message_with_mac_size);
  write_neighbour_message(out.data(), icmpv6_type::neighbour_solicitation, 0, asker,
                          solicited_node_multicast(asked), asked, mac);
  return out;
}

const NeighbourMessage* view(const std::vector<std::uint8_t>& packet) {
  const Ipv6Header* ip = Ipv6Header::view(packet.data(), packet.size());
  REQUIRE(ip != nullptr);
  return NeighbourMessage::view(*ip);
}

/// The checksum is made right again, so that only what was changed can be what is refused.
void finish(std::vector<std::uint8_t>& packet) {
  const Ipv6Header* ip = Ipv6Header::view(packet.data(), packet.size());
  REQUIRE(ip != nullptr);
  finish_icmpv6(packet.data() + ipv6_header_size, ip->payload_length(), ip->source, ip->destination);
}

}  // namespace

TEST_CASE("when addresses are made from others, then they are those of the standards' examples") {
  CHECK(to_string(solicited_node_multicast(asked)) == "ff02::1:ff12:3456");
  CHECK(to_string(multicast_mac_of(solicited_node_multicast(asked))) == "33:33:ff:12:34:56");
  CHECK(to_string(multicast_mac_of(all_nodes_multicast)) == "33:33:00:00:00:01");
  // RFC 4291 appendix A: the universal bit is turned.
  CHECK(to_string(link_local_of(*MacAddress::parse("34:56:78:9a:bc:de"))) == "fe80::3656:78ff:fe9a:bcde");
}

TEST_CASE("when a neighbour message is written, then it is read back with its MAC address") {
  const auto packet = solicitation();
  const NeighbourMessage* message = view(packet);
  REQUIRE(message != nullptr);
  CHECK(message->is_solicitation());
  CHECK(message->target == asked);
  MacAddress found;
  CHECK(message->link_layer_address(neighbour_option::source_link_layer_address,
                                    neighbour_message_with_mac_size, found));
  CHECK(found == mac);
  CHECK_FALSE(message->link_layer_address(neighbour_option::target_link_layer_address,
                                          neighbour_message_with_mac_size, found));
}

TEST_CASE("when a neighbour message breaks a rule of RFC 4861 clause 7.1, then it is refused") {
  struct Case {
    const char* description;
    std::function<void(std::vector<std::uint8_t>&)> spoil;
    bool checksum_right{true};
  };
  constexpr std::size_t body = ipv6_header_size;
  const std::vector<Case> cases{
      {"it was forwarded", [](auto& p) { p[7] = 254; }},
      {"its checksum is wrong", [](auto& p) { p[body + 2] ^= 1; }, false},
      {"its code is not 0", [](auto& p) { p[body + 1] = 1; }},
      {"its target is a group", [](auto& p) { p[body + 8] = 0xff; }},
      {"an option is empty", [](auto& p) { p[body + 25] = 0; }},
      {"an option goes beyond it", [](auto& p) { p[body + 25] = 2; }},
      {"it ends within its target",
       [](auto& p) {
         p.resize(body + 23);
         p[5] = 23;
       }},
      {"it ends within an option",
       [](auto& p) {
         p.resize(body + 28);
         p[5] = 28;
       }},
      {"nobody has sent it, and brings an address",
       [](auto& p) { std::fill_n(p.begin() + 8, 16, std::uint8_t{0}); }},
      {"an advertisement to all says that it was asked for",
       [](auto& p) {
         p[body] = icmpv6_type::neighbour_advertisement;
         p[body + 4] = 0x40;
       }},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    auto packet = solicitation();
    c.spoil(packet);
    if (c.checksum_right) finish(packet);
    CHECK(view(packet) == nullptr);
  }
}

TEST_CASE("when an ICMPv6 error is written, then its checksum is right and it stays within 1280 octets") {
  std::vector<std::uint8_t> original(1500, 7), error(1280 + 64);
  const std::size_t size = write_icmpv6_error(error.data(), icmpv6_type::packet_too_big, 0, 1400,
                                              original.data(), original.size(), asker, asked);
  CHECK(size == 1280 - ipv6_header_size);
  CHECK(icmpv6_checksum(asker, asked, error.data(), size) == 0);
  const Icmpv6Header* header = Icmpv6Header::view(error.data(), size);
  CHECK(header->type == icmpv6_type::packet_too_big);
  CHECK(header->body == 1400);
}
