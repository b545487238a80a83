// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// InterfaceAddresses: what the endpoint owns, what it answers for, and which neighbour a packet goes to next.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "vnf/ip_endpoint/ip_address.hpp"

namespace kiriko::endpoint {

/// Lists of a few entries each, looked through in order.
class InterfaceAddresses {
 public:
  /// An address with the prefix that is on-link with it.
  void add_own(const IpPrefix& own) { own_.push_back(own); }
  void add_proxied(const IpPrefix& prefix) { proxied_.push_back(prefix); }
  void set_gateway(const IpAddress& gateway) { gateways_[gateway.is_ipv4() ? 0 : 1] = gateway; }

  const std::vector<IpPrefix>& own() const noexcept { return own_; }

  bool owns(const IpAddress& address) const noexcept {
    for (const IpPrefix& own : own_)
      if (own.address == address) return true;
    return false;
  }
  bool proxies(const IpAddress& address) const noexcept {
    for (const IpPrefix& prefix : proxied_)
      if (prefix.contains(address)) return true;
    return false;
  }
  bool on_link(const IpAddress& address) const noexcept { return own_beside(address) != nullptr; }

  /// Limited (255.255.255.255), or that of an on-link network (not of a /31 or /32, RFC 3021).
  bool is_broadcast(const IpAddress& address) const noexcept {
    if (!address.is_ipv4()) return false;
    if (address.ipv4().is_broadcast()) return true;
    const IpPrefix* own = own_beside(address);
    return own != nullptr && own->length < 31 &&
           (address.ipv4().value | Ipv4Prefix{{}, own->length}.mask()) == 0xffffffffU;
  }

  /// The destination itself where it is on-link, else the gateway of its version, else nobody.
  std::optional<IpAddress> next_hop(const IpAddress& destination) const noexcept {
    if (on_link(destination)) return destination;
    return gateways_[destination.is_ipv4() ? 0 : 1];
  }

  /// The own address from which to speak to `other`: one of its network, else the first that is not link-local, else
  /// any of its version.
  std::optional<IpAddress> speaking_to(const IpAddress& other) const noexcept {
    if (const IpPrefix* own = own_beside(other); own != nullptr) return own->address;
    std::optional<IpAddress> found;
    for (const IpPrefix& own : own_) {
      if (own.address.version != other.version) continue;
      if (!own.address.is_link_local_ipv6()) return own.address;
      if (!found) found = own.address;
    }
    return found;
  }

 private:
  const IpPrefix* own_beside(const IpAddress& address) const noexcept {
    for (const IpPrefix& own : own_)
      if (own.contains(address)) return &own;
    return nullptr;
  }

  std::vector<IpPrefix> own_, proxied_;
  std::array<std::optional<IpAddress>, 2> gateways_{};
};

}  // namespace kiriko::endpoint
