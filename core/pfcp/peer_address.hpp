// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PeerAddress: where datagrams of PFCP come from and go to.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

#include "core/net/ipv4_address.hpp"
#include "core/net/ipv6_address.hpp"

namespace kiriko::pfcp {

inline constexpr std::uint16_t pfcp_port = 8805;

using IpAddress = std::variant<Ipv4Address, Ipv6Address>;

/// Requests go to port 8805 and come from any port; answers go where the request came from (clause 6.2).
struct PeerAddress {
  IpAddress address{};
  std::uint16_t port{pfcp_port};
  friend auto operator<=>(const PeerAddress&, const PeerAddress&) = default;
};

/// "10.0.0.1:8805", "[2001:db8::1]:8805".
inline std::string to_string(const PeerAddress& peer) {
  const std::string port = ':' + std::to_string(peer.port);
  if (const auto* v4 = std::get_if<Ipv4Address>(&peer.address)) return kiriko::to_string(*v4) + port;
  return '[' + kiriko::to_string(std::get<Ipv6Address>(peer.address)) + ']' + port;
}

}  // namespace kiriko::pfcp
