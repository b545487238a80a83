// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of the flat hash table against std::map.
#include "vnf/upf/flat_table.hpp"

#include <catch2/catch.hpp>

#include <map>

#include "core/base/random.hpp"

using namespace kiriko;
using namespace kiriko::upf;

TEST_CASE("when keys come and go at random, then the table holds what a map holds") {
  FlatTable<std::uint32_t> table;
  std::map<std::uint32_t, std::uint32_t> reference;
  RandomStream random(1, "table", "test");
  for (int i = 0; i < 200'000; ++i) {
    const auto key = static_cast<std::uint32_t>(random.between(1, 5000));
    if (random.chance(0.5)) {
      table.insert(key, static_cast<std::uint32_t>(i));
      reference[key] = static_cast<std::uint32_t>(i);
    } else {
      table.erase(key);
      reference.erase(key);
    }
  }
  CHECK(table.size() == reference.size());
  for (std::uint32_t key = 1; key <= 5001; ++key) {
    const auto it = reference.find(key);
    REQUIRE(table.find(key) == (it == reference.end() ? FlatTable<std::uint32_t>::none : it->second));
  }
}

TEST_CASE("when keys are 64 bits wide, then their high halves count") {
  FlatTable<std::uint64_t> table;
  table.insert(1, 10);
  table.insert((std::uint64_t{1} << 32) + 1, 20);
  CHECK(table.find(1) == 10);
  CHECK(table.find((std::uint64_t{1} << 32) + 1) == 20);
  table.erase(1);
  CHECK(table.find(1) == FlatTable<std::uint64_t>::none);
}
