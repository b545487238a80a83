// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Addresses of nodes, sessions, tunnels and UEs as PFCP carries them (TS 29.244 clause 8.2).
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "core/fiveg/identifiers.hpp"
#include "core/pfcp/interfaces.hpp"
#include "core/pfcp/plain_values.hpp"

namespace kiriko::pfcp {

using Fqdn = LabelledName<struct FqdnTag>;
using NetworkInstance = LabelledName<struct NetworkInstanceTag>;  ///< clause 8.2.4
using ApnDnn = LabelledName<struct ApnDnnTag>;                    ///< clause 8.2.103

/// Clause 8.2.38.
using NodeId = std::variant<Ipv4Address, Ipv6Address, Fqdn>;

template <>
struct OctetsOf<NodeId> {
  template <class Io, class Self>
  static void apply(Io& io, Self& self) {
    auto type = static_cast<std::uint8_t>(self.index());
    io.packed(part<4>(type));
    if constexpr (Io::reading) {
      io.require(type <= 2);
      if (type == 1)
        self = Ipv6Address{};
      else if (type == 2)
        self = Fqdn{};
      else
        self = Ipv4Address{};
    }
    std::visit([&](auto& address) { io(address); }, self);
  }
};

/// Local F-TEID, allocated; also a remote one (clause 8.2.3).
struct FTeid {
  Teid teid{};
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  friend bool operator==(const FTeid&, const FTeid&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ipv4, self.ipv6, Clear{});
    io(self.teid, self.ipv4, self.ipv6);
    io.require(self.ipv4 || self.ipv6);
  }
};

using ChooseId = StrongId<struct ChooseIdTag, std::uint8_t>;

/// Asks the UP function to allocate an F-TEID: the CHOOSE flag. PDRs with the same CHOOSE ID get the same one.
struct ChooseFTeid {
  bool ipv4{};
  bool ipv6{};
  std::optional<ChooseId> choose_id{};
  friend bool operator==(const ChooseFTeid&, const ChooseFTeid&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    bool choose = true;
    io.flags(self.ipv4, self.ipv6, choose, self.choose_id);
    io(self.choose_id);
    io.require(self.ipv4 || self.ipv6);
  }
};

/// The F-TEID of a PDI or a traffic endpoint: either allocated by the CP function or to be chosen.
using LocalFTeid = std::variant<FTeid, ChooseFTeid>;

template <>
struct OctetsOf<LocalFTeid> {
  template <class Io, class Self>
  static void apply(Io& io, Self& self) {
    if constexpr (Io::reading) {
      if ((io.peek() & 0x04U) != 0)
        self = ChooseFTeid{};
      else
        self = FTeid{};
    }
    std::visit([&](auto& f_teid) { io(f_teid); }, self);
  }
};

/// Clause 8.2.37.
struct FSeid {
  Seid seid{};
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  friend bool operator==(const FSeid&, const FSeid&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ipv6, self.ipv4);
    io(self.seid, self.ipv4, self.ipv6);
    io.require(self.ipv4 || self.ipv6);
  }
};

/// Clause 8.2.62. In a PDI `destination` tells which address of a packet it is matched with.
struct UeIpAddress {
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  bool destination{};  ///< S/D: 0 = source, 1 = destination
  bool choose_ipv4{};  ///< CHV4: the UP function allocates
  bool choose_ipv6{};
  std::optional<std::uint8_t> ipv6_prefix_delegation_bits{};  ///< IPv6D: this many bits shorter than 64
  std::optional<std::uint8_t> ipv6_prefix_length{};           ///< IP6PL: instead of 64
  friend bool operator==(const UeIpAddress&, const UeIpAddress&) = default;

