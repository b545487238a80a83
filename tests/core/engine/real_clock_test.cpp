// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The loop under the real clock: how it rests, what ends a rest, and what it rehearses meanwhile.
#include <sys/eventfd.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "core/engine/rehearsal.hpp"
#include "tests/core/engine/engine_bed.hpp"

using namespace kiriko;
using namespace kiriko::test;

namespace {

/// Counts how often it is looked at; it may have a bell, which rings or does not.
class CountingSchedule final : public Schedule {
 public:
  enum class Bell { none, silent, ringing };
  explicit CountingSchedule(Bell bell)
      : bell_(bell == Bell::none ? -1 : eventfd(bell == Bell::ringing ? 1 : 0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  CountingSchedule(const CountingSchedule&) = delete;
  CountingSchedule& operator=(const CountingSchedule&) = delete;
  ~CountingSchedule() override {
    if (bell_ >= 0) close(bell_);
  }
  ModelTime next_due() override { return due; }
  void run_due(ModelTime now) override {
    ++looks;
    if (began == 0) began = wall_ns();
    if (now < due) return;
    due_at = now;
    late = Duration{wall_ns() - began} - (due - ModelTime{});
    due = ModelTime::never();
  }
  int wait_descriptor() const override { return bell_; }

  unsigned looks{};
  ModelTime due{ModelTime::never()}, due_at{};
  std::int64_t began{};  ///< wall time of the first look
  Duration late{};       ///< what was due

 private:
  int bell_;
};

/// Runs for `duration` with nothing to do but the schedule, and a packet at 30 ms.
ModelTime run_for(Duration duration, CountingSchedule& schedule, std::vector<Seen>& seen) {
  PacketPool pool = make_pool(63);
  GraphMaker maker;
  maker.add("a", std::make_unique<EndNode>(0, std::vector{ModelTime{milliseconds(30).ns}}, 100), true);
  const EndNode* end = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 100), false);
  maker.link(0, 1, {.delay = milliseconds(10)});
  Emulation emulation({.graph = std::move(maker.graph), .pool = &pool, .clock = ClockKind::real_time});
  const std::atomic<bool> stop{false};
  const ModelTime reached = emulation.run(ModelTime{} + duration, schedule, stop, [](ModelTime) {});
  seen = end->seen;
  CHECK(emulation.check_conservation().problems.empty());
  return reached;
}

}  // namespace

TEST_CASE(
    "when nothing comes for an idle run, then it looks some times a second; without a bell every "
    "millisecond") {
  constexpr Duration duration = milliseconds(300);
  std::vector<Seen> seen;
  CountingSchedule silent(CountingSchedule::Bell::silent);
  CHECK(run_for(duration, silent, seen) == ModelTime{} + duration);
  CHECK(seen.size() == 1);
  CountingSchedule none(CountingSchedule::Bell::none);
  CHECK(run_for(duration, none, seen) == ModelTime{} + duration);
  CHECK(seen.size() == 1);
  // Two rests before the packet's events, each with a millisecond of looks in front of the event, and a rest each 100 ms.
  CHECK(silent.looks < 20);
  CHECK(none.looks > 2 * silent.looks);
}

TEST_CASE("when the schedule's bell rings, then a rest ends at once") {
  std::vector<Seen> seen;
  CountingSchedule ringing(CountingSchedule::Bell::ringing);
  CHECK(run_for(milliseconds(100), ringing, seen) == ModelTime{milliseconds(100).ns});
  CHECK(seen.size() == 1);
  CHECK(ringing.looks > 100);
}

TEST_CASE("when something is due during a rest, then the rest ends there and model time is that") {
  // A machine that takes the CPU away may be late, but not each time.
  Duration latest = seconds(1);
  for (int attempt = 0; attempt < 10 && latest > milliseconds(20); ++attempt) {
    std::vector<Seen> seen;
    CountingSchedule schedule(CountingSchedule::Bell::silent);
    schedule.due = ModelTime{milliseconds(73).ns};
    run_for(milliseconds(150), schedule, seen);
    CHECK(schedule.due_at == ModelTime{milliseconds(73).ns});
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].at == ModelTime{milliseconds(40).ns});
    latest = std::min(latest, schedule.late);
  }
  CHECK(latest <= milliseconds(20));
}

TEST_CASE(
    "when a frame's way is rehearsed over and over, then its packet stays, and goes with the rehearsal") {
  PacketPool pool = make_pool(63);
  RealClock clock;
  clock.start();
  {
    Rehearsal rehearsal(pool, clock);
    CHECK(pool.in_use() == 1);
    for (int i = 0; i < 1000; ++i) rehearsal.run();
    CHECK(rehearsal.arrived() == 1000);
    CHECK(pool.in_use() == 1);
  }
  CHECK(pool.in_use() == 0);
}
