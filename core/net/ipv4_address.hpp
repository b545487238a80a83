// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Ipv4Address and Ipv4Prefix: host-order values, never mistaken for other 32-bit numbers.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace kiriko {

/// In host order: 10.0.0.1 is 0x0a000001.
struct Ipv4Address {
  std::uint32_t value{};

  constexpr Ipv4Address() = default;
  constexpr explicit Ipv4Address(std::uint32_t host_order) noexcept : value(host_order) {}
  constexpr Ipv4Address(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept
      : value((std::uint32_t{a} << 24) | (std::uint32_t{b} << 16) | (std::uint32_t{c} << 8) | d) {}
  friend constexpr auto operator<=>(const Ipv4Address&, const Ipv4Address&) = default;

  constexpr bool is_zero() const noexcept { return value == 0; }
  constexpr bool is_multicast() const noexcept { return (value >> 28) == 0xe; }
  constexpr bool is_broadcast() const noexcept { return value == 0xffffffffU; }

  /// "10.0.0.1": four decimal numbers without leading zeros.
  static Result<Ipv4Address> parse(std::string_view text);
};

/// An address with the length of its network part; the address may have host bits (an interface's address).
struct Ipv4Prefix {
  Ipv4Address address{};
  std::uint8_t length{};  ///< 0 to 32

  friend constexpr auto operator<=>(const Ipv4Prefix&, const Ipv4Prefix&) = default;

  constexpr std::uint32_t mask() const noexcept {
    return length == 0 ? 0U : length >= 32 ? 0xffffffffU : ~(0xffffffffU >> length);
  }
  constexpr Ipv4Prefix network() const noexcept { return {Ipv4Address{address.value & mask()}, length}; }
  constexpr bool is_network() const noexcept { return (address.value & ~mask()) == 0; }
  constexpr bool contains(Ipv4Address other) const noexcept {
    return ((address.value ^ other.value) & mask()) == 0;
  }

  /// "10.0.0.0/8"; an address alone is a /32.
  static Result<Ipv4Prefix> parse(std::string_view text);
};

std::string to_string(Ipv4Address address);
std::string to_string(const Ipv4Prefix& prefix);

}  // namespace kiriko
