// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Sizes of a device's buffers: what an MTU asks of the mbufs and of a driver's ring.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace kiriko {

inline constexpr std::uint32_t ethernet_header = 14;
inline constexpr std::uint32_t vlan_tag = 4;
inline constexpr std::uint32_t mbuf_headroom = 128;
inline constexpr std::uint32_t page = 4096;
/// What stands before an mbuf's data room in its pool: object header, mbuf, metadata.
inline constexpr std::uint32_t element_overhead = 64 + 128 + 64;
/// Without hugepages an element may not cross a page, and af_xdp counts on elements without a gap between
/// them: an element is a page.
inline constexpr std::uint32_t page_data_room = page - element_overhead;
/// The kernel keeps this much of an AF_XDP chunk for itself.
inline constexpr std::uint32_t xdp_headroom = 256;
inline constexpr std::uint32_t xdp_largest_mtu =
    page_data_room - mbuf_headroom - xdp_headroom - ethernet_header - vlan_tag;

/// Longest frame of an interface, with one VLAN tag and without FCS.
constexpr std::uint32_t longest_frame(std::uint32_t mtu) { return mtu + ethernet_header + vlan_tag; }

/// A TPACKET_V2 ring's slot: the frame behind at most 80 octets of header, a power of two so that slots fill
/// the ring's blocks.
constexpr std::uint32_t tpacket_slot(std::uint32_t mtu) {
  return std::max(2048U, std::bit_ceil(longest_frame(mtu) + 80));
}

static_assert(tpacket_slot(1500) == 2048);
static_assert(tpacket_slot(9000) == 16384);
static_assert(xdp_largest_mtu == 3438);

}  // namespace kiriko
