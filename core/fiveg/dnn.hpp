// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DNN: a data network name as checked text (TS 23.003 clause 9A, which takes the form of an APN, clause 9.1).
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace kiriko {

/// Labels of letters, digits and hyphens with dots between them; kept in lower case, as names compare
/// without regard to case.
class Dnn {
 public:
  static constexpr std::size_t longest = 100;
  static constexpr std::size_t longest_label = 63;

  Dnn() = default;
  static Result<Dnn> parse(std::string_view text);

  const std::string& text() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  friend auto operator<=>(const Dnn&, const Dnn&) = default;

 private:
  explicit Dnn(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace kiriko
