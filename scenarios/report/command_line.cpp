// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Words in single quotes where a shell would read more into them.
#include "scenarios/report/command_line.hpp"

#include <algorithm>

namespace kiriko {
namespace {

std::string quoted(const std::string& word) {
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./=:,+@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), safe)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string command_line(const RunResult& result) {
  std::string out = "kiriko run " + quoted(result.file.empty() ? result.scenario + ".yaml" : result.file);
  out += " --clock " + result.clock + " --seed " + std::to_string(result.seed);
  if (result.until_asked) out += " --until " + to_string(result.until - ModelTime{});
  for (const std::string& set : result.overrides) out += " --set " + quoted(set);
  return out;
}

}  // namespace kiriko
