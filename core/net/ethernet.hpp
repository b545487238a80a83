// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The Ethernet II header (IEEE 802.3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/mac_address.hpp"

namespace kiriko {

inline constexpr std::size_t ethernet_header_size = 14;
inline constexpr std::size_t ethernet_fcs_size = 4;
inline constexpr std::size_t ethernet_minimum_frame_size = 60;  ///< without the FCS

namespace ether_type {
inline constexpr std::uint16_t ipv4 = 0x0800;
inline constexpr std::uint16_t arp = 0x0806;
inline constexpr std::uint16_t vlan = 0x8100;  ///< IEEE 802.1Q customer tag
inline constexpr std::uint16_t ipv6 = 0x86dd;
inline constexpr std::uint16_t service_vlan = 0x88a8;  ///< IEEE 802.1ad service tag
inline constexpr std::uint16_t lldp = 0x88cc;
inline constexpr std::uint16_t smallest = 0x0600;  ///< below: a length of IEEE 802.3, not a type
}  // namespace ether_type

struct EthernetHeader {
  MacAddress destination;
  MacAddress source;
  Be16 type;

  static const EthernetHeader* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < ethernet_header_size) return nullptr;
    return reinterpret_cast<const EthernetHeader*>(data);
  }
};
static_assert(sizeof(EthernetHeader) == ethernet_header_size && alignof(EthernetHeader) == 1);

/// Writes 14 octets.
inline void write_ethernet(std::uint8_t* at, const MacAddress& destination, const MacAddress& source,
                           std::uint16_t type) noexcept {
  const EthernetHeader header{destination, source, type};
  std::memcpy(at, &header, sizeof header);
}

}  // namespace kiriko
