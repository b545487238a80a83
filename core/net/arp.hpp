// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ARP for IPv4 over Ethernet (RFC 826).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/ipv4_address.hpp"

namespace kiriko {

inline constexpr std::size_t arp_size = 28;

namespace arp_operation {
inline constexpr std::uint16_t request = 1;
inline constexpr std::uint16_t reply = 2;
}  // namespace arp_operation

struct ArpPacket {
  Be16 hardware_type;
  Be16 protocol_type;
  std::uint8_t hardware_length;
  std::uint8_t protocol_length;
  Be16 operation;
  MacAddress sender_mac;
  Be32 sender_ipv4;
  MacAddress target_mac;
  Be32 target_ipv4;

  constexpr Ipv4Address sender_address() const noexcept { return Ipv4Address{sender_ipv4}; }
  constexpr Ipv4Address target_address() const noexcept { return Ipv4Address{target_ipv4}; }

  /// nullptr also for hardware other than Ethernet and protocols other than IPv4.
  static const ArpPacket* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < arp_size) return nullptr;
    const auto* arp = reinterpret_cast<const ArpPacket*>(data);
    const bool known = arp->hardware_type == 1 && arp->protocol_type == ether_type::ipv4 &&
                       arp->hardware_length == 6 && arp->protocol_length == 4;
    return known ? arp : nullptr;
  }
};
static_assert(sizeof(ArpPacket) == arp_size && alignof(ArpPacket) == 1);

/// Writes 28 octets.
inline void write_arp(std::uint8_t* at, std::uint16_t operation, const MacAddress& sender_mac,
                      Ipv4Address sender, const MacAddress& target_mac, Ipv4Address target) noexcept {
  const ArpPacket arp{std::uint16_t{1}, ether_type::ipv4, 6,          4,           operation,
                      sender_mac,       sender.value,     target_mac, target.value};
  std::memcpy(at, &arp, sizeof arp);
}

}  // namespace kiriko
