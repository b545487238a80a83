// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packets that a lane carries must fare exactly as those that go by the rules.
#include "core/base/random.hpp"
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

/// The same rules and further PDRs that nothing ever reaches, so that no direction has a single one.
PduSessionRules by_rules(PduSessionRules rules, std::uint32_t n) {
  auto uplink = rules.pdrs[0], downlink = rules.pdrs[1];
  uplink.id = PdrId{11};
  uplink.pdi.local_f_teid = FTeid{Teid{9000 + n}, upf_address};
  downlink.id = PdrId{12};
  uplink.precedence = downlink.precedence = 200;
  rules.pdrs.push_back(uplink);
  rules.pdrs.push_back(downlink);
  return rules;
}

struct Sent {
  Octets bytes;
  PortId port;
};

Sent random_frame(RandomStream& random) {
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return static_cast<std::uint32_t>(random.between(low, high));
  };
  const std::uint32_t n = between(1, 5);
  const bool uplink = random.chance(0.5);
  const auto ttl = static_cast<std::uint8_t>(random.chance(0.1) ? between(0, 3) : 64);
  const std::size_t size = between(28, 1400);
  const Ipv4Address ue = ue_address(random.chance(0.05) ? 99 : n);
  const Octets inner = uplink ? datagram(ue, server, 1, 2, size, ttl) : datagram(server, ue, 2, 1, size, ttl);
  Octets frame =
      uplink ? on_n3(g_pdu(100 + n, static_cast<std::uint8_t>(between(0, 63)), inner)) : ethernet(inner);
  if (random.chance(0.1)) frame.resize(frame.size() + between(1, 20));
  if (random.chance(0.1)) frame.resize(between(0, static_cast<std::int64_t>(frame.size())));
  if (random.chance(0.3) && !frame.empty()) {
    auto& octet = frame[between(0, std::min<std::int64_t>(90, static_cast<std::int64_t>(frame.size())) - 1)];
    octet = static_cast<std::uint8_t>(octet ^ 1U << between(0, 7));
  }
  return {frame, random.chance(0.95) == uplink ? n3 : n6};
}

std::vector<std::pair<std::string, double>> metrics_without_memory(const UpfUnderTest& upf) {
  auto metrics = upf.report().metrics;
  std::erase_if(metrics, [](const auto& metric) { return metric.first == "session_bytes"; });
  return metrics;
}

}  // namespace

TEST_CASE("when a direction has a single plain PDR, then its packets fare as by the rules") {
  UpfUnderTest with_lanes, without;
  for (std::uint32_t n = 1; n <= 5; ++n) {
    const auto rules = session_rules(n, Ambr{BitsPerSecond{n * 100'000}, BitsPerSecond{n * 150'000}});
    with_lanes.establish(rules);
    without.establish(by_rules(rules, n));
  }
  RandomStream random(1, "lanes", "test");
  ModelTime now;
  // Those with lanes come in bursts of any size and mixture, the others one by one.
  std::vector<UpfUnderTest::Coming> burst;
  const auto send_burst = [&] { with_lanes.send(std::exchange(burst, {})); };
  for (int i = 0; i < 20'000; ++i) {
    if (i % 1000 == 500) {
      if (!burst.empty()) send_burst();
      // The lanes follow the rules when these change.
      ModifyPduSession change;
      change.seid = Seid{1};
      const bool off = i / 1000 % 2 == 0;
      change.update.update_fars = {{.id = FarId{1},
                                    .action = off ? ApplyAction::drop : ApplyAction::forward,
                                    .destination_interface = DestinationInterface::core}};
      change.update.update_qers = {{.id = QerId{1},
                                    .uplink_gate = GateStatus::open,
                                    .downlink_gate = off ? GateStatus::closed : GateStatus::open,
                                    .maximum_bit_rate = Ambr{BitsPerSecond{100'000}, BitsPerSecond{100'000}},
                                    .qfi = Qfi{static_cast<std::uint8_t>(i / 1000)},
                                    .session_ambr = true}};
      CHECK(with_lanes.apply(change, now).empty());
      CHECK(without.apply(change, now).empty());
    }
    now += microseconds(random.between(0, 2000));
    const Sent sent = random_frame(random);
    burst.push_back({sent.bytes, sent.port, now});
    without.send(sent.bytes, sent.port, now);
    if (burst.size() == burst_capacity || random.chance(0.05)) send_burst();
  }
  if (!burst.empty()) send_burst();
  for (const PortId port : {n3, n6}) {
    REQUIRE(with_lanes.at(port).size() == without.at(port).size());
    REQUIRE(with_lanes.at(port).size() > 2000);
    for (std::size_t i = 0; i < with_lanes.at(port).size(); ++i) {
      const Frame &a = with_lanes.at(port)[i], &b = without.at(port)[i];
      REQUIRE(a.bytes == b.bytes);
      REQUIRE(a.metadata.qfi == b.metadata.qfi);
      REQUIRE(a.metadata.slice == b.metadata.slice);
    }
  }
  CHECK(with_lanes.exits.ledger().dropped == without.exits.ledger().dropped);
  CHECK(metrics_without_memory(with_lanes) == metrics_without_memory(without));
  // All that may happen did.
  for (const auto reason : {DropReason::malformed, DropReason::hop_limit, DropReason::no_pdr,
                            DropReason::session_ambr_exceeded, DropReason::gate_closed, DropReason::far_drop})
    CHECK(with_lanes.dropped(reason) > 0);
  with_lanes.check_conservation();
}
