// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Overrides: "links.backhaul.delay=5ms" changes one value of the tree before it is read.
#pragma once

#include <string_view>

#include "scenarios/loader/problem_list.hpp"
#include "scenarios/loader/yaml_tree.hpp"

namespace kiriko {

/// Applies the override number `index`; its problems carry that number as their position.
/// Keys by name; entries of a list by [index] from 0 or by the value of their `name`.
void apply_override(YamlNode& root, std::string_view path_and_value, int index, ProblemList& problems);

}  // namespace kiriko
