// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Echo requests turned into replies where they lie (RFC 792, RFC 4443 clause 4.2).
#pragma once

#include <utility>

#include "core/net/edit.hpp"
#include "core/net/icmp.hpp"
#include "core/net/icmpv6.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"

namespace kiriko::endpoint {

inline constexpr std::uint8_t reply_hop_limit = 64;

/// An intact echo request, whole: a fragment is not put together. `ip` is what view() gave for these bytes.
inline bool is_echo_request(const Ipv4Header& ip) noexcept {
  if (ip.protocol != ip_protocol::icmp || ip.is_fragment()) return false;
  const IcmpHeader* icmp = IcmpHeader::view(ip.payload(), ip.payload_length());
  return icmp != nullptr && icmp->type == icmp_type::echo_request && icmp->code == 0 &&
         internet_checksum(ip.payload(), ip.payload_length()) == 0;
}
inline bool is_echo_request(const Ipv6Header& ip) noexcept {
  if (ip.next_header != ip_protocol::icmpv6) return false;
  const Icmpv6Header* icmp = Icmpv6Header::view(ip.payload(), ip.payload_length());
  return icmp != nullptr && icmp->type == icmpv6_type::echo_request && icmp->code == 0 &&
         icmpv6_checksum(ip.source, ip.destination, ip.payload(), ip.payload_length()) == 0;
}

/// Turns the request at `ip` into its reply.
inline void turn_into_reply(Ipv4Header& ip) noexcept {
  std::swap(ip.source_address, ip.destination_address);
  const auto old_word = static_cast<std::uint16_t>((ip.time_to_live << 8) | ip.protocol);
  ip.time_to_live = reply_hop_limit;
  ip.checksum = updated_checksum(ip.checksum, old_word,
                                 static_cast<std::uint16_t>((reply_hop_limit << 8) | ip.protocol));
  auto* icmp = reinterpret_cast<IcmpHeader*>(ip.payload());
  icmp->type = icmp_type::echo_reply;
  icmp->checksum = updated_checksum(icmp->checksum, icmp_type::echo_request << 8, icmp_type::echo_reply << 8);
}
inline void turn_into_reply(Ipv6Header& ip) noexcept {
  std::swap(ip.source, ip.destination);
  ip.hop_limit = reply_hop_limit;
  auto* icmp = reinterpret_cast<Icmpv6Header*>(reinterpret_cast<std::uint8_t*>(&ip) + ipv6_header_size);
  icmp->type = icmpv6_type::echo_reply;
  icmp->checksum =
      updated_checksum(icmp->checksum, icmpv6_type::echo_request << 8, icmpv6_type::echo_reply << 8);
}

}  // namespace kiriko::endpoint
