// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values of usage measurement and reporting (TS 29.244 clause 8.2).
#pragma once

#include <cstdint>
#include <optional>

#include "core/fiveg/identifiers.hpp"
#include "core/pfcp/plain_values.hpp"

namespace kiriko::pfcp {

struct MeasurementMethod {  ///< clause 8.2.40
  bool durat{};
  bool volum{};
  bool event{};
  friend bool operator==(const MeasurementMethod&, const MeasurementMethod&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.durat, self.volum, self.event);
  }
};

/// Clause 8.2.19.
struct ReportingTriggers {  ///< octets 5 to 7; a peer of an earlier release sends fewer
  bool perio{};             ///< periodic
  bool volth{};             ///< volume threshold
  bool timth{};             ///< time threshold
  bool quhti{};             ///< quota holding time
  bool start{};             ///< start of traffic
  bool stopt{};             ///< stop of traffic
  bool droth{};             ///< dropped downlink traffic threshold
  bool liusa{};             ///< linked usage reporting
  bool volqu{};             ///< volume quota
  bool timqu{};             ///< time quota
  bool envcl{};             ///< envelope closure
  bool macar{};             ///< MAC addresses reporting
  bool eveth{};             ///< event threshold
  bool evequ{};             ///< event quota
  bool ipmjl{};             ///< IP multicast join or leave
  bool quvti{};             ///< quota validity time
  bool reemr{};             ///< report the end marker's reception
  bool upint{};             ///< user plane inactivity timer
  friend bool operator==(const ReportingTriggers&, const ReportingTriggers&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.perio, self.volth, self.timth, self.quhti, self.start, self.stopt, self.droth, self.liusa);
    if (io.more())
      io.flags(self.volqu, self.timqu, self.envcl, self.macar, self.eveth, self.evequ, self.ipmjl,
               self.quvti);
    if (io.more()) io.flags(self.reemr, self.upint);
  }
};

/// Clause 8.2.41.
struct UsageReportTrigger {  ///< octets 5 to 7; a peer of an earlier release sends fewer
  bool perio{};              ///< periodic
  bool volth{};              ///< volume threshold
  bool timth{};              ///< time threshold
  bool quhti{};              ///< quota holding time
  bool start{};              ///< start of traffic
  bool stopt{};              ///< stop of traffic
  bool droth{};              ///< dropped downlink traffic threshold
  bool immer{};              ///< immediate report
  bool volqu{};              ///< volume quota
  bool timqu{};              ///< time quota
  bool liusa{};              ///< linked usage reporting
  bool termr{};              ///< termination of the session or removal of the URR
  bool monit{};              ///< monitoring time
  bool envcl{};              ///< envelope closure
  bool macar{};              ///< MAC addresses reporting
  bool eveth{};              ///< event threshold
  bool evequ{};              ///< event quota
  bool tebur{};              ///< termination by the UP function
  bool ipmjl{};              ///< IP multicast join or leave
  bool quvti{};              ///< quota validity time
  bool emrre{};              ///< end marker received
  bool upint{};              ///< user plane inactivity timer
  friend bool operator==(const UsageReportTrigger&, const UsageReportTrigger&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.perio, self.volth, self.timth, self.quhti, self.start, self.stopt, self.droth, self.immer);
    if (io.more())
      io.flags(self.volqu, self.timqu, self.liusa, self.termr, self.monit, self.envcl, self.macar,
               self.eveth);
    if (io.more()) io.flags(self.evequ, self.tebur, self.ipmjl, self.quvti, self.emrre, self.upint);
  }
};

/// Octets of traffic: Volume Threshold, Volume Quota and their subsequent kinds (clauses 8.2.13, 8.2.50).
struct Volumes {
  std::optional<std::uint64_t> total{};
  std::optional<std::uint64_t> uplink{};
  std::optional<std::uint64_t> downlink{};
  friend bool operator==(const Volumes&, const Volumes&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.total, self.uplink, self.downlink);
    io(self.total, self.uplink, self.downlink);
  }
};

