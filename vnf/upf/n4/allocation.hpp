// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What the UPF allocates for the SMF: F-TEIDs (TS 29.244 clause 5.5) and UE addresses (clause 5.21).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/fiveg/identifiers.hpp"
#include "core/fiveg/ue_address_pool.hpp"

namespace kiriko::upf {

/// TEIDs in an order that a peer cannot guess from its own: every number once before any comes again.
class TeidAllocator {
 public:
  explicit TeidAllocator(std::uint32_t seed) : seed_(seed) {}
  /// Never 0, never one that the SMF has chosen.
  Teid allocate();
  void choose_by_peer(Teid teid) { chosen_by_peers_.insert(teid.value); }
  /// Once for each choose_by_peer(): of two sessions that want one TEID the user plane refuses the second.
  void release(Teid teid) {
    if (const auto one = chosen_by_peers_.find(teid.value); one != chosen_by_peers_.end())
      chosen_by_peers_.erase(one);
  }

 private:
  std::uint32_t seed_;
  std::uint32_t next_{};
  std::multiset<std::uint32_t> chosen_by_peers_{};
};

/// The UE address pools, by network instance.
class UeAddresses {
 public:
  /// Each "internet=10.45.0.0/16" or "internet=2001:db8::/48"; the canonical name in front.
  static Result<UeAddresses> create(const std::vector<std::string>& pools);

  bool empty() const noexcept { return ipv4_.empty() && ipv6_.empty(); }
  /// Nothing when the instance has no pool, or none is left.
  std::optional<Ipv4Address> allocate_ipv4(const std::string& network_instance);
  std::optional<Ipv6Prefix> allocate_ipv6(const std::string& network_instance);
  void release(const std::string& network_instance, Ipv4Address address);
  void release(const std::string& network_instance, const Ipv6Prefix& prefix);

 private:
  std::map<std::string, Ipv4AddressPool> ipv4_{};
  std::map<std::string, Ipv6PrefixPool> ipv6_{};
};

}  // namespace kiriko::upf
