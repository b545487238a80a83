// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The PRB scheduler's promises: dedicated, minimum, maximum, work conservation.
#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

#include "core/base/random.hpp"
#include "vnf/gnb/scheduler.hpp"

using namespace kiriko;

namespace {

struct Case {
  const char* description;
  RemainderOrder order;
  std::vector<SlicePart> parts;
  std::vector<std::uint32_t> demand, grant;
};

std::vector<std::uint32_t> allocate(const Case& c) {
  PrbScheduler scheduler{100, c.order, c.parts};
  std::vector<std::uint32_t> grant(c.parts.size());
  scheduler.allocate(c.demand, grant);
  return grant;
}

}  // namespace

TEST_CASE("when slices want resource blocks, then dedicated, minimum and maximum hold") {
  const auto priority = RemainderOrder::priority;
  const auto proportional = RemainderOrder::proportional;
  const std::vector<Case> cases{
      {"one pool takes all", priority, {{0, 0, 100, 8}}, {500}, {100}},
      {"dedicated is not lent", priority, {{20, 20, 100, 1}, {0, 0, 100, 8}}, {0, 500}, {0, 80}},
      {"dedicated is had", priority, {{20, 20, 100, 8}, {0, 0, 100, 1}}, {500, 500}, {20, 80}},
      {"minimum is lent", priority, {{0, 30, 100, 1}, {0, 0, 100, 8}}, {0, 500}, {0, 100}},
      {"minimum is had against a higher priority",
       priority,
       {{0, 30, 100, 8}, {0, 0, 100, 1}},
       {500, 500},
       {30, 70}},
      {"minimum is lent beyond the dedicated part only",
       priority,
       {{10, 30, 100, 8}, {0, 0, 100, 1}},
       {5, 500},
       {5, 90}},
      {"maximum caps an idle cell", priority, {{0, 0, 40, 1}, {0, 0, 100, 8}}, {500, 0}, {40, 0}},
      {"maximum frees blocks for the lower priority",
       priority,
       {{0, 0, 40, 1}, {0, 0, 100, 8}},
       {500, 500},
       {40, 60}},
      {"priority takes the remainder", priority, {{0, 10, 100, 1}, {0, 10, 100, 8}}, {80, 80}, {80, 20}},
      {"equal priorities share equally", priority, {{0, 0, 100, 8}, {0, 0, 100, 8}}, {500, 500}, {50, 50}},
      {"what one leaves the other gets", priority, {{0, 0, 100, 8}, {0, 0, 100, 8}}, {20, 500}, {20, 80}},
      {"the remainder goes by demand", proportional, {{0, 0, 100, 1}, {0, 0, 100, 8}}, {50, 75}, {40, 60}},
      {"by demand beyond the minima", proportional, {{0, 20, 100, 1}, {0, 0, 100, 8}}, {20, 300}, {20, 80}},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    CHECK(allocate(c) == c.grant);
  }
}

TEST_CASE("when demands and ratios are random, then no promise is broken") {
  RandomStream random{1, "scheduler", "cases"};
  const auto draw = [&](std::int64_t low, std::int64_t high) {
    return static_cast<std::uint32_t>(random.between(low, high));
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t blocks = draw(11, 273);
    std::vector<SlicePart> parts;
    std::vector<std::uint32_t> demand;
    std::uint32_t percent_left = 100;
    for (std::uint32_t n = draw(1, 6); n > 0; --n) {
      const std::uint32_t minimum = draw(0, percent_left);
      percent_left -= minimum;
      const RrmPolicyRatio ratio{.dedicated = static_cast<std::uint8_t>(draw(0, minimum)),
                                 .minimum = static_cast<std::uint8_t>(minimum),
                                 .maximum = static_cast<std::uint8_t>(draw(minimum, 100))};
      parts.push_back(slice_part(ratio, blocks, static_cast<std::uint8_t>(draw(1, 3))));
      demand.push_back(draw(0, 2) == 0 ? 0 : draw(0, 400));
    }
    std::vector<std::uint32_t> grant(parts.size());
    PrbScheduler{blocks, i % 2 == 0 ? RemainderOrder::priority : RemainderOrder::proportional, parts}
        .allocate(demand, grant);
    std::uint32_t taken = 0, still_wanted = 0;
    for (std::size_t s = 0; s < parts.size(); ++s) {
      REQUIRE(grant[s] <= std::min(demand[s], std::max(parts[s].maximum, parts[s].minimum)));
      REQUIRE(grant[s] >= std::min(demand[s], parts[s].minimum));
      taken += std::max(grant[s], parts[s].dedicated);
      still_wanted += std::min(demand[s], parts[s].maximum) - grant[s];
    }
    REQUIRE(taken <= blocks);
    REQUIRE((still_wanted == 0 || taken == blocks));
  }
}

TEST_CASE("when a ratio becomes resource blocks, then it is rounded so that sums fit and nobody starves") {
  const SlicePart part = slice_part({.dedicated = 5, .minimum = 10, .maximum = 50}, 273, 3);
  CHECK(part.dedicated == 13);
  CHECK(part.minimum == 27);
  CHECK(part.maximum == 136);
  CHECK(slice_part({.maximum = 1}, 24, 1).maximum == 1);
  CHECK(slice_part({.maximum = 0}, 24, 1).maximum == 0);
}
