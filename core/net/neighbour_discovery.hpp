// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Neighbour discovery for IPv6 (RFC 4861): solicitations and advertisements with their link-layer address.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/icmpv6.hpp"
#include "core/net/ipv6.hpp"
#include "core/net/mac_address.hpp"

namespace kiriko {

/// A message without options; with the one option that we write, 32.
inline constexpr std::size_t neighbour_message_size = 24;
inline constexpr std::size_t neighbour_message_with_mac_size = 32;
/// Clause 6.1 and 7.1: anything else has been forwarded, so was not sent on this link.
inline constexpr std::uint8_t neighbour_hop_limit = 255;

namespace neighbour_flags {
inline constexpr std::uint32_t router = 0x80000000;
inline constexpr std::uint32_t solicited = 0x40000000;
inline constexpr std::uint32_t override_entry = 0x20000000;
}  // namespace neighbour_flags

namespace neighbour_option {
inline constexpr std::uint8_t source_link_layer_address = 1;
inline constexpr std::uint8_t target_link_layer_address = 2;
}  // namespace neighbour_option

inline constexpr Ipv6Address all_nodes_multicast = Ipv6Address::from_halves(0xff02ULL << 48, 1);

/// RFC 4291 clause 2.7.1: ff02::1:ff00:0/104 with the address's last 24 bits.
constexpr Ipv6Address solicited_node_multicast(const Ipv6Address& address) noexcept {
  return Ipv6Address::from_halves(0xff02ULL << 48, 0x1ff000000ULL | (address.half(1) & 0xffffffU));
}

/// RFC 2464 clause 7: 33:33 and the last 32 bits.
constexpr MacAddress multicast_mac_of(const Ipv6Address& group) noexcept {
  return MacAddress::from_value((0x3333ULL << 32) | (group.half(1) & 0xffffffffU));
}

/// RFC 4291 appendix A: fe80::/64 with the modified EUI-64 of the MAC address.
constexpr Ipv6Address link_local_of(const MacAddress& mac) noexcept {
  const std::uint64_t v = mac.value();
  return Ipv6Address::from_halves(0xfe80ULL << 48,
                                  (((v >> 24) ^ 0x020000U) << 40) | (0xfffeULL << 24) | (v & 0xffffffU));
}

/// Of either type; `flags` is for advertisements.
struct NeighbourMessage {
  std::uint8_t type;
  std::uint8_t code;
  Be16 checksum;
  Be32 flags;
  Ipv6Address target;

  bool is_solicitation() const noexcept { return type == icmpv6_type::neighbour_solicitation; }

  /// The link-layer address that an option of this type brings; false when there is none.
  /// `size` is that of the whole message, as view() checked it.
  bool link_layer_address(std::uint8_t option, std::size_t size, MacAddress& mac) const noexcept {
    const auto* at = reinterpret_cast<const std::uint8_t*>(this);
    for (std::size_t i = neighbour_message_size; i < size; i += std::size_t{at[i + 1]} * 8) {
      if (at[i] != option || at[i + 1] != 1) continue;
      std::copy_n(at + i + 2, mac.octets.size(), mac.octets.begin());
      return true;
    }
    return false;
  }

  /// The message in the payload of `ip`, or nullptr unless it passes the checks of clauses 7.1.1 and 7.1.2: hop
  /// limit, checksum, code, length, a target that is not multicast, options that fit and are not empty, and what is said of an
  /// unspecified source and of a multicast destination.
  static const NeighbourMessage* view(const Ipv6Header& ip) noexcept {
    const std::uint8_t* data = ip.payload();
    const std::size_t size = ip.payload_length();
    if (ip.hop_limit != neighbour_hop_limit || ip.next_header != ip_protocol::icmpv6 ||
        size < neighbour_message_size || icmpv6_checksum(ip.source, ip.destination, data, size) != 0)
      return nullptr;
    const auto* message = reinterpret_cast<const NeighbourMessage*>(data);
    if (message->code != 0 || message->target.is_multicast()) return nullptr;
    for (std::size_t i = neighbour_message_size; i < size;) {
      if (size - i < 8 || data[i + 1] == 0 || std::size_t{data[i + 1]} * 8 > size - i) return nullptr;
      i += std::size_t{data[i + 1]} * 8;
    }
    MacAddress mac;
    if (message->is_solicitation() && ip.source.is_zero() &&
        (ip.destination != solicited_node_multicast(message->target) ||
         message->link_layer_address(neighbour_option::source_link_layer_address, size, mac)))
      return nullptr;
    if (!message->is_solicitation() && ip.destination.is_multicast() &&
        (message->flags & neighbour_flags::solicited) != 0)
      return nullptr;
    return message;
  }
};
static_assert(sizeof(NeighbourMessage) == neighbour_message_size && alignof(NeighbourMessage) == 1);

/// Writes 40 + 32 octets: the IPv6 header and a message that carries `mac` as the option that is its type's.
inline void write_neighbour_message(std::uint8_t* at, std::uint8_t type, std::uint32_t flags,
                                    const Ipv6Address& source, const Ipv6Address& destination,
                                    const Ipv6Address& target, const MacAddress& mac) noexcept {
  write_ipv6(at, {.source = source,
                  .destination = destination,
                  .next_header = ip_protocol::icmpv6,
                  .payload_length = neighbour_message_with_mac_size,
                  .hop_limit = neighbour_hop_limit});
  std::uint8_t* const body = at + ipv6_header_size;
  const NeighbourMessage message{type, 0, std::uint16_t{0}, flags, target};
  std::memcpy(body, &message, sizeof message);
  body[neighbour_message_size] = message.is_solicitation() ? neighbour_option::source_link_layer_address
                                                           : neighbour_option::target_link_layer_address;
  body[neighbour_message_size + 1] = 1;
  std::memcpy(body + neighbour_message_size + 2, mac.octets.data(), mac.octets.size());
  finish_icmpv6(body, neighbour_message_with_mac_size, source, destination);
}

}  // namespace kiriko
