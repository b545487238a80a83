// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of usage reports: volumes, times, quotas, events and the triggers of each (TS 29.244 clause 5.2.2).
#include "tests/vnf/upf/upf_fixture.hpp"

using namespace kiriko;
using namespace kiriko::upf;
using namespace kiriko::upf::test;

namespace {

using Trigger = UsageReportTrigger;

ModelTime at_ms(std::int64_t ms) { return ModelTime{} + milliseconds(ms); }

class Metered {
 public:
  explicit Metered(const std::function<void(UsageReportingRule&)>& edit, const Options& options = {})
      : upf(options) {
    PduSessionRules rules = session_rules(1);
    rules.fars.push_back({.id = FarId{3},
                          .destination_interface = DestinationInterface::core,
                          .outer_header_creation = OuterHeaderCreation{Teid{33}, server}});
    edit(rules.urrs[0]);
    upf.establish(rules);
  }
  void up(ModelTime at, std::size_t size = 100) {
    upf.send(on_n3(g_pdu(101, 9, datagram(ue_address(1), server, 1, 2, size))), n3, at);
  }
  void down(ModelTime at, std::size_t size = 100) {
    upf.send(ethernet(datagram(server, ue_address(1), 1, 2, size)), n6, at);
  }
  std::string change(UsageReportingRuleUpdate update, ModelTime at) {
    update.id = UrrId{1};
    PduSessionUpdate all;
    all.update_urrs = {update};
    return upf.apply(modify(all), at);
  }
  std::vector<UsageReport> until(ModelTime at) {
    upf.advance(at);
    return upf.usage();
  }
  UpfUnderTest upf;
};

}  // namespace

TEST_CASE(
    "when a volume threshold is reached in any cut of packets over the directions, then exactly then it "
    "reports") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    Metered metered([](auto& urr) {
      urr.triggers.volume_threshold = true;
      urr.volume_threshold = {Bytes{50'000}, Bytes{40'000}, Bytes{30'000}};
    });
    RandomStream random(seed, "usage", "test");
    std::uint64_t uplink = 0, downlink = 0;
    std::uint32_t reports = 0;
    for (int i = 0; i < 2000; ++i) {
      const auto size = static_cast<std::size_t>(random.between(28, 1400));
      const bool is_up = random.chance(0.4);
      is_up ? metered.up(ModelTime{i}, size) : metered.down(ModelTime{i}, size);
      (is_up ? uplink : downlink) += size;
      const auto usage = metered.upf.usage();
      if (uplink + downlink < 50'000 && uplink < 40'000 && downlink < 30'000) {
        REQUIRE(usage.empty());
        continue;
      }
      REQUIRE(usage.size() == 1);
      CHECK(usage[0].trigger == Trigger::volume_threshold);
      CHECK(usage[0].uplink_bytes == uplink);
      CHECK(usage[0].downlink_bytes == downlink);
      CHECK(usage[0].sequence_number == reports++);
      CHECK(usage[0].last_packet == ModelTime{i});
      uplink = downlink = 0;
    }
    CHECK(reports > 20);
  }
}

TEST_CASE("when a report's span is over, then it tells its first and last packets") {
  Metered metered([](auto& urr) {
    urr.triggers.periodic = true;
    urr.measurement_period = seconds(1);
  });
  metered.up(at_ms(100));
  metered.up(at_ms(400));
  metered.down(at_ms(300 + 400));
  const auto usage = metered.until(at_ms(2500));
  REQUIRE(usage.size() == 2);
  CHECK(usage[0].trigger == Trigger::periodic);
  CHECK(usage[0].start == ModelTime{});
  CHECK(usage[0].end == at_ms(1000));
  CHECK(usage[0].first_packet == at_ms(100));
  CHECK(usage[0].last_packet == at_ms(700));
  CHECK(usage[0].uplink_packets == 2);
  CHECK(usage[0].downlink_packets == 1);
  CHECK(usage[1].start == at_ms(1000));
  CHECK_FALSE(usage[1].first_packet);
  CHECK(usage[1].uplink_bytes + usage[1].downlink_bytes == 0);
}

