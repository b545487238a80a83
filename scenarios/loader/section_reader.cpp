// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Keys and values of a mapping: unknown, repeated, of the wrong type, missing.
#include "scenarios/loader/section_reader.hpp"

#include <set>

namespace kiriko {
namespace {

std::vector<std::string> keys_of(const Section& section) {
  std::vector<std::string> keys;
  for (const auto& option : section.options) keys.push_back(option.key);
  for (const auto& part : section.parts) keys.emplace_back(part.key);
  return keys;
}

bool has_part(const Section& section, std::string_view key) {
  for (const auto& part : section.parts)
    if (part.key == key) return true;
  return false;
}

/// How a quantity is written, where `text` is not one.
std::string units_of(OptionType type, std::string_view text) {
  const auto allowed = [](const auto& parsed) { return parsed ? std::string{} : parsed.error().allowed; };
  switch (type) {
    case OptionType::rate: return allowed(parse_rate(text));
    case OptionType::bytes: return allowed(parse_bytes(text));
    case OptionType::duration: return allowed(parse_duration(text));
    default: return {};
  }
}

}  // namespace

std::string join(const std::vector<std::string>& names) {
  constexpr std::size_t longest = 600;
  std::string text;
  for (const auto& name : names) {
    if (text.size() > longest) return text + ", …";
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

std::string hint_for(std::string_view text, const std::vector<std::string>& candidates) {
  const std::string near = text.empty() ? std::string{} : did_you_mean(text, candidates);
  return near.empty() ? "" : "did you mean '" + near + "'?";
}

Position SectionValues::at(std::string_view key) const {
  const YamlNode* value = node->find(key);
  return value == nullptr ? node->at : value->at;
}

const YamlNode* SectionValues::part(std::string_view key) const {
  const YamlNode* value = node == nullptr ? nullptr : node->find(key);
  return value == nullptr || value->kind == YamlNode::Kind::null ? nullptr : value;
}

std::optional<std::vector<OptionValue>> read_option(const YamlNode& node, const Option& option,
                                                    ProblemList& problems) {
  const auto refuse = [&](const YamlNode& at, std::string message) {
    problems.add(at.at,
                 {.message = std::move(message), .found = describe(at), .allowed = describe_allowed(option)});
  };
  std::vector<const YamlNode*> scalars;
  if (node.kind == YamlNode::Kind::null) {
    refuse(node, "'" + option.key + "' has no value");
    return std::nullopt;
  }
  if (node.kind == YamlNode::Kind::scalar) {
    scalars.push_back(&node);
  } else if (node.kind == YamlNode::Kind::sequence && option.repeated) {
    for (const auto& item : node.items) scalars.push_back(&item);
  } else {
    refuse(node, "'" + option.key + "' is not a single value");
    return std::nullopt;
  }
  std::vector<OptionValue> values;
  bool good = true;
  for (const YamlNode* scalar : scalars) {
    if (scalar->kind != YamlNode::Kind::scalar) {
      refuse(*scalar, "an entry of '" + option.key + "' is not a single value");
      good = false;
      continue;
    }
    auto value = parse_option(option, scalar->text);
    if (value) {
      values.push_back(std::move(*value));
      continue;
    }
    Problem problem = value.error();
    if (!problem.found.empty()) problem.found = in_quotes(scalar->text);
    if (const std::string units = units_of(option.type, scalar->text); !units.empty())
      problem.allowed += ": " + units;
    problems.add(scalar->at, std::move(problem));
    good = false;
  }
  if (!good) return std::nullopt;
  return values;
}

SectionValues read_section(const YamlNode& node, const Section& section, std::string_view what,
                           ProblemList& problems, const OptionValues* defaults) {
  SectionValues out{.values = defaults == nullptr ? OptionValues::defaults(section.options) : *defaults,
                    .node = &node};
  const auto keys = keys_of(section);
  if (node.kind != YamlNode::Kind::mapping) {
    problems.add(
        node.at,
        {.message = std::string(what) + " is not a mapping", .found = describe(node), .allowed = join(keys)});
    return out;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& key = node.keys[i].text;
    const Option* option = find_option(section.options, key);
    if (option == nullptr && !has_part(section, key)) {
      problems.add(node.keys[i].at, {.message = "unknown key " + in_quotes(key) + " in " + std::string(what),
                                     .allowed = join(keys),
                                     .hint = hint_for(key, keys)});
      continue;
    }
    if (!seen.insert(key).second) {
      problems.add(node.keys[i].at, {.message = "'" + key + "' is there twice in " + std::string(what)});
      continue;
    }
    if (option == nullptr) continue;
    if (auto values = read_option(node.items[i], *option, problems)) out.values.set(key, std::move(*values));
  }
  for (const auto& option : section.options) {
    if (option.required && node.find(option.key) == nullptr)
      problems.add(node.at, {.message = "'" + option.key + "' is missing in " + std::string(what),
                             .allowed = describe_allowed(option)});
  }
  return out;
}

const std::vector<YamlNode>& list_of(const YamlNode& node, std::string_view key, ProblemList& problems) {
  static const std::vector<YamlNode> none;
  if (node.kind == YamlNode::Kind::null) return none;
  if (node.kind != YamlNode::Kind::sequence) {
    problems.add(node.at, {.message = "'" + std::string(key) + "' is not a list",
                           .found = describe(node),
                           .allowed = "entries that begin with '- '"});
    return none;
  }
  return node.items;
}

}  // namespace kiriko
