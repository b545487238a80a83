// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the choice of port roles.
#include "vnf/upf/port_roles.hpp"

#include <catch2/catch.hpp>

#include "vnf/upf/upf.hpp"

using namespace kiriko;
using namespace kiriko::upf;

TEST_CASE("when ports have neighbours, then their roles follow") {
  struct Case {
    const char* description;
    std::vector<std::string> neighbours;  ///< function, or "host"
    std::vector<std::string> roles;       ///< by port: of "3", "6", "9"
  };
  const std::vector<Case> cases{
      {"one-armed", {"switch"}, {"369"}},
      {"transport and data network", {"switch", "switch"}, {"39", "6"}},
      {"host comes first", {"host", "switch"}, {"6", "39"}},
      {"two gNBs and a host", {"gnb", "gnb", "host"}, {"39", "39", "6"}},
      {"gNB, UPF and a switch", {"gnb", "upf", "switch"}, {"3", "9", "6"}},
      {"gNB and a switch", {"gnb", "switch"}, {"39", "6"}},
      {"two hosts", {"host", "host"}, {"369", "369"}},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    FunctionSetup setup;
    setup.ports.resize(c.neighbours.size());
    for (const auto& name : c.neighbours) {
      NodeView view;
      view.kind = name == "host" ? NodeKind::host : NodeKind::function;
      view.function = name == "host" ? "" : name;
      setup.neighbours.push_back(view);
    }
    const auto roles = PortRoles::create(setup);
    REQUIRE(roles);
    for (std::uint16_t port = 0; port < c.roles.size(); ++port) {
      std::string found;
      if (roles->is(PortRole::n3, PortId{port})) found += '3';
      if (roles->is(PortRole::n6, PortId{port})) found += '6';
      if (roles->is(PortRole::n9, PortId{port})) found += '9';
      INFO("port " << port);
      CHECK(found == c.roles[port]);
    }
  }
}

TEST_CASE("when a neighbour has the address, then its port is taken") {
  FunctionSetup setup;
  setup.ports.resize(3);
  setup.neighbours.resize(3);
  for (std::uint8_t i = 0; i < 2; ++i) {
    setup.neighbours[i].kind = NodeKind::function;
    setup.neighbours[i].function = "gnb";
    setup.neighbours[i].address = Ipv4Address{10, 0, 1, static_cast<std::uint8_t>(9 - i)};
  }
  const auto roles = PortRoles::create(setup);
  REQUIRE(roles);
  CHECK(roles->direct(PortRole::n3, Ipv4Address{10, 0, 1, 9}) == PortId{0});
  CHECK(roles->direct(PortRole::n3, Ipv4Address{10, 0, 1, 8}) == PortId{1});
  CHECK_FALSE(roles->direct(PortRole::n3, Ipv4Address{10, 0, 1, 7}));
}

TEST_CASE("when an option names a port that is not there, then the UPF is not created") {
  FunctionSetup setup;
  setup.name = "upf1";
  setup.options = OptionValues::defaults(upf_descriptor.options);
  setup.options.set("n3_ports", {std::int64_t{2}});
  setup.ports.resize(2);
  setup.address = Ipv4Address{10, 0, 0, 1};
  const auto created = upf_descriptor.create(setup);
  REQUIRE_FALSE(created);
  CHECK(created.error().where == "n3_ports");
  CHECK(created.error().allowed == "0 to 1");
  setup.address.reset();
  CHECK_FALSE(upf_descriptor.create(setup));
}