TEST_CASE("when packets of one burst lie on both sides of a period's end, then each is counted on its side") {
  Metered metered([](auto& urr) {
    urr.triggers.periodic = true;
    urr.measurement_period = seconds(1);
  });
  Burst burst;
  for (const std::int64_t ms : {500, 999, 1000, 1001, 2000, 3500})
    burst.push(
        metered.upf.packet(on_n3(g_pdu(101, 9, datagram(ue_address(1), server, 1, 2))), n3, at_ms(ms)));
  metered.upf.function->process(burst, metered.upf.exits);
  metered.upf.exits.flush_all();
  const auto usage = metered.until(at_ms(4000));
  REQUIRE(usage.size() == 4);
  const std::uint64_t expected[4]{3, 2, 0, 1};
  for (std::size_t i = 0; i < 4; ++i) CHECK(usage[i].uplink_packets == expected[i]);
}

TEST_CASE("when a volume quota is used up, then packets stop, or go by its FAR, until there is a new one") {
  SECTION("dropped") {
    Metered metered([](auto& urr) {
      urr.triggers.volume_quota = true;
      urr.volume_quota = VolumeLimits{Bytes{250}, {}, {}};
    });
    for (int i = 0; i < 5; ++i) metered.up(ModelTime{i});
    const auto usage = metered.upf.usage();
    REQUIRE(usage.size() == 1);
    CHECK(usage[0].trigger == Trigger::volume_quota);
    CHECK(usage[0].uplink_bytes == 300);
    CHECK(metered.upf.at(n6).size() == 3);
    CHECK(metered.upf.dropped(DropReason::quota_exhausted) == 2);
    REQUIRE(metered.change({.volume_quota = VolumeLimits{Bytes{150}, {}, {}}}, ModelTime{9}).empty());
    for (int i = 10; i < 15; ++i) metered.up(ModelTime{i});
    CHECK(metered.upf.at(n6).size() == 5);
    CHECK(metered.upf.usage().size() == 1);
    // A change of something else gives no new quota.
    REQUIRE(metered.change({.measure_before_qos = true}, ModelTime{20}).empty());
    metered.up(ModelTime{21});
    CHECK(metered.upf.at(n6).size() == 5);
  }
  SECTION("by a FAR") {
    Metered metered([](auto& urr) {
      urr.triggers.volume_quota = true;
      urr.volume_quota = VolumeLimits{};
      urr.quota_far = FarId{3};
    });
    metered.up(ModelTime{});
    REQUIRE(metered.upf.at(n3).size() == 1);
    CHECK(open_tunnelled(metered.upf.at(n3)[0]).gtpu.teid == 33);
  }
}

TEST_CASE(
    "when a duration is measured, then it runs from the first packet and stands still without packets") {
  Metered metered([](auto& urr) {
    urr.method = {.duration = true, .volume = false};
    urr.inactivity_detection_time = milliseconds(200);
    urr.triggers.time_threshold = true;
    urr.time_threshold = milliseconds(500);
  });
  metered.up(at_ms(1000));
  metered.up(at_ms(1100));  // runs until 1300
  CHECK(metered.until(at_ms(2000)).empty());
  metered.up(at_ms(3000));
  metered.up(at_ms(3150));
  const auto usage = metered.until(at_ms(4000));
  REQUIRE(usage.size() == 1);
  CHECK(usage[0].trigger == Trigger::time_threshold);
  CHECK(usage[0].end == at_ms(3200));  // 300 ms and 200 ms
  CHECK(usage[0].duration == milliseconds(500));
}

