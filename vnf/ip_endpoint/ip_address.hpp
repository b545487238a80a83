// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// IpAddress and IpPrefix: IPv4 or IPv6 as one value, so that one table and one rule serve both.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/ipv6_address.hpp"

namespace kiriko::endpoint {

enum class IpVersion : std::uint8_t { ipv4 = 4, ipv6 = 6 };

/// An IPv4 address stands in the last 32 bits. The version is part of the value: an IPv4-mapped IPv6 address in a
/// packet is no IPv4 address.
struct IpAddress {
  std::uint64_t first{};
  std::uint64_t last{};
  IpVersion version{IpVersion::ipv4};

  constexpr IpAddress() = default;
  constexpr explicit IpAddress(Ipv4Address address) noexcept : last(address.value) {}
  constexpr explicit IpAddress(const Ipv6Address& address) noexcept
      : first(address.half(0)), last(address.half(1)), version(IpVersion::ipv6) {}
  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

  constexpr bool is_ipv4() const noexcept { return version == IpVersion::ipv4; }
  constexpr Ipv4Address ipv4() const noexcept { return Ipv4Address{static_cast<std::uint32_t>(last)}; }
  constexpr Ipv6Address ipv6() const noexcept { return Ipv6Address::from_halves(first, last); }
  constexpr bool is_multicast() const noexcept {
    return is_ipv4() ? ipv4().is_multicast() : (first >> 56) == 0xff;
  }
  constexpr bool is_link_local_ipv6() const noexcept { return !is_ipv4() && (first >> 54) == 0x3fa; }
  /// Of a single node: neither unspecified nor a group.
  constexpr bool is_unicast() const noexcept {
    return (first | last) != 0 && !is_multicast() && !(is_ipv4() && ipv4().is_broadcast());
  }
  constexpr std::uint32_t hash() const noexcept {
    const std::uint64_t mixed = (first ^ (last * 0x9e3779b97f4a7c15ULL)) * 0xc2b2ae3d27d4eb4fULL;
    return static_cast<std::uint32_t>(mixed >> 32);
  }
};

struct IpPrefix {
  IpAddress address{};  ///< may have host bits
  std::uint8_t length{};

  constexpr bool contains(const IpAddress& other) const noexcept {
    if (other.version != address.version) return false;
    const unsigned bits = address.is_ipv4() ? length + 96U : length;
    return ((other.first ^ address.first) & ones(bits)) == 0 &&
           ((other.last ^ address.last) & ones(bits > 64 ? bits - 64 : 0)) == 0;
  }

  /// "192.168.7.2/24", "fd00::2/64"; an address alone is a prefix of its own.
  static Result<IpPrefix> parse(std::string_view text);

 private:
  static constexpr std::uint64_t ones(unsigned bits) noexcept {
    return bits == 0 ? 0 : bits >= 64 ? ~std::uint64_t{0} : ~(~std::uint64_t{0} >> bits);
  }
};

inline Result<IpPrefix> IpPrefix::parse(std::string_view text) {
  if (text.find(':') != std::string_view::npos) {
    const auto prefix = Ipv6Prefix::parse(text);
    if (!prefix) return fail(prefix.error());
    return IpPrefix{IpAddress{prefix->address}, prefix->length};
  }
  const auto prefix = Ipv4Prefix::parse(text);
  if (!prefix) return fail(prefix.error());
  return IpPrefix{IpAddress{prefix->address}, prefix->length};
}

}  // namespace kiriko::endpoint
