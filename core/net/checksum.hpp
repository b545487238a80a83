// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The Internet checksum (RFC 1071), its incremental update (RFC 1624), and the transport checksums over IPv4.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/ipv4_address.hpp"

namespace kiriko {

constexpr std::uint16_t fold_checksum(std::uint64_t sum) noexcept {
  sum = (sum & 0xffffffffU) + (sum >> 32);
  sum = (sum & 0xffffU) + (sum >> 16);
  sum = (sum & 0xffffU) + (sum >> 16);
  sum = (sum & 0xffffU) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

/// The same for a sum of at most 2^16 words, as that of a header.
constexpr std::uint16_t fold_checksum32(std::uint32_t sum) noexcept {
  sum = (sum & 0xffffU) + (sum >> 16);
  return static_cast<std::uint16_t>(sum + (sum >> 16));
}

/// The ones' complement sum of 16-bit words, folded, not complemented. Of the pieces that are summed
/// one after the other, only the last may have an odd size.
inline std::uint16_t ones_complement_sum(const std::uint8_t* data, std::size_t size,
                                         std::uint16_t start = 0) noexcept {
  // RFC 1071 section 2(B): the sum may be taken in either byte order and swapped once at the end.
  std::uint64_t sum = 0;
  if (size >= 128) {  // a payload: 64 octets at a time, in vectors of four
    using Words = std::uint64_t __attribute__((vector_size(32)));
    constexpr std::uint64_t low = 0xffffffffU;
    Words a{}, b{}, c{}, d{};
    for (; size >= 64; data += 64, size -= 64) {
      Words first, second;
      std::memcpy(&first, data, sizeof first);
      std::memcpy(&second, data + sizeof first, sizeof second);
      a += first & low;
      b += first >> 32;
      c += second & low;
      d += second >> 32;
    }
    a += b + (c + d);
    sum = a[0] + a[1] + (a[2] + a[3]);
  }
  for (; size >= 8; data += 8, size -= 8) {
    std::uint64_t word;
    std::memcpy(&word, data, sizeof word);
    sum += (word & 0xffffffffU) + (word >> 32);
  }
  if (size >= 4) {
    std::uint32_t word;
    std::memcpy(&word, data, sizeof word);
    sum += word;
    data += 4;
    size -= 4;
  }
  if (size >= 2) {
    std::uint16_t word;
    std::memcpy(&word, data, sizeof word);
    sum += word;
    data += 2;
    size -= 2;
  }
  if (size == 1) {
    std::uint16_t word = 0;
    std::memcpy(&word, data, 1);
    sum += word;
  }
  std::uint16_t folded = fold_checksum(sum);
  if constexpr (std::endian::native == std::endian::little) folded = __builtin_bswap16(folded);
  return fold_checksum(std::uint64_t{folded} + start);
}

/// The checksum of a region whose checksum field is zero; 0 when the field is filled and right.
inline std::uint16_t internet_checksum(const std::uint8_t* data, std::size_t size) noexcept {
  return static_cast<std::uint16_t>(~ones_complement_sum(data, size));
}

/// RFC 1624 equation 3: HC' = ~(~HC + ~m + m').
constexpr std::uint16_t updated_checksum(std::uint16_t checksum, std::uint16_t old_word,
                                         std::uint16_t new_word) noexcept {
  const std::uint32_t sum =
      std::uint32_t{static_cast<std::uint16_t>(~checksum)} + static_cast<std::uint16_t>(~old_word) + new_word;
  return static_cast<std::uint16_t>(~fold_checksum(sum));
}

/// The same for a field of 32 bits, such as an address.
constexpr std::uint16_t updated_checksum32(std::uint16_t checksum, std::uint32_t old_value,
                                           std::uint32_t new_value) noexcept {
  const auto high = updated_checksum(checksum, static_cast<std::uint16_t>(old_value >> 16),
                                     static_cast<std::uint16_t>(new_value >> 16));
  return updated_checksum(high, static_cast<std::uint16_t>(old_value), static_cast<std::uint16_t>(new_value));
}

/// The sum of the IPv4 pseudo header (RFC 9293 section 3.1, RFC 768), folded.
constexpr std::uint16_t pseudo_header_sum(Ipv4Address source, Ipv4Address destination, std::uint8_t protocol,
                                          std::uint16_t length) noexcept {
  return fold_checksum((std::uint64_t{source.value} >> 16) + (source.value & 0xffffU) +
                       (destination.value >> 16) + (destination.value & 0xffffU) + protocol + length);
}

/// TCP's checksum; `segment` holds header and payload, its checksum field zero.
inline std::uint16_t tcp_checksum(Ipv4Address source, Ipv4Address destination, const std::uint8_t* segment,
                                  std::uint16_t length) noexcept {
  return static_cast<std::uint16_t>(
      ~ones_complement_sum(segment, length, pseudo_header_sum(source, destination, 6, length)));
}

/// UDP's checksum; a computed zero is sent as 0xffff, because zero means "none" (RFC 768).
inline std::uint16_t udp_checksum(Ipv4Address source, Ipv4Address destination, const std::uint8_t* datagram,
                                  std::uint16_t length) noexcept {
  const auto sum = static_cast<std::uint16_t>(
      ~ones_complement_sum(datagram, length, pseudo_header_sum(source, destination, 17, length)));
  return sum == 0 ? std::uint16_t{0xffff} : sum;
}

/// Whether a TCP segment or UDP datagram with its checksum filled in is intact. For UDP, ask first whether
/// the field is zero ("none").
inline bool transport_checksum_valid(Ipv4Address source, Ipv4Address destination, std::uint8_t protocol,
                                     const std::uint8_t* data, std::uint16_t length) noexcept {
  return ones_complement_sum(data, length, pseudo_header_sum(source, destination, protocol, length)) ==
         0xffff;
}

}  // namespace kiriko