TEST_CASE("when a time quota is used up or nobody uses it, then it ends") {
  SECTION("used up") {
    Metered metered([](auto& urr) {
      urr.method.duration = true;
      urr.triggers.time_quota = true;
      urr.time_quota = seconds(1);
    });
    metered.up(at_ms(100));
    const auto usage = metered.until(at_ms(5000));
    REQUIRE(usage.size() == 1);
    CHECK(usage[0].trigger == Trigger::time_quota);
    CHECK(usage[0].end == at_ms(1100));
    metered.up(at_ms(6000));
    CHECK(metered.upf.dropped(DropReason::quota_exhausted) == 1);
  }
  SECTION("nobody uses it") {
    Metered metered([](auto& urr) {
      urr.triggers.quota_holding_time = true;
      urr.quota_holding_time = milliseconds(300);
    });
    metered.up(at_ms(100));
    metered.up(at_ms(350));
    const auto usage = metered.until(at_ms(5000));
    REQUIRE(usage.size() == 1);
    CHECK(usage[0].trigger == Trigger::quota_holding_time);
    CHECK(usage[0].end == at_ms(650));
  }
}

TEST_CASE("when traffic starts and stops, then both are reported") {
  Metered metered([](auto& urr) {
    urr.triggers.start_of_traffic = urr.triggers.stop_of_traffic = true;
    urr.inactivity_detection_time = milliseconds(100);
  });
  metered.up(at_ms(10));
  metered.up(at_ms(60));
  auto usage = metered.until(at_ms(1000));
  REQUIRE(usage.size() == 2);
  CHECK(usage[0].trigger == Trigger::start_of_traffic);
  CHECK(usage[0].end == at_ms(10));
  CHECK(usage[1].trigger == Trigger::stop_of_traffic);
  CHECK(usage[1].end == at_ms(160));
  CHECK(usage[1].uplink_packets == 1);
  metered.down(at_ms(2000));
  usage = metered.until(at_ms(2000));
  REQUIRE(usage.size() == 1);
  CHECK(usage[0].trigger == Trigger::start_of_traffic);
}

TEST_CASE("when downlink packets drop, then their threshold reports") {
  Metered metered([](auto& urr) {
    urr.triggers.dropped_dl_traffic_threshold = true;
    urr.dropped_dl_traffic_threshold = {3, {}};
  });
  PduSessionUpdate update;
  update.update_qers = {{.id = QerId{1}, .downlink_gate = GateStatus::closed}};
  REQUIRE(metered.upf.apply(modify(update)).empty());
  for (int i = 0; i < 7; ++i) metered.down(ModelTime{i});
  const auto usage = metered.upf.usage();
  REQUIRE(usage.size() == 2);
  CHECK(usage[0].trigger == Trigger::dropped_dl_traffic_threshold);
  CHECK(usage[0].end == ModelTime{2});
}

TEST_CASE("when a URR is linked to another, then it reports with it") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  rules.urrs[0].triggers.volume_threshold = true;
  rules.urrs[0].volume_threshold.total = Bytes{150};
  UsageReportingRule follower{.id = UrrId{2}};
  follower.triggers.linked_usage_reporting = true;
  follower.linked = {UrrId{1}};
  rules.urrs.push_back(follower);
  rules.pdrs[0].urrs = {UrrId{1}, UrrId{2}};
  upf.establish(rules);
  for (int i = 0; i < 2; ++i)
    upf.send(on_n3(g_pdu(101, 9, datagram(ue_address(1), server, 1, 2))), n3, ModelTime{i});
  const auto usage = upf.usage();
  REQUIRE(usage.size() == 2);
  CHECK(usage[0].urr == UrrId{1});
  CHECK(usage[1].urr == UrrId{2});
  CHECK(usage[1].trigger == Trigger::linked_usage_reporting);
}

