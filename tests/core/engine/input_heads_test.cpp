// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// InputHeads beside a plain search, for few inputs and many.
#include "core/engine/input_heads.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include "core/base/random.hpp"
#include "tests/core/engine/plain_search.hpp"

using namespace kiriko;

TEST_CASE("when times of inputs change at random, then a plain search finds the same, few or many") {
  for (const std::uint32_t inputs : {0U, 1U, 2U, 3U, 5U, 8U, 9U, 40U}) {
    INFO(inputs << " inputs");
    InputHeads heads(inputs);
    CHECK(heads.are_few() == (inputs <= InputHeads::few));
    CHECK(heads.earliest() == ModelTime::never());
    std::vector<std::int64_t> times(inputs, ModelTime::never().ns);
    RandomStream random(11, "heads", "changes");
    for (int step = 0; step < 3000 && inputs != 0; ++step) {
      const auto input = static_cast<std::uint32_t>(random.between(0, inputs - 1));
      const std::int64_t time = random.chance(0.2) ? ModelTime::never().ns : random.between(-5, 20);
      if (time <= times[input] && random.chance(0.5))
        heads.bring_forward(input, ModelTime{time});
      else
        heads.set(input, ModelTime{time});
      times[input] = time;

      const auto [first, second] = test::first_two(times);
      REQUIRE(heads.earliest().ns == times[first]);
      REQUIRE(heads.earliest_input(heads.earliest()) == first);
      REQUIRE(heads.first().at == times[first]);
      REQUIRE(heads.first().place == first);
      REQUIRE(heads.time_of(input).ns == time);
      const std::int64_t second_time = second == inputs ? ModelTime::never().ns : times[second];
      REQUIRE(heads.second().at == second_time);
      if (second_time != ModelTime::never().ns) REQUIRE(heads.second().place == second);
      if (!heads.are_few()) continue;
      const ModelTime bound = random.chance(0.1) ? ModelTime::never() : ModelTime{random.between(-6, 21)};
      unsigned before = 0;
      for (std::uint32_t i = 0; i < inputs; ++i) before |= (times[i] < bound.ns ? 1U : 0U) << i;
      REQUIRE(heads.before(bound) == before);
    }
  }
}
