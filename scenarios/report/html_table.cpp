// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A table in a box that scrolls sideways on narrow screens.
#include "scenarios/report/html_table.hpp"

#include "scenarios/report/utf8.hpp"

namespace kiriko {

HtmlTable::HtmlTable(std::vector<Head> heads) : heads_(std::move(heads)) {}

HtmlTable& HtmlTable::row(std::string_view css_class) {
  if (in_row_) rows_ += "</tr>\n";
  rows_ += css_class.empty() ? "<tr>" : "<tr class=\"" + std::string(css_class) + "\">";
  in_row_ = true;
  column_ = 0;
  return *this;
}

void HtmlTable::open_cell(std::string_view css_class) {
  std::string classes(css_class);
  if (column_ < heads_.size() && heads_[column_].number) classes += classes.empty() ? "n" : " n";
  rows_ += classes.empty() ? "<td>" : "<td class=\"" + classes + "\">";
  ++column_;
}

HtmlTable& HtmlTable::cell(std::string_view text, std::string_view css_class) {
  open_cell(css_class);
  rows_ += xml_escaped(text) + "</td>";
  return *this;
}

HtmlTable& HtmlTable::html_cell(std::string_view html) {
  open_cell("");
  rows_ += std::string(html) + "</td>";
  return *this;
}

std::string HtmlTable::text() const {
  std::string out = "<div class=\"scroll\"><table><thead><tr>";
  for (const Head& head : heads_)
    out += (head.number ? "<th class=\"n\">" : "<th>") + xml_escaped(head.text) + "</th>";
  return out + "</tr></thead><tbody>\n" + rows_ + (in_row_ ? "</tr>\n" : "") + "</tbody></table></div>\n";
}

}  // namespace kiriko
