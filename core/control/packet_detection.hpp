// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packet detection rules and what they match (TS 29.244 clauses 5.2.1, 7.5.2.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/fiveg/identifiers.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/ipv6_address.hpp"
#include "core/net/mac_address.hpp"

namespace kiriko {

/// Clause 8.2.79, "PDN Type".
enum class PduSessionType : std::uint8_t { ipv4 = 1, ipv6 = 2, ipv4v6 = 3, ethernet = 5 };

/// Clause 8.2.2.
enum class SourceInterface : std::uint8_t {
  access = 0,
  core = 1,
  n6_lan = 2,
  cp_function = 3,
  vn_internal = 4
};
using DestinationInterface = SourceInterface;

/// Clause 8.2.3: local F-TEID, IPv4.
struct FTeid {
  Teid teid{};
  Ipv4Address address{};
  friend bool operator==(const FTeid&, const FTeid&) = default;
};

/// Ports of an SDF filter; both ends belong to it.
struct SdfPortRange {
  std::uint16_t low{0}, high{0xffff};
  friend bool operator==(const SdfPortRange&, const SdfPortRange&) = default;
};

/// A value of which only the bits in `mask` count (ToS and traffic class, clause 8.2.5).
struct MaskedOctet {
  std::uint8_t value{}, mask{0xff};
  friend bool operator==(const MaskedOctet&, const MaskedOctet&) = default;
};

/// Any address, of either version; or those of a prefix.
using AddressRange = std::variant<std::monostate, Ipv4Prefix, Ipv6Prefix>;

/// One SDF filter (clause 8.2.5), as seen on the downlink: remote is the data network's side, local the UE's. For an
/// uplink PDR source and destination are swapped before the match. A flow description of direction "in" is turned
/// round by who reads it; "assigned" is any local address, since the PDR has the UE's. A member that is absent or
/// empty matches everything.
struct SdfFilter {
  std::optional<std::uint8_t> protocol{};
  AddressRange remote{};
  AddressRange local{};
  std::vector<SdfPortRange> remote_ports{};
  std::vector<SdfPortRange> local_ports{};
  std::optional<MaskedOctet> tos_traffic_class{};
  std::optional<std::uint32_t> security_parameter_index{};
  std::optional<std::uint32_t> flow_label{};  ///< 20 bits
  std::optional<std::uint32_t> filter_id{};   ///< of a bidirectional SDF filter; matches nothing by itself
  friend bool operator==(const SdfFilter&, const SdfFilter&) = default;
};

/// Clause 8.2.93: a range of MAC addresses; one address has both ends alike.
struct MacAddressRange {
  MacAddress low{}, high{};
  friend bool operator==(const MacAddressRange&, const MacAddressRange&) = default;
};

/// Clauses 8.2.94 and 8.2.95: C-TAG or S-TAG; absent members match everything.
struct VlanFilter {
  std::optional<std::uint16_t> id{};
  std::optional<std::uint8_t> priority{};
  std::optional<bool> drop_eligible{};
  friend bool operator==(const VlanFilter&, const VlanFilter&) = default;
};

/// Table 7.5.2.2-3. Source and destination are the frame's own, in the direction of the PDR; a bidirectional filter
/// is written for the downlink and swapped on the uplink.
struct EthernetPacketFilter {
  std::optional<std::uint32_t> filter_id{};
  bool bidirectional{false};
  std::vector<MacAddressRange> sources{};
  std::vector<MacAddressRange> destinations{};
  std::optional<std::uint16_t> ether_type{};
  std::optional<VlanFilter> c_tag{};
  std::optional<VlanFilter> s_tag{};
  std::vector<SdfFilter> sdf_filters{};
  friend bool operator==(const EthernetPacketFilter&, const EthernetPacketFilter&) = default;
};

/// Table 7.5.2.2-2, a traffic endpoint's members folded in. An absent or empty member matches everything.
struct PacketDetectionInformation {
  SourceInterface source_interface{SourceInterface::access};
  std::optional<FTeid> local_f_teid{};
  std::optional<Ipv4Address> ue_ip_address{};
  std::optional<Ipv6Prefix> ue_ipv6_prefix{};
  std::string network_instance{};  ///< canonical name; empty: any
  std::vector<Qfi> qfis{};
  std::vector<SdfFilter> sdf_filters{};
  std::string application_id{};  ///< names filters that the UPF was given beforehand
  bool ethernet_pdu_session{
      false};  ///< Ethernet PDU Session Information: all of the session's Ethernet traffic
  std::vector<EthernetPacketFilter> ethernet_filters{};
  friend bool operator==(const PacketDetectionInformation&, const PacketDetectionInformation&) = default;
};

/// Table 7.5.2.2-1.
struct PacketDetectionRule {
  PdrId id{};
  std::uint32_t precedence{255};  ///< lower is matched first
  PacketDetectionInformation pdi{};
  bool outer_header_removal{false};
  FarId far{};
  std::vector<QerId> qers{};
  std::vector<UrrId> urrs{};
  friend bool operator==(const PacketDetectionRule&, const PacketDetectionRule&) = default;
};

}  // namespace kiriko
