// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UserPacket: what SDF filters look at, of an IPv4 or IPv6 packet; and the filters as the data path has them.
#pragma once

#include <cstdint>

#include "core/control/packet_detection.hpp"
#include "core/net/five_tuple.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"

namespace kiriko::upf {

/// An address of either version in two words; an IPv4 address lies in the low half of the second.
struct WideAddress {
  std::uint64_t high{}, low{};
  friend bool operator==(const WideAddress&, const WideAddress&) = default;
  static WideAddress of(Ipv4Address address) noexcept { return {0, address.value}; }
  static WideAddress of(const Ipv6Address& address) noexcept { return {address.half(0), address.half(1)}; }
};

/// An IPv6 prefix of a UE.
struct PrefixEntry {
  WideAddress value, mask;
  bool contains(const WideAddress& address) const noexcept {
    return ((address.high ^ value.high) & mask.high) == 0 && ((address.low ^ value.low) & mask.low) == 0;
  }
};

struct UserPacket {
  WideAddress source{}, destination{};
  std::uint32_t spi{}, flow_label{};
  std::uint16_t source_port{}, destination_port{};
  std::uint8_t version{};  ///< 4 or 6; 0: neither
  std::uint8_t protocol{}, traffic_class{};
  bool has_spi{};
  bool whole{};  ///< it does not end within its ports, SPI or extension headers
};

/// Reads the IPv4 or IPv6 packet at `l3`. Fragments (the first included) and protocols without ports have ports 0.
/// Its version is 0 where the header is broken.
UserPacket read_user_packet(const std::uint8_t* l3, std::size_t octets) noexcept;

struct FilterEntry {
  static constexpr std::uint8_t has_protocol = 1, has_traffic_class = 2, has_spi = 4, has_flow_label = 8;

  PrefixEntry remote, local;
  std::uint32_t spi, flow_label;
  std::uint32_t first_range;  ///< of the remote ports, then of the local ones
  std::uint16_t remote_ranges, local_ranges;
  std::uint8_t remote_version, local_version;  ///< 0: any
  std::uint8_t protocol, traffic_class, traffic_class_mask;
  std::uint8_t conditions;
  std::uint8_t unused[2];
};

struct EthernetFilterEntry {
  static constexpr std::uint8_t has_type = 1, has_c_tag = 2, has_s_tag = 4, bidirectional = 8;
  static constexpr std::uint8_t has_id = 1, has_priority = 2, has_drop_eligible = 4;
  struct Tag {
    std::uint16_t id;
    std::uint8_t priority, drop_eligible, conditions;
  };
  std::uint32_t first_mac;  ///< ranges of sources, then of destinations, among the block's MacAddressRanges
  std::uint32_t first_filter;
  std::uint16_t filter_count;
  std::uint16_t sources, destinations;
  std::uint16_t type;
  Tag c_tag, s_tag;
  std::uint8_t conditions;
  std::uint8_t unused[3];
};

/// `remote` and `local` are those of the packet as seen on the downlink.
bool matches(const FilterEntry& filter, const SdfPortRange* ranges, const UserPacket& packet,
             bool uplink) noexcept;

}  // namespace kiriko::upf
