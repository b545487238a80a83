// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Protocol numbers of IPv4 and IPv6 (IANA "Assigned Internet Protocol Numbers").
#pragma once

#include <cstdint>

namespace kiriko::ip_protocol {

inline constexpr std::uint8_t icmp = 1;
inline constexpr std::uint8_t tcp = 6;
inline constexpr std::uint8_t udp = 17;
inline constexpr std::uint8_t dccp = 33;
inline constexpr std::uint8_t esp = 50;
inline constexpr std::uint8_t icmpv6 = 58;
inline constexpr std::uint8_t sctp = 132;
inline constexpr std::uint8_t udp_lite = 136;

/// Whether the first four octets are a source and a destination port.
constexpr bool has_ports(std::uint8_t protocol) noexcept {
  return protocol == tcp || protocol == udp || protocol == sctp || protocol == dccp || protocol == udp_lite;
}

}  // namespace kiriko::ip_protocol
