// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values that many information elements are made of: texts, names, times, addresses.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/fiveg/s_nssai.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/ipv6_address.hpp"
#include "core/net/mac_address.hpp"
#include "core/pfcp/octet_io.hpp"

namespace kiriko::pfcp {

/// Seconds since 1900 modulo 2^32 (RFC 5905), as all times of PFCP are.
using NtpTime = StrongId<struct NtpTimeTag>;

/// `unix_seconds`: seconds since 1970 UTC.
constexpr NtpTime ntp_time(std::int64_t unix_seconds) noexcept {
  return NtpTime{static_cast<std::uint32_t>(unix_seconds + 2'208'988'800)};
}

/// A count of seconds, as thresholds and quotas of time have it.
struct WholeSeconds {
  std::uint32_t count{};
  friend constexpr auto operator<=>(const WholeSeconds&, const WholeSeconds&) = default;
  constexpr Duration duration() const noexcept { return seconds(count); }
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io(self.count);
  }
};

/// A time as a unit and a number of it: Timer, DL Buffering Duration, Graceful Release Period (clause 8.2.35).
struct UnitTimer {
  enum class Unit : std::uint8_t {
    two_seconds = 0,
    one_minute = 1,
    ten_minutes = 2,
    one_hour = 3,
    ten_hours = 4,
    infinite = 7
  };
  Unit unit{};
  std::uint8_t value{};  ///< 0 to 31
  friend constexpr bool operator==(const UnitTimer&, const UnitTimer&) = default;

  /// None: without end. Units that are not assigned count as minutes (clause 8.2.35).
  constexpr std::optional<Duration> duration() const noexcept {
    switch (unit) {
      case Unit::two_seconds: return seconds(2 * std::int64_t{value});
      case Unit::ten_minutes: return seconds(600 * std::int64_t{value});
      case Unit::one_hour: return seconds(3600 * std::int64_t{value});
      case Unit::ten_hours: return seconds(36000 * std::int64_t{value});
      case Unit::infinite: return std::nullopt;
      default: return seconds(60 * std::int64_t{value});
    }
  }
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<5>(self.value), part<3>(self.unit));
  }
};

/// An IE that is text from its first to its last octet.
template <class Tag>
struct Text {
  std::string text{};
  friend auto operator<=>(const Text&, const Text&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.rest(self.text);
  }
};

/// Octets that are kept as they are.
template <class Tag>
struct KeptOctets {
  Octets kept{};
  friend auto operator<=>(const KeptOctets&, const KeptOctets&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.rest(self.kept);
  }
};

/// A name sent as labels with their lengths (TS 23.003 clause 9.1) or as plain text. What came is kept; names
/// compare by canonical_name().
template <class Tag>
struct LabelledName {
  std::string sent{};  ///< the octets as on the wire
  friend bool operator==(const LabelledName&, const LabelledName&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.rest(self.sent);
  }
};

/// "internet.mnc01" of both spellings, letters in lower case.
std::string canonical_name(const std::string& sent);
template <class Tag>
std::string canonical_name(const LabelledName<Tag>& name) {
  return canonical_name(name.sent);
}
/// The labels' spelling of "internet.mnc01"; a label is cut at 63 octets.
std::string labels_of(const std::string& name);

template <>
struct OctetsOf<Ipv4Address> {
  template <class Io, class Self>
  static void apply(Io& io, Self& self) {
    io(self.value);
  }
};
template <>
struct OctetsOf<Ipv6Address> {
  template <class Io, class Self>
  static void apply(Io& io, Self& self) {
    io.array(self.octets);
  }
};
template <>
struct OctetsOf<MacAddress> {
  template <class Io, class Self>
  static void apply(Io& io, Self& self) {
    io.array(self.octets);
  }
};
/// TS 29.244 clause 8.2.179: SST and SD, always four octets.
template <>
struct OctetsOf<SNssai> {
  template <class Io, class Self>
  static void apply(Io& io, Self& self) {
    io(self.sst);
    io.template number_of<3>(self.sd.value);
  }
};

}  // namespace kiriko::pfcp
