// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of sessions with thousands of PDRs: the index finds the same PDR as a look at each of them.
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

SdfFilter random_filter(RandomStream& random) {
  const auto between = [&random](std::int64_t low, std::int64_t high) {
    return static_cast<std::uint32_t>(random.between(low, high));
  };
  SdfFilter filter;
  if (random.chance(0.5)) filter.protocol = static_cast<std::uint8_t>(random.chance(0.8) ? 17 : 6);
  if (random.chance(0.7))
    filter.remote = Ipv4Prefix{Ipv4Address{0x08080000U + between(0, 15)},
                               static_cast<std::uint8_t>(random.chance(0.5) ? 32 : 28 + between(0, 3))};
  const auto port = [&] { return static_cast<std::uint16_t>(between(1, 40)); };
  if (random.chance(0.5)) {
    const std::uint16_t low = port();
    filter.remote_ports = {{low, random.chance(0.7) ? low : static_cast<std::uint16_t>(low + 5)}};
  }
  if (random.chance(0.3)) {
    const std::uint16_t one = port();
    filter.local_ports = {{one, one}};
  }
  if (random.chance(0.1)) filter.remote_ports.push_back({60, 70});
  return filter;
}

}  // namespace

TEST_CASE("when a session has many PDRs, then packets take the one of the highest precedence that matches") {
  for (const std::size_t count : {31U, 32U, 300U, 3000U}) {
    INFO(count << " PDRs a direction");
    RandomStream random(count, "pdr_index", "test");
    UpfUnderTest upf;
    PduSessionRules rules = session_rules(1);
    rules.pdrs.clear();
    // The precedence of each is told by its FAR's TEID.
    rules.fars.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const auto id = static_cast<std::uint16_t>(i + 1);
      PacketDetectionRule pdr{
          .id = PdrId{id}, .precedence = static_cast<std::uint32_t>(random.between(0, 50)), .far = FarId{id}};
      pdr.pdi = {.source_interface = SourceInterface::core, .ue_ip_address = ue_address(1)};
      for (auto n = random.between(1, 3); n > 0; --n) pdr.pdi.sdf_filters.push_back(random_filter(random));
      rules.pdrs.push_back(pdr);
      rules.fars.push_back({.id = FarId{id},
                            .destination_interface = DestinationInterface::access,
                            .outer_header_creation = OuterHeaderCreation{Teid{id}, gnb_address}});
    }
    upf.establish(rules);
    std::size_t matched = 0;
    for (int i = 0; i < 1500; ++i) {
      const Ipv4Address remote{0x08080000U + static_cast<std::uint32_t>(random.between(0, 17))};
      const auto remote_port = static_cast<std::uint16_t>(random.between(1, 72));
      const auto local_port = static_cast<std::uint16_t>(random.between(1, 42));
      const PacketDetectionRule* best = nullptr;
      for (const auto& pdr : rules.pdrs) {
        const bool matches =
            std::any_of(pdr.pdi.sdf_filters.begin(), pdr.pdi.sdf_filters.end(), [&](const SdfFilter& filter) {
              const auto within = [](const std::vector<SdfPortRange>& ranges, std::uint16_t port) {
                return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), [port](const auto& range) {
                         return port >= range.low && port <= range.high;
                       });
              };
              const auto* prefix = std::get_if<Ipv4Prefix>(&filter.remote);
              return filter.protocol.value_or(17) == 17 && (prefix == nullptr || prefix->contains(remote)) &&
                     within(filter.remote_ports, remote_port) && within(filter.local_ports, local_port);
            });
        if (matches &&
            (best == nullptr || std::pair{pdr.precedence, pdr.id} < std::pair{best->precedence, best->id}))
          best = &pdr;
      }
      upf.at(n3).clear();
      upf.send(ethernet(datagram(remote, ue_address(1), remote_port, local_port)), n6);
      REQUIRE(upf.at(n3).size() == (best == nullptr ? 0 : 1));
      if (best == nullptr) continue;
      ++matched;
      REQUIRE(open_tunnelled(upf.at(n3)[0]).gtpu.teid == best->id.value);
    }
    CHECK(matched > 500);
    // PDRs come and go; then none is left in the index.
    PduSessionUpdate update;
    for (std::size_t i = 1; i < count; ++i) update.remove_pdrs.push_back(rules.pdrs[i].id);
    REQUIRE(upf.apply(modify(update)).empty());
    REQUIRE(upf.apply(ReleasePduSession{NodeId{}, Seid{1}}).empty());
    upf.check_conservation();
  }
}

TEST_CASE("when thousands of uplink PDRs ask for a QFI, a filter or nothing, then all have their turn") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  for (std::uint16_t i = 0; i < 1000; ++i) {
    PacketDetectionRule pdr = rules.pdrs[0];
    pdr.id = PdrId{static_cast<std::uint16_t>(100 + i)};
    pdr.precedence = 10;
    pdr.qers = {};
    pdr.pdi.sdf_filters = {SdfFilter{.protocol = std::uint8_t{17}, .remote_ports = {{i, i}}}};
    if (i == 700) pdr.pdi.qfis = {Qfi{5}};
    pdr.far = FarId{static_cast<std::uint32_t>(100 + i)};
    rules.pdrs.push_back(pdr);
    rules.fars.push_back({.id = pdr.far,
                          .destination_interface = DestinationInterface::core,
                          .outer_header_creation = OuterHeaderCreation{Teid{1000U + i}, server}});
  }
  upf.establish(rules);
  const auto up = [&upf](std::uint16_t port, std::uint8_t qfi) {
    upf.at(n3).clear();
    upf.send(on_n3(g_pdu(101, qfi, datagram(ue_address(1), server, 9, port))), n3);
    return upf.at(n3).empty() ? 0U : open_tunnelled(upf.at(n3)[0]).gtpu.teid;
  };
  CHECK(up(0, 1) == 1000);
  CHECK(up(999, 1) == 1999);
  CHECK(up(700, 5) == 1700);
  CHECK(up(700, 6) == 0);
  CHECK(up(1000, 1) == 0);
  CHECK(upf.at(n6).size() == 2);
}
