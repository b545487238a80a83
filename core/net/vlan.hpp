// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// VLAN tags (IEEE 802.1Q, 802.1ad), and where a frame's payload begins behind them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"
#include "core/net/ethernet.hpp"

namespace kiriko {

inline constexpr std::size_t vlan_tag_size = 4;
inline constexpr std::uint16_t vlan_id_mask = 0x0fff;

/// What follows a tag's own ether type: its control information and the type of what it wraps.
struct VlanTag {
  Be16 tag_control;
  Be16 type;

  constexpr std::uint16_t id() const noexcept {
    return static_cast<std::uint16_t>(tag_control & vlan_id_mask);
  }
  constexpr std::uint8_t priority() const noexcept { return static_cast<std::uint8_t>(tag_control >> 13); }
  constexpr bool drop_eligible() const noexcept { return (tag_control & 0x1000U) != 0; }

  static const VlanTag* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < vlan_tag_size) return nullptr;
    return reinterpret_cast<const VlanTag*>(data);
  }
};
static_assert(sizeof(VlanTag) == vlan_tag_size && alignof(VlanTag) == 1);

/// Writes 4 octets. `priority` is 0 to 7, `id` 0 to 4095.
inline void write_vlan(std::uint8_t* at, std::uint16_t id, std::uint8_t priority,
                       std::uint16_t type) noexcept {
  const VlanTag tag{static_cast<std::uint16_t>((priority << 13) | (id & vlan_id_mask)), type};
  std::memcpy(at, &tag, sizeof tag);
}

/// What lies behind the Ethernet header and at most two tags.
struct EthernetPayload {
  std::uint16_t type{};
  std::uint16_t offset{};   ///< from the frame's first octet
  std::uint16_t vlan_id{};  ///< of the outermost tag; meaningful when tags > 0
  std::uint8_t priority{};  ///< of the outermost tag
  std::uint8_t tags{};
};

/// False when the frame ends before its payload, or has a third tag.
inline bool parse_ethernet(const std::uint8_t* data, std::size_t available, EthernetPayload& out) noexcept {
  const EthernetHeader* ethernet = EthernetHeader::view(data, available);
  if (ethernet == nullptr) return false;
  out = {.type = ethernet->type, .offset = ethernet_header_size};
  while (out.type == ether_type::vlan || out.type == ether_type::service_vlan) {
    const VlanTag* tag = VlanTag::view(data + out.offset, available - out.offset);
    if (tag == nullptr || out.tags == 2) return false;
    if (out.tags++ == 0) {
      out.vlan_id = tag->id();
      out.priority = tag->priority();
    }
    out.type = tag->type;
    out.offset = static_cast<std::uint16_t>(out.offset + vlan_tag_size);
  }
  return true;
}

}  // namespace kiriko
