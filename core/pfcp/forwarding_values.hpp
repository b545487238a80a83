// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values of forwarding and buffering (TS 29.244 clause 8.2).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "core/fiveg/identifiers.hpp"
#include "core/pfcp/detection_values.hpp"
#include "core/pfcp/ethernet_values.hpp"

namespace kiriko::pfcp {

/// Clause 8.2.26. Exactly one of drop, forw, buff, ipma and ipmd is set in a correct FAR.
struct ApplyAction {  ///< octets 5 and 6; a peer of Release 15 sends the first only
  bool drop{};
  bool forw{};
  bool buff{};
  bool nocp{};  ///< notify the CP function of the first packet buffered
  bool dupl{};
  bool ipma{};  ///< accept IP multicast joins
  bool ipmd{};  ///< deny them
  bool dfrt{};  ///< duplicate for redundant transmission
  bool edrt{};  ///< eliminate duplicates
  bool bdpn{};  ///< notify of the first buffered downlink packet
  bool ddpn{};  ///< notify of the first discarded downlink packet
  bool fssm{};  ///< forward low layer SSM
  bool mbsu{};  ///< forward MBS data by unicast
  friend bool operator==(const ApplyAction&, const ApplyAction&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.drop, self.forw, self.buff, self.nocp, self.dupl, self.ipma, self.ipmd, self.dfrt);
    if (io.more()) io.flags(self.edrt, self.bdpn, self.ddpn, self.fssm, self.mbsu);
  }
};

/// Clause 8.2.56. A header is made up of all descriptions set; the fields below go with them.
struct OuterHeaderCreation {
  bool gtpu_udp_ipv4{}, gtpu_udp_ipv6{}, udp_ipv4{}, udp_ipv6{}, ipv4_header{}, ipv6_header{};
  bool c_tag_header{}, s_tag_header{};
  bool n19_indication{}, n6_indication{};
  bool low_layer_ssm{};
  std::optional<Teid> teid{};
  std::optional<Ipv4Address> ipv4{};
  std::optional<Ipv6Address> ipv6{};
  std::optional<std::uint16_t> port{};
  std::optional<VlanTag> c_tag{};
  std::optional<VlanTag> s_tag{};
  Octets low_layer_ssm_octets{};  ///< what follows with low_layer_ssm, as sent
  friend bool operator==(const OuterHeaderCreation&, const OuterHeaderCreation&) = default;

  static OuterHeaderCreation gtpu(Teid teid, Ipv4Address address) {
    OuterHeaderCreation creation;
    creation.gtpu_udp_ipv4 = true;
    creation.teid = teid;
    creation.ipv4 = address;
    return creation;
  }
  static OuterHeaderCreation gtpu(Teid teid, const Ipv6Address& address) {
    OuterHeaderCreation creation;
    creation.gtpu_udp_ipv6 = true;
    creation.teid = teid;
    creation.ipv6 = address;
    return creation;
  }
  bool is_gtpu() const noexcept { return gtpu_udp_ipv4 || gtpu_udp_ipv6; }

  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.gtpu_udp_ipv4, self.gtpu_udp_ipv6, self.udp_ipv4, self.udp_ipv6, self.ipv4_header,
             self.ipv6_header, self.c_tag_header, self.s_tag_header);
    io.flags(self.n19_indication, self.n6_indication, self.low_layer_ssm);
    io.present_if(self.gtpu_udp_ipv4 || self.gtpu_udp_ipv6, self.teid);
    io.present_if(self.gtpu_udp_ipv4 || self.udp_ipv4 || self.ipv4_header, self.ipv4);
    io.present_if(self.gtpu_udp_ipv6 || self.udp_ipv6 || self.ipv6_header, self.ipv6);
    io.present_if(self.udp_ipv4 || self.udp_ipv6, self.port);
    io.present_if(self.c_tag_header, self.c_tag);
    io.present_if(self.s_tag_header, self.s_tag);
    if (self.low_layer_ssm) io.rest(self.low_layer_ssm_octets);
    io.require(self.gtpu_udp_ipv4 || self.gtpu_udp_ipv6 || self.udp_ipv4 || self.udp_ipv6 ||
               self.ipv4_header || self.ipv6_header || self.c_tag_header || self.s_tag_header ||
               self.n19_indication || self.n6_indication || self.low_layer_ssm);
  }
};

/// Clause 8.2.20.
struct RedirectInformation {
  enum class AddressType : std::uint8_t {
    ipv4 = 0,
    ipv6 = 1,
    url = 2,
    sip_uri = 3,
    ipv4_and_ipv6 = 4,
    port = 5,
    ipv4_and_port = 6,
    ipv6_and_port = 7,
    ipv4_ipv6_and_port = 8
  };
  AddressType address_type{};
  std::string server_address{};
  std::optional<std::string> other_server_address{};  ///< the IPv6 address beside an IPv4 address
  std::optional<std::uint16_t> port{};
  friend bool operator==(const RedirectInformation&, const RedirectInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<4>(self.address_type));
    io.require(self.address_type <= AddressType::ipv4_ipv6_and_port);
    io.counted16(self.server_address);
    if constexpr (!Io::reading) {
      if (self.port && !self.other_server_address) io.number(std::uint16_t{0});
      io.counted16(self.other_server_address);
      io(self.port);
    } else {
      if (io.tail(self.other_server_address)) io.counted16(self.other_server_address);
      if (io.tail(self.port)) {
        io(self.port);
        if (self.other_server_address->empty()) self.other_server_address.reset();
      }
    }
  }
};

