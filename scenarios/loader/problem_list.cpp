// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Order and text of a file's problems.
#include "scenarios/loader/problem_list.hpp"

#include <algorithm>

#include "scenarios/loader/load.hpp"

namespace kiriko {
namespace {

// More than are shown, so that those shown are the file's first.
constexpr std::size_t maximum_kept = 50 * maximum_problems;

}  // namespace

void ProblemList::add(const Position& at, Problem problem) {
  if (entries_.size() >= maximum_kept) return;
  const auto [first, is_new] = copy_at_.try_emplace({at.override_index, at.line, at.column}, at.copy);
  if (!is_new && first->second != at.copy) return;
  entries_.emplace_back(at, std::move(problem));
}

std::vector<Problem> ProblemList::sorted(std::string_view file_name,
                                         const std::vector<std::string>& overrides) const {
  auto entries = entries_;
  const auto order = [](const Position& p) { return std::tuple(p.override_index, p.line, p.column); };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const auto& a, const auto& b) { return order(a.first) < order(b.first); });
  std::vector<Problem> out;
  for (auto& [at, problem] : entries) {
    if (at.override_index >= 0) {
      problem.where = "--set " + overrides[static_cast<std::size_t>(at.override_index)];
    } else {
      problem.where =
          std::string(file_name) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
    }
    if (std::find(out.begin(), out.end(), problem) != out.end()) continue;
    if (out.size() + 1 == maximum_problems) {
      out.push_back({.message = "there are more problems; these are the first", .where = problem.where});
      break;
    }
    out.push_back(std::move(problem));
  }
  return out;
}

std::string to_text(const std::vector<Problem>& problems, std::string_view file_name) {
  std::string text;
  for (Problem problem : problems) {
    problem.message = "error: " + problem.message;
    text += to_string(problem) + "\n";
  }
  if (problems.empty()) return text;
  return text + std::to_string(problems.size()) + (problems.size() == 1 ? " problem in " : " problems in ") +
         std::string(file_name) + "\n";
}

}  // namespace kiriko
