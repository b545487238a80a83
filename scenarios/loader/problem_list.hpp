// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ProblemList: gathers everything wrong with one file, then puts it in the file's order.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "scenarios/loader/yaml_tree.hpp"

namespace kiriko {

class ProblemList {
 public:
  /// Of a template's copies only the first that has a problem at a place is heard.
  void add(const Position& at, Problem problem);
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }

  /// In order of line and column (overrides last), `where` filled in, at most maximum_problems.
  std::vector<Problem> sorted(std::string_view file_name, const std::vector<std::string>& overrides) const;

 private:
  std::vector<std::pair<Position, Problem>> entries_;
  std::map<std::tuple<int, int, int>, int> copy_at_;  ///< by override, line, column
};

}  // namespace kiriko
