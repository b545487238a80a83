// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Building of the forwarding table: groups without repetition, and every slice's answer worked out beforehand.
#include "vnf/switch/forwarding_table.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <set>

namespace kiriko {

std::uint64_t ForwardingTable::key_of(const ForwardingKey& key) noexcept {
  if (const auto* prefix = std::get_if<Ipv4Prefix>(&key.destination))
    return PrefixLength{prefix->length}.key(prefix->address);
  return first_key(std::get<MacAddress>(key.destination));
}

ForwardingTable::ForwardingTable(const ForwardingEntries& entries) {
  std::set<std::variant<Ipv4Prefix, MacAddress>> destinations;
  std::set<std::uint8_t, std::greater<>> lengths;
  std::set<SliceId> slices;
  for (const auto& [key, ports] : entries) {
    destinations.insert(key.destination);
    if (const auto* prefix = std::get_if<Ipv4Prefix>(&key.destination)) lengths.insert(prefix->length);
    if (key.slice != no_slice) slices.insert(key.slice);
  }
  for (const std::uint8_t length : lengths) lengths_.emplace_back(length);
  if (!lengths_.empty()) longest_ = lengths_.front();
  std::vector<SliceId> slice_of_column{no_slice};
  for (const SliceId slice : slices) {
    column_of_slice_.resize(std::size_t{slice.value} + 1);
    column_of_slice_[slice.value] = columns_++;
    slice_of_column.push_back(slice);
  }

  // At most half full, so that a search for what is not there ends soon.
  const std::size_t capacity = std::bit_ceil(std::max<std::size_t>(2, destinations.size() * 2));
  slots_.assign(capacity, Slot{});
  mask_ = capacity - 1;
  shift_ = 64U - static_cast<unsigned>(std::countr_zero(capacity));

  std::map<std::pair<bool, std::vector<PortId>>, std::uint32_t> known;
  const auto exact = [&](const ForwardingKey& key) {
    const auto it = entries.find(key);
    return it == entries.end() ? none : group_index(key, it->second, known);
  };
  const auto at_destination = [&](const std::variant<Ipv4Prefix, MacAddress>& destination, SliceId slice) {
    const std::uint32_t own = slice == no_slice ? none : exact({destination, slice});
    return own != none ? own : exact({destination, no_slice});
  };
  const auto resolve = [&](const std::variant<Ipv4Prefix, MacAddress>& destination, SliceId slice) {
    const auto* prefix = std::get_if<Ipv4Prefix>(&destination);
    if (prefix == nullptr) return at_destination(destination, slice);
    for (const std::uint8_t length : lengths) {
      if (length > prefix->length) continue;
      const std::uint32_t group = at_destination(Ipv4Prefix{prefix->address, length}.network(), slice);
      if (group != none) return group;
    }
    return none;
  };
  std::uint32_t rows = 0;
  for (const auto& destination : destinations) {
    const std::uint64_t key = key_of({destination, no_slice});
    if (columns_ == 1) {
      insert(key, resolve(destination, no_slice));
      continue;
    }
    for (const SliceId slice : slice_of_column) resolved_.push_back(resolve(destination, slice));
    insert(key, rows++);
  }
  ports_ = declared_;
  find_only_ports();
}

void ForwardingTable::find_only_ports() noexcept {
  const auto port_of_group = [&](std::uint32_t index) {
    if (index == none) return no_port;
    const PortGroup& group = groups_[index];
    return !group.flood && group.live == 1 ? ports_[group.first] : no_port;
  };
  for (Slot& slot : slots_) {
    if (slot.key == 0) continue;
    const std::uint32_t* groups = columns_ == 1 ? &slot.row : &resolved_[std::size_t{slot.row} * columns_];
    slot.only = port_of_group(groups[0]);
    for (std::uint32_t column = 1; column < columns_; ++column)
      if (port_of_group(groups[column]) != slot.only) slot.only = no_port;
  }
}

void ForwardingTable::insert(std::uint64_t key, std::uint32_t row) noexcept {
  std::size_t at = home(key);
  while (slots_[at].key != 0) at = (at + 1) & mask_;
  slots_[at] = {key, row};
}

std::uint32_t ForwardingTable::group_index(
    const ForwardingKey& key, const std::vector<PortId>& ports,
    std::map<std::pair<bool, std::vector<PortId>>, std::uint32_t>& known) {
  const auto* mac = std::get_if<MacAddress>(&key.destination);
  const bool flood = mac != nullptr && mac->is_group();
  const auto [it, added] = known.try_emplace({flood, ports}, static_cast<std::uint32_t>(groups_.size()));
  if (added) {
    const auto size = static_cast<std::uint16_t>(ports.size());
    groups_.push_back(
        {.first = static_cast<std::uint32_t>(declared_.size()), .live = size, .size = size, .flood = flood});
    declared_.insert(declared_.end(), ports.begin(), ports.end());
  }
  return it->second;
}

void ForwardingTable::apply_port_states(const std::vector<bool>& up) {
  for (PortGroup& group : groups_) {
    group.live = 0;
    for (std::uint32_t i = group.first; i < group.first + group.size; ++i)
      if (up[declared_[i].value]) ports_[group.first + group.live++] = declared_[i];
  }
  find_only_ports();
}

}  // namespace kiriko
