// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TimeQueue and DelayLine against a sorted reference.
#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "core/base/random.hpp"
#include "core/link/delay_line.hpp"
#include "core/time/time_queue.hpp"

using namespace kiriko;

TEST_CASE(
    "when values are pushed in any order at any distance, then they leave by time, equal times in order of "
    "insertion") {
  RandomStream random(5, "queue", "times");
  for (const std::int64_t spread : {1LL, 1'000LL, 100'000LL, 50'000'000LL, 10'000'000'000LL}) {
    TimeQueue<int> queue;
    std::vector<std::pair<std::int64_t, int>> reference;
    std::int64_t now = 0;
    int serial = 0;
    for (int round = 0; round < 3000; ++round) {
      for (std::int64_t n = random.between(0, 4); n > 0; --n) {
        const std::int64_t at = now + random.between(0, spread);
        queue.push(ModelTime{at}, serial);
        reference.emplace_back(at, serial++);
      }
      for (std::int64_t n = random.between(0, 4); n > 0 && !queue.empty(); --n) {
        const auto least = std::min_element(reference.begin(), reference.end());
        REQUIRE(queue.next_time() == ModelTime{least->first});
        now = least->first;
        REQUIRE(queue.pop() == least->second);
        reference.erase(least);
      }
    }
    CHECK(queue.size() == reference.size());
  }
}

TEST_CASE("when a packet overtakes on a delay line, then the line still gives packets in order of arrival") {
  RandomStream random(6, "line", "times");
  DelayLine line;
  std::vector<std::pair<std::int64_t, std::uintptr_t>> reference;
  std::int64_t now = 0;
  std::uintptr_t serial = 1;
  for (int round = 0; round < 5000; ++round) {
    const bool jitter = round % 1000 > 500;
    const std::int64_t at = now + 1000 + (jitter ? random.between(0, 500) : 0);
    // The pointer is only a token here.
    line.push({ModelTime{at}, reinterpret_cast<Packet*>(serial)});
    reference.emplace_back(at, serial++);
    now += random.between(0, 300);
    while (!line.empty() && line.first_time().ns <= now) {
      const auto least = std::min_element(reference.begin(), reference.end());
      REQUIRE(reinterpret_cast<std::uintptr_t>(line.pop()) == least->second);
      reference.erase(least);
    }
  }
  CHECK(line.size() == reference.size());
}
