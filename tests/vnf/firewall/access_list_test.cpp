// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The access list: its text, and the compiled list against a plain search.
#include "vnf/firewall/access_list.hpp"

#include <catch2/catch.hpp>

#include "core/base/random.hpp"
#include "core/packet/burst.hpp"

using namespace kiriko;

TEST_CASE("when an entry's text is right, then all its parts are read") {
  struct Row {
    const char* text;
    AccessListEntry entry;
  };
  const std::vector<Row> rows{
      {"allow any from any to any", {.allow = true}},
      {"allow udp from 10.0.0.0/8 to any port 5000-6000",
       {.allow = true,
        .protocol = ip_protocol::udp,
        .source = {Ipv4Address{10, 0, 0, 0}, 8},
        .destination_ports = {5000, 6000}}},
      {"deny tcp from any to 10.1.0.0/16 port 23",
       {.allow = false,
        .protocol = ip_protocol::tcp,
        .destination = {Ipv4Address{10, 1, 0, 0}, 16},
        .destination_ports = {23, 23}}},
      {"deny  sctp from 1.2.3.4 port 0-65535 to any ",
       {.allow = false, .protocol = ip_protocol::sctp, .source = {Ipv4Address{1, 2, 3, 4}, 32}}},
      {"allow icmp from any to any", {.allow = true, .protocol = ip_protocol::icmp}},
      {"allow 50 from any to any", {.allow = true, .protocol = std::uint8_t{50}}},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto entry = parse_access_list_entry(row.text);
    REQUIRE(entry.has_value());
    CHECK((*entry == row.entry));
  }
}

TEST_CASE("when an entry's text is wrong, then the problem says what was found and what is allowed") {
  struct Row {
    const char* text;
    const char* problem;
  };
  constexpr const char* form =
      "an entry is 'allow|deny PROTOCOL from ADDRESS [port P[-Q]] to ADDRESS [port P[-Q]]'";
  const std::vector<Row> rows{
      {"", "an entry begins with what it does; found the end; allowed: allow or deny; "},
      {"alow udp from any to any",
       "an entry begins with what it does; found 'alow'; allowed: allow or deny; did you mean 'allow'?"},
      {"allow udpp from any to any",
       "the protocol is not known; found 'udpp'; allowed: any, tcp, udp, sctp, icmp or a number from 0 to "
       "255; did you mean 'udp'?"},
      {"allow 256 from any to any",
       "the protocol is not known; found '256'; allowed: any, tcp, udp, sctp, icmp or a number from 0 to "
       "255; "},
      {"allow udp form any to any",
       "'from' is expected; found 'form'; allowed: 'from'; did you mean 'from'?"},
      {"allow udp from 10.0.0.1/8 to any",
       "the prefix has bits beyond its length; found '10.0.0.1/8'; allowed: 10.0.0.0/8; did you mean "
       "'10.0.0.0/8'?"},
      {"allow udp from 10.0.0/8 to any",
       "the address is not one; found '10.0.0/8'; allowed: any, or an IPv4 prefix such as 10.0.0.0/8; "},
      {"allow udp from any", "'to' is expected; found the end; allowed: 'to'; "},
      {"allow udp from any to any port 7-3",
       "the port is not one; found '7-3'; allowed: a number from 0 to 65535, or two with '-' between, "
       "ascending; "},
      {"allow udp from any to any port 65536",
       "the port is not one; found '65536'; allowed: a number from 0 to 65535, or two with '-' between, "
       "ascending; "},
      {"allow udp from any to any port",
       "the port is not one; found the end; allowed: a number from 0 to 65535, or two with '-' between, "
       "ascending; "},
      {"allow icmp from any to any port 1",
       "a port needs a protocol with ports; found 'port'; allowed: port with tcp, udp or sctp only; "},
      {"allow any from any to any please",
       "the entry goes on beyond its end; found 'please'; allowed: nothing; "},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto entry = parse_access_list_entry(row.text);
    REQUIRE_FALSE(entry.has_value());
    std::string expected = row.problem;
    if (expected.back() == ' ') expected += form;
    CHECK(to_string(entry.error()) == expected);
  }
}

TEST_CASE("when a list does not compile, then the problem names the entry by number and text") {
  const auto list = AccessList::compile({"allow any from any to any", "deny udp from x to any"}, false);
  REQUIRE_FALSE(list.has_value());
  CHECK(list.error().where == "entries, number 2 'deny udp from x to any'");
}

TEST_CASE("when no entry matches, then the default decides") {
  const FiveTuple tuple{Ipv4Address{1, 1, 1, 1}, Ipv4Address{2, 2, 2, 2}, 1, 2, ip_protocol::udp};
  for (const bool allow : {false, true}) {
    CHECK(AccessList::compile({}, allow)->allows(tuple) == allow);
    CHECK(AccessList::compile({allow ? "deny tcp from any to any" : "allow tcp from any to any"}, allow)
              ->allows(tuple) == allow);
  }
}

TEST_CASE(
    "when lists and tuples are random, then the first entry that matches decides, however many are asked at "
    "once") {
  RandomStream random(7, "access_list", "test");
  const auto prefix = [&] {
    const auto length = static_cast<std::uint8_t>(random.between(0, 4) * 8);
    const Ipv4Address address{10, static_cast<std::uint8_t>(random.between(0, 1)),
                              static_cast<std::uint8_t>(random.between(0, 1)),
                              static_cast<std::uint8_t>(random.between(0, 1))};
    return Ipv4Prefix{address, length}.network();
  };
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> texts;
    std::vector<AccessListEntry> entries;
    for (int i = 0; i < 30; ++i) {
      const bool ports = random.chance(0.5);
      std::string text = random.chance(0.5) ? "allow " : "deny ";
      text += ports ? (random.chance(0.5) ? "udp" : "tcp") : "any";
      const auto range = [&] {
        const auto low = random.between(0, 9), high = random.between(low, 9);
        return ports ? " port " + std::to_string(low) + "-" + std::to_string(high) : std::string{};
      };
      text += " from " + to_string(prefix()) + range();
      text += " to " + to_string(prefix()) + range();
      texts.push_back(text);
      entries.push_back(*parse_access_list_entry(text));
    }
    const auto list = AccessList::compile(texts, false);
    REQUIRE(list.has_value());
    std::vector<AccessList::Key> keys;
    std::vector<bool> expected;
    for (std::uint32_t i = 0; i < burst_capacity; ++i) {
      const FiveTuple t{Ipv4Address{prefix().address.value | 0x0a000000U},
                        Ipv4Address{prefix().address.value | 0x0a000000U},
                        static_cast<std::uint16_t>(random.between(0, 9)),
                        static_cast<std::uint16_t>(random.between(0, 9)),
                        random.chance(0.5) ? ip_protocol::udp : ip_protocol::tcp};
      const auto first = std::find_if(entries.begin(), entries.end(), [&](const AccessListEntry& e) {
        return (!e.protocol || *e.protocol == t.protocol) && e.source.contains(t.source) &&
               e.destination.contains(t.destination) && e.source_ports.low <= t.source_port &&
               t.source_port <= e.source_ports.high && e.destination_ports.low <= t.destination_port &&
               t.destination_port <= e.destination_ports.high;
      });
      keys.emplace_back(t);
      expected.push_back(first != entries.end() && first->allow);
      CHECK(list->allows(t) == expected.back());
    }
    std::array<bool, burst_capacity> verdicts{};
    list->classify(keys, verdicts.data());
    CHECK(std::equal(expected.begin(), expected.end(), verdicts.begin()));
  }
}
