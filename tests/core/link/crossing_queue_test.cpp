// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// CrossingQueue: everything comes out, in order, and not before it is published; a promise is kept.
#include "core/link/crossing_queue.hpp"

#include <catch2/catch.hpp>

#include <thread>
#include <vector>

#include "core/base/random.hpp"

using namespace kiriko;

namespace {

std::vector<std::int64_t> take(CrossingQueue& queue) {
  std::vector<std::int64_t> taken;
  queue.take_published([&](const CrossingQueue::Entry& entry) { taken.push_back(entry.packet.at.ns); });
  return taken;
}

}  // namespace

TEST_CASE("when packets are put in, then they come out in order once they are published") {
  RandomStream random(14, "crossing", "turns");
  CrossingQueue queue;
  std::vector<std::int64_t> waiting;
  std::int64_t next = 0, expected = 0;
  for (int turn = 0; turn < 2000; ++turn) {
    // At times more than a few blocks hold.
    for (std::int64_t left = random.chance(0.02) ? 900 : random.between(0, 40); left > 0; --left)
      queue.put({nullptr, {ModelTime{next++}, nullptr}});
    const std::int64_t before = next;
    queue.publish();
    for (std::int64_t left = random.between(0, 3); left > 0; --left)
      queue.put({nullptr, {ModelTime{next++}, nullptr}});
    if (random.chance(0.3)) continue;
    for (const std::int64_t at : take(queue)) REQUIRE(at == expected++);
    REQUIRE(expected == before);
  }
}

TEST_CASE("when two threads use a queue, then what a promise covers has come before") {
  CrossingQueue queue;
  constexpr std::int64_t count = 300'000;
  std::thread sender([&] {
    for (std::int64_t i = 0; i < count; ++i) {
      queue.put({nullptr, {ModelTime{i}, nullptr}});
      if (i % 7 == 0) queue.publish(ModelTime{i + 1});
    }
    queue.publish(ModelTime{count});
  });
  std::int64_t expected = 0;
  bool in_order = true, kept = true;
  while (expected < count) {
    const ModelTime promised = queue.arrives_from();
    for (const std::int64_t at : take(queue)) in_order = in_order && at == expected++;
    kept = kept && expected >= promised.ns;
  }
  sender.join();
  CHECK(in_order);
  CHECK(kept);
}

TEST_CASE("when a promise is taken back, then a lower one counts") {
  CrossingQueue queue;
  queue.publish(ModelTime{50});
  queue.publish(ModelTime{20});
  CHECK(queue.arrives_from() == ModelTime{50});
  queue.take_back_promise();
  queue.publish(ModelTime{20});
  CHECK(queue.arrives_from() == ModelTime{20});
}
