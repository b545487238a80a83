// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// MacAddress: an IEEE 802 address of 48 bits, in wire order.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/net/ipv4_address.hpp"

namespace kiriko {

struct MacAddress {
  std::array<std::uint8_t, 6> octets{};

  friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;

  /// The I/G bit: set in group addresses, broadcast included.
  constexpr bool is_group() const noexcept { return (octets[0] & 0x01U) != 0; }
  constexpr bool is_broadcast() const noexcept {
    for (const std::uint8_t octet : octets)
      if (octet != 0xff) return false;
    return true;
  }
  constexpr bool is_zero() const noexcept { return *this == MacAddress{}; }

  /// The 48 bits as a number, first octet highest.
  constexpr std::uint64_t value() const noexcept {
    std::uint64_t v = 0;
    for (const std::uint8_t octet : octets) v = (v << 8) | octet;
    return v;
  }
  static constexpr MacAddress from_value(std::uint64_t v) noexcept {
    MacAddress mac;
    for (std::size_t i = 0; i < mac.octets.size(); ++i)
      mac.octets[i] = static_cast<std::uint8_t>(v >> (8 * (mac.octets.size() - 1 - i)));
    return mac;
  }
  /// A locally administered unicast address (02:00:…) that carries `number` in its last four octets.
  static constexpr MacAddress local(std::uint32_t number) noexcept {
    return from_value(0x020000000000ULL | number);
  }

  /// "02:00:00:00:00:01"; six pairs of hexadecimal digits with ':' (or '-') between them.
  static Result<MacAddress> parse(std::string_view text);
};

static_assert(sizeof(MacAddress) == 6 && alignof(MacAddress) == 1);

inline constexpr MacAddress broadcast_mac{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

std::string to_string(const MacAddress& mac);

/// The Ethernet address of the emulated node with this IPv4 address (02:00:a:b:c:d), so that emulated nodes
/// need no ARP among themselves.
constexpr MacAddress mac_of(Ipv4Address address) noexcept { return MacAddress::local(address.value); }

}  // namespace kiriko
