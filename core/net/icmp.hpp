// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ICMP for IPv4 (RFC 792): echo and the errors a router sends (RFC 1812), path MTU (RFC 1191).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/checksum.hpp"

namespace kiriko {

inline constexpr std::size_t icmp_header_size = 8;
inline constexpr std::size_t icmp_largest_original = 548;  ///< RFC 1812 4.3.2.3: the error stays within 576

namespace icmp_type {
inline constexpr std::uint8_t echo_reply = 0;
inline constexpr std::uint8_t destination_unreachable = 3;
inline constexpr std::uint8_t echo_request = 8;
inline constexpr std::uint8_t time_exceeded = 11;
}  // namespace icmp_type

namespace icmp_code {
inline constexpr std::uint8_t network_unreachable = 0;
inline constexpr std::uint8_t host_unreachable = 1;
inline constexpr std::uint8_t port_unreachable = 3;
inline constexpr std::uint8_t fragmentation_needed = 4;
inline constexpr std::uint8_t administratively_prohibited = 13;
}  // namespace icmp_code

struct IcmpHeader {
  std::uint8_t type;
  std::uint8_t code;
  Be16 checksum;
  Be16 identifier;       ///< of echo; unused in errors
  Be16 sequence_number;  ///< of echo; the next hop's MTU in "fragmentation needed"

  static const IcmpHeader* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < icmp_header_size) return nullptr;
    return reinterpret_cast<const IcmpHeader*>(data);
  }
};
static_assert(sizeof(IcmpHeader) == icmp_header_size && alignof(IcmpHeader) == 1);

/// Writes 8 octets; the checksum covers them and the `payload_length` octets already behind them.
inline void write_icmp_echo(std::uint8_t* at, std::uint8_t type, std::uint16_t identifier,
                            std::uint16_t sequence_number, std::size_t payload_length) noexcept {
  IcmpHeader icmp{type, 0, std::uint16_t{0}, identifier, sequence_number};
  std::memcpy(at, &icmp, sizeof icmp);
  icmp.checksum = internet_checksum(at, icmp_header_size + payload_length);
  std::memcpy(at, &icmp, sizeof icmp);
}

/// Writes an error about `original` (from its IPv4 header on, cut at icmp_largest_original).
/// Returns its size.
inline std::size_t write_icmp_error(std::uint8_t* at, std::uint8_t type, std::uint8_t code,
                                    const std::uint8_t* original, std::size_t original_size,
                                    std::uint16_t next_hop_mtu = 0) noexcept {
  const std::size_t kept = original_size < icmp_largest_original ? original_size : icmp_largest_original;
  IcmpHeader icmp{type, code, std::uint16_t{0}, std::uint16_t{0}, next_hop_mtu};
  std::memmove(at + icmp_header_size, original, kept);
  std::memcpy(at, &icmp, sizeof icmp);
  icmp.checksum = internet_checksum(at, icmp_header_size + kept);
  std::memcpy(at, &icmp, sizeof icmp);
  return icmp_header_size + kept;
}

}  // namespace kiriko
