// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// YamlNode: a YAML document as a plain tree in which every text knows its line and column.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace kiriko {

/// Where a text stands: in the file (lines and columns from 1), or in the n-th override.
struct Position {
  int line{1};
  int column{1};
  int override_index{-1};
  int copy{0};  ///< which copy of a template entry it belongs to
};

struct YamlNode {
  enum class Kind { null, scalar, sequence, mapping };

  Kind kind{Kind::null};
  std::string text{};  ///< of a scalar
  Position at{};
  std::vector<YamlNode> keys{};   ///< of a mapping: scalars, in the file's order, repetitions included
  std::vector<YamlNode> items{};  ///< of a sequence; of a mapping the values, by index of `keys`

  /// The first value of `key`, or nullptr.
  const YamlNode* find(std::string_view key) const;
  YamlNode* find(std::string_view key);
};

/// "a mapping", "a list", "'text'", "nothing"; long texts are cut.
std::string describe(const YamlNode& node);

struct YamlLimits {
  std::size_t nodes;  ///< aliases count as often as they are used
  int depth;
};

struct YamlProblem {
  Position at{};
  Problem problem;
};

/// One document. Merge keys (<<) are resolved; a tag is ignored. Never throws.
tl::expected<YamlNode, YamlProblem> parse_yaml(std::string_view text, YamlLimits limits);

/// The text with everything but printable characters replaced and cut to a length fit for a message.
std::string in_quotes(std::string_view text);

}  // namespace kiriko
