// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing by hand: no exceptions, no locale, no overflow.
#include "tools/kiriko/doctor/kernel_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kiriko::doctor {
namespace {

constexpr std::uint64_t last_cpu = 65535;
constexpr std::string_view white = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(white);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(white) - begin + 1);
}

/// Takes what comes before `separator` off the front of `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<double> parse_decimal(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text, int base) {
  const std::string_view digits = trimmed(text);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<CpuList> parse_cpu_list(std::string_view text) {
  CpuList cpus;
  std::string_view rest = trimmed(text);
  while (!rest.empty()) {
    std::string_view range = take(rest, ',');
    const bool single = range.find('-') == std::string_view::npos;
    const auto first = parse_number(take(range, '-'));
    const auto last = single ? first : parse_number(range);
    if (!first || !last || *first > *last || *last > last_cpu) return std::nullopt;
    // Overlapping ranges could otherwise ask for any amount of memory.
    if (cpus.size() > last_cpu) return std::nullopt;
    for (std::uint64_t cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<std::uint32_t>(cpu));
  }
  std::sort(cpus.begin(), cpus.end());
  cpus.erase(std::unique(cpus.begin(), cpus.end()), cpus.end());
  return cpus;
}

std::string cpu_list_text(const CpuList& cpus) {
  std::string text;
  for (std::size_t i = 0; i < cpus.size();) {
    std::size_t last = i;
    while (last + 1 < cpus.size() && cpus[last + 1] == cpus[last] + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(cpus[i]);
    if (last > i) text += "-" + std::to_string(cpus[last]);
    i = last + 1;
  }
  return text;
}

std::optional<std::string> value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    if (!line.starts_with(key)) continue;
    line = trimmed(line.substr(key.size()));
    if (line.starts_with(':')) return std::string(trimmed(line.substr(1)));
  }
  return std::nullopt;
}

std::optional<std::uint64_t> bytes_of(std::string_view text, std::string_view key) {
  const auto value = value_of(text, key);
  if (!value || !value->ends_with("kB")) return std::nullopt;
  const auto kilobytes = parse_number(std::string_view(*value).substr(0, value->size() - 2));
  if (!kilobytes || *kilobytes > UINT64_MAX / 1024) return std::nullopt;
  return *kilobytes * 1024;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (;;) {
    text = trimmed(text);
    if (text.empty()) return words;
    const std::size_t end = std::min(text.find_first_of(white), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<std::string> first_word(std::string_view text) {
  const auto words = words_of(text);
  if (words.empty()) return std::nullopt;
  for (const std::string& word : words)
    if (word.size() > 2 && word.front() == '[' && word.back() == ']') return word.substr(1, word.size() - 2);
  return words.front();
}

std::optional<CpuTimes> parse_cpu_times(std::string_view text) {
  const auto words = words_of(take(text, '\n'));
  // cpu user nice system idle iowait irq softirq steal: proc(5). Guests' time is in user's already.
  if (words.size() < 9 || words[0] != "cpu") return std::nullopt;
  std::uint64_t ticks[8];
  for (std::size_t i = 0; i < 8; ++i) {
    const auto number = parse_number(words[i + 1]);
    if (!number || *number > UINT64_MAX / 16) return std::nullopt;
    ticks[i] = *number;
  }
  CpuTimes times;
  times.busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
  times.stolen = ticks[7];
  times.total = times.busy + times.stolen + ticks[3] + ticks[4];
  return times;
}

std::optional<double> parse_load(std::string_view text) {
  const auto words = words_of(text);
  const auto load = words.empty() ? std::nullopt : parse_decimal(words[0]);
  return load && *load >= 0 ? load : std::nullopt;
}

std::optional<std::string> parse_group_path(std::string_view text, std::string_view controller) {
  while (!text.empty()) {
    std::string_view line = take(text, '\n');
    take(line, ':');
    std::string_view controllers = take(line, ':');
    bool found = controllers == controller;
    while (!controllers.empty() && !found) found = take(controllers, ',') == controller;
    // No way out of the folder of groups.
    if (found && line.starts_with('/') && line.find("..") == std::string_view::npos) return std::string(line);
  }
  return std::nullopt;
}

std::optional<double> parse_cpu_quota(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() != 2) return std::nullopt;
  const auto quota = parse_number(words[0]), period = parse_number(words[1]);
  if (!quota || !period || *quota == 0 || *period == 0) return std::nullopt;
  return static_cast<double>(*quota) / static_cast<double>(*period);
}

}  // namespace kiriko::doctor
