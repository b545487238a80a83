// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Parsing and printing of units.
#include "core/base/units.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace kiriko {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

Result<std::int64_t> parse_quantity(std::string_view text, const Unit* first, const Unit* last,
                                    std::string_view what, std::string_view allowed) {
  const auto bad = [&](std::string_view why) {
    return fail({.message = std::string(what) + " " + std::string(why),
                 .found = "'" + std::string(text) + "'",
                 .allowed = std::string(allowed)});
  };
  const std::string_view s = trim(text);
  double number = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), number);
  if (error != std::errc{} || !std::isfinite(number)) return bad("is not a number with a unit");
  const std::string_view unit = trim(s.substr(static_cast<std::size_t>(end - s.data())));
  for (const Unit* u = first; u != last; ++u) {
    if (u->name != unit) continue;
    const double value = number * u->factor;
    if (std::fabs(value) > 4e18) return bad("is out of range");
    return static_cast<std::int64_t>(std::llround(value));
  }
  if (unit.empty() && number == 0) return 0;
  return bad(unit.empty() ? "has no unit" : "has an unknown unit");
}

std::string with_unit(std::int64_t value, std::initializer_list<std::pair<std::int64_t, const char*>> units) {
  for (const auto& [factor, name] : units) {
    if (value % factor == 0 && value != 0) return std::to_string(value / factor) + name;
  }
  return "0" + std::string((units.end() - 1)->second);
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  static constexpr std::array<Unit, 8> units{{{"ns", 1},
                                              {"us", 1e3},
                                              {"µs", 1e3},
                                              {"ms", 1e6},
                                              {"s", 1e9},
                                              {"min", 60e9},
                                              {"h", 3600e9},
                                              {"d", 86400e9}}};
  const auto ns = parse_quantity(text, units.data(), units.data() + units.size(), "a duration",
                                 "a number and ns, us, ms, s, min, h or d, such as 10ms");
  if (!ns) return fail(ns.error());
  return Duration{*ns};
}

Result<BitsPerSecond> parse_rate(std::string_view text) {
  static constexpr std::array<Unit, 15> units{{{"bit/s", 1},
                                               {"kbit/s", 1e3},
                                               {"Mbit/s", 1e6},
                                               {"Gbit/s", 1e9},
                                               {"Tbit/s", 1e12},
                                               {"bit", 1},
                                               {"kbit", 1e3},
                                               {"Mbit", 1e6},
                                               {"Gbit", 1e9},
                                               {"Tbit", 1e12},
                                               {"bps", 1},
                                               {"k", 1e3},
                                               {"M", 1e6},
                                               {"G", 1e9},
                                               {"T", 1e12}}};
  if (trim(text) == "unlimited") return BitsPerSecond{0};
  const auto value =
      parse_quantity(text, units.data(), units.data() + units.size(), "a rate",
                     "a number and bit/s, kbit/s, Mbit/s, Gbit/s or Tbit/s, such as 100Mbit/s, or unlimited");
  if (!value) return fail(value.error());
  if (*value < 0) return fail({.message = "a rate is negative", .found = "'" + std::string(text) + "'"});
  return BitsPerSecond{*value};
}

Result<Bytes> parse_bytes(std::string_view text) {
  static constexpr std::array<Unit, 9> units{{{"", 1},
                                              {"B", 1},
                                              {"kB", 1e3},
                                              {"MB", 1e6},
                                              {"GB", 1e9},
                                              {"KiB", 1024},
                                              {"MiB", 1048576},
                                              {"GiB", 1073741824},
                                              {"bytes", 1}}};
  const auto value = parse_quantity(text, units.data(), units.data() + units.size(), "a size",
                                    "a number and B, kB, MB, GB, KiB, MiB or GiB, such as 1500 B");
  if (!value) return fail(value.error());
  if (*value < 0) return fail({.message = "a size is negative", .found = "'" + std::string(text) + "'"});
  return Bytes{*value};
}

std::string to_string(Duration d) {
  return with_unit(d.ns, {{1'000'000'000, "s"}, {1'000'000, "ms"}, {1'000, "us"}, {1, "ns"}});
}

std::string to_string(BitsPerSecond r) {
  if (r.value == 0) return "unlimited";
  return with_unit(r.value,
                   {{1'000'000'000, "Gbit/s"}, {1'000'000, "Mbit/s"}, {1'000, "kbit/s"}, {1, "bit/s"}});
}

std::string to_string(Bytes b) {
  return with_unit(b.count, {{1'000'000'000, "GB"}, {1'000'000, "MB"}, {1'000, "kB"}, {1, "B"}});
}

std::string to_string(ModelTime t) {
  std::string text = std::to_string(t.ns / 1'000'000'000);
  std::int64_t rest = t.ns % 1'000'000'000;
  if (rest != 0) {
    std::string decimals = std::to_string(1'000'000'000 + std::llabs(rest)).substr(1);
    while (decimals.back() == '0') decimals.pop_back();
    text += "." + decimals;
  }
  return text + "s";
}

}  // namespace kiriko
