// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The VXLAN header (RFC 7348).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/net/big_endian.hpp"

namespace kiriko {

inline constexpr std::size_t vxlan_header_size = 8;
inline constexpr std::uint16_t vxlan_port = 4789;

struct VxlanHeader {
  Be32 flags_and_reserved;
  Be32 vni_and_reserved;

  constexpr std::uint32_t vni() const noexcept { return vni_and_reserved >> 8; }

  /// nullptr unless the I flag is set; reserved bits are ignored on receipt.
  static const VxlanHeader* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < vxlan_header_size) return nullptr;
    const auto* vxlan = reinterpret_cast<const VxlanHeader*>(data);
    return (vxlan->flags_and_reserved & 0x08000000U) != 0 ? vxlan : nullptr;
  }
};
static_assert(sizeof(VxlanHeader) == vxlan_header_size && alignof(VxlanHeader) == 1);

/// Writes 8 octets; `vni` has 24 bits.
inline void write_vxlan(std::uint8_t* at, std::uint32_t vni) noexcept {
  const VxlanHeader vxlan{0x08000000U, vni << 8};
  std::memcpy(at, &vxlan, sizeof vxlan);
}

}  // namespace kiriko