  /// The UE's prefix; none without an IPv6 address.
  std::optional<Ipv6Prefix> prefix() const {
    if (!ipv6) return std::nullopt;
    std::uint8_t length = ipv6_prefix_length.value_or(64);
    if (ipv6_prefix_delegation_bits)
      length = static_cast<std::uint8_t>(64 - std::min<unsigned>(*ipv6_prefix_delegation_bits, 64));
    return Ipv6Prefix{*ipv6, length};
  }

  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ipv6, self.ipv4, self.destination, self.ipv6_prefix_delegation_bits, self.choose_ipv4,
             self.choose_ipv6, self.ipv6_prefix_length);
    io(self.ipv4, self.ipv6, self.ipv6_prefix_delegation_bits, self.ipv6_prefix_length);
    io.require(self.ipv6_prefix_delegation_bits.value_or(0) <= 64 &&
               self.ipv6_prefix_length.value_or(64) <= 128);
  }
};

/// Addresses with the flags in the order V6, V4, as several IEs have them.
template <class Tag>
struct AddressPair {
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  friend bool operator==(const AddressPair&, const AddressPair&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ipv6, self.ipv4);
    io(self.ipv4, self.ipv6);
    io.require(self.ipv4 || self.ipv6);
  }
};
using CpPfcpEntityIpAddress = AddressPair<struct CpPfcpEntityTag>;  ///< clause 8.2.129
using CpIpAddress = AddressPair<struct CpIpAddressTag>;             ///< clause 8.2.200

/// Clause 8.2.124.
struct AlternativeSmfIpAddress {
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  bool preferred{};  ///< PPE: preferred PFCP entity
  friend bool operator==(const AlternativeSmfIpAddress&, const AlternativeSmfIpAddress&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ipv6, self.ipv4, self.preferred);
    io(self.ipv4, self.ipv6);
    io.require(self.ipv4 || self.ipv6);
  }
};

/// Clause 8.2.137: where the sender of a heartbeat is reached, NAT or not.
struct SourceIpAddress {
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  std::optional<std::uint8_t> mask_prefix_length{};
  friend bool operator==(const SourceIpAddress&, const SourceIpAddress&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ipv6, self.ipv4, self.mask_prefix_length);
    io(self.ipv4, self.ipv6, self.mask_prefix_length);
  }
};

/// Clause 8.2.70: a GTP-U peer whose path failed or came back.
struct RemoteGtpuPeer {
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  std::optional<DestinationInterface> destination_interface{};
  std::optional<std::string> network_instance{};  ///< as sent, see canonical_name()
  friend bool operator==(const RemoteGtpuPeer&, const RemoteGtpuPeer&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.ipv6, self.ipv4, self.destination_interface, self.network_instance);
    io(self.ipv4, self.ipv6);
    if (self.destination_interface) {
      std::uint16_t length = 1;
      io(length);
      io.require(length == 1);
      io(self.destination_interface);
    }
    io.counted16(self.network_instance);
    io.require(self.ipv4 || self.ipv6);
  }
};

/// Clause 8.2.82; until Release 16.3 the UP function told its addresses and TEID ranges so.
struct UserPlaneIpResourceInformation {
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  std::uint8_t teid_range_bits{};                 ///< TEIDRI: how many highest bits of a TEID are fixed
  std::uint8_t teid_range{};                      ///< these bits; meaningless without any
  std::optional<std::string> network_instance{};  ///< as sent, see canonical_name()
  std::optional<SourceInterface> source_interface{};
  friend bool operator==(const UserPlaneIpResourceInformation&,
                         const UserPlaneIpResourceInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    bool has_instance = self.network_instance.has_value();
    bool has_interface = self.source_interface.has_value();
    bool v4 = self.ipv4.has_value();
    bool v6 = self.ipv6.has_value();
    io.packed(part<1>(v4), part<1>(v6), part<3>(self.teid_range_bits), part<1>(has_instance),
              part<1>(has_interface));
    if (self.teid_range_bits != 0) io(self.teid_range);
    io.present_if(v4, self.ipv4);
    io.present_if(v6, self.ipv6);
    if constexpr (Io::reading) {
      if (has_instance) {
        self.network_instance.emplace();
        const std::size_t interface_size = has_interface ? 1 : 0;
        if (io.left() < interface_size) return io.refuse();
        io.string(*self.network_instance, io.left() - interface_size);
      }
      if (has_interface) self.source_interface.emplace();
    } else if (has_instance) {
      io.rest(*self.network_instance);
    }
    io(self.source_interface);
  }
};

}  // namespace kiriko::pfcp
