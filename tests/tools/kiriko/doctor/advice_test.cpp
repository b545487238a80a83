// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From figures to promises; and that a trial runs.
#include "tools/kiriko/doctor/advice.hpp"

#include <catch2/catch.hpp>

#include "tools/kiriko/doctor/findings.hpp"

using namespace kiriko;
using namespace kiriko::doctor;

namespace {

Measures quiet_machine() {
  Measures measures;
  measures.one_worker = {12e6, 10e6};
  measures.two_workers = PacketRate{20e6, 17e6};
  measures.light = {32e3, {}, microseconds(3)};
  measures.loaded = {3e6, {}, microseconds(30)};
  return measures;
}

}  // namespace

TEST_CASE("when a p99 is given, then the tolerance is twice that on a round step") {
  CHECK(tolerance_for(Duration{0}) == microseconds(10));
  CHECK(tolerance_for(microseconds(5)) == microseconds(10));
  CHECK(tolerance_for(nanoseconds(5001)) == microseconds(20));
  CHECK(tolerance_for(microseconds(30)) == microseconds(100));
  CHECK(tolerance_for(milliseconds(8)) == milliseconds(20));
  CHECK(tolerance_for(seconds(4000)) == seconds(3600));
  CHECK(tolerance_for(Duration{INT64_MAX}) == seconds(3600));
}

TEST_CASE("when many packets are kept in time, then their rate and lateness are what counts") {
  const Advice advice = advise(quiet_machine());
  CHECK(advice.virtual_rate == 10e6);
  CHECK(advice.workers == 2);
  CHECK(advice.real_rate_is_tried);
  CHECK(advice.real_rate == 3e6);
  CHECK(advice.tolerance == microseconds(100));
}

TEST_CASE("when many packets come far too late, then the rate is that of few, and it is said") {
  Measures measures = quiet_machine();
  measures.loaded.worst_p99 = milliseconds(200);
  const Advice advice = advise(measures);
  CHECK_FALSE(advice.real_rate_is_tried);
  CHECK(advice.real_rate == 32e3);
  CHECK(advice.tolerance == microseconds(10));
  const auto findings = measured_findings({}, measures, advice);
  CHECK(findings.back().name == "real time");
}

TEST_CASE("when a second worker gains little, then one is advised") {
  Measures measures = quiet_machine();
  measures.two_workers = PacketRate{12e6, 11e6};
  CHECK(advise(measures).workers == 1);
  measures.two_workers.reset();
  CHECK(advise(measures).workers == 1);
}

TEST_CASE("when others take CPU time or the host steals it, then the load is marked and explained") {
  Measures measures = quiet_machine();
  measures.disturbance = Disturbance{0.01, 0.0};
  CHECK(measured_findings({}, measures, advise(measures)).front().mark == Mark::good);
  measures.disturbance = Disturbance{1.3, 0.2};
  const Finding load = measured_findings({}, measures, advise(measures)).front();
  CHECK(load.mark == Mark::fair);
  CHECK_THAT(load.hint, Catch::Contains("other programs") && Catch::Contains("virtual machine"));
  measures.disturbance.reset();
  CHECK(measured_findings({}, measures, advise(measures)).front().mark == Mark::unknown);
}

TEST_CASE("when rates are many, then the middle and the slowest tenth are told") {
  TrialResult trial;
  for (int i = 1; i <= 20; ++i) trial.rates.push_back(21 - i);
  CHECK(packet_rate(trial).median == 11);
  CHECK(packet_rate(trial).low == 3);
  trial.rates.clear();
  trial.packet_hops_per_second = 7;
  CHECK(packet_rate(trial).low == 7);
}

TEST_CASE(
    "when a trial runs under either clock, then packets move, and in real time their lateness is known") {
  const auto virtual_time = run_trial({.wall = milliseconds(50)});
  REQUIRE(virtual_time);
  CHECK(virtual_time->packet_hops_per_second > 0);
  CHECK(virtual_time->lateness.count() == 0);
  const auto real_time =
      run_trial({.clock = ClockKind::real_time, .packets_per_second = 8'000, .wall = milliseconds(50)});
  REQUIRE(real_time);
  CHECK(real_time->lateness.count() > 500);
}