/// Clause 8.2.44: octets, and packets where both sides know MNOP.
struct VolumeMeasurement {
  std::optional<std::uint64_t> total_volume{};
  std::optional<std::uint64_t> uplink_volume{};
  std::optional<std::uint64_t> downlink_volume{};
  std::optional<std::uint64_t> total_packets{};
  std::optional<std::uint64_t> uplink_packets{};
  std::optional<std::uint64_t> downlink_packets{};
  friend bool operator==(const VolumeMeasurement&, const VolumeMeasurement&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.total_volume, self.uplink_volume, self.downlink_volume, self.total_packets,
             self.uplink_packets, self.downlink_packets);
    io(self.total_volume, self.uplink_volume, self.downlink_volume, self.total_packets, self.uplink_packets,
       self.downlink_packets);
  }
};

/// Clause 8.2.49: what is dropped before a report.
struct DroppedDlTrafficThreshold {
  std::optional<std::uint64_t> packets{};
  std::optional<std::uint64_t> octets_dropped{};
  friend bool operator==(const DroppedDlTrafficThreshold&, const DroppedDlTrafficThreshold&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.packets, self.octets_dropped);
    io(self.packets, self.octets_dropped);
  }
};

struct MeasurementInformation {  ///< clause 8.2.68
  bool mbqe{};                   ///< measure before QoS enforcement
  bool inam{};                   ///< inactive measurement
  bool radi{};                   ///< reduced application detection information
  bool istm{};                   ///< measure from the start of traffic
  bool mnop{};                   ///< measure the number of packets
  bool sspoc{};                  ///< send start pause of charging
  bool aspoc{};                  ///< applicable to start pause of charging
  bool ciam{};                   ///< control of inactive measurement
  friend bool operator==(const MeasurementInformation&, const MeasurementInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.mbqe, self.inam, self.radi, self.istm, self.mnop, self.sspoc, self.aspoc, self.ciam);
  }
};

struct UsageInformation {  ///< clause 8.2.59
  bool bef{};              ///< before monitoring time
  bool aft{};              ///< after monitoring time
  bool uae{};              ///< after QoS enforcement
  bool ube{};              ///< before QoS enforcement
  friend bool operator==(const UsageInformation&, const UsageInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.bef, self.aft, self.uae, self.ube);
  }
};

/// Clause 8.2.91: how many usage reports follow in other messages.
struct AdditionalUsageReportsInformation {
  bool auri{};
  std::uint16_t number{};  ///< 15 bits
  friend bool operator==(const AdditionalUsageReportsInformation&,
                         const AdditionalUsageReportsInformation&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    auto whole = static_cast<std::uint16_t>((self.auri ? 0x8000U : 0U) | (self.number & 0x7fffU));
    io(whole);
    if constexpr (Io::reading) {
      self.auri = (whole & 0x8000U) != 0;
      self.number = whole & 0x7fffU;
    }
  }
};

/// Clause 8.2.81: envelope reporting.
struct TimeQuotaMechanism {
  std::uint8_t base_time_interval_type{};  ///< 0 = continuous, 1 = discrete time period
  WholeSeconds base_time_interval{};
  friend bool operator==(const TimeQuotaMechanism&, const TimeQuotaMechanism&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<2>(self.base_time_interval_type));
    io(self.base_time_interval);
  }
};

/// Clause 8.2.84: digits · 10^exponent.
struct Multiplier {
  std::int64_t value_digits{};
  std::int32_t exponent{};
  friend bool operator==(const Multiplier&, const Multiplier&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    auto digits = static_cast<std::uint64_t>(self.value_digits);
    auto power = static_cast<std::uint32_t>(self.exponent);
    io(digits, power);
    if constexpr (Io::reading) {
      self.value_digits = static_cast<std::int64_t>(digits);
      self.exponent = static_cast<std::int32_t>(power);
    }
  }
};

using UrSeqn = StrongId<struct UrSeqnTag>;                                   ///< clause 8.2.71
using QueryUrrReference = StrongId<struct QueryUrrReferenceTag>;             ///< clause 8.2.90
using EventCount = StrongId<struct EventCountTag>;                           ///< clauses 8.2.112, 8.2.113
using NumberOfReports = StrongId<struct NumberOfReportsTag, std::uint16_t>;  ///< clause 8.2.127

}  // namespace kiriko::pfcp
