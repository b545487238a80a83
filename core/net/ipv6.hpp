// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The IPv6 header (RFC 8200).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/ipv6_address.hpp"

namespace kiriko {

inline constexpr std::size_t ipv6_header_size = 40;

struct Ipv6Header {
  Be32 version_class_label;
  Be16 payload_size;
  std::uint8_t next_header;
  std::uint8_t hop_limit;
  Ipv6Address source;
  Ipv6Address destination;

  constexpr std::size_t payload_length() const noexcept { return payload_size; }
  constexpr std::uint8_t traffic_class() const noexcept {
    return static_cast<std::uint8_t>(version_class_label >> 20);
  }
  constexpr std::uint8_t dscp() const noexcept { return static_cast<std::uint8_t>(traffic_class() >> 2); }
  constexpr std::uint32_t flow_label() const noexcept { return version_class_label & 0xfffffU; }
  const std::uint8_t* payload() const noexcept {
    return reinterpret_cast<const std::uint8_t*>(this) + ipv6_header_size;
  }

  /// nullptr unless the version is 6 and the payload fits. Jumbograms (RFC 2675) are not known.
  static const Ipv6Header* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < ipv6_header_size) return nullptr;
    const auto* ip = reinterpret_cast<const Ipv6Header*>(data);
    if ((ip->version_class_label >> 28) != 6 || ip->payload_length() > available - ipv6_header_size)
      return nullptr;
    return ip;
  }
};
static_assert(sizeof(Ipv6Header) == ipv6_header_size && alignof(Ipv6Header) == 1);

struct Ipv6Fields {
  Ipv6Address source{};
  Ipv6Address destination{};
  std::uint8_t next_header{};
  std::uint16_t payload_length{};
  std::uint8_t hop_limit{64};
  std::uint8_t traffic_class{};
  std::uint32_t flow_label{};
};

/// Writes 40 octets.
inline void write_ipv6(std::uint8_t* at, const Ipv6Fields& fields) noexcept {
  const Ipv6Header ip{
      (6U << 28) | (std::uint32_t{fields.traffic_class} << 20) | (fields.flow_label & 0xfffffU),
      fields.payload_length,
      fields.next_header,
      fields.hop_limit,
      fields.source,
      fields.destination};
  std::memcpy(at, &ip, sizeof ip);
}

}  // namespace kiriko
