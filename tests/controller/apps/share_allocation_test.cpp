// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Share allocation: protection under contention, hysteresis, giving back.
#include "controller/apps/share_allocation.hpp"

#include <catch2/catch.hpp>

#include "core/base/random.hpp"

using namespace kiriko;

namespace {

SliceDemand v2x(double demand, Duration delay = milliseconds(1)) {
  SliceDemand d;
  d.slice = SliceId{0};
  d.priority = 1;
  d.latency_bound = milliseconds(10);
  d.demand = demand;
  d.delay = delay;
  return d;
}
SliceDemand embb(double demand) {
  SliceDemand d;
  d.slice = SliceId{1};
  d.demand = demand;
  return d;
}
ModelTime at(std::int64_t ms) { return ModelTime{ms * 1'000'000}; }

}  // namespace

TEST_CASE("when nothing contends, then nothing changes") {
  ShareAllocationState state;
  for (int i = 0; i < 100; ++i)
    CHECK_FALSE(allocate_shares({}, at(i * 20), 0.5, {v2x(0.1), embb(0.4)}, state));
}

TEST_CASE(
    "when a burst comes, then the protected slice gets its demand times headroom and the rest is capped") {
  ShareAllocationState state;
  allocate_shares({}, at(0), 0.4, {v2x(0.2), embb(0.2)}, state);
  const auto outcome = allocate_shares({}, at(20), 1.0, {v2x(0.2), embb(2.0)}, state);
  REQUIRE(outcome);
  CHECK(outcome->contended);
  CHECK(outcome->now[0].minimum == Approx(0.3));
  CHECK(outcome->now[0].maximum == 1.0);
  CHECK(outcome->now[1].minimum == 0.0);
  CHECK(outcome->now[1].maximum == Approx(0.7));
  CHECK_FALSE(allocate_shares({}, at(40), 1.0, {v2x(0.2), embb(2.0)}, state));
}

TEST_CASE("when demand is noisy under contention, then shares rise with the peak and do not flap") {
  ShareAllocationState state;
  RandomStream noise(1, "share_allocation_test", "demand");
  int changes = 0;
  for (int i = 0; i < 1000; ++i) {
    const double demand = 0.2 + 0.06 * (noise.uniform() - 0.5);
    const double load = 0.6 + 0.4 * noise.uniform();
    if (allocate_shares({}, at(i * 20), load, {v2x(demand), embb(load)}, state)) ++changes;
  }
  CHECK(changes >= 1);
  CHECK(changes <= 3);
}

TEST_CASE("when load hovers between the thresholds, then neither is anything taken nor given back") {
  ShareAllocationState calm;
  ShareAllocationState contended;
  REQUIRE(allocate_shares({}, at(0), 0.95, {v2x(0.2), embb(0.75)}, contended));
  for (int i = 1; i < 500; ++i) {
    CHECK_FALSE(allocate_shares({}, at(i * 20), 0.65, {v2x(0.2), embb(0.45)}, calm));
    CHECK_FALSE(allocate_shares({}, at(i * 20), 0.65, {v2x(0.2), embb(0.45)}, contended));
  }
}

TEST_CASE(
    "when calm lasts for the hold time, then the base comes back, once; a short calm gives nothing back") {
  const ShareAllocationOptions options;
  ShareAllocationState state;
  auto base = v2x(0.2);
  base.base_minimum = 0.1;
  REQUIRE(allocate_shares(options, at(0), 1.0, {base, embb(2.0)}, state));
  auto quiet = base;
  quiet.demand = 0.05;
  for (int ms = 20; ms < 1900; ms += 20)
    CHECK_FALSE(allocate_shares(options, at(ms), 0.1, {quiet, embb(0.05)}, state));
  CHECK_FALSE(allocate_shares(options, at(1900), 1.0, {base, embb(2.0)}, state));
  int given_back = 0;
  for (int ms = 1920; ms < 8000; ms += 20)
    if (const auto outcome = allocate_shares(options, at(ms), 0.1, {quiet, embb(0.05)}, state)) {
      if (outcome->contended) continue;
      ++given_back;
      CHECK(ms >= 1920 + 2000);
      CHECK(outcome->now[0].minimum == Approx(0.1));
      CHECK(outcome->now[1].maximum == 1.0);
    }
  CHECK(given_back == 1);
}

TEST_CASE("when the latency bound is in danger, then shares rise although the load is low, and rise on") {
  ShareAllocationState state;
  const auto first = allocate_shares({}, at(0), 0.3, {v2x(0.1, milliseconds(6)), embb(0.2)}, state);
  REQUIRE(first);
  CHECK(first->now[0].minimum == Approx(0.15));
  const auto second = allocate_shares({}, at(20), 0.3, {v2x(0.1, milliseconds(6)), embb(0.2)}, state);
  REQUIRE(second);
  CHECK(second->now[0].minimum == Approx(0.225));
}

TEST_CASE(
    "when promises exceed the resource, then the higher priority is served first and others keep the "
    "reserve") {
  auto second = v2x(0.5);
  second.slice = SliceId{2};
  second.priority = 2;
  ShareAllocationState state;
  const auto outcome = allocate_shares({}, at(0), 1.0, {v2x(0.5), embb(1.0), second}, state);
  REQUIRE(outcome);
  CHECK(outcome->now[0].minimum == Approx(0.75));
  CHECK(outcome->now[2].minimum == Approx(0.15));
  CHECK(outcome->now[1].maximum == Approx(0.1));
  double total = 0.0;
  for (const auto& share : outcome->now) total += share.minimum;
  CHECK(total <= 1.0);
  // The first asks for more: the second gives way.
  const auto more = allocate_shares({}, at(20), 1.0, {v2x(0.59), embb(1.0), second}, state);
  REQUIRE(more);
  CHECK(more->now[0].minimum == Approx(0.885));
  CHECK(more->now[2].minimum == Approx(0.015));
}

TEST_CASE("when a change is described, then its numbers are in it") {
  auto demand = v2x(0.2, microseconds(8100));
  demand.backlog = Bytes{12'000};
  CHECK(describe_allocation({}, "v2x", "gnb3", demand, {SliceId{0}, 0.1, 1.0}, {SliceId{0}, 0.3, 1.0}) ==
        "slice v2x in gnb3: backlog 12 kB, delay 8.1 ms > 5 ms, demand 20 %: min 10 % → 30 %");
  CHECK(describe_allocation({}, "embb", "gnb3", {}, {SliceId{1}, 0.0, 1.0}, {SliceId{1}, 0.0, 0.7}) ==
        "slice embb in gnb3: max 100 % → 70 %");
  CHECK(describe_allocation({}, "embb", "gnb3", {}, {SliceId{1}, 0.0, 1.0}, {SliceId{1}, 0.0, 1.0}).empty());
}
