// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// HtmlTable: rows of cells, every text escaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiriko {

class HtmlTable {
 public:
  struct Head {
    std::string_view text;
    bool number{false};  ///< right-aligned
  };
  explicit HtmlTable(std::vector<Head> heads);

  HtmlTable& row(std::string_view css_class = "");
  HtmlTable& cell(std::string_view text, std::string_view css_class = "");
  /// `html` is ours and trusted.
  HtmlTable& html_cell(std::string_view html);
  std::string text() const;
  bool empty() const { return !in_row_; }

 private:
  void open_cell(std::string_view css_class);

  std::vector<Head> heads_;
  std::size_t column_{0};
  bool in_row_{false};
  std::string rows_;
};

}  // namespace kiriko
