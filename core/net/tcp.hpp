// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The TCP header (RFC 9293).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"

namespace kiriko {

inline constexpr std::size_t tcp_header_size = 20;  ///< without options

namespace tcp_flag {
inline constexpr std::uint8_t fin = 0x01;
inline constexpr std::uint8_t syn = 0x02;
inline constexpr std::uint8_t rst = 0x04;
inline constexpr std::uint8_t psh = 0x08;
inline constexpr std::uint8_t ack = 0x10;
inline constexpr std::uint8_t urg = 0x20;
inline constexpr std::uint8_t ece = 0x40;
inline constexpr std::uint8_t cwr = 0x80;
}  // namespace tcp_flag

struct TcpHeader {
  Be16 source_port;
  Be16 destination_port;
  Be32 sequence_number;
  Be32 acknowledgment_number;
  std::uint8_t data_offset_and_reserved;
  std::uint8_t flags;
  Be16 window;
  Be16 checksum;
  Be16 urgent_pointer;

  constexpr std::size_t header_length() const noexcept {
    return std::size_t{data_offset_and_reserved} >> 4 << 2;
  }
  const std::uint8_t* payload() const noexcept {
    return reinterpret_cast<const std::uint8_t*>(this) + header_length();
  }

  /// nullptr unless the header with its options fits and is at least 20 octets long.
  static const TcpHeader* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < tcp_header_size) return nullptr;
    const auto* tcp = reinterpret_cast<const TcpHeader*>(data);
    if (tcp->header_length() < tcp_header_size || tcp->header_length() > available) return nullptr;
    return tcp;
  }
};
static_assert(sizeof(TcpHeader) == tcp_header_size && alignof(TcpHeader) == 1);

struct TcpFields {
  std::uint16_t source_port{};
  std::uint16_t destination_port{};
  std::uint32_t sequence_number{};
  std::uint32_t acknowledgment_number{};
  std::uint8_t flags{};
  std::uint16_t window{65535};
};

/// Writes 20 octets with checksum 0; tcp_checksum() gives the right one once the payload is there.
inline void write_tcp(std::uint8_t* at, const TcpFields& fields) noexcept {
  const TcpHeader tcp{fields.source_port,
                      fields.destination_port,
                      fields.sequence_number,
                      fields.acknowledgment_number,
                      0x50,
                      fields.flags,
                      fields.window,
                      std::uint16_t{0},
                      std::uint16_t{0}};
  std::memcpy(at, &tcp, sizeof tcp);
}

}  // namespace kiriko
