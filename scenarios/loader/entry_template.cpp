// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Arithmetic on {i}, and the copies of an entry.
#include "scenarios/loader/entry_template.hpp"

#include <charconv>
#include <optional>

#include "scenarios/loader/section.hpp"
#include "scenarios/loader/section_reader.hpp"

namespace kiriko {
namespace {

constexpr std::int64_t largest = 1'000'000'000'000;

/// sum = product {(+|-) product}; product = atom {(*|/|%) atom}; atom = number | i | ( sum ) | - atom.
class IndexExpression {
 public:
  IndexExpression(std::string_view text, std::int64_t i) : text_(text), i_(i) {}

  std::optional<std::int64_t> value() {
    const auto result = sum(0);
    skip();
    if (!result || at_ != text_.size() || !uses_i_) return std::nullopt;
    return result;
  }

 private:
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  static std::optional<std::int64_t> bounded(std::int64_t v) {
    if (v > largest || v < -largest) return std::nullopt;
    return v;
  }

  std::optional<std::int64_t> sum(int depth) {
    auto left = product(depth);
    while (left) {
      const bool plus = take('+');
      if (!plus && !take('-')) break;
      const auto right = product(depth);
      if (!right) return std::nullopt;
      left = bounded(plus ? *left + *right : *left - *right);
    }
    return left;
  }

  std::optional<std::int64_t> product(int depth) {
    auto left = atom(depth);
    while (left) {
      const char sign = take('*') ? '*' : take('/') ? '/' : take('%') ? '%' : ' ';
      if (sign == ' ') break;
      const auto right = atom(depth);
      if (!right || (sign != '*' && *right <= 0)) return std::nullopt;
      if (sign == '*') {
        std::int64_t out = 0;
        if (__builtin_mul_overflow(*left, *right, &out)) return std::nullopt;
        left = bounded(out);
      } else {
        const std::int64_t rest = ((*left % *right) + *right) % *right;
        left = sign == '%' ? rest : (*left - rest) / *right;
      }
    }
    return left;
  }

  std::optional<std::int64_t> atom(int depth) {
    if (depth > 16) return std::nullopt;
    if (take('(')) {
      const auto inner = sum(depth + 1);
      return inner && take(')') ? inner : std::nullopt;
    }
    if (take('-')) {
      const auto inner = atom(depth + 1);
      return inner ? std::optional(-*inner) : std::nullopt;
    }
    if (take('i')) {
      uses_i_ = true;
      return i_;
    }
    skip();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
    if (error != std::errc{} || number < 0) return std::nullopt;
    at_ = static_cast<std::size_t>(end - text_.data());
    return bounded(number);
  }

  std::string_view text_;
  std::int64_t i_;
  std::size_t at_{0};
  bool uses_i_{false};
};

bool looks_like_index(std::string_view inner) {
  return inner.find('i') != std::string_view::npos &&
         inner.find_first_not_of("i0123456789+-*/%() ") == std::string_view::npos;
}

std::size_t size_of(const YamlNode& node) {
  std::size_t size = 1;
  for (const auto& item : node.items) size += size_of(item);
  return size;
}

/// False where an expression has no value; the problem is then in `problems`.
bool fill(YamlNode& node, std::int64_t i, int copy, ProblemList& problems) {
  node.at.copy = copy;
  bool good = true;
  if (node.kind == YamlNode::Kind::scalar) {
    auto text = replace_index(node.text, i);
    if (text) {
      node.text = std::move(*text);
    } else {
      problems.add(node.at, text.error());
      good = false;
    }
  }
  for (auto& key : node.keys) key.at.copy = copy;
  for (auto& item : node.items) good = fill(item, i, copy, problems) && good;
  return good;
}

std::optional<std::int64_t> read_number(const YamlNode& entry, std::string_view key, ProblemList& problems) {
  const Option* option = find_option(host_section().options, key);
  const YamlNode* node = entry.find(key);
  if (node == nullptr) return 1;
  const auto values = read_option(*node, *option, problems);
  if (!values) return std::nullopt;
  return std::get<std::int64_t>(values->front());
}

}  // namespace

Result<std::string> replace_index(std::string_view text, std::int64_t i) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find('{', at);
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view inner = text.substr(open + 1, close - open - 1);
    out += text.substr(at, open - at);
    at = close + 1;
    if (!looks_like_index(inner)) {
      out += text.substr(open, close + 1 - open);
      continue;
    }
    const auto value = IndexExpression(inner, i).value();
    if (!value)
      return fail({.message = "an index has no value",
                   .found = in_quotes(text.substr(open, close + 1 - open)) + " for i = " + std::to_string(i),
                   .allowed = "whole-number arithmetic on i, such as {i}, {i+1}, {(i-1)/7+1} or {i%14+1}"});
    out += std::to_string(*value);
  }
  return out + std::string(text.substr(at));
}

void expand_entry(const YamlNode& entry, std::size_t& budget, ProblemList& problems,
                  const std::function<void(const YamlNode&)>& each) {
  if (entry.find("count") == nullptr && entry.find("first") == nullptr) {
    each(entry);
    return;
  }
  const auto count = read_number(entry, "count", problems);
  const auto first = read_number(entry, "first", problems);
  if (!count || !first) return;
  const std::size_t size = size_of(entry);
  if (static_cast<std::size_t>(*count) > budget / size) {
    problems.add(entry.at, {.message = "the templates of this file stand for too much",
                            .found = "count " + std::to_string(*count)});
    budget = 0;
    return;
  }
  budget -= size * static_cast<std::size_t>(*count);
  for (std::int64_t k = 0; k < *count; ++k) {
    YamlNode copy = entry;
    if (!fill(copy, *first + k, static_cast<int>(k), problems)) return;
    each(copy);
  }
}

}  // namespace kiriko
