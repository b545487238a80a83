// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UDP header (RFC 768).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"

namespace kiriko {

inline constexpr std::size_t udp_header_size = 8;

struct UdpHeader {
  Be16 source_port;
  Be16 destination_port;
  Be16 length;    ///< header and payload
  Be16 checksum;  ///< 0: none

  constexpr std::size_t payload_length() const noexcept { return length - udp_header_size; }
  const std::uint8_t* payload() const noexcept {
    return reinterpret_cast<const std::uint8_t*>(this) + udp_header_size;
  }
  std::uint8_t* payload() noexcept { return reinterpret_cast<std::uint8_t*>(this) + udp_header_size; }

  /// nullptr unless the whole datagram fits: the first fragment of a longer one is refused too.
  static const UdpHeader* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < udp_header_size) return nullptr;
    const auto* udp = reinterpret_cast<const UdpHeader*>(data);
    if (udp->length < udp_header_size || udp->length > available) return nullptr;
    return udp;
  }
};
static_assert(sizeof(UdpHeader) == udp_header_size && alignof(UdpHeader) == 1);

/// Writes 8 octets with checksum 0 ("none"); udp_checksum() gives one when it is wanted.
inline void write_udp(std::uint8_t* at, std::uint16_t source_port, std::uint16_t destination_port,
                      std::uint16_t payload_length) noexcept {
  const UdpHeader udp{source_port, destination_port,
                      static_cast<std::uint16_t>(udp_header_size + payload_length), std::uint16_t{0}};
  std::memcpy(at, &udp, sizeof udp);
}

}  // namespace kiriko
