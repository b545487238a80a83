// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// read_section(): one mapping of the file, checked against its section.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/loader/problem_list.hpp"
#include "scenarios/loader/section.hpp"
#include "scenarios/loader/yaml_tree.hpp"

namespace kiriko {

/// What a mapping said. Values that were wrong have their default, or are absent.
struct SectionValues {
  OptionValues values{};
  const YamlNode* node{nullptr};

  /// Whether the key is in the file, right or wrong.
  bool given(std::string_view key) const { return node != nullptr && node->find(key) != nullptr; }
  /// Of the key's value, or of the mapping where the key is not there.
  Position at(std::string_view key) const;
  /// A part that is there and not empty.
  const YamlNode* part(std::string_view key) const;

  template <class T>
  std::optional<T> get(std::string_view key) const {
    if (!values.has(key)) return std::nullopt;
    return values.get<T>(key);
  }
  std::string text(std::string_view key) const { return get<std::string>(key).value_or(std::string{}); }
  std::int64_t integer(std::string_view key) const { return get<std::int64_t>(key).value_or(0); }
};

/// `what` names it in messages: "a link". `defaults`: values to start from instead of the table's defaults.
SectionValues read_section(const YamlNode& node, const Section& section, std::string_view what,
                           ProblemList& problems, const OptionValues* defaults = nullptr);

/// The entries of a list of mappings; a problem where it is not a list.
const std::vector<YamlNode>& list_of(const YamlNode& node, std::string_view key, ProblemList& problems);

/// One option's value from its node; absent where it is wrong.
std::optional<std::vector<OptionValue>> read_option(const YamlNode& node, const Option& option,
                                                    ProblemList& problems);

std::string join(const std::vector<std::string>& names);
std::string hint_for(std::string_view text, const std::vector<std::string>& candidates);

}  // namespace kiriko
