// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values of Ethernet PDU sessions (TS 29.244 clauses 8.2.93 to 8.2.106).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/pfcp/plain_values.hpp"

namespace kiriko::pfcp {

struct EthernetPduSessionInformation {  ///< clause 8.2.102
  bool ethi{};                          ///< all Ethernet traffic of the PDU session
  friend bool operator==(const EthernetPduSessionInformation&,
                         const EthernetPduSessionInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ethi);
  }
};

/// Clause 8.2.93: an address each, or a range of them up to the upper one.
struct MacAddressFilter {
  std::optional<MacAddress> source{};
  std::optional<MacAddress> destination{};
  std::optional<MacAddress> upper_source{};
  std::optional<MacAddress> upper_destination{};
  friend bool operator==(const MacAddressFilter&, const MacAddressFilter&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.source, self.destination, self.upper_source, self.upper_destination);
    io(self.source, self.destination, self.upper_source, self.upper_destination);
  }
};

/// Clauses 8.2.94 (C-TAG) and 8.2.95 (S-TAG): only what is engaged is matched or set.
struct VlanTag {
  std::optional<std::uint8_t> priority{};          ///< PCP, 0 to 7
  std::optional<bool> drop_eligible{};             ///< DEI
  std::optional<std::uint16_t> vlan_identifier{};  ///< VID, 0 to 4095
  friend bool operator==(const VlanTag&, const VlanTag&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.priority, self.drop_eligible, self.vlan_identifier);
    std::uint8_t pcp = self.priority.value_or(0);
    bool dei = self.drop_eligible.value_or(false);
    std::uint16_t vid = self.vlan_identifier.value_or(0);
    auto high = static_cast<std::uint8_t>(vid >> 8);
    auto low = static_cast<std::uint8_t>(vid);
    io.packed(part<3>(pcp), part<1>(dei), part<4>(high));
    io(low);
    if constexpr (Io::reading) {
      if (self.priority) self.priority = pcp;
      if (self.drop_eligible) self.drop_eligible = dei;
      if (self.vlan_identifier) self.vlan_identifier = static_cast<std::uint16_t>((high << 8) | low);
    }
  }
};

struct Proxying {  ///< clause 8.2.97
  bool arp{};
  bool ins{};  ///< IPv6 neighbour solicitation
  friend bool operator==(const Proxying&, const Proxying&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.arp, self.ins);
  }
};

struct EthernetFilterProperties {  ///< clause 8.2.99
  bool bide{};                     ///< bidirectional
  friend bool operator==(const EthernetFilterProperties&, const EthernetFilterProperties&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.bide);
  }
};

/// Clauses 8.2.103 and 8.2.104: at most 255 addresses, and the tags they came with.
struct MacAddressList {
  std::vector<MacAddress> addresses{};
  Octets c_tag{};  ///< the C-TAG IE's value, empty without
  Octets s_tag{};
  friend bool operator==(const MacAddressList&, const MacAddressList&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    if constexpr (!Io::reading)
      if (self.addresses.size() > 255) return io.refuse();
    auto count = static_cast<std::uint8_t>(self.addresses.size());
    io(count);
    if constexpr (Io::reading) self.addresses.resize(count);
    for (auto& address : self.addresses) io(address);
    if (!io.more()) return;  // Release 15 had no tags
    io.counted8(self.c_tag);
    io.counted8(self.s_tag);
  }
};

using Ethertype = StrongId<struct EthertypeTag, std::uint16_t>;
using EthernetFilterId = StrongId<struct EthernetFilterIdTag>;

}  // namespace kiriko::pfcp
