// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// CrossingBox: what one step puts in the next one takes out, whichever of the two workers comes first.
#include "core/link/crossing_box.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include "core/base/random.hpp"

using namespace kiriko;

TEST_CASE("when sender and receiver have one turn a step, then each packet arrives in the step after") {
  RandomStream random(14, "crossing", "turns");
  CrossingBox box;
  std::vector<std::int64_t> sent, sent_before;
  std::int64_t time = 0;
  for (int step = 0; step < 1000; ++step) {
    std::vector<std::int64_t> received;
    const auto receive = [&] {
      box.empty_closed([&](const TimedPacket& entry) { received.push_back(entry.at.ns); });
    };
    const bool receiver_first = random.chance(0.5);
    if (receiver_first) receive();
    sent.clear();
    for (std::int64_t left = random.between(0, 3); left > 0; --left) {
      sent.push_back(time += random.between(0, 5));
      box.put({ModelTime{sent.back()}, nullptr});
    }
    CHECK(box.close() == (sent.empty() ? ModelTime::never() : ModelTime{sent.front()}));
    if (!receiver_first) receive();
    REQUIRE(received == sent_before);
    REQUIRE(box.size() == sent.size());
    sent_before = sent;
    if (!random.chance(0.1)) continue;
    // Between steps something is sent too, and everything is taken out in order.
    box.put({ModelTime{++time}, nullptr});
    sent_before.push_back(time);
    received.clear();
    box.empty_all([&](const TimedPacket& entry) { received.push_back(entry.at.ns); });
    REQUIRE(received == sent_before);
    REQUIRE(box.size() == 0);
    sent_before.clear();
  }
}
