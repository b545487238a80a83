// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// JsonWriter: JSON text in the order in which it is written; the same values always give the same bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiriko {

/// `text` with what JSON must escape escaped; bytes that are not UTF-8 become U+FFFD. Without quotes.
std::string json_escaped(std::string_view text);

/// Objects and arrays are indented by two spaces; those begun with `flat` stay on one line.
class JsonWriter {
 public:
  enum class Layout : std::uint8_t { open, flat };

  JsonWriter& begin_object(Layout layout = Layout::open) { return begin('{', layout); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_array(Layout layout = Layout::open) { return begin('[', layout); }
  JsonWriter& end_array() { return end(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(std::uint32_t number) { return value(std::uint64_t{number}); }
  JsonWriter& value(double number);  ///< shortest text that reads back the same; null unless finite
  JsonWriter& value(bool truth);

  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  template <class T>
  JsonWriter& array(std::string_view name, const std::vector<T>& values) {
    key(name).begin_array(Layout::flat);
    for (const T& each : values) value(each);
    return end_array();
  }
  const std::string& text() const { return text_; }

 private:
  struct Level {
    bool flat{};
    bool empty{true};
  };
  JsonWriter& begin(char bracket, Layout layout);
  JsonWriter& end(char bracket);
  void separate();
  void raw(std::string_view text);

  std::string text_;
  std::vector<Level> levels_;
  bool after_key_{false};
};

}  // namespace kiriko
