// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Flow descriptions: parsed, printed, refused.
#include "core/pfcp/flow_description.hpp"

#include <catch2/catch.hpp>

using namespace kiriko;
using namespace kiriko::pfcp;

TEST_CASE("when a flow description is parsed, then it prints in its one form and parses to the same") {
  const struct {
    const char* text;
    const char* printed;
  } cases[] = {
      {"permit out ip from any to assigned", "permit out ip from any to assigned"},
      {"permit out ip from 10.0.0.0/8 1000-2000,80 to assigned 5000",
       "permit out ip from 10.0.0.0/8 1000-2000,80 to assigned 5000"},
      {"permit out 58 from ff02::2/128 to assigned", "permit out 58 from ff02::2 to assigned"},
      {"permit out icmp from any to assigned", "permit out 1 from any to assigned"},
      {"permit out udp from 2001:DB8::/32 53 to any", "permit out 17 from 2001:db8::/32 53 to any"},
      {"permit in tcp from assigned to 192.0.2.1 443", "permit in 6 from assigned to 192.0.2.1 443"},
      {"deny in 0 from !10.0.0.1/24 to !any 0-65535", "deny in 0 from !10.0.0.1/24 to !any 0-65535"},
      {"  permit \t out sctp  from any to 10.0.0.1/32 ", "permit out 132 from any to 10.0.0.1"},
      {"permit out 255 from 0.0.0.0/0 1,2,3-3 to ::/0", "permit out 255 from 0.0.0.0/0 1,2,3 to ::/0"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto flow = FlowDescription::parse(c.text);
    REQUIRE(flow);
    CHECK(to_string(*flow) == c.printed);
    CHECK(FlowDescription::parse(c.printed) == *flow);
  }
}

TEST_CASE("when a flow description is parsed, then its fields are what was written") {
  const auto flow = *FlowDescription::parse("permit out 17 from 10.1.0.0/16 1000-2000,80 to assigned 5000");
  CHECK(flow.action == FlowDescription::Action::permit);
  CHECK(flow.direction == FlowDescription::Direction::out);
  CHECK(flow.protocol == 17);
  CHECK(flow.source == AddressMatch{*Ipv4Prefix::parse("10.1.0.0/16"), false});
  CHECK(flow.source_ports == std::vector<PortRange>{{1000, 2000}, {80, 80}});
  CHECK(flow.destination == AddressMatch{AssignedAddress{}, false});
  CHECK(flow.destination_ports == std::vector<PortRange>{{5000, 5000}});
  CHECK_FALSE(FlowDescription::parse("permit out ip from any to any")->protocol);
  CHECK(FlowDescription::parse("permit in ip from !assigned to any")->source.inverted);
}

TEST_CASE("when a text is no flow description, then a problem says where it leaves off being one") {
  const struct {
    const char* text;
    const char* found;
  } cases[] = {
      {"", "''"},
      {"allow out ip from any to any", "'allow'"},
      {"permit", "''"},
      {"permit both ip from any to any", "'both'"},
      {"permit out", "''"},
      {"permit out 256 from any to any", "'256'"},
      {"permit out -1 from any to any", "'-1'"},
      {"permit out UDP from any to any", "'UDP'"},
      {"permit out ip to any", "'to'"},
      {"permit out ip from to any", "'to'"},
      {"permit out ip from any", "''"},
      {"permit out ip from any to", "''"},
      {"permit out ip from 10.0.0.0/33 to any", "'10.0.0.0/33'"},
      {"permit out ip from !! to any", "'!!'"},
      {"permit out ip from any 80, to any", "'80,'"},
      {"permit out ip from any 90-80 to any", "'90-80'"},
      {"permit out ip from any 65536 to any", "'65536'"},
      {"permit out ip from any 1-2-3 to any", "'1-2-3'"},
      {"permit out ip from any to any - 5", "'-'"},
      {"permit out ip from any to any 5 established", "'established'"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto flow = FlowDescription::parse(c.text);
    REQUIRE_FALSE(flow);
    CHECK(flow.error().found == c.found);
  }
  std::string ports = "permit out ip from any to any 1";
  for (int i = 1; i < 64; ++i) ports += ",1";
  CHECK(FlowDescription::parse(ports));
  CHECK_FALSE(FlowDescription::parse(ports + ",1"));
}
