// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The slice scheduler's promises: guarantees, maxima, priority, weights, work conservation.
#include <catch2/catch.hpp>

#include <map>

#include "core/link/slice_scheduler.hpp"
#include "core/link/transmitter.hpp"
#include "tests/core/engine/engine_bed.hpp"

using namespace kiriko;

namespace {

constexpr BitsPerSecond gigabit{1'000'000'000};
constexpr std::uint32_t frame = 1250;  // 10 µs at 1 Gbit/s

// Keeps the named slices backlogged for `duration` on a 1 Gbit/s link; Mbit/s by slice.
std::map<std::uint16_t, double> saturate(SliceScheduler& scheduler, const std::vector<std::uint16_t>& slices,
                                         Duration duration, PacketPool& pool) {
  Transmitter transmitter;
  transmitter.set_rate(gigabit);
  std::map<std::uint16_t, double> bits;
  std::map<std::uint16_t, int> queued;
  ModelTime now;
  while (now < ModelTime{} + duration) {
    for (const std::uint16_t slice : slices) {
      for (; queued[slice] < 8; ++queued[slice]) {
        Packet* packet = pool.allocate();
        metadata_of(packet).slice = SliceId{slice};
        REQUIRE(scheduler.enqueue(packet, SliceId{slice}, now, frame) == SliceScheduler::Admission::queued);
      }
    }
    now = scheduler.eligible_at(std::max(now, transmitter.free_at()));
    const auto choice = scheduler.dequeue(now);
    REQUIRE(choice);
    const std::uint16_t slice = metadata_of(choice->packet).slice.value;
    bits[slice] += frame * 8.0;
    --queued[slice];
    rte_pktmbuf_free(choice->packet);
    now = transmitter.send(now, frame).end;
  }
  std::vector<Packet*> rest;
  scheduler.flush(rest);
  for (Packet* packet : rest) rte_pktmbuf_free(packet);
  for (auto& [slice, sum] : bits) sum /= now.seconds() * 1e6;
  return bits;
}

SliceShare share(std::uint16_t slice, std::int64_t guaranteed_m, std::int64_t maximum_m,
                 std::uint8_t priority, std::uint32_t weight) {
  return {SliceId{slice}, BitsPerSecond{guaranteed_m * 1'000'000}, BitsPerSecond{maximum_m * 1'000'000},
          priority, weight};
}

}  // namespace

TEST_CASE(
    "when all slices are backlogged, then each gets its guarantee and the rest goes by priority and weight "
    "within 1 %") {
  struct Case {
    const char* description;
    std::vector<SliceShare> shares;
    std::map<std::uint16_t, double> expected;
  };
  const std::vector<Case> cases{
      {"weights alone", {share(0, 0, 0, 0, 1), share(1, 0, 0, 0, 3)}, {{0, 250}, {1, 750}}},
      {"a lower priority keeps its guarantee",
       {share(0, 0, 0, 0, 1), share(1, 200, 0, 9, 1)},
       {{0, 800}, {1, 200}}},
      {"a maximum leaves the rest to the others",
       {share(0, 0, 100, 0, 1), share(1, 0, 0, 1, 1)},
       {{0, 100}, {1, 900}}},
      {"guarantees of the whole link",
       {share(0, 700, 0, 5, 1), share(1, 300, 0, 0, 1)},
       {{0, 700}, {1, 300}}},
      {"a small guarantee beside a greedy first",
       {share(0, 500, 0, 0, 1), share(1, 1, 0, 9, 1)},
       {{0, 999}, {1, 1}}},
      {"three",
       {share(0, 100, 200, 0, 1), share(1, 100, 0, 1, 1), share(2, 0, 0, 1, 2)},
       {{0, 200}, {1, 100 + 700.0 / 3}, {2, 1400.0 / 3}}}};
  for (const Case& c : cases) {
    INFO(c.description);
    PacketPool pool = test::make_pool(1023);
    SliceScheduler scheduler(c.shares);
    std::vector<std::uint16_t> slices;
    for (const auto& [slice, rate] : c.expected) slices.push_back(slice);
    const auto got = saturate(scheduler, slices, seconds(2), pool);
    for (const auto& [slice, rate] : c.expected)
      CHECK(got.at(slice) == Approx(rate).epsilon(0.01).margin(0.6));
    CHECK(pool.in_use() == 0);
  }
}

TEST_CASE("when only one slice has packets, then it gets the whole link up to its maximum") {
  PacketPool pool = test::make_pool(1023);
  SliceScheduler scheduler({share(0, 100, 0, 0, 1), share(1, 400, 0, 1, 1)});
  CHECK(saturate(scheduler, {0}, milliseconds(500), pool).at(0) == Approx(1000).epsilon(0.01));
  SliceScheduler capped({share(0, 100, 250, 0, 1)});
  CHECK(saturate(capped, {0}, milliseconds(500), pool).at(0) == Approx(250).epsilon(0.01));
}

TEST_CASE("when a slice has no share or its queue is full, then admission says so") {
  PacketPool pool = test::make_pool(1023);
  SliceShare narrow = share(0, 0, 0, 0, 1);
  narrow.limit_packets = 1;
  SliceScheduler scheduler({narrow});
  Packet* packet = pool.allocate();
  CHECK(scheduler.enqueue(packet, SliceId{3}, ModelTime{}, frame) ==
        SliceScheduler::Admission::unknown_slice);
  CHECK(scheduler.enqueue(packet, no_slice, ModelTime{}, frame) == SliceScheduler::Admission::unknown_slice);
  CHECK(scheduler.enqueue(packet, SliceId{0}, ModelTime{}, frame) == SliceScheduler::Admission::queued);
  Packet* second = pool.allocate();
  CHECK(scheduler.enqueue(second, SliceId{0}, ModelTime{}, frame) == SliceScheduler::Admission::full);
  rte_pktmbuf_free(second);
  std::vector<Packet*> rest;
  scheduler.flush(rest);
  REQUIRE(rest.size() == 1);
  rte_pktmbuf_free(rest[0]);
}

TEST_CASE("when shares contradict each other or the link, then they are refused") {
  CHECK_FALSE(check_shares({share(0, 600, 0, 0, 1), share(1, 400, 0, 0, 1)}, gigabit));
  CHECK(check_shares({share(0, 600, 0, 0, 1), share(1, 401, 0, 0, 1)}, gigabit));
  CHECK(check_shares({share(0, 600, 500, 0, 1)}, gigabit));
  CHECK(check_shares({share(0, 0, 0, 0, 0)}, gigabit));
  CHECK(check_shares({share(0, 0, 0, 0, 1), share(0, 0, 0, 0, 1)}, gigabit));
  CHECK(check_shares({share(0, 0, 0, 0, 1)}, BitsPerSecond{0}));
}
