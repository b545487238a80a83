// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// AgingTable against a plain model, with hashes that collide.
#include "core/function/aging_table.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <list>
#include <utility>

#include "core/base/random.hpp"

using namespace kiriko;

TEST_CASE("when entries come, go and are used at random, then the table agrees with a list in order of use") {
  const int spread = GENERATE(1, 3, 1000);  // 1: all hashes collide
  constexpr std::uint32_t capacity = 24;
  AgingTable<int, int> table(capacity);
  using Table = AgingTable<int, int>;
  std::list<std::pair<int, int>> model;  // oldest first
  RandomStream random(1, "aging_table", "test");
  const auto hash = [&](int key) { return static_cast<std::uint32_t>(key % spread) * 0x10001U; };
  for (int step = 0; step < 20'000; ++step) {
    const int key = static_cast<int>(random.between(0, 40));
    const auto known =
        std::find_if(model.begin(), model.end(), [&](const auto& e) { return e.first == key; });
    const auto found = table.find(key, hash(key));
    REQUIRE((found != Table::none) == (known != model.end()));
    if (found == Table::none) {
      REQUIRE(table.full() == (model.size() == capacity));
      if (table.full()) {
        REQUIRE(table.key(table.oldest()) == model.front().first);
        table.erase(table.oldest());
        model.pop_front();
      }
      table.insert(key, hash(key), step);
      model.emplace_back(key, step);
    } else {
      REQUIRE(table.value(found) == known->second);
      if (random.chance(0.5)) {
        table.touch(found);
        model.splice(model.end(), model, known);
      } else {
        table.erase(found);
        model.erase(known);
      }
    }
    REQUIRE(table.size() == model.size());
    auto expected = model.begin();
    for (auto i = table.oldest(); i != Table::none; i = table.newer(i))
      REQUIRE(table.key(i) == (expected++)->first);
    REQUIRE(expected == model.end());
  }
}

TEST_CASE("when a table has no place at all, then it is full and finds nothing") {
  const AgingTable<int, int> table(0);
  CHECK(table.full());
  CHECK(table.find(1, 1) == AgingTable<int, int>::none);
}
