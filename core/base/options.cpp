// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing of declared options, and the nearest-name search for hints.
#include "core/base/options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace kiriko {
namespace {

template <class T>
Result<T> parse_number(std::string_view text, const char* what) {
  T value{};
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stop != end || text.empty())
    return fail({.message = std::string("is not ") + what, .found = "'" + std::string(text) + "'"});
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(value))
      return fail({.message = "is not finite", .found = "'" + std::string(text) + "'"});
  }
  return value;
}

Result<OptionValue> parse_raw(const Option& option, std::string_view text) {
  const auto widen = [](auto result) -> Result<OptionValue> {
    if (!result) return fail(result.error());
    return OptionValue{*result};
  };
  switch (option.type) {
    case OptionType::boolean:
      if (text == "true" || text == "yes" || text == "on") return OptionValue{true};
      if (text == "false" || text == "no" || text == "off") return OptionValue{false};
      return fail({.message = "is not true or false", .found = "'" + std::string(text) + "'"});
    case OptionType::integer: return widen(parse_number<std::int64_t>(text, "a whole number"));
    case OptionType::number: return widen(parse_number<double>(text, "a number"));
    case OptionType::text: return OptionValue{std::string(text)};
    case OptionType::choice: {
      if (std::find(option.choices.begin(), option.choices.end(), text) != option.choices.end())
        return OptionValue{std::string(text)};
      const std::string near = did_you_mean(text, option.choices);
      return fail({.message = "is not one of the choices",
                   .found = "'" + std::string(text) + "'",
                   .hint = near.empty() ? "" : "did you mean '" + near + "'?"});
    }
    case OptionType::bytes: return widen(parse_bytes(text));
    case OptionType::rate: return widen(parse_rate(text));
    case OptionType::duration: return widen(parse_duration(text));
  }
  std::abort();
}

}  // namespace

std::string_view to_string(OptionType type) {
  switch (type) {
    case OptionType::boolean: return "true or false";
    case OptionType::integer: return "whole number";
    case OptionType::number: return "number";
    case OptionType::text: return "text";
    case OptionType::choice: return "choice";
    case OptionType::bytes: return "size";
    case OptionType::rate: return "rate";
    case OptionType::duration: return "duration";
  }
  std::abort();
}

std::string describe_allowed(const Option& option) {
  std::string text;
  if (option.type == OptionType::choice) {
    for (const auto& c : option.choices) text += (text.empty() ? "" : ", ") + c;
    return text;
  }
  text = option.repeated ? "list of " + std::string(to_string(option.type))
                         : std::string(to_string(option.type));
  if (!option.minimum.empty()) text += " from " + option.minimum;
  if (!option.maximum.empty()) text += " to " + option.maximum;
  return text;
}

std::string sentence_of(const Option& option) {
  const auto& [key, answer] = option.only_with;
  return key.empty() ? option.sentence : option.sentence + " [only with " + key + ": " + answer + "]";
}

Result<OptionValue> parse_option(const Option& option, std::string_view text) {
  const auto complete = [&](Problem problem) {
    problem.where = option.key;
    problem.message = "'" + option.key + "' " + problem.message;
    problem.allowed = describe_allowed(option);
    return fail(std::move(problem));
  };
  auto value = parse_raw(option, text);
  if (!value) {
    Problem problem = value.error();
    if (option.type == OptionType::bytes || option.type == OptionType::rate ||
        option.type == OptionType::duration)
      problem.message = "is wrong: " + problem.message;
    return complete(std::move(problem));
  }
  const auto out_of_range = [&](const std::string& bound, bool lower) {
    if (bound.empty()) return false;
    Option plain = option;
    plain.minimum.clear();
    plain.maximum.clear();
    const auto limit = parse_raw(plain, bound);
    if (!limit) std::abort();
    return lower ? *value < *limit : *limit < *value;
  };
  if (out_of_range(option.minimum, true) || out_of_range(option.maximum, false))
    return complete({.message = "is out of range", .found = "'" + std::string(text) + "'"});
  return value;
}

bool in_use(const Option& option, const OptionValues& values) {
  const auto& [key, answer] = option.only_with;
  return key.empty() || !values.has(key) || values.get<std::string>(key) == answer;
}

const Option* find_option(const OptionTable& table, std::string_view key) {
  const auto it = std::find_if(table.begin(), table.end(), [&](const Option& o) { return o.key == key; });
  return it == table.end() ? nullptr : &*it;
}

std::string did_you_mean(std::string_view text, const std::vector<std::string>& candidates) {
  if (text.size() > 64) return {};
  std::string best;
  std::size_t best_distance = 2 + text.size() / 4;
  for (const auto& candidate : candidates) {
    if (candidate.size() > 64) continue;
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t j = 0; j <= candidate.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= text.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t substitute = diagonal + (text[i - 1] == candidate[j - 1] ? 0U : 1U);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

OptionValues OptionValues::defaults(const OptionTable& table) {
  OptionValues out;
  for (const auto& option : table) {
    if (option.default_value.empty() || option.repeated) continue;
    const auto value = parse_option(option, option.default_value);
    if (!value) {
      std::fprintf(stderr, "bug: the default of option '%s' is not valid\n", option.key.c_str());
      std::abort();
    }
    out.values_[option.key] = {*value};
  }
  return out;
}

Result<OptionValues> OptionValues::parse(const OptionTable& table,
                                         const std::map<std::string, std::vector<std::string>>& texts,
                                         std::vector<Problem>* problems) {
  OptionValues out = defaults(table);
  std::vector<Problem> found;
  std::vector<std::string> keys;
  for (const auto& option : table) keys.push_back(option.key);
  for (const auto& [key, values] : texts) {
    const Option* option = find_option(table, key);
    if (option == nullptr) {
      const std::string near = did_you_mean(key, keys);
      std::string allowed;
      for (const auto& k : keys) allowed += (allowed.empty() ? "" : ", ") + k;
      found.push_back({.message = "unknown key '" + key + "'",
                       .where = key,
                       .allowed = allowed,
                       .hint = near.empty() ? "" : "did you mean '" + near + "'?"});
      continue;
    }
    if (!option->repeated && values.size() != 1) {
      found.push_back({.message = "'" + key + "' takes one value",
                       .where = key,
                       .found = std::to_string(values.size()) + " values",
                       .allowed = describe_allowed(*option)});
      continue;
    }
    std::vector<OptionValue> parsed;
    for (const auto& text : values) {
      auto value = parse_option(*option, text);
      if (value)
        parsed.push_back(*value);
      else
        found.push_back(value.error());
    }
    out.values_[key] = std::move(parsed);
  }
  for (const auto& option : table) {
    if (option.required && texts.find(option.key) == texts.end())
      found.push_back({.message = "'" + option.key + "' is missing",
                       .where = option.key,
                       .allowed = describe_allowed(option)});
  }
  if (found.empty()) return out;
  Problem first = found.front();
  if (problems != nullptr) problems->insert(problems->end(), found.begin(), found.end());
  return fail(std::move(first));
}

const OptionValue& OptionValues::first(std::string_view key) const {
  const auto it = values_.find(key);
  if (it == values_.end() || it->second.empty()) {
    std::fprintf(stderr, "bug: option '%.*s' was read but is not set\n", static_cast<int>(key.size()),
                 key.data());
    std::abort();
  }
  return it->second.front();
}

}  // namespace kiriko
