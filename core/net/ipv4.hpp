// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The IPv4 header (RFC 791), with the DS field of RFC 2474 and ECN of RFC 3168.
#pragma once

#include <x86intrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/checksum.hpp"
#include "core/net/ip_protocol.hpp"
#include "core/net/ipv4_address.hpp"

namespace kiriko {

inline constexpr std::size_t ipv4_header_size = 20;  ///< without options
inline constexpr std::size_t ipv4_largest_payload = 65535 - ipv4_header_size;

struct Ipv4Header {
  std::uint8_t version_and_ihl;
  std::uint8_t type_of_service;
  Be16 total_length;
  Be16 identification;
  Be16 flags_and_fragment_offset;
  std::uint8_t time_to_live;
  std::uint8_t protocol;
  Be16 checksum;
  Be32 source_address;
  Be32 destination_address;

  constexpr std::size_t header_length() const noexcept { return std::size_t{version_and_ihl & 0x0fU} * 4; }
  constexpr std::size_t payload_length() const noexcept { return total_length - header_length(); }
  constexpr Ipv4Address source() const noexcept { return Ipv4Address{source_address}; }
  constexpr Ipv4Address destination() const noexcept { return Ipv4Address{destination_address}; }
  constexpr std::uint8_t dscp() const noexcept { return static_cast<std::uint8_t>(type_of_service >> 2); }
  constexpr std::uint8_t ecn() const noexcept { return type_of_service & 0x03U; }
  constexpr bool dont_fragment() const noexcept { return (flags_and_fragment_offset & 0x4000U) != 0; }
  constexpr bool more_fragments() const noexcept { return (flags_and_fragment_offset & 0x2000U) != 0; }
  constexpr std::size_t fragment_offset() const noexcept {
    return std::size_t{flags_and_fragment_offset & 0x1fffU} * 8;
  }
  /// Any fragment, the first included.
  constexpr bool is_fragment() const noexcept { return (flags_and_fragment_offset & 0x3fffU) != 0; }

  const std::uint8_t* payload() const noexcept {
    return reinterpret_cast<const std::uint8_t*>(this) + header_length();
  }
  std::uint8_t* payload() noexcept { return reinterpret_cast<std::uint8_t*>(this) + header_length(); }
  bool checksum_valid() const noexcept {
    if (version_and_ihl == 0x45) return usual_checksum_valid();
    return internet_checksum(reinterpret_cast<const std::uint8_t*>(this), header_length()) == 0;
  }

  /// Of a header without options; the sum's byte order does not matter (RFC 1071 section 2(B)).
  bool usual_checksum_valid() const noexcept {
    std::uint64_t first, second;
    std::uint32_t last;
    std::memcpy(&first, this, 8);
    std::memcpy(&second, reinterpret_cast<const std::uint8_t*>(this) + 8, 8);
    std::memcpy(&last, reinterpret_cast<const std::uint8_t*>(this) + 16, 4);
    unsigned long long sum = 0;
    auto carry = _addcarry_u64(0, first, second, &sum);
    carry = _addcarry_u64(carry, sum, last, &sum);
    sum += carry;
    const std::uint64_t words = (sum & 0xffffffffU) + (sum >> 32);
    // Folded once more it is 0xffff, or once more again.
    return words % 0xffff == 0;
  }

  /// Decrements the time to live with RFC 1624's update. The caller has checked that it is above 1.
  void decrement_time_to_live() noexcept {
    // Equation 3 with m' = m - 0x0100: the complement's end-around borrow is the checksum's carry. As the wire's octets lie
    // on this machine, for the sum's byte order does not matter (RFC 1071 section 2(B)).
    const auto one = std::bit_cast<std::uint16_t>(Be16{0x0100});
    const std::uint32_t sum = std::uint32_t{std::bit_cast<std::uint16_t>(checksum)} + one;
    --time_to_live;
    checksum = std::bit_cast<Be16>(static_cast<std::uint16_t>(sum + (sum >= 0xffff ? 1 : 0)));
  }
  void set_dscp(std::uint8_t dscp) noexcept {
    const auto old_word = static_cast<std::uint16_t>((version_and_ihl << 8) | type_of_service);
    type_of_service = static_cast<std::uint8_t>((dscp << 2) | ecn());
    checksum = updated_checksum(checksum, old_word,
                                static_cast<std::uint16_t>((version_and_ihl << 8) | type_of_service));
  }

  /// Whether a header without options stands here whose packet has exactly `size` octets.
  static bool is_usual(const std::uint8_t* data, std::size_t size) noexcept {
    const auto* ip = reinterpret_cast<const Ipv4Header*>(data);
    return size >= ipv4_header_size && ip->version_and_ihl == 0x45 && ip->total_length == size;
  }

  /// nullptr unless the version is 4, the header length at least 20, and header and total length fit.
  /// The checksum is not looked at: ask checksum_valid().
  static const Ipv4Header* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < ipv4_header_size) return nullptr;
    const auto* ip = reinterpret_cast<const Ipv4Header*>(data);
    const std::size_t header = ip->header_length();
    const std::size_t total = ip->total_length;
    if ((ip->version_and_ihl >> 4) != 4 || header < ipv4_header_size || total < header || total > available)
      return nullptr;
    return ip;
  }
};
static_assert(sizeof(Ipv4Header) == ipv4_header_size && alignof(Ipv4Header) == 1);

struct Ipv4Fields {
  Ipv4Address source{};
  Ipv4Address destination{};
  std::uint8_t protocol{};
  std::uint16_t payload_length{};  ///< at most ipv4_largest_payload
  std::uint8_t time_to_live{64};
  std::uint8_t dscp{};
  std::uint8_t ecn{};
  std::uint16_t identification{};
  bool dont_fragment{true};
};

/// Writes 20 octets, checksum included.
inline void write_ipv4(std::uint8_t* at, const Ipv4Fields& fields) noexcept {
  Ipv4Header ip{};
  ip.version_and_ihl = 0x45;
  ip.type_of_service = static_cast<std::uint8_t>((fields.dscp << 2) | (fields.ecn & 0x03));
  ip.total_length = static_cast<std::uint16_t>(ipv4_header_size + fields.payload_length);
  ip.identification = fields.identification;
  ip.flags_and_fragment_offset = fields.dont_fragment ? std::uint16_t{0x4000} : std::uint16_t{0};
  ip.time_to_live = fields.time_to_live;
  ip.protocol = fields.protocol;
  ip.checksum = std::uint16_t{0};
  ip.source_address = fields.source.value;
  ip.destination_address = fields.destination.value;
  ip.checksum = internet_checksum(reinterpret_cast<const std::uint8_t*>(&ip), sizeof ip);
  std::memcpy(at, &ip, sizeof ip);
}

}  // namespace kiriko
