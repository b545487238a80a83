// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Several workers: whoever runs what, every node sees the same packets at the same times in the same order.
#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

#include "tests/core/engine/engine_bed.hpp"

using namespace kiriko;
using namespace kiriko::test;

namespace {

using Sights = std::vector<std::vector<Seen>>;

/// Relays in a random tree with some links more, each with an end: delays from none to a millisecond, load from idle to queues.
struct RandomNetwork {
  GraphMaker maker;
  std::vector<EndNode*> ends;
  std::vector<RelayNode*> relays;
  std::vector<LinkId> long_links;

  explicit RandomNetwork(std::uint64_t seed) {
    RandomStream random(seed, "workers", "network");
    const auto relay_count = static_cast<std::uint32_t>(random.between(4, 12));
    std::vector<std::pair<std::uint32_t, std::uint32_t>> trunks;
    for (std::uint32_t i = 1; i < relay_count; ++i)
      trunks.emplace_back(i, static_cast<std::uint32_t>(random.between(0, i - 1)));
    for (std::int64_t more = random.between(0, 3); more > 0; --more)
      trunks.emplace_back(static_cast<std::uint32_t>(random.between(1, relay_count - 1)), 0U);
    std::erase_if(trunks, [](const auto& trunk) { return trunk.first == trunk.second; });
    std::vector<std::uint16_t> ports(relay_count, 1);
    for (const auto& [a, b] : trunks) ++ports[a], ++ports[b];
    for (std::uint32_t i = 0; i < relay_count; ++i)
      relays.push_back(maker.add("r" + std::to_string(i), std::make_unique<RelayNode>(ports[i]), false));
    const std::int64_t grid = random.chance(0.5) ? 1000 : 250'000;
    for (std::uint32_t i = 0; i < relay_count; ++i) {
      std::vector<ModelTime> times;
      for (std::int64_t left = random.between(0, 120); left > 0; --left)
        times.push_back(ModelTime{random.between(0, 10'000'000 / grid) * grid});
      std::sort(times.begin(), times.end());
      ends.push_back(maker.add("e" + std::to_string(i), std::make_unique<EndNode>(i, times, 400U), true));
    }
    for (const auto& [a, b] : trunks) {
      constexpr std::int64_t delays[] = {10'000, 12'345, 50'000, 1'000'000};
      long_links.push_back(LinkId{static_cast<std::uint32_t>(maker.graph.links.size())});
      maker.link(a, b,
                 {.rate = BitsPerSecond{1'000'000'000}, .delay = Duration{delays[random.between(0, 3)]}});
    }
    for (std::uint32_t i = 0; i < relay_count; ++i)
      maker.link(
          relay_count + i, i,
          {.rate = BitsPerSecond{100'000'000}, .delay = random.chance(0.5) ? Duration{0} : microseconds(20)});
  }

  Sights run_with(std::uint32_t workers, std::uint64_t changes_seed) {
    PacketPool pool = make_pool();
    Emulation emulation({std::move(maker.graph), &pool, ClockKind::virtual_time, workers});
    RandomStream random(changes_seed, "workers", "changes");
    for (int i = 1; i <= 12; ++i) {
      test::run(emulation, ModelTime{i * 1'111'111});
      if (random.chance(0.3)) continue;
      const LinkId link = long_links[static_cast<std::size_t>(
          random.between(0, static_cast<std::int64_t>(long_links.size()) - 1))];
      const auto direction = random.chance(0.5) ? LinkDirection::forward : LinkDirection::backward;
      ChangeSet set{"change", "test", {}};
      for (std::int64_t left = random.between(1, 2); left > 0; --left) {
        const Duration delay{random.chance(0.5) ? random.between(1, 2000) : random.between(10'000, 300'000)};
        const BitsPerSecond rate{random.chance(0.5) ? 5'000'000 : 1'000'000'000};
        set.changes.emplace_back(SetLinkProperties{link, direction, {.rate = rate, .delay = delay}});
      }
      REQUIRE(emulation.apply(set));
      for (const Problem& problem : emulation.check_conservation().problems) FAIL(to_string(problem));
    }
    for (const Problem& problem : emulation.check_conservation().problems) FAIL(to_string(problem));
    Sights sights;
    for (const EndNode* end : ends) sights.push_back(end->seen);
    for (const RelayNode* relay : relays) sights.push_back(relay->seen);
    return sights;
  }
};

}  // namespace

TEST_CASE("when a random network's links change as it runs, then any number of workers sees the same") {
  std::size_t packets = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Sights one = RandomNetwork(seed).run_with(1, seed);
    for (const auto& seen : one) packets += seen.size();
    for (const std::uint32_t workers : {2U, 3U}) {
      INFO("seed " << seed << ", " << workers << " workers");
      REQUIRE(RandomNetwork(seed).run_with(workers, seed) == one);
    }
  }
  CHECK(packets > 10'000);
}

TEST_CASE("when nearly nothing happens, then workers skip the time between") {
  const auto turns_with = [](std::uint32_t workers, Duration delay) {
    GraphMaker maker;
    maker.add("a", std::make_unique<EndNode>(0, every(seconds(2), 3), 100U), true);
    auto* b = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
    // By lookaheads alone a second would be 50 million turns.
    maker.link(0, 1, {.rate = BitsPerSecond{1'000'000'000}, .delay = microseconds(10)});
    PacketPool pool = make_pool();
    Emulation emulation({std::move(maker.graph), &pool, ClockKind::virtual_time, workers});
    REQUIRE(emulation.workers() == workers);
    const LinkProperties shorter{.rate = BitsPerSecond{1'000'000'000}, .delay = delay};
    REQUIRE(emulation.apply({"shorter",
                             "test",
                             {SetLinkProperties{LinkId{0}, LinkDirection::forward, shorter},
                              SetLinkProperties{LinkId{0}, LinkDirection::backward, shorter}}}));
    run(emulation, ModelTime{} + seconds(5));
    return b->seen;
  };
  // Without a delay each promises the other a nanosecond more at a time.
  for (const Duration delay : {nanoseconds(20), nanoseconds(0)}) {
    CHECK(turns_with(1, delay).size() == 3);
    CHECK(turns_with(2, delay) == turns_with(1, delay));
  }
}
