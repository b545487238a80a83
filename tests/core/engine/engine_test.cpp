// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The engine's promises: exact times, order, independence of workers, conservation.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/core/engine/engine_bed.hpp"

using namespace kiriko;
using namespace kiriko::test;

namespace {

// A ring of relays, each with two ends, random send times, unequal link delays: many ties and echoes.
struct Mesh {
  GraphMaker maker;
  std::vector<EndNode*> ends;
  std::vector<RelayNode*> relays;

  explicit Mesh(std::uint64_t seed,
                LinkProperties trunk = {.rate = BitsPerSecond{1'000'000'000}, .delay = microseconds(50)},
                const LinkProperties& branch = {.rate = BitsPerSecond{100'000'000},
                                                .delay = nanoseconds(1500)}) {
    constexpr std::uint32_t relay_count = 6;
    maker.graph.seed = seed;
    RandomStream random(seed, "mesh", "times");
    for (std::uint32_t i = 0; i < relay_count; ++i)
      relays.push_back(
          maker.add("r" + std::to_string(i), std::make_unique<RelayNode>(std::uint16_t{4}), false));
    for (std::uint32_t i = 0; i < 2 * relay_count; ++i) {
      std::vector<ModelTime> times;
      for (int n = 0; n < 200; ++n) times.push_back(ModelTime{random.between(0, 1000) * 10'000});
      std::sort(times.begin(), times.end());
      ends.push_back(maker.add("e" + std::to_string(i), std::make_unique<EndNode>(i, times, 500U), true));
    }
    for (std::uint32_t i = 0; i < relay_count; ++i) {
      maker.link(i, (i + 1) % relay_count, trunk);
      trunk.delay += microseconds(7);
    }
    for (std::uint32_t i = 0; i < 2 * relay_count; ++i) maker.link(relay_count + i, i % relay_count, branch);
  }

  std::vector<std::vector<Seen>> run_with(std::uint32_t workers) {
    PacketPool pool = make_pool();
    Emulation emulation({std::move(maker.graph), &pool, ClockKind::virtual_time, workers});
    test::run(emulation, ModelTime{} + milliseconds(12));
    const Conservation conservation = emulation.check_conservation();
    for (const Problem& problem : conservation.problems) FAIL(to_string(problem));
    std::vector<std::vector<Seen>> seen;
    for (const EndNode* end : ends) seen.push_back(end->seen);
    for (const RelayNode* relay : relays) seen.push_back(relay->seen);
    return seen;
  }
};

}  // namespace

TEST_CASE("when a packet crosses a link with rate and delay, then it arrives at the exact nanosecond") {
  GraphMaker maker;
  // 1000 B + 24 B overhead at 1 Gbit/s: 8192 ns; the second waits for the first.
  maker.add(
      "a",
      std::make_unique<EndNode>(0, std::vector{ModelTime{100}, ModelTime{100}, ModelTime{50'000}}, 1000U),
      true);
  auto* b = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
  maker.link(0, 1, {.rate = BitsPerSecond{1'000'000'000}, .delay = milliseconds(10)});
  PacketPool pool = make_pool();
  Emulation emulation({std::move(maker.graph), &pool});
  run(emulation, ModelTime{} + milliseconds(20));
  REQUIRE(b->seen.size() == 3);
  CHECK(b->seen[0].at == ModelTime{100 + 8192 + 10'000'000});
  CHECK(b->seen[1].at == ModelTime{100 + 2 * 8192 + 10'000'000});
  CHECK(b->seen[2].at == ModelTime{50'000 + 8192 + 10'000'000});
  CHECK(emulation.check_conservation().problems.empty());
}

TEST_CASE(
    "when a graph is run by more workers, then every node sees the same packets at the same times in the "
    "same order") {
  const auto one = Mesh(7).run_with(1);
  std::size_t packets = 0;
  for (const auto& seen : one) packets += seen.size();
  CHECK(packets > 5000);
  for (const std::uint32_t workers : {2U, 3U, 4U}) CHECK(Mesh(7).run_with(workers) == one);
  CHECK(Mesh(8).run_with(1) != one);
}

TEST_CASE(
    "when links lose, duplicate, reorder and jitter, then results still do not depend on the workers and "
    "nothing vanishes") {
  const LinkProperties rough{.rate = BitsPerSecond{20'000'000},
                             .delay = microseconds(80),
                             .jitter = {.deviation = microseconds(20)},
                             .loss = 0.05,
                             .duplicate = 0.05,
                             .corrupt = 0.05,
                             .limit_packets = 5};
  const auto one = Mesh(3, rough).run_with(1);
  CHECK(Mesh(3, rough).run_with(2) == one);
  CHECK(Mesh(3, rough).run_with(4) == one);
}

TEST_CASE("when packets reach a node, then they come in order of time over all its inputs") {
  for (const auto& seen : Mesh(11).run_with(1)) {
    CHECK(std::is_sorted(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.at < b.at; }));
  }
}

// All delays are alike and nodes are due all the time: they run in rounds.
TEST_CASE(
    "when many nodes are due at once, then each still sees its packets in order of time, with any workers") {
  const LinkProperties link{.rate = BitsPerSecond{10'000'000'000}, .delay = microseconds(50)};
  const auto one = Mesh(17, link, link).run_with(1);
  std::size_t packets = 0;
  for (const auto& seen : one) {
    packets += seen.size();
    CHECK(std::is_sorted(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.at < b.at; }));
  }
  CHECK(packets > 5000);
  CHECK(Mesh(17, link, link).run_with(2) == one);
  CHECK(Mesh(17, link, link).run_with(4) == one);
}

TEST_CASE("when a function leaks one packet, then its ledger and the pool both say so") {
  GraphMaker maker;
  maker.add("a", std::make_unique<EndNode>(0, every(microseconds(10), 100), 100U), true);
  auto* relay = maker.add("leaky", std::make_unique<RelayNode>(std::uint16_t{2}, 42), false);
  maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
  maker.link(0, 1, {.delay = microseconds(1)});
  maker.link(1, 2, {.delay = microseconds(1)});
  PacketPool pool = make_pool();
  Emulation emulation({std::move(maker.graph), &pool});
  run(emulation, ModelTime{} + milliseconds(5));
  const Conservation conservation = emulation.check_conservation();
  REQUIRE(conservation.problems.size() == 2);
  CHECK(conservation.problems[0].where == "leaky");
  CHECK(conservation.problems[1].where == "packet pool");
  rte_pktmbuf_free(relay->leaked);
}

TEST_CASE("when the run ends with packets under way, then they are counted as held") {
  GraphMaker maker;
  maker.add("a", std::make_unique<EndNode>(0, every(microseconds(10), 100), 100U), true);
  maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
  maker.link(0, 1, {.delay = seconds(10)});
  PacketPool pool = make_pool();
  {
    Emulation emulation({std::move(maker.graph), &pool});
    run(emulation, ModelTime{} + milliseconds(5));
    const Conservation conservation = emulation.check_conservation();
    CHECK(conservation.problems.empty());
    CHECK(conservation.held == 100);
  }
  CHECK(pool.in_use() == 0);
}

TEST_CASE("when a link goes down, then what is on it drops as link_down, and what comes later too") {
  GraphMaker maker;
  maker.add("a", std::make_unique<EndNode>(0, every(milliseconds(1), 10), 100U), true);
  auto* b = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
  maker.link(0, 1, {.delay = microseconds(1500)});
  PacketPool pool = make_pool();
  Emulation emulation({std::move(maker.graph), &pool});
  std::vector<NetworkEvent> events;
  emulation.subscribe([&](ModelTime, const NetworkEvent& event) { events.push_back(event); });
  run(emulation, ModelTime{4'200'000});
  const auto applied = emulation.apply({"cut", "test", {SetLinkState{LinkId{0}, false}}});
  REQUIRE(applied);
  CHECK(applied->packets_lost == 2);  // sent at 3 and 4 ms
  CHECK(events.size() == 1);
  run(emulation, ModelTime{7'500'000});
  REQUIRE(emulation.apply({"mend", "test", {SetLinkState{LinkId{0}, true}}}));
  run(emulation, ModelTime{20'000'000});
  CHECK(b->seen.size() == 5);  // 0, 1, 2, 8, 9 ms
  CHECK(emulation.transmit_port(LinkId{0}, LinkDirection::forward).ledger().dropped_total() == 5);
  CHECK(emulation.check_conservation().problems.empty());
}

TEST_CASE("when a busy link goes down and up, then what was planned on it delays nothing, and did not go") {
  GraphMaker maker;
  // A second's worth at 10 Mbit/s: 1250 packets of 1000 B on the wire, 800 us each.
  std::vector<ModelTime> times(1250, ModelTime{0});
  times.push_back(ModelTime{milliseconds(200).ns});
  maker.add("a", std::make_unique<EndNode>(0, times, 976U), true);
  auto* b = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
  maker.link(0, 1, {.rate = BitsPerSecond{10'000'000}, .delay = microseconds(5), .limit_packets = 5000});
  PacketPool pool = make_pool();
  Emulation emulation({std::move(maker.graph), &pool});
  run(emulation, ModelTime{milliseconds(100).ns});
  REQUIRE(emulation.apply({"cut", "test", {SetLinkState{LinkId{0}, false}}}));
  run(emulation, ModelTime{milliseconds(150).ns});
  REQUIRE(emulation.apply({"mend", "test", {SetLinkState{LinkId{0}, true}}}));
  run(emulation, ModelTime{milliseconds(300).ns});
  // 124 had arrived by 99.2 ms and 5 us.
  REQUIRE(b->seen.size() == 125);
  CHECK(b->seen[124].at == ModelTime{200'805'000});
  const LinkTransmitPort& port = emulation.transmit_port(LinkId{0}, LinkDirection::forward);
  // One more had left and not arrived, one had just started.
  CHECK(port.carried_packets() == 127);
  const auto carried = port.carried_by(emulation.now());
  CHECK(carried.packets == 127);
  CHECK(carried.wire_bits == Approx(127 * 8000));
  CHECK(port.bytes_by_second() == std::vector<std::uint64_t>{127 * 976});
  CHECK(emulation.check_conservation().problems.empty());
}

TEST_CASE("when the rate changes, then packets that have not started leave at the new rate") {
  GraphMaker maker;
  // Ten packets at once, 1000 B on the wire each: 80 µs at 100 Mbit/s.
  maker.add("a", std::make_unique<EndNode>(0, std::vector<ModelTime>(10, ModelTime{0}), 976U), true);
  auto* b = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
  maker.link(0, 1, {.rate = BitsPerSecond{100'000'000}, .delay = microseconds(5)});
  PacketPool pool = make_pool();
  Emulation emulation({std::move(maker.graph), &pool});
  run(emulation, ModelTime{200'000});  // two have left, the third is on the wire until 240 µs
  REQUIRE(
      emulation.apply({"faster",
                       "test",
                       {SetLinkProperties{LinkId{0},
                                          LinkDirection::forward,
                                          {.rate = BitsPerSecond{800'000'000}, .delay = microseconds(5)}}}}));
  run(emulation, ModelTime{1'000'000});
  REQUIRE(b->seen.size() == 10);
  CHECK(b->seen[2].at == ModelTime{245'000});
  CHECK(b->seen[3].at == ModelTime{255'000});
  CHECK(b->seen[9].at == ModelTime{315'000});
}

TEST_CASE("when packets are crossing to another worker as a link changes, then the change finds them on it") {
  const auto seen_with = [](std::uint32_t workers) {
    GraphMaker maker;
    maker.add("a", std::make_unique<EndNode>(0, std::vector<ModelTime>(10, ModelTime{195'000}), 976U), true);
    auto* b = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
    maker.link(0, 1, {.rate = BitsPerSecond{100'000'000}, .delay = microseconds(20)});
    PacketPool pool = make_pool();
    Emulation emulation({std::move(maker.graph), &pool, ClockKind::virtual_time, workers});
    CHECK(emulation.workers() == workers);
    run(emulation, ModelTime{200'000});  // sent in the last step; the first is on the wire until 275 µs
    const LinkProperties faster{.rate = BitsPerSecond{800'000'000}, .delay = microseconds(20)};
    REQUIRE(
        emulation.apply({"faster", "test", {SetLinkProperties{LinkId{0}, LinkDirection::forward, faster}}}));
    run(emulation, ModelTime{1'000'000});
    CHECK(emulation.check_conservation().problems.empty());
    return b->seen;
  };
  const auto one = seen_with(1);
  REQUIRE(one.size() == 10);
  CHECK(one[1].at == ModelTime{305'000});
  CHECK(seen_with(2) == one);
}

TEST_CASE("when one change of a set cannot be applied, then none is") {
  GraphMaker maker;
  maker.add("a", std::make_unique<EndNode>(0, std::vector<ModelTime>{}, 0U), true);
  maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
  maker.link(0, 1, {.delay = microseconds(5)});
  PacketPool pool = make_pool();
  Emulation emulation({std::move(maker.graph), &pool});
  const ChangeSet set{"both", "test", {SetLinkState{LinkId{0}, false}, SetLinkState{LinkId{9}, false}}};
  CHECK_FALSE(emulation.validate(set));
  CHECK_FALSE(emulation.apply(set));
  CHECK(emulation.read().links[0].up);
}

TEST_CASE("when a node is failed, then what reaches it drops, and it goes on after its recovery") {
  GraphMaker maker;
  maker.add("a", std::make_unique<EndNode>(0, every(milliseconds(1), 10), 100U), true);
  auto* b = maker.add("b", std::make_unique<EndNode>(1, std::vector<ModelTime>{}, 0U), true);
  maker.link(0, 1, {.delay = microseconds(10)});
  PacketPool pool = make_pool();
  Emulation emulation({std::move(maker.graph), &pool});
  run(emulation, ModelTime{2'500'000});
  REQUIRE(emulation.apply({"fail", "test", {SetNodeState{NodeId{1}, false}}}));
  run(emulation, ModelTime{5'500'000});
  REQUIRE(emulation.apply({"recover", "test", {SetNodeState{NodeId{1}, true}}}));
  run(emulation, ModelTime{20'000'000});
  CHECK(b->seen.size() == 7);
  CHECK(
      emulation.node(NodeId{1}).exits().ledger().dropped[static_cast<std::size_t>(DropReason::node_failed)] ==
      3);
  CHECK(emulation.check_conservation().problems.empty());
}
