// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The loop under the real clock: how it rests, what ends a rest, and what it rehearses meanwhile.
#include <sys/eventfd.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <optional>

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

/// A device that brings one packet a look, as long as it has some; it may have a waker whose far end is gone.
class FakeDevice final : public NetworkFunction, public PolledReceiver {
 public:
  explicit FakeDevice(unsigned packets, bool hung_up = false) : left_(packets) {
    int ends[2];
    if (!hung_up || pipe(ends) != 0) return;
    waker_ = ends[0];
    close(ends[1]);
  }
  FakeDevice(const FakeDevice&) = delete;
  FakeDevice& operator=(const FakeDevice&) = delete;
  ~FakeDevice() override {
    if (waker_ >= 0) close(waker_);
  }
  std::uint32_t poll(const RealClock& clock, ModelTime, Exits& exits) noexcept override {
    ++polls;
    if (left_ == 0) return 0;
    --left_;
    Packet* packet = exits.create();
    rte_pktmbuf_append(packet, 100);
    metadata_of(packet).time = metadata_of(packet).birth = clock.now();
    metadata_of(packet).flow = FlowId{0};
    exits.emit(PortId{0}, packet);
    return 1;
  }
  int wait_descriptor() const noexcept override { return waker_; }
  const Histogram& unseen() const noexcept override { return unseen_; }
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) exits.consume(packet);
  }
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override { return unsupported_change("fake device", change); }
  void report(Report&) const override {}

  std::uint64_t polls{};

 private:
  unsigned left_;
  int waker_{-1};
  Histogram unseen_;
};

/// A device, a link of 1 ms, and an end that counts.
struct DeviceBed {
  explicit DeviceBed(std::unique_ptr<FakeDevice> made) {
    device = maker.add("lan", std::move(made), false);
    maker.graph.nodes[0].source = device;
    maker.graph.nodes[0].view.kind = NodeKind::device;
    end = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 100), false);
    maker.link(0, 1, {.delay = milliseconds(1)});
    emulation.emplace(Emulation::Setup{.graph = std::move(maker.graph),
                                       .pool = &pool,
                                       .clock = ClockKind::real_time,
                                       .spin_window = Duration{0}});
  }
  void run(Duration duration) {
    EmptySchedule schedule;
    const std::atomic<bool> stop{false};
    emulation->run(ModelTime{} + duration, schedule, stop, [](ModelTime) {});
  }

  PacketPool pool = make_pool(63);
  GraphMaker maker;
  FakeDevice* device{};
  EndNode* end{};
  std::optional<Emulation> emulation;
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

TEST_CASE("when a device's node has failed, then frames from outside drop there as node_failed") {
  DeviceBed well(std::make_unique<FakeDevice>(5)), failed(std::make_unique<FakeDevice>(5));
  well.run(milliseconds(20));
  CHECK(well.end->seen.size() == 5);
  REQUIRE(failed.emulation->apply({"fail", "test", {SetNodeState{NodeId{0}, false}}}));
  failed.run(milliseconds(20));
  CHECK(failed.end->seen.empty());
  const Ledger& ledger = failed.emulation->node(NodeId{0}).exits().ledger();
  CHECK(ledger.dropped[static_cast<std::size_t>(DropReason::node_failed)] == 5);
  for (const Problem& problem : failed.emulation->check_conservation().problems) FAIL(to_string(problem));
}

TEST_CASE("when a device's waker has hung up, then the loop rests all the same and looks at it by itself") {
  DeviceBed bed(std::make_unique<FakeDevice>(0, true));
  bed.run(milliseconds(300));
  CHECK(bed.device->polls > 0);
  CHECK(bed.device->polls < 10'000);  // every 50 us, not as fast as it can
}
