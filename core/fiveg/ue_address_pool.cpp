// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Allocation of UE addresses.
#include "core/fiveg/ue_address_pool.hpp"

#include <algorithm>
#include <string>

namespace kiriko {
namespace {

std::uint64_t ipv4_size(const Ipv4Prefix& prefix) {
  const std::uint64_t all = std::uint64_t{1} << (32U - std::min<unsigned>(prefix.length, 32));
  return all >= 4 ? all - 3 : all;
}

std::uint64_t ipv6_size(const Ipv6Prefix& prefix) {
  const unsigned bits = Ipv6PrefixPool::ue_prefix_length - std::clamp<unsigned>(prefix.length, 1, 64);
  return std::uint64_t{1} << bits;
}

Problem exhausted(const std::string& pool, std::uint64_t size) {
  return {.message = "all UE addresses of the pool are taken",
          .where = pool,
          .found = std::to_string(size) + " taken",
          .hint = "a wider prefix for the DNN"};
}

Problem not_free(const std::string& pool, const std::string& address) {
  return {
      .message = "this UE address is taken, or not one the pool gives out", .where = pool, .found = address};
}

Problem not_taken(const std::string& pool, const std::string& address) {
  return {.message = "this UE address was not taken", .where = pool, .found = address};
}

}  // namespace

std::optional<std::uint64_t> NumberPool::allocate() {
  while (never_used_ < size_) {
    const std::uint64_t number = never_used_++;
    if (taken_.insert(number).second) return number;
  }
  if (freed_.empty()) return std::nullopt;
  const std::uint64_t number = freed_.begin()->second;
  reserve(number);
  return number;
}

bool NumberPool::reserve(std::uint64_t number) {
  if (number >= size_ || !taken_.insert(number).second) return false;
  if (const auto freed = freed_order_.find(number); freed != freed_order_.end()) {
    freed_.erase(freed->second);
    freed_order_.erase(freed);
  }
  return true;
}

bool NumberPool::release(std::uint64_t number) {
  if (taken_.erase(number) == 0) return false;
  if (number >= never_used_) return true;
  freed_.emplace(next_order_, number);
  freed_order_.emplace(number, next_order_++);
  return true;
}

Ipv4AddressPool::Ipv4AddressPool(Ipv4Prefix prefix)
    : prefix_(prefix.network()), first_(prefix.length <= 30 ? 2 : 0), numbers_(ipv4_size(prefix)) {}

std::optional<std::uint64_t> Ipv4AddressPool::number_of(Ipv4Address address) const {
  const std::uint32_t offset = address.value - prefix_.address.value;
  if (!prefix_.contains(address) || offset < first_) return std::nullopt;
  return offset - first_;
}

Result<Ipv4Address> Ipv4AddressPool::allocate() {
  const auto number = numbers_.allocate();
  if (!number) return fail(exhausted(to_string(prefix_), size()));
  return Ipv4Address{prefix_.address.value + first_ + static_cast<std::uint32_t>(*number)};
}

Result<void> Ipv4AddressPool::reserve(Ipv4Address address) {
  const auto number = number_of(address);
  if (!number || !numbers_.reserve(*number)) return fail(not_free(to_string(prefix_), to_string(address)));
  return {};
}

Result<void> Ipv4AddressPool::release(Ipv4Address address) {
  const auto number = number_of(address);
  if (!number || !numbers_.release(*number)) return fail(not_taken(to_string(prefix_), to_string(address)));
  return {};
}

Ipv6PrefixPool::Ipv6PrefixPool(Ipv6Prefix prefix) : prefix_(prefix.network()), numbers_(ipv6_size(prefix)) {}

std::optional<std::uint64_t> Ipv6PrefixPool::number_of(const Ipv6Prefix& ue) const {
  if (ue.length != ue_prefix_length || !prefix_.contains(ue.address)) return std::nullopt;
  return ue.address.half(0) - prefix_.address.half(0);
}

Result<Ipv6Prefix> Ipv6PrefixPool::allocate() {
  const auto number = numbers_.allocate();
  if (!number) return fail(exhausted(to_string(prefix_), size()));
  return Ipv6Prefix{Ipv6Address::from_halves(prefix_.address.half(0) + *number, 0), ue_prefix_length};
}

Result<void> Ipv6PrefixPool::reserve(const Ipv6Prefix& ue) {
  const auto number = number_of(ue);
  if (!number || !numbers_.reserve(*number)) return fail(not_free(to_string(prefix_), to_string(ue)));
  return {};
}

Result<void> Ipv6PrefixPool::release(const Ipv6Prefix& ue) {
  const auto number = number_of(ue);
  if (!number || !numbers_.release(*number)) return fail(not_taken(to_string(prefix_), to_string(ue)));
  return {};
}

}  // namespace kiriko
