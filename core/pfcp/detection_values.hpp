// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values that detect packets: interfaces, SDF filters, header removal (TS 29.244 clause 8.2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "core/fiveg/identifiers.hpp"
#include "core/pfcp/interfaces.hpp"
#include "core/pfcp/plain_values.hpp"

namespace kiriko::pfcp {

/// Clause 8.2.118: 11 = N3 3GPP access, 13 = N9, 17 = N6 and so on; a hint only.
struct InterfaceType3gpp {
  std::uint8_t value{};
  friend bool operator==(const InterfaceType3gpp&, const InterfaceType3gpp&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<6>(self.value));
  }
};

/// A value and a mask of the IPv4 type of service or the IPv6 traffic class.
struct TosTrafficClass {
  std::uint8_t value{};
  std::uint8_t mask{};
  friend bool operator==(const TosTrafficClass&, const TosTrafficClass&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io(self.value, self.mask);
  }
};

/// An IPv6 flow label, 20 bits of three octets.
struct FlowLabel {
  std::uint32_t value{};
  friend bool operator==(const FlowLabel&, const FlowLabel&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.template number_of<3>(self.value);
    if constexpr (Io::reading) self.value &= 0xfffffU;
  }
};

using SdfFilterId = StrongId<struct SdfFilterIdTag>;
using SecurityParameterIndex = StrongId<struct SecurityParameterIndexTag>;

/// Clause 8.2.5. The flow description's meaning is FlowDescription's to tell.
struct SdfFilter {
  std::optional<std::string> flow_description{};
  std::optional<TosTrafficClass> tos_traffic_class{};
  std::optional<SecurityParameterIndex> security_parameter_index{};
  std::optional<FlowLabel> flow_label{};
  std::optional<SdfFilterId> sdf_filter_id{};  ///< BID: names a bidirectional filter for later, shorter uses
  friend bool operator==(const SdfFilter&, const SdfFilter&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.flow_description, self.tos_traffic_class, self.security_parameter_index, self.flow_label,
             self.sdf_filter_id);
    io.flags();
    io.counted16(self.flow_description);
    io(self.tos_traffic_class, self.security_parameter_index, self.flow_label, self.sdf_filter_id);
  }
};

struct QfiIe {  ///< clause 8.2.89
  Qfi value{};
  friend bool operator==(const QfiIe&, const QfiIe&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<6>(self.value));
  }
};

struct GtpuExtensionHeaderDeletion {
  bool pdu_session_container{};
  friend bool operator==(const GtpuExtensionHeaderDeletion&, const GtpuExtensionHeaderDeletion&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.pdu_session_container);
  }
};

/// Clause 8.2.64.
struct OuterHeaderRemoval {
  enum class Description : std::uint8_t {
    gtpu_udp_ipv4 = 0,
    gtpu_udp_ipv6 = 1,
    udp_ipv4 = 2,
    udp_ipv6 = 3,
    ipv4 = 4,
    ipv6 = 5,
    gtpu_udp_ip = 6,
    vlan_s_tag = 7,
    s_tag_and_c_tag = 8
  };
  Description description{};
  std::optional<GtpuExtensionHeaderDeletion> extension_header_deletion{};
  friend bool operator==(const OuterHeaderRemoval&, const OuterHeaderRemoval&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io(self.description);
    io.require(self.description <= Description::s_tag_and_c_tag);
    if (io.tail(self.extension_header_deletion)) io(self.extension_header_deletion);
  }
};

/// Clause 8.2.61.
struct FlowInformation {
  enum class Direction : std::uint8_t { unspecified = 0, downlink = 1, uplink = 2, bidirectional = 3 };
  Direction direction{};
  std::string flow_description{};
  friend bool operator==(const FlowInformation&, const FlowInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<3>(self.direction));
    io.counted16(self.flow_description);
  }
};

/// Clause 8.2.152: redundant packets over two tunnels, what the UP function has to do with them.
struct PacketReplicationAndDetectionCarryOn {
  bool priueai{}, prin19i{}, prin6i{}, dcaroni{};
  friend bool operator==(const PacketReplicationAndDetectionCarryOn&,
                         const PacketReplicationAndDetectionCarryOn&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.priueai, self.prin19i, self.prin6i, self.dcaroni);
  }
};

using ApplicationId = Text<struct ApplicationIdTag>;                  ///< clause 8.2.6
using ApplicationInstanceId = Text<struct ApplicationInstanceIdTag>;  ///< clause 8.2.60
using PredefinedRulesName = Text<struct PredefinedRulesNameTag>;      ///< clauses 8.2.72, 8.2.73
using FramedRoute = Text<struct FramedRouteTag>;                      ///< clause 8.2.109, RFC 2865 5.22
using FramedIpv6Route = Text<struct FramedIpv6RouteTag>;              ///< clause 8.2.111, RFC 3162
using FramedRouting = KeptOctets<struct FramedRoutingTag>;            ///< clause 8.2.110
using DnsQueryFilter = KeptOctets<struct DnsQueryFilterTag>;          ///< clause 8.2.203
using TrafficEndpointId = StrongId<struct TrafficEndpointTag, std::uint8_t>;  ///< clause 8.2.92
using RatType = StrongId<struct RatTypeTag, std::uint8_t>;                    ///< TS 29.274 clause 8.17

}  // namespace kiriko::pfcp
