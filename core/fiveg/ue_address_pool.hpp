// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UeAddressPool: the UE addresses and prefixes of one DNN (TS 23.501 clause 5.8.2.2).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "core/base/result.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/ipv6_address.hpp"

namespace kiriko {

/// Numbers 0 to size-1. Those never used go first, in their order; then the one that has been free for longest, so
/// that an address comes back to another UE as late as can be.
class NumberPool {
 public:
  explicit NumberPool(std::uint64_t size) : size_(size) {}

  /// None: all are taken.
  std::optional<std::uint64_t> allocate();
  /// False: taken, or not of the pool.
  bool reserve(std::uint64_t number);
  /// False: it was not taken.
  bool release(std::uint64_t number);

  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t taken() const noexcept { return taken_.size(); }

 private:
  std::uint64_t size_;
  std::uint64_t never_used_{0};                           ///< the first of them; a reserved one may lie above
  std::map<std::uint64_t, std::uint64_t> freed_{};        ///< by the order in which they became free
  std::map<std::uint64_t, std::uint64_t> freed_order_{};  ///< and where in it a number stands
  std::uint64_t next_order_{0};
  std::set<std::uint64_t> taken_{};
};

/// IPv4 addresses of a prefix: its network address, its first address (the gateway) and its broadcast address stay
/// free where it is /30 or wider.
class Ipv4AddressPool {
 public:
  explicit Ipv4AddressPool(Ipv4Prefix prefix);
  Result<Ipv4Address> allocate();
  /// A static address (of a subscription or a scenario).
  Result<void> reserve(Ipv4Address address);
  Result<void> release(Ipv4Address address);
  std::uint64_t size() const noexcept { return numbers_.size(); }
  std::uint64_t taken() const noexcept { return numbers_.taken(); }

 private:
  std::optional<std::uint64_t> number_of(Ipv4Address address) const;
  Ipv4Prefix prefix_;
  std::uint32_t first_;  ///< offset of number 0 in the prefix
  NumberPool numbers_;
};

/// A /64 for each UE out of a wider prefix (TS 23.501 clause 5.8.2.2.3).
class Ipv6PrefixPool {
 public:
  static constexpr std::uint8_t ue_prefix_length = 64;

  /// `prefix`: /1 to /64.
  explicit Ipv6PrefixPool(Ipv6Prefix prefix);
  Result<Ipv6Prefix> allocate();
  Result<void> reserve(const Ipv6Prefix& ue);
  Result<void> release(const Ipv6Prefix& ue);
  std::uint64_t size() const noexcept { return numbers_.size(); }
  std::uint64_t taken() const noexcept { return numbers_.taken(); }

 private:
  std::optional<std::uint64_t> number_of(const Ipv6Prefix& ue) const;
  Ipv6Prefix prefix_;
  NumberPool numbers_;
};

}  // namespace kiriko
