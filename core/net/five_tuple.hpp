// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FiveTuple of an IPv4 packet, its reverse and a deterministic hash.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "core/net/ip_protocol.hpp"
#include "core/net/ipv4.hpp"

namespace kiriko {

struct FiveTuple {
  Ipv4Address source{};
  Ipv4Address destination{};
  std::uint16_t source_port{};
  std::uint16_t destination_port{};
  std::uint8_t protocol{};

  friend constexpr auto operator<=>(const FiveTuple&, const FiveTuple&) = default;

  constexpr FiveTuple reversed() const noexcept {
    return {destination, source, destination_port, source_port, protocol};
  }

  /// The same on every machine; a `seed` of its own for every switch keeps their choices independent.
  constexpr std::uint32_t hash(std::uint32_t seed = 0) const noexcept {
    const std::uint64_t addresses = (std::uint64_t{source.value} << 32) | destination.value;
    const std::uint64_t rest = (std::uint64_t{source_port} << 48) | (std::uint64_t{destination_port} << 32) |
                               (std::uint64_t{protocol} << 24);
    std::uint64_t h = (addresses ^ seed) * 0x9e3779b97f4a7c15ULL;
    h = (h ^ (h >> 32) ^ rest) * 0xbf58476d1ce4e5b9ULL;
    h = (h ^ (h >> 29)) * 0x94d049bb133111ebULL;
    return static_cast<std::uint32_t>(h >> 32);
  }
};

/// Reads the tuple of the IPv4 packet at `l3`. Fragments (the first included) and protocols without ports
/// have ports 0. False when the packet is malformed or ends within its ports.
inline bool parse_five_tuple(const std::uint8_t* l3, std::size_t available, FiveTuple& out) noexcept {
  const Ipv4Header* ip = Ipv4Header::view(l3, available);
  if (ip == nullptr) return false;
  out = {ip->source(), ip->destination(), 0, 0, ip->protocol};
  if (ip->is_fragment() || !ip_protocol::has_ports(ip->protocol)) return true;
  if (ip->payload_length() < 4) return false;
  const std::uint8_t* ports = ip->payload();
  out.source_port = static_cast<std::uint16_t>((ports[0] << 8) | ports[1]);
  out.destination_port = static_cast<std::uint16_t>((ports[2] << 8) | ports[3]);
  return true;
}

}  // namespace kiriko
