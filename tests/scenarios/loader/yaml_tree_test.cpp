// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The tree's positions, aliases, merge keys and limits.
#include <catch2/catch.hpp>

#include "scenarios/loader/yaml_tree.hpp"

using namespace kiriko;

namespace {

constexpr YamlLimits limits{.nodes = 100, .depth = 5};

}  // namespace

TEST_CASE("when YAML is read, then every text knows its line and column") {
  const auto root = parse_yaml("a: 1\nb:\n  - x\n  - {c: y}\n", limits);
  REQUIRE(root);
  REQUIRE(root->keys.size() == 2);
  CHECK(root->keys[1].at.line == 2);
  const YamlNode* b = root->find("b");
  REQUIRE(b != nullptr);
  REQUIRE(b->items.size() == 2);
  CHECK(b->items[1].find("c")->text == "y");
  CHECK(b->items[1].find("c")->at.line == 4);
  CHECK(b->items[1].find("c")->at.column == 9);
  CHECK(root->find("z") == nullptr);
}

TEST_CASE("when an alias or a merge key is used, then its value is copied, and what is said itself wins") {
  const auto root = parse_yaml("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\nc: *x\n", limits);
  REQUIRE(root);
  CHECK(root->find("b")->find("p")->text == "1");
  CHECK(root->find("b")->find("q")->text == "3");
  CHECK(root->find("b")->keys.size() == 2);
  CHECK(root->find("c")->find("q")->text == "2");
}

TEST_CASE("when a limit is passed, then reading stops with a problem") {
  std::string wide = "[";
  for (int i = 0; i < 200; ++i) wide += "1,";
  CHECK(parse_yaml(wide + "]", limits).error().problem.message.find("too many entries") != std::string::npos);
  CHECK(parse_yaml("[[[[[[1]]]]]]", limits).error().problem.message == "the file is nested too deeply");
  CHECK(parse_yaml("a: &x [[[1]]]\nb: [[*x]]", limits).error().problem.message ==
        "the file is nested too deeply");
  CHECK(parse_yaml(std::string(100'000, '['), limits).has_value() == false);
}

TEST_CASE("when YAML is broken, then the problem says where") {
  for (const char* text : {"a: [", "a: b: c", "\"", "&a *a", "a: &x [*x]", "? [1]: 2", "%", "- - -\n a"}) {
    INFO(text);
    const auto root = parse_yaml(text, limits);
    if (root) continue;
    CHECK_FALSE(root.error().problem.message.empty());
    CHECK(root.error().at.line >= 1);
  }
  CHECK(parse_yaml("a: [1\nb: 2", limits).error().at.line == 2);
}

TEST_CASE("when a text is shown in a message, then it is short and printable") {
  CHECK(in_quotes("a\nb") == "'a?b'");
  CHECK(in_quotes(std::string(1000, 'x')).size() < 80);
  CHECK(in_quotes(std::string(1000, '\x80')).size() < 90);
}
