// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Arithmetic on {i}, and wild cards.
#include <catch2/catch.hpp>

#include "scenarios/loader/entry_template.hpp"
#include "scenarios/loader/wild_card.hpp"

using namespace kiriko;

TEST_CASE("when a text has {i}, then it becomes the index or its arithmetic") {
  struct Case {
    const char* text;
    std::int64_t i;
    const char* result;
  };
  const Case cases[] = {{"truck{i}", 3, "truck3"},
                        {"{i+1}-{i-1}", 5, "6-4"},
                        {"{i%6+1}", 6, "1"},
                        {"{(i-1)/7+1}", 14, "2"},
                        {"{ 2 * i }s", 4, "8s"},
                        {"{-i}", 2, "-2"},
                        {"{(i-5)/2}", 2, "-2"},
                        {"{(i-5)%3}", 3, "1"},
                        {"{x}{i}", 1, "{x}1"},
                        {"no index", 1, "no index"},
                        {"{", 1, "{"},
                        {"{2}", 1, "{2}"},
                        {"{i-(1-(2-i))}", 4, "1"}};
  for (const auto& c : cases) {
    INFO(c.text);
    const auto result = replace_index(c.text, c.i);
    REQUIRE(result);
    CHECK(*result == c.result);
  }
}

TEST_CASE("when an index expression has no value, then it is a problem") {
  for (const char* text :
       {"{i/0}", "{i%0}", "{i+}", "{(i}", "{i i}", "{i*i*i*i*i*i*i}", "{i+99999999999999999999}"}) {
    INFO(text);
    CHECK_FALSE(replace_index(text, 1000).has_value());
  }
}

TEST_CASE("when a pattern has wild cards, then each stands for any text") {
  CHECK(matches("truck*", "truck1"));
  CHECK(matches("*", ""));
  CHECK(matches("a*b*c", "aXbYbZc"));
  CHECK(matches("control/*-a", "control/t1-a"));
  CHECK_FALSE(matches("truck*", "car1"));
  CHECK_FALSE(matches("a*b", "abc"));
  CHECK_FALSE(matches("", "a"));
  CHECK(matches("h1", "h1"));
}
