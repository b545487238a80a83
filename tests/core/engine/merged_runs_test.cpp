// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// MergedRuns beside a stable sort.
#include "core/engine/merged_runs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "core/base/random.hpp"

using namespace kiriko;

TEST_CASE("when runs of any lengths are merged, then a stable sort by time agrees") {
  RandomStream random(12, "runs", "lengths");
  std::vector<Packet> packets(burst_capacity);
  for (int round = 0; round < 3000; ++round) {
    Burst burst;
    MergedRuns merged(burst);
    std::vector<std::pair<std::int64_t, Packet*>> expected;
    const std::int64_t longest = random.between(1, 20), spread = random.between(1, 30);
    for (std::int64_t run = random.between(1, 8); run > 0; --run) {
      std::int64_t at = random.between(0, spread);
      for (std::int64_t left = random.between(0, longest); left > 0 && expected.size() < burst_capacity;
           --left) {
        Packet* packet = &packets[expected.size()];
        merged.add({ModelTime{at}, packet});
        expected.emplace_back(at, packet);
        at += random.between(0, 3);
      }
      merged.end_run();
    }
    std::stable_sort(expected.begin(), expected.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    REQUIRE(burst.size() == expected.size());
    for (std::uint32_t i = 0; i < burst.size(); ++i) REQUIRE(burst[i] == expected[i].second);
  }
}
