// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Allocation of TEIDs and UE addresses.
#include "vnf/upf/n4/allocation.hpp"

#include "core/pfcp/plain_values.hpp"

namespace kiriko::upf {
namespace {

/// Odd, so that multiplication permutes 32 bits.
constexpr std::uint32_t permutation = 0x9e3779b1U;

}  // namespace

Teid TeidAllocator::allocate() {
  for (;;) {
    const std::uint32_t teid = (next_++ * permutation) ^ seed_;
    if (teid != 0 && !chosen_by_peers_.contains(teid)) return Teid{teid};
  }
}

Result<UeAddresses> UeAddresses::create(const std::vector<std::string>& pools) {
  UeAddresses made;
  for (const std::string& text : pools) {
    const std::size_t equals = text.find('=');
    const auto wrong = [&](std::string message) {
      return fail({.message = std::move(message),
                   .where = "ue_pools",
                   .found = "'" + text + "'",
                   .allowed = "such as internet=10.45.0.0/16 or internet=2001:db8:45::/48"});
    };
    if (equals == std::string::npos) return wrong("a pool has a network instance and a prefix");
    const std::string name = pfcp::canonical_name(text.substr(0, equals));
    const std::string prefix = text.substr(equals + 1);
    if (const auto v4 = Ipv4Prefix::parse(prefix); v4 && v4->length <= 30) {
      if (!made.ipv4_.emplace(name, Ipv4AddressPool(v4->network())).second)
        return wrong("a network instance has one pool of each kind");
    } else if (const auto v6 = Ipv6Prefix::parse(prefix); v6 && v6->length >= 1 && v6->length <= 64) {
      if (!made.ipv6_.emplace(name, Ipv6PrefixPool(v6->network())).second)
        return wrong("a network instance has one pool of each kind");
    } else {
      return wrong("this is no pool of UE addresses");
    }
  }
  return made;
}

std::optional<Ipv4Address> UeAddresses::allocate_ipv4(const std::string& network_instance) {
  const auto pool = ipv4_.find(network_instance);
  if (pool == ipv4_.end()) return std::nullopt;
  const auto address = pool->second.allocate();
  return address ? std::optional(*address) : std::nullopt;
}

std::optional<Ipv6Prefix> UeAddresses::allocate_ipv6(const std::string& network_instance) {
  const auto pool = ipv6_.find(network_instance);
  if (pool == ipv6_.end()) return std::nullopt;
  const auto prefix = pool->second.allocate();
  return prefix ? std::optional(*prefix) : std::nullopt;
}

void UeAddresses::release(const std::string& network_instance, Ipv4Address address) {
  if (const auto pool = ipv4_.find(network_instance); pool != ipv4_.end())
    static_cast<void>(pool->second.release(address));
}

void UeAddresses::release(const std::string& network_instance, const Ipv6Prefix& prefix) {
  if (const auto pool = ipv6_.find(network_instance); pool != ipv6_.end())
    static_cast<void>(pool->second.release(prefix));
}

}  // namespace kiriko::upf