/// Clause 8.2.23: the identifier of a policy that the UP function has been given otherwise.
struct ForwardingPolicy {
  std::string identifier{};
  friend bool operator==(const ForwardingPolicy&, const ForwardingPolicy&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.counted8(self.identifier);
  }
};

/// Clause 8.2.67: an HTTP header field to put into uplink requests.
struct HeaderEnrichment {
  std::uint8_t header_type{};
  std::string field_name{};
  std::string field_value{};
  friend bool operator==(const HeaderEnrichment&, const HeaderEnrichment&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<5>(self.header_type));
    io.counted8(self.field_name);
    io.counted8(self.field_value);
  }
};

/// Clause 8.2.12: DSCP of the outer header, in the form of a type of service or traffic class.
struct TransportLevelMarking {
  TosTrafficClass tos_traffic_class{};
  friend bool operator==(const TransportLevelMarking&, const TransportLevelMarking&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io(self.tos_traffic_class);
  }
};

/// Clause 8.2.28, in units of 50 ms.
struct DownlinkDataNotificationDelay {
  std::uint8_t value{};
  friend bool operator==(const DownlinkDataNotificationDelay&,
                         const DownlinkDataNotificationDelay&) = default;
  constexpr Duration duration() const noexcept { return milliseconds(50 * std::int64_t{value}); }
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io(self.value);
  }
};

/// Clause 8.2.30: one octet, or two for more than 255 packets.
struct DlBufferingSuggestedPacketCount {
  std::uint16_t packets{};
  friend bool operator==(const DlBufferingSuggestedPacketCount&,
                         const DlBufferingSuggestedPacketCount&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    if constexpr (Io::reading) {
      if (io.left() == 1)
        io.template number_of<1>(self.packets);
      else
        io(self.packets);
    } else if (self.packets <= 255) {
      io.number(static_cast<std::uint8_t>(self.packets));
    } else {
      io(self.packets);
    }
  }
};

struct PfcpsmReqFlags {  ///< clause 8.2.31
  bool drobu{};          ///< drop what is buffered
  bool sndem{};          ///< send end markers on the old tunnel
  bool qaurr{};          ///< report the usage of all URRs
  bool sumpc{};
  bool rumuc{};
  bool deteid{};
  friend bool operator==(const PfcpsmReqFlags&, const PfcpsmReqFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.drobu, self.sndem, self.qaurr, self.sumpc, self.rumuc, self.deteid);
  }
};

struct PfcpsrRspFlags {  ///< clause 8.2.32
  bool drobu{};          ///< drop what is buffered
  friend bool operator==(const PfcpsrRspFlags&, const PfcpsrRspFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.drobu);
  }
};

struct PfcpsrReqFlags {  ///< clause 8.2.119
  bool psdbu{};          ///< the PFCP session is deleted by the UP function
  friend bool operator==(const PfcpsrReqFlags&, const PfcpsrReqFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.psdbu);
  }
};

struct PfcpseReqFlags {  ///< clause 8.2.130
  bool resti{};          ///< restored after a failure
  bool sumpc{};
  bool hrsbom{};
  friend bool operator==(const PfcpseReqFlags&, const PfcpseReqFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.resti, self.sumpc, self.hrsbom);
  }
};

struct PfcpsdRspFlags {  ///< clause 8.2.222
  bool puru{};           ///< pending usage reports are unacknowledged
  friend bool operator==(const PfcpsdRspFlags&, const PfcpsdRspFlags&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.puru);
  }
};

struct MtEdtControlInformation {  ///< clause 8.2.168
  bool rdsi{};                    ///< report the size of buffered downlink data
  friend bool operator==(const MtEdtControlInformation&, const MtEdtControlInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.rdsi);
  }
};

using BarId = StrongId<struct BarTag, std::uint8_t>;  ///< clause 8.2.57
using SuggestedBufferingPacketsCount =
    StrongId<struct SuggestedBufferingTag, std::uint8_t>;                         ///< clause 8.2.100
using DataNetworkAccessIdentifier = Text<struct DataNetworkAccessIdentifierTag>;  ///< clause 8.2.150

/// Multi-access rules (clauses 8.2.122 and following).
using MarId = StrongId<struct MarTag, std::uint16_t>;
using Weight = StrongId<struct WeightTag, std::uint8_t>;
struct SteeringFunctionality {
  enum class Value : std::uint8_t { atsss_ll = 0, mptcp = 1, mpquic = 2 };
  Value value{};
  friend bool operator==(const SteeringFunctionality&, const SteeringFunctionality&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<4>(self.value));
  }
};
struct SteeringMode {
  enum class Value : std::uint8_t {
    active_standby = 0,
    smallest_delay = 1,
    load_balancing = 2,
    priority_based = 3,
    redundant = 4
  };
  Value value{};
  friend bool operator==(const SteeringMode&, const SteeringMode&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<4>(self.value));
  }
};
struct AccessPriority {
  std::uint8_t value{};  ///< 0 = active, 1 = standby, 2 = no standby, 3 = high, 4 = low
  friend bool operator==(const AccessPriority&, const AccessPriority&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<4>(self.value));
  }
};

}  // namespace kiriko::pfcp
