// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ForwardingTable: destination and slice to a group of ports, in one flat hash table probed longest prefix first.
#pragma once

#include <rte_prefetch.h>

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/control/change.hpp"

namespace kiriko {

/// What an entry is known by: setting the same destination and slice again replaces it.
struct ForwardingKey {
  std::variant<Ipv4Prefix, MacAddress> destination{};
  SliceId slice{no_slice};  ///< no_slice: all slices
  friend auto operator<=>(const ForwardingKey&, const ForwardingKey&) = default;
};
using ForwardingEntries = std::map<ForwardingKey, std::vector<PortId>>;

/// The ports of one or more entries: those that are up come first, in the entry's order.
struct PortGroup {
  std::uint32_t first{};  ///< in ForwardingTable's list of ports
  std::uint16_t live{};
  std::uint16_t size{};
  bool flood{};  ///< a copy to each port instead of one port by hash
};

class ForwardingTable {
 public:
  static constexpr std::uint32_t none = 0xffffffffU;

  ForwardingTable() = default;
  /// Sorts everything out so that a lookup is one probe a prefix length in use.
  explicit ForwardingTable(const ForwardingEntries& entries);

  /// Moves the ports that are up to the front of their groups.
  void apply_port_states(const std::vector<bool>& up);

  void prefetch(Ipv4Address destination) const noexcept {
    if (!lengths_.empty()) rte_prefetch0(&slots_[home(prefix_key(destination, lengths_.front()))]);
  }
  void prefetch(const MacAddress& destination) const noexcept {
    rte_prefetch0(&slots_[home(mac_key(destination))]);
  }

  /// The group for a packet of `slice`, or nullptr. Longest prefix with an entry for the slice or for all.
  const PortGroup* find(Ipv4Address destination, SliceId slice) const noexcept {
    for (const std::uint8_t length : lengths_) {
      const std::uint32_t row = find_row(prefix_key(destination, length));
      if (row != none) return group_of(row, slice);
    }
    return nullptr;
  }
  const PortGroup* find(const MacAddress& destination, SliceId slice) const noexcept {
    const std::uint32_t row = find_row(mac_key(destination));
    return row == none ? nullptr : group_of(row, slice);
  }
  const PortId* ports_of(const PortGroup& group) const noexcept { return ports_.data() + group.first; }

 private:
  struct Slot {
    std::uint64_t key{};  ///< 0: empty
    std::uint32_t row{};
  };

  static std::uint64_t prefix_key(Ipv4Address address, std::uint8_t length) noexcept {
    return (std::uint64_t{length} + 1) << 32 | Ipv4Prefix{address, length}.network().address.value;
  }
  static std::uint64_t mac_key(const MacAddress& mac) noexcept {
    return std::uint64_t{1} << 48 | mac.value();
  }
  static std::uint64_t key_of(const ForwardingKey& key) noexcept;
  std::size_t home(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ULL) >> shift_);
  }
  std::uint32_t find_row(std::uint64_t key) const noexcept {
    for (std::size_t at = home(key);; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.key == key) return slot.row;
      if (slot.key == 0) return none;
    }
  }
  const PortGroup* group_of(std::uint32_t row, SliceId slice) const noexcept {
    std::uint32_t group = row;
    if (columns_ > 1) {
      const std::uint32_t column = slice.value < column_of_slice_.size() ? column_of_slice_[slice.value] : 0;
      group = resolved_[std::size_t{row} * columns_ + column];
    }
    return group == none ? nullptr : &groups_[group];
  }
  void insert(std::uint64_t key, std::uint32_t row) noexcept;
  std::uint32_t group_index(const ForwardingKey& key, const std::vector<PortId>& ports,
                            std::map<std::pair<bool, std::vector<PortId>>, std::uint32_t>& known);

  std::vector<Slot> slots_{2};
  unsigned shift_{63};
  std::size_t mask_{1};
  std::vector<std::uint8_t> lengths_{};           ///< prefix lengths in use, longest first
  std::vector<std::uint32_t> column_of_slice_{};  ///< 0: a slice without entries of its own
  std::uint32_t columns_{1};
  std::vector<std::uint32_t> resolved_{};  ///< group by row and column; unused when there is one column
  std::vector<PortGroup> groups_{};
  std::vector<PortId> ports_{};     ///< of all groups, those that are up first in each
  std::vector<PortId> declared_{};  ///< the same in the entries' order
};

}  // namespace kiriko
