// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Result<T> and Problem: how the control side reports what a user or a peer got wrong.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace kiriko {

/// A user's or a peer's fault, told so that it can be mended: where it is, what was found there,
/// what is allowed, and a hint. Every field but `message` may be empty.
struct Problem {
  std::string message;  ///< one sentence, without a full stop
  std::string where{};  ///< file:line:column, an option's key, a node's name
  std::string found{};
  std::string allowed{};
  std::string hint{};

  friend bool operator==(const Problem&, const Problem&) = default;
};

/// "where: message; found …; allowed …; hint" on one line.
std::string to_string(const Problem& problem);

template <class T>
using Result = tl::expected<T, Problem>;

inline tl::unexpected<Problem> fail(Problem problem) { return tl::unexpected<Problem>(std::move(problem)); }

}  // namespace kiriko
