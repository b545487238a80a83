// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What makes a run INVALID: late packets, frames seen late, frames lost before they were seen.
#include "tools/kiriko/real_time_verdict.hpp"

#include <catch2/catch.hpp>

using namespace kiriko;
using Catch::Contains;

namespace {

/// A link and a device; `late` of 100 are 5 ms late.
WallFacts facts_with(std::uint64_t late_packets, std::uint64_t late_frames, std::uint64_t missed) {
  WallFacts facts;
  facts.tolerance = milliseconds(1);
  facts.links = {{"a → b", 100, {}}};
  facts.devices = {{"lan", missed, {}}};
  const std::int64_t on_time = 1000, too_late = 5'000'000;
  facts.links[0].lateness.record(on_time, 100 - late_packets);
  facts.links[0].lateness.record(too_late, late_packets);
  facts.devices[0].unseen.record(on_time, 100 - late_frames);
  facts.devices[0].unseen.record(too_late, late_frames);
  judge_real_time(facts, {ModelTime{2'000'000'000}, milliseconds(7)});
  return facts;
}

}  // namespace

TEST_CASE("when no more than one in a hundred is late, then real time was kept") {
  const WallFacts facts = facts_with(1, 1, 1);
  CHECK(facts.valid);
  CHECK(facts.invalid_because.empty());
}

TEST_CASE("when more are late or lost, then the link or the device is named, with when and by how much") {
  CHECK_THAT(facts_with(2, 0, 0).invalid_because,
             Contains("a → b: 99 % of the packets must be at most 1ms late, but p99 is 5") &&
                 Contains("behind the clock by 7 ms at 2.000 s") && !Contains("lan"));
  CHECK_THAT(
      facts_with(0, 2, 0).invalid_because,
      Contains(
          "device lan: 99 % of the frames must be seen at most 1ms after they came, but p99 is up to 5") &&
          !Contains("→"));
  CHECK_THAT(facts_with(0, 0, 2).invalid_because, Contains("device lan: 2 of 102 frames were lost"));
  CHECK_FALSE(facts_with(0, 0, 2).valid);
  CHECK_THAT(facts_with(2, 2, 2).invalid_because,
             Contains("a → b") && Contains("seen at most") && Contains("lost before"));
}
