// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Problem as one line of text.
#include "core/base/result.hpp"

namespace kiriko {

std::string to_string(const Problem& problem) {
  std::string text;
  if (!problem.where.empty()) text += problem.where + ": ";
  text += problem.message;
  if (!problem.found.empty()) text += "; found " + problem.found;
  if (!problem.allowed.empty()) text += "; allowed: " + problem.allowed;
  if (!problem.hint.empty()) text += "; " + problem.hint;
  return text;
}

}  // namespace kiriko
