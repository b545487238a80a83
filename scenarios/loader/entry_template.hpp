// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Entry templates: one entry with `count` and {i} in its texts stands for many.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "scenarios/loader/problem_list.hpp"
#include "scenarios/loader/yaml_tree.hpp"

namespace kiriko {

/// Replaces every {…} that holds whole-number arithmetic on i: + - * / % and parentheses, division rounding down.
/// Other braces stay as they are.
Result<std::string> replace_index(std::string_view text, std::int64_t i);

/// Calls `each` with every copy of the entry, positions kept. `budget` is how many values all templates of a file
/// together may still make; a problem where it is used up.
void expand_entry(const YamlNode& entry, std::size_t& budget, ProblemList& problems,
                  const std::function<void(const YamlNode&)>& each);

}  // namespace kiriko
