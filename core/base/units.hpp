// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Units in types: durations and model time in nanoseconds, sizes in bytes, rates in bits per second.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace kiriko {

/// A span of time, in nanoseconds. Signed: differences may be negative.
struct Duration {
  std::int64_t ns{};
  constexpr Duration() = default;
  constexpr explicit Duration(std::int64_t nanoseconds) : ns(nanoseconds) {}
  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
  constexpr double milliseconds() const { return static_cast<double>(ns) * 1e-6; }
  constexpr Duration& operator+=(Duration d) {
    ns += d.ns;
    return *this;
  }
};

constexpr Duration operator+(Duration a, Duration b) { return Duration{a.ns + b.ns}; }
constexpr Duration operator-(Duration a, Duration b) { return Duration{a.ns - b.ns}; }
constexpr Duration operator*(Duration a, std::int64_t n) { return Duration{a.ns * n}; }
constexpr Duration operator/(Duration a, std::int64_t n) { return Duration{a.ns / n}; }

constexpr Duration nanoseconds(std::int64_t n) { return Duration{n}; }
constexpr Duration microseconds(std::int64_t n) { return Duration{n * 1'000}; }
constexpr Duration milliseconds(std::int64_t n) { return Duration{n * 1'000'000}; }
constexpr Duration seconds(std::int64_t n) { return Duration{n * 1'000'000'000}; }

/// Nanoseconds since the scenario's start. `ModelTime::never()` is later than any event.
struct ModelTime {
  std::int64_t ns{};
  constexpr ModelTime() = default;
  constexpr explicit ModelTime(std::int64_t nanoseconds) : ns(nanoseconds) {}
  static constexpr ModelTime never() { return ModelTime{std::numeric_limits<std::int64_t>::max() / 4}; }
  friend constexpr auto operator<=>(const ModelTime&, const ModelTime&) = default;
  constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
  constexpr ModelTime& operator+=(Duration d) {
    ns += d.ns;
    return *this;
  }
};

constexpr ModelTime operator+(ModelTime t, Duration d) { return ModelTime{t.ns + d.ns}; }
constexpr ModelTime operator-(ModelTime t, Duration d) { return ModelTime{t.ns - d.ns}; }
constexpr Duration operator-(ModelTime a, ModelTime b) { return Duration{a.ns - b.ns}; }

struct Bytes {
  std::int64_t count{};
  constexpr Bytes() = default;
  constexpr explicit Bytes(std::int64_t n) : count(n) {}
  friend constexpr auto operator<=>(const Bytes&, const Bytes&) = default;
};

/// A rate in bit/s; 0 means "no limit" where a limit is optional.
struct BitsPerSecond {
  std::int64_t value{};
  constexpr BitsPerSecond() = default;
  constexpr explicit BitsPerSecond(std::int64_t v) : value(v) {}
  friend constexpr auto operator<=>(const BitsPerSecond&, const BitsPerSecond&) = default;
};

/// Time to send `bytes` at `rate`, rounded up to the nanosecond; 0 for an unlimited rate.
/// Exact up to 9 PB at any rate (128-bit intermediate).
constexpr Duration transmission_time(Bytes bytes, BitsPerSecond rate) {
  if (rate.value <= 0) return Duration{0};
  const auto bits_ns = static_cast<__int128>(bytes.count) * 8 * 1'000'000'000;
  return Duration{static_cast<std::int64_t>((bits_ns + rate.value - 1) / rate.value)};
}

/// "10ms", "1.5 s", "250us", "3ns", "2min"; a bare 0 is allowed. Range ±146 years.
Result<Duration> parse_duration(std::string_view text);
/// "100 Mbit/s", "1.5Gbit/s", "100Mbit", "9600 bit/s", "10G", "unlimited" (=0).
Result<BitsPerSecond> parse_rate(std::string_view text);
/// "1500", "1500 B", "64 KiB", "2 MB", "1.5 GB".
Result<Bytes> parse_bytes(std::string_view text);

/// The shortest exact text that the matching parser reads back.
std::string to_string(Duration d);
std::string to_string(BitsPerSecond r);
std::string to_string(Bytes b);
/// Seconds with nine decimals trimmed: "12.5s".
std::string to_string(ModelTime t);

}  // namespace kiriko
