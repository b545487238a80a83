// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Ipv6Address and Ipv6Prefix: values in wire order, parsed and printed (RFC 4291, RFC 5952).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace kiriko {

/// In wire order, alignment 1: it lies in headers as it is.
struct Ipv6Address {
  std::array<std::uint8_t, 16> octets{};

  friend constexpr auto operator<=>(const Ipv6Address&, const Ipv6Address&) = default;

  constexpr bool is_zero() const noexcept { return *this == Ipv6Address{}; }
  constexpr bool is_multicast() const noexcept { return octets[0] == 0xff; }
  constexpr bool is_link_local() const noexcept { return octets[0] == 0xfe && (octets[1] & 0xc0U) == 0x80; }

  /// The first (0) or the last (1) 64 bits as a number: prefix and interface identifier of a /64.
  constexpr std::uint64_t half(std::size_t which) const noexcept {
    std::uint64_t v = 0;
    for (std::size_t i = 8 * which; i < 8 * which + 8; ++i) v = (v << 8) | octets[i];
    return v;
  }
  static constexpr Ipv6Address from_halves(std::uint64_t first, std::uint64_t last) noexcept {
    Ipv6Address address;
    for (std::size_t i = 0; i < 8; ++i) {
      address.octets[i] = static_cast<std::uint8_t>(first >> (8 * (7 - i)));
      address.octets[8 + i] = static_cast<std::uint8_t>(last >> (8 * (7 - i)));
    }
    return address;
  }

  /// Any form of RFC 4291 clause 2.2, the one with a dotted IPv4 part included; no zone.
  static Result<Ipv6Address> parse(std::string_view text);
};

static_assert(sizeof(Ipv6Address) == 16 && alignof(Ipv6Address) == 1);

/// An address with the length of its network part; the address may have host bits (an interface's address).
struct Ipv6Prefix {
  Ipv6Address address{};
  std::uint8_t length{};  ///< 0 to 128

  friend constexpr auto operator<=>(const Ipv6Prefix&, const Ipv6Prefix&) = default;

  constexpr Ipv6Address mask() const noexcept {
    return Ipv6Address::from_halves(ones(length), ones(length > 64 ? length - 64 : 0));
  }
  constexpr Ipv6Prefix network() const noexcept {
    const Ipv6Address m = mask();
    return {Ipv6Address::from_halves(address.half(0) & m.half(0), address.half(1) & m.half(1)), length};
  }
  constexpr bool is_network() const noexcept { return network() == *this; }
  constexpr bool contains(const Ipv6Address& other) const noexcept {
    return Ipv6Prefix{other, length}.network().address == network().address;
  }

  /// "2001:db8::/32"; an address alone is a /128.
  static Result<Ipv6Prefix> parse(std::string_view text);

 private:
  static constexpr std::uint64_t ones(unsigned bits) noexcept {
    return bits == 0 ? 0 : bits >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> bits);
  }
};

/// The one form of RFC 5952: lower case, the longest run of two or more zero groups as "::"; an IPv4-mapped
/// address with its dotted part.
std::string to_string(const Ipv6Address& address);
std::string to_string(const Ipv6Prefix& prefix);

}  // namespace kiriko
