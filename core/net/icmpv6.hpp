// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ICMPv6 (RFC 4443): header, checksum over the IPv6 pseudo header, echo and errors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/checksum.hpp"
#include "core/net/ip_protocol.hpp"
#include "core/net/ipv6_address.hpp"

namespace kiriko {

inline constexpr std::size_t icmpv6_header_size = 8;
/// RFC 4443 clause 2.4(c): an error stays within the least MTU of 1280.
inline constexpr std::size_t icmpv6_largest_original = 1280 - 40 - icmpv6_header_size;

namespace icmpv6_type {
inline constexpr std::uint8_t destination_unreachable = 1;
inline constexpr std::uint8_t packet_too_big = 2;
inline constexpr std::uint8_t time_exceeded = 3;
inline constexpr std::uint8_t echo_request = 128;
inline constexpr std::uint8_t echo_reply = 129;
inline constexpr std::uint8_t router_solicitation = 133;
inline constexpr std::uint8_t router_advertisement = 134;
inline constexpr std::uint8_t neighbour_solicitation = 135;
inline constexpr std::uint8_t neighbour_advertisement = 136;
inline constexpr std::uint8_t redirect = 137;
/// Below: an error message (clause 2.1).
inline constexpr std::uint8_t first_informational = 128;
}  // namespace icmpv6_type

namespace icmpv6_code {
inline constexpr std::uint8_t no_route = 0;
inline constexpr std::uint8_t address_unreachable = 3;
}  // namespace icmpv6_code

struct Icmpv6Header {
  std::uint8_t type;
  std::uint8_t code;
  Be16 checksum;
  Be32
      body;  ///< identifier and sequence number of echo; the MTU in "packet too big"; flags of an advertisement

  static const Icmpv6Header* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < icmpv6_header_size) return nullptr;
    return reinterpret_cast<const Icmpv6Header*>(data);
  }
};
static_assert(sizeof(Icmpv6Header) == icmpv6_header_size && alignof(Icmpv6Header) == 1);

/// The checksum of a message whose checksum field is zero; 0 when the field is filled and right.
inline std::uint16_t icmpv6_checksum(const Ipv6Address& source, const Ipv6Address& destination,
                                     const std::uint8_t* message, std::size_t size) noexcept {
  // RFC 8200 clause 8.1: addresses, length, next header.
  std::uint16_t sum = ones_complement_sum(source.octets.data(), source.octets.size());
  sum = ones_complement_sum(destination.octets.data(), destination.octets.size(), sum);
  sum = fold_checksum(std::uint64_t{sum} + size + ip_protocol::icmpv6);
  return static_cast<std::uint16_t>(~ones_complement_sum(message, size, sum));
}

/// Fills the checksum of the message of `size` octets at `at`.
inline void finish_icmpv6(std::uint8_t* at, std::size_t size, const Ipv6Address& source,
                          const Ipv6Address& destination) noexcept {
  auto* header = reinterpret_cast<Icmpv6Header*>(at);
  header->checksum = std::uint16_t{0};
  header->checksum = icmpv6_checksum(source, destination, at, size);
}

/// Writes an error about `original` (from its IPv6 header on, cut at icmpv6_largest_original) that goes from
/// `source` to `destination`. Returns its size.
inline std::size_t write_icmpv6_error(std::uint8_t* at, std::uint8_t type, std::uint8_t code,
                                      std::uint32_t body, const std::uint8_t* original,
                                      std::size_t original_size, const Ipv6Address& source,
                                      const Ipv6Address& destination) noexcept {
  const std::size_t kept = original_size < icmpv6_largest_original ? original_size : icmpv6_largest_original;
  const Icmpv6Header header{type, code, std::uint16_t{0}, body};
  std::memmove(at + icmpv6_header_size, original, kept);
  std::memcpy(at, &header, sizeof header);
  finish_icmpv6(at, icmpv6_header_size + kept, source, destination);
  return icmpv6_header_size + kept;
}

}  // namespace kiriko
