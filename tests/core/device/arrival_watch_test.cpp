// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// How long a frame may have waited in a device, from the times of the polls.
#include "core/device/arrival_watch.hpp"

#include <catch2/catch.hpp>

using namespace kiriko;

namespace {

constexpr ModelTime at_us(std::int64_t us) { return ModelTime{us * 1000}; }

}  // namespace

TEST_CASE("when a poll finds frames, then they may have come right after the one that found none") {
  ArrivalWatch watch;
  watch.polled(at_us(10), 0, {});
  watch.polled(at_us(15), 3, {});
  CHECK(watch.unseen().count() == 3);
  CHECK(watch.unseen().maximum() == 5000);
  watch.polled(at_us(16), 1, {});  // the three were all there was
  CHECK(watch.unseen().quantile(0) == Approx(1000).epsilon(0.01));
}

TEST_CASE("when the loop rested and would have been woken, then the rest does not count") {
  ArrivalWatch watch;
  watch.polled(at_us(10), 0, {});
  watch.polled(at_us(4010), 1, at_us(4008));
  CHECK(watch.unseen().maximum() == 2000);
}

TEST_CASE(
    "when polls come back full, then frames have waited since the last that did not, or since the queue can "
    "have held them") {
  ArrivalWatch watch;
  watch.polled(at_us(1), 0, {});
  for (std::int64_t i = 0; i < 10; ++i) watch.polled(at_us(101 + i), burst_capacity, {});
  CHECK(watch.unseen().maximum() == 109'000);
  // 4096 frames at 64 a poll and a microsecond: whatever is taken came within the last 64 polls.
  for (std::int64_t i = 10; i < 1000; ++i) watch.polled(at_us(101 + i), burst_capacity, {});
  CHECK(watch.unseen().maximum() < 165'000);
}
