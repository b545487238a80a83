// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Walks an override's path through the tree and sets the value at its end.
#include "scenarios/loader/overrides.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "core/base/options.hpp"
#include "scenarios/loader/section_reader.hpp"

namespace kiriko {
namespace {

struct Step {
  std::string name{};                  ///< a key, or the name of a list's entry
  std::optional<std::size_t> index{};  ///< [n]
};

/// nullopt where the path is not names and [indexes] joined by dots.
std::optional<std::vector<Step>> split_path(std::string_view path) {
  std::vector<Step> steps;
  std::size_t i = 0;
  while (i < path.size()) {
    if (path[i] == '[') {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(path.data() + i + 1, path.data() + path.size(), index);
      if (error != std::errc{} || end == path.data() + path.size() || *end != ']') return std::nullopt;
      steps.push_back({.index = index});
      i = static_cast<std::size_t>(end - path.data()) + 1;
    } else {
      const std::size_t end = std::min(path.find_first_of(".[", i), path.size());
      if (end == i) return std::nullopt;
      steps.push_back({.name = std::string(path.substr(i, end - i))});
      i = end;
    }
    if (i < path.size() && path[i] == '.') {
      if (++i == path.size()) return std::nullopt;
    } else if (i < path.size() && path[i] != '[') {
      return std::nullopt;
    }
  }
  if (steps.empty() || steps.size() > 16) return std::nullopt;
  return steps;
}

/// Of a list's entry: its name, or as everywhere else a link's two ends. Empty: it has none.
std::string name_of(const YamlNode& item) {
  if (const YamlNode* name = item.find("name"); name != nullptr) return name->text;
  const YamlNode* ends = item.find("ends");
  return ends != nullptr && ends->items.size() == 2 ? ends->items[0].text + "-" + ends->items[1].text : "";
}

std::vector<std::string> names_of(const YamlNode& node) {
  std::vector<std::string> names;
  if (node.kind == YamlNode::Kind::mapping) {
    for (const auto& key : node.keys) names.push_back(key.text);
  } else {
    for (const auto& item : node.items)
      if (const std::string name = name_of(item); !name.empty()) names.push_back(name);
  }
  return names;
}

void mark(YamlNode& node, const Position& at) {
  node.at = at;
  for (auto& key : node.keys) key.at = at;
  for (auto& item : node.items) mark(item, at);
}

/// The child that `step` names; nullptr where there is none.
YamlNode* child_of(YamlNode& node, const Step& step) {
  if (step.index) {
    if (node.kind != YamlNode::Kind::sequence || *step.index >= node.items.size()) return nullptr;
    return &node.items[*step.index];
  }
  if (node.kind == YamlNode::Kind::mapping) return node.find(step.name);
  if (node.kind != YamlNode::Kind::sequence) return nullptr;
  for (auto& item : node.items)
    if (name_of(item) == step.name) return &item;
  return nullptr;
}

}  // namespace

void apply_override(YamlNode& root, std::string_view path_and_value, int index, ProblemList& problems) {
  const Position at{.line = 0, .column = 0, .override_index = index};
  const std::size_t equals = path_and_value.find('=');
  const auto steps =
      equals == std::string_view::npos ? std::nullopt : split_path(path_and_value.substr(0, equals));
  if (!steps) {
    problems.add(at, {.message = "an override is not a path and a value",
                      .allowed = "such as links.ring1.delay=5ms "
                                 "or traffic[0].scale=2"});
    return;
  }
  auto value = parse_yaml(path_and_value.substr(equals + 1), {.nodes = 1000, .depth = 16});
  if (!value) {
    problems.add(at, value.error().problem);
    return;
  }
  mark(*value, at);

  YamlNode* node = &root;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    const Step& step = (*steps)[i];
    if (node->kind == YamlNode::Kind::null && !step.index)
      *node = {.kind = YamlNode::Kind::mapping, .at = at};
    YamlNode* child = child_of(*node, step);
    if (child == nullptr && node->kind == YamlNode::Kind::mapping && !step.index) {
      // Whether a new key is a known one is the reader's business.
      node->keys.push_back({.kind = YamlNode::Kind::scalar, .text = step.name, .at = at});
      node->items.push_back({.at = at});
      child = &node->items.back();
    }
    if (child == nullptr) {
      const std::string text = step.index ? "[" + std::to_string(*step.index) + "]" : step.name;
      const auto names = names_of(*node);
      problems.add(at, {.message = "an override leads nowhere",
                        .found = in_quotes(text) + " in " + describe(*node),
                        .allowed = node->kind == YamlNode::Kind::sequence && step.index
                                       ? std::to_string(node->items.size()) + " entries, from [0]"
                                       : join(names),
                        .hint = hint_for(step.name, names)});
      return;
    }
    node = child;
  }
  *node = std::move(*value);
}

}  // namespace kiriko
