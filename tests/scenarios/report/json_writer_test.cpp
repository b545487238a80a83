// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// JSON text: escapes, numbers, layout.
#include "scenarios/report/json_writer.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace kiriko;

TEST_CASE("when text has what JSON forbids, then it is escaped and made valid UTF-8") {
  CHECK(json_escaped("a\"b\\c\nd\te\x01") == "a\\\"b\\\\c\\nd\\te\\u0001");
  CHECK(json_escaped("→") == "→");
  CHECK(json_escaped("\xff"
                     "a\xe2\x86") ==
        "\xEF\xBF\xBD"
        "a\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(json_escaped("\xed\xa0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
}

TEST_CASE("when numbers are written, then the shortest text that reads back stands there") {
  const auto text = [](double number) {
    JsonWriter json;
    return json.value(number).text();
  };
  CHECK(text(0.1) == "0.1");
  CHECK(text(1e21) == "1e+21");
  CHECK(text(2.0) == "2");
  CHECK(text(-0.0) == "0");
  CHECK(text(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(text(std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("when objects nest, then open ones are indented and flat ones stay on their line") {
  JsonWriter json;
  json.begin_object().member("a", std::int64_t{-1}).key("b").begin_array();
  json.begin_object(JsonWriter::Layout::flat).member("c", true).member("d", "x").end_object();
  json.end_array()
      .array("e", std::vector<std::uint64_t>{1, 2})
      .key("f")
      .begin_object()
      .end_object()
      .end_object();
  CHECK(
      json.text() ==
      "{\n  \"a\": -1,\n  \"b\": [\n    {\"c\": true, \"d\": \"x\"}\n  ],\n  \"e\": [1, 2],\n  \"f\": {}\n}");
}
