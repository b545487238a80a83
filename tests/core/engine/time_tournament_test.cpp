// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TimeTournament beside a plain search, under random changes with many equal times.
#include "core/engine/time_tournament.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "core/base/random.hpp"
#include "tests/core/engine/plain_search.hpp"

using namespace kiriko;

TEST_CASE("when times change at random, then first and second are those of a plain search, ties by place") {
  for (const std::uint32_t places : {1U, 2U, 3U, 5U, 8U, 33U}) {
    INFO(places << " places");
    TimeTournament tournament(places);
    std::vector<std::int64_t> times(places, ModelTime::never().ns);
    RandomStream random(7, "tournament", "changes");
    for (int step = 0; step < 3000; ++step) {
      const auto place = static_cast<std::uint32_t>(random.between(0, places - 1));
      const std::int64_t time = random.chance(0.2) ? ModelTime::never().ns : random.between(0, 20);
      if (time <= times[place] && random.chance(0.5))
        tournament.bring_forward(place, ModelTime{time});
      else
        tournament.set(place, ModelTime{time});
      times[place] = time;

      const auto [first, second] = test::first_two(times);
      REQUIRE(tournament.top() == first);
      REQUIRE(tournament.top_time().ns == times[first]);
      REQUIRE(tournament.time_of(place).ns == time);
      const std::int64_t second_time = second == places ? ModelTime::never().ns : times[second];
      REQUIRE(tournament.second().at == second_time);
      REQUIRE(tournament.any_second().at == second_time);
      if (second_time != ModelTime::never().ns) REQUIRE(tournament.second().place == second);
    }
  }
}

TEST_CASE(
    "when rounds of places are found and put, others brought forward meanwhile, then a plain search agrees") {
  for (const std::uint32_t places : {1U, 2U, 3U, 5U, 8U, 33U, 100U}) {
    INFO(places << " places");
    TimeTournament tournament(places);
    std::vector<std::int64_t> times(places, ModelTime::never().ns);
    RandomStream random(7, "tournament", "rounds");
    for (std::uint32_t i = 0; i < places; ++i) {
      times[i] = random.between(0, 100);
      tournament.set(i, ModelTime{times[i]});
    }
    for (int round = 0; round < 500; ++round) {
      const std::int64_t limit = tournament.top_time().ns + random.between(1, 60);
      std::vector<std::uint32_t> expected, found;
      for (std::uint32_t i = 0; i < places; ++i)
        if (times[i] < limit) expected.push_back(i);
      const std::uint32_t count = tournament.find_before(ModelTime{limit});
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t place = tournament.found(i);
        found.push_back(place);
        times[place] = limit + random.between(0, 80);
        tournament.put(place, ModelTime{times[place]});
        const auto other = static_cast<std::uint32_t>(random.between(0, places - 1));
        const std::int64_t earlier = limit + random.between(0, 80);
        if (times[other] < earlier) continue;
        times[other] = earlier;
        tournament.bring_forward(other, ModelTime{earlier});
      }
      tournament.settle();
      std::sort(found.begin(), found.end());
      REQUIRE(found == expected);
      const auto first =
          static_cast<std::uint32_t>(std::min_element(times.begin(), times.end()) - times.begin());
      REQUIRE(tournament.top() == first);
      REQUIRE(tournament.top_time().ns == times[first]);
      for (std::uint32_t i = 0; i < places; ++i) REQUIRE(tournament.time_of(i).ns == times[i]);
    }
  }
}
