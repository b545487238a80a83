// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Separators, indentation and escapes (RFC 8259).
#include "scenarios/report/json_writer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "scenarios/report/utf8.hpp"

namespace kiriko {

std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
          out += c;
    }
  }
  return out;
}

JsonWriter& JsonWriter::begin(char bracket, Layout layout) {
  separate();
  text_ += bracket;
  levels_.push_back({layout == Layout::flat || (!levels_.empty() && levels_.back().flat), true});
  return *this;
}

JsonWriter& JsonWriter::end(char bracket) {
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.flat && !level.empty) text_ += "\n" + std::string(2 * levels_.size(), ' ');
  text_ += bracket;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  text_ += '"' + json_escaped(name) + "\": ";
  after_key_ = true;
  return *this;
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty) text_ += level.flat ? ", " : ",";
  level.empty = false;
  if (!level.flat) text_ += "\n" + std::string(2 * levels_.size(), ' ');
}

void JsonWriter::raw(std::string_view text) {
  separate();
  text_ += text;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  raw('"' + json_escaped(text) + '"');
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  raw(fmt::format("{}", number));
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  raw(fmt::format("{}", number));
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  // A zero without a sign: -0 and 0 are the same measurement.
  raw(std::isfinite(number) ? fmt::format("{}", number == 0 ? 0.0 : number) : "null");
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
  raw(truth ? "true" : "false");
  return *this;
}

}  // namespace kiriko
