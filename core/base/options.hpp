// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Option tables: an option is declared once; parser, help, JSON Schema and reference pages derive from it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/units.hpp"

namespace kiriko {

enum class OptionType : std::uint8_t { boolean, integer, number, text, choice, bytes, rate, duration };

/// One declared option. `minimum` and `maximum` are texts of the option's own type ("" = no bound).
struct Option {
  std::string key;
  OptionType type{OptionType::text};
  std::string default_value{};  ///< text in the option's own syntax; "" with required=false means "absent"
  std::string sentence{};       ///< what it does, with clause or source
  std::string minimum{};
  std::string maximum{};
  std::vector<std::string> choices{};  ///< for OptionType::choice
  bool required{false};
  bool repeated{false};    ///< a YAML list of this type
  bool unverified{false};  ///< the default is a figure nobody has checked against its source
  /// A choice of the same table, and the answer with which alone this option means anything.
  std::pair<std::string, std::string> only_with{};
};

using OptionTable = std::vector<Option>;
using OptionValue = std::variant<bool, std::int64_t, double, std::string, Bytes, BitsPerSecond, Duration>;

/// Checks one text against its option; the problem's `where` is the option's key.
Result<OptionValue> parse_option(const Option& option, std::string_view text);

/// "duration from 1us to 10s, default 10ms": for help and for a problem's `allowed`.
std::string describe_allowed(const Option& option);
/// Its sentence, and with which answer of another option it has a meaning.
std::string sentence_of(const Option& option);
std::string_view to_string(OptionType type);

const Option* find_option(const OptionTable& table, std::string_view key);

class OptionValues;
/// Whether `values`, of the option's table, let it mean anything (Option::only_with).
bool in_use(const Option& option, const OptionValues& values);

/// The nearest of `candidates` by edit distance, or "" if none is near (distance ≤ 1 + length/4).
std::string did_you_mean(std::string_view text, const std::vector<std::string>& candidates);

/// Values by key, defaults filled in. get<T>() of an absent or differently typed key is a bug and aborts.
class OptionValues {
 public:
  /// Fills defaults of `table`; required options stay absent.
  static OptionValues defaults(const OptionTable& table);
  /// Parses texts by key; every problem at once.
  static Result<OptionValues> parse(const OptionTable& table,
                                    const std::map<std::string, std::vector<std::string>>& texts,
                                    std::vector<Problem>* problems);

  bool has(std::string_view key) const { return values_.find(key) != values_.end(); }
  template <class T>
  const T& get(std::string_view key) const {
    return std::get<T>(first(key));
  }
  template <class T>
  std::vector<T> list(std::string_view key) const {
    std::vector<T> out;
    if (const auto it = values_.find(key); it != values_.end())
      for (const auto& v : it->second) out.push_back(std::get<T>(v));
    return out;
  }
  void set(std::string key, std::vector<OptionValue> values) { values_[std::move(key)] = std::move(values); }

 private:
  const OptionValue& first(std::string_view key) const;
  std::map<std::string, std::vector<OptionValue>, std::less<>> values_;
};

}  // namespace kiriko
