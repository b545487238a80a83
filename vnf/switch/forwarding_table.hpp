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
  static constexpr PortId no_port{0xffff};

  ForwardingTable() = default;
  /// Sorts everything out so that a lookup is one probe a prefix length in use.
  explicit ForwardingTable(const ForwardingEntries& entries);

  /// Moves the ports that are up to the front of their groups.
  void apply_port_states(const std::vector<bool>& up);

  /// What find() looks for first: for a packet of IPv4 its longest prefix, where there are prefixes at all.
  bool has_prefixes() const noexcept { return longest_.base != 0; }
  std::uint64_t first_key(Ipv4Address destination) const noexcept { return longest_.key(destination); }
  static std::uint64_t first_key(const MacAddress& destination) noexcept {
    return std::uint64_t{1} << 48 | destination.value();
  }
  /// Where the search for a key begins; until the table is another one. To be asked for ahead.
  std::uint32_t home_of(std::uint64_t key) const noexcept { return static_cast<std::uint32_t>(home(key)); }
  void prefetch(std::uint32_t home) const noexcept { rte_prefetch0(&slots_[home]); }

  /// The port by which all packets of the key leave, whatever their slice and hash; no_port: there is more to look at.
  PortId only_port(std::uint64_t key, std::uint32_t home) const noexcept {
    for (std::size_t at = home;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.key == key) return slot.only;
      if (slot.key == 0) return no_port;
    }
  }

  /// The group for a packet of `slice`, or nullptr. By one key alone:
  const PortGroup* find(std::uint64_t key, SliceId slice) const noexcept {
    const std::uint32_t row = find_row(key);
    return row == none ? nullptr : group_of(row, slice);
  }
  /// By the longest prefix with an entry for the slice or for all.
  const PortGroup* find(Ipv4Address destination, SliceId slice) const noexcept {
    for (const PrefixLength& length : lengths_) {
      const std::uint32_t row = find_row(length.key(destination));
      if (row != none) return group_of(row, slice);
    }
    return nullptr;
  }
  const PortGroup* find(const MacAddress& destination, SliceId slice) const noexcept {
    return find(first_key(destination), slice);
  }
  const PortId* ports_of(const PortGroup& group) const noexcept { return ports_.data() + group.first; }

 private:
  struct Slot {
    std::uint64_t key{};  ///< 0: empty
    std::uint32_t row{};
    PortId only{no_port};  ///< only_port()
  };

  struct PrefixLength {
    PrefixLength() = default;
    explicit PrefixLength(std::uint8_t prefix_length)
        : base((std::uint64_t{prefix_length} + 1) << 32),
          mask(Ipv4Prefix{Ipv4Address{0xffffffffU}, prefix_length}.network().address.value) {}
    std::uint64_t key(Ipv4Address address) const noexcept { return base | (address.value & mask); }
    std::uint64_t base{};
    std::uint32_t mask{};
  };

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
  void find_only_ports() noexcept;
  std::uint32_t group_index(const ForwardingKey& key, const std::vector<PortId>& ports,
                            std::map<std::pair<bool, std::vector<PortId>>, std::uint32_t>& known);

  std::vector<Slot> slots_{2};
  unsigned shift_{63};
  std::size_t mask_{1};
  PrefixLength longest_{};                        ///< of base 0: there are no prefixes
  std::vector<PrefixLength> lengths_{};           ///< prefix lengths in use, longest first
  std::vector<std::uint32_t> column_of_slice_{};  ///< 0: a slice without entries of its own
  std::uint32_t columns_{1};
  std::vector<std::uint32_t> resolved_{};  ///< group by row and column; unused when there is one column
  std::vector<PortGroup> groups_{};
  std::vector<PortId> ports_{};     ///< of all groups, those that are up first in each
  std::vector<PortId> declared_{};  ///< the same in the entries' order
};

}  // namespace kiriko