TEST_CASE(
    "when a URR measures before QoS enforcement, then dropped packets count as well; inactive, none do") {
  for (const bool before : {false, true}) {
    Metered metered([before](auto& urr) { urr.measure_before_qos = before; });
    PduSessionUpdate update;
    update.update_qers = {{.id = QerId{1}, .uplink_gate = GateStatus::closed}};
    REQUIRE(metered.upf.apply(modify(update)).empty());
    metered.up(ModelTime{1});
    REQUIRE(metered.change({.inactive_measurement = true}, ModelTime{2}).empty());
    metered.up(ModelTime{3});
    REQUIRE(metered.upf.apply(ReleasePduSession{NodeId{}, Seid{1}}).empty());
    const auto usage = metered.upf.usage();
    REQUIRE(usage.size() == 1);
    CHECK(usage[0].trigger == Trigger::termination);
    CHECK(usage[0].uplink_packets == (before ? 1 : 0));
  }
}

TEST_CASE(
    "when the monitoring time comes, then usage before it is reported and the subsequent threshold holds") {
  Metered metered([](auto& urr) {
    urr.triggers.volume_threshold = true;
    urr.volume_threshold.total = Bytes{10'000};
    urr.monitoring_time = at_ms(1000);
    urr.subsequent_volume_threshold.total = Bytes{150};
  });
  metered.up(at_ms(1));
  auto usage = metered.until(at_ms(1000));
  REQUIRE(usage.size() == 1);
  CHECK(usage[0].trigger == Trigger::monitoring_time);
  CHECK(usage[0].uplink_bytes == 100);
  metered.up(at_ms(1001));
  metered.up(at_ms(1002));
  usage = metered.upf.usage();
  REQUIRE(usage.size() == 1);
  CHECK(usage[0].trigger == Trigger::volume_threshold);
}

TEST_CASE("when all URRs are queried or the session ends, then each reports at once") {
  Metered metered([](auto&) {});
  metered.up(ModelTime{1});
  PduSessionUpdate query;
  query.query_all_urrs = true;
  REQUIRE(metered.upf.apply(modify(query), ModelTime{2}).empty());
  auto usage = metered.upf.usage();
  REQUIRE(usage.size() == 1);
  CHECK(usage[0].trigger == Trigger::immediate);
  CHECK(usage[0].uplink_bytes == 100);
  metered.up(ModelTime{3});
  REQUIRE(metered.upf.apply(ReleasePduSession{NodeId{}, Seid{1}}, ModelTime{4}).empty());
  usage = metered.upf.usage();
  REQUIRE(usage.size() == 1);
  CHECK(usage[0].trigger == Trigger::termination);
  CHECK(usage[0].sequence_number == 1);
  CHECK(usage[0].uplink_bytes == 100);
}

TEST_CASE(
    "when a session is silent for its user plane inactivity timer, then that is reported once a timer") {
  UpfUnderTest upf;
  PduSessionRules rules = session_rules(1);
  rules.user_plane_inactivity = seconds(1);
  upf.establish(rules);
  for (int i = 1; i < 5; ++i) upf.send(ethernet(datagram(server, ue_address(1), 1, 2)), n6, at_ms(i * 900));
  upf.advance(at_ms(4599));
  CHECK(upf.reports().empty());
  upf.advance(at_ms(4600));
  const auto reports = upf.reports();
  REQUIRE(reports.size() == 1);
  CHECK(std::holds_alternative<InactivityReport>(reports[0].content));
  CHECK(reports[0].at == at_ms(4600));
}

TEST_CASE("when nobody takes the reports, then the newest are counted as lost") {
  Metered metered(
      [](auto& urr) {
        urr.triggers.volume_threshold = true;
        urr.volume_threshold.total = Bytes{1};
      },
      Options{{"report_queue", {"3"}}});
  for (int i = 0; i < 5; ++i) metered.up(ModelTime{i});
  CHECK(metered.upf.metric("reports") == 3);
  CHECK(metered.upf.metric("reports_lost") == 2);
  CHECK(metered.upf.usage().size() == 3);
  metered.up(ModelTime{9});
  CHECK(metered.upf.usage().size() == 1);
}
