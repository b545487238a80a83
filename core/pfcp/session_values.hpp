// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values of PFCP sessions: whose they are, what is reported and what failed (TS 29.244 clause 8.2).
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "core/fiveg/identifiers.hpp"
#include "core/pfcp/forwarding_values.hpp"
#include "core/pfcp/ie_type.hpp"
#include "core/pfcp/plain_values.hpp"

namespace kiriko::pfcp {

/// Clause 8.2.79.
struct PdnType {
  enum class Value : std::uint8_t { ipv4 = 1, ipv6 = 2, ipv4v6 = 3, non_ip = 4, ethernet = 5 };
  Value value{Value::ipv4};
  friend bool operator==(const PdnType&, const PdnType&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<3>(self.value));
    io.require(self.value >= Value::ipv4 && self.value <= Value::ethernet);
  }
};

/// Clause 8.2.101: identities as they are coded in TS 29.274 (BCD) or as text (NAI, SUPI, GPSI, PEI).
struct UserId {
  std::optional<Octets> imsi{};
  std::optional<Octets> imei{};
  std::optional<Octets> msisdn{};
  std::optional<std::string> nai{};
  std::optional<std::string> supi{};
  std::optional<std::string> gpsi{};
  std::optional<std::string> pei{};
  friend bool operator==(const UserId&, const UserId&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.imsi, self.imei, self.msisdn, self.nai, self.supi, self.gpsi, self.pei);
    io.counted8(self.imsi);
    io.counted8(self.imei);
    io.counted8(self.msisdn);
    io.counted8(self.nai);
    io.counted8(self.supi);
    io.counted8(self.gpsi);
    io.counted8(self.pei);
  }
};

/// Clause 8.2.107, TS 32.422.
struct TraceInformation {
  std::uint32_t mcc_mnc{};  ///< three octets of BCD as sent
  std::uint32_t trace_id{};
  Octets triggering_events{};
  std::uint8_t session_trace_depth{};
  Octets list_of_interfaces{};
  Octets trace_collection_entity_ip_address{};
  friend bool operator==(const TraceInformation&, const TraceInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.template number_of<3>(self.mcc_mnc);
    io.template number_of<3>(self.trace_id);
    io.counted8(self.triggering_events);
    io(self.session_trace_depth);
    io.counted8(self.list_of_interfaces);
    io.counted8(self.trace_collection_entity_ip_address);
  }
};

struct ReportType {  ///< clause 8.2.21
  bool dldr{};       ///< downlink data report
  bool usar{};       ///< usage report
  bool erir{};       ///< error indication report
  bool upir{};       ///< user plane inactivity report
  bool tmir{};       ///< TSC management information report
  bool sesr{};       ///< session report
  bool uisr{};       ///< UP initiated session request
  friend bool operator==(const ReportType&, const ReportType&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.dldr, self.usar, self.erir, self.upir, self.tmir, self.sesr, self.uisr);
  }
};

/// Clause 8.2.27.
struct DownlinkDataServiceInformation {
  std::optional<std::uint8_t> paging_policy_indication{};  ///< the packet's DSCP, 6 bits
  std::optional<Qfi> qfi{};
  friend bool operator==(const DownlinkDataServiceInformation&,
                         const DownlinkDataServiceInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.paging_policy_indication, self.qfi);
    if (self.paging_policy_indication) io.packed(part<6>(*self.paging_policy_indication));
    if (self.qfi) io.packed(part<6>(*self.qfi));
  }
};

struct DataStatus {  ///< clause 8.2.178
  bool drop{};       ///< the first packet was discarded
  bool buff{};       ///< it was buffered
  friend bool operator==(const DataStatus&, const DataStatus&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.drop, self.buff);
  }
};

using SrrId = StrongId<struct SrrTag, std::uint8_t>;                             ///< clause 8.2.151
using DlDataPacketsSize = StrongId<struct DlDataPacketsSizeTag, std::uint16_t>;  ///< octets, clause 8.2.166

/// Clause 8.2.80: the rule that could not be made or changed.
using FailedRuleId = std::variant<PdrId, FarId, QerId, UrrId, BarId, MarId, SrrId>;

template <>
struct OctetsOf<FailedRuleId> {
  template <class Io, class Self>
  static void apply(Io& io, Self& self) {
    auto type = static_cast<std::uint8_t>(self.index());
    io.packed(part<5>(type));
    if constexpr (Io::reading) {
      io.require(type < std::variant_size_v<FailedRuleId>);
      alternative<0>(self, type);
    }
    std::visit([&](auto& id) { io(id); }, self);
  }

 private:
  template <std::size_t at, class Self>
  static void alternative(Self& self, std::size_t wanted) {
    if constexpr (at < std::variant_size_v<FailedRuleId>) {
      if (at == wanted)
        self.template emplace<at>();
      else
        alternative<at + 1>(self, wanted);
    }
  }
};

/// Clause 8.2.185: an IE that could not be taken, by type and value.
struct OffendingIeInformation {
  IeType type{};
  Octets value{};
  friend bool operator==(const OffendingIeInformation&, const OffendingIeInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io(self.type);
    io.rest(self.value);
  }
};

}  // namespace kiriko::pfcp
