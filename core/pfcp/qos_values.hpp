// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Values of QoS enforcement (TS 29.244 clause 8.2).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/pfcp/detection_values.hpp"

namespace kiriko::pfcp {

/// Clause 8.2.7.
struct GateStatus {
  enum class Gate : std::uint8_t { open = 0, closed = 1 };
  Gate uplink{};
  Gate downlink{};
  friend bool operator==(const GateStatus&, const GateStatus&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<2>(self.downlink), part<2>(self.uplink));
    io.require(self.uplink <= Gate::closed && self.downlink <= Gate::closed);
  }
};

/// MBR and GBR (clauses 8.2.8 and 8.2.9): kbit/s in five octets on the wire. What is sent is rounded up to the
/// kbit/s and held to the highest that fits.
struct BitRates {
  BitsPerSecond uplink{};
  BitsPerSecond downlink{};
  friend bool operator==(const BitRates&, const BitRates&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    if constexpr (Io::reading) {
      self.uplink = read(io);
      self.downlink = read(io);
    } else {
      write(io, self.uplink);
      write(io, self.downlink);
    }
  }

 private:
  static constexpr std::int64_t highest_kbps = (std::int64_t{1} << 40) - 1;
  template <class Io>
  static BitsPerSecond read(Io& io) {
    std::int64_t kbps = 0;
    io.template number_of<5>(kbps);
    return BitsPerSecond{kbps * 1000};
  }
  template <class Io>
  static void write(Io& io, BitsPerSecond rate) {
    const std::int64_t bps = std::clamp<std::int64_t>(rate.value, 0, highest_kbps * 1000);
    const std::int64_t kbps = (bps + 999) / 1000;
    io.template number_of<5>(kbps);
  }
};

/// So many packets in a unit of time.
struct PacketRateLimit {
  enum class TimeUnit : std::uint8_t { minute = 0, six_minutes = 1, hour = 2, day = 3, week = 4 };
  TimeUnit time_unit{};
  std::uint16_t packets{};
  friend bool operator==(const PacketRateLimit&, const PacketRateLimit&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<3>(self.time_unit));
    io(self.packets);
  }
};

/// Clause 8.2.63.
struct PacketRate {
  std::optional<PacketRateLimit> uplink{};
  std::optional<PacketRateLimit> downlink{};
  std::optional<PacketRateLimit>
      additional_uplink{};  ///< APRC: of exception reports, with the direction's own limit
  std::optional<PacketRateLimit> additional_downlink{};
  friend bool operator==(const PacketRate&, const PacketRate&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    bool additional = self.additional_uplink || self.additional_downlink;
    io.flags(self.uplink, self.downlink, additional);
    io(self.uplink, self.downlink);
    io.present_if(additional && self.uplink, self.additional_uplink);
    io.present_if(additional && self.downlink, self.additional_downlink);
  }
};

/// Clause 8.2.65.
struct DlFlowLevelMarking {
  std::optional<TosTrafficClass> tos_traffic_class{};
  std::optional<std::uint16_t> service_class_indicator{};
  friend bool operator==(const DlFlowLevelMarking&, const DlFlowLevelMarking&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.tos_traffic_class, self.service_class_indicator);
    io(self.tos_traffic_class, self.service_class_indicator);
  }
};

struct Rqi {   ///< clause 8.2.88
  bool rqi{};  ///< marked packets ask the UE for reflective QoS
  friend bool operator==(const Rqi&, const Rqi&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.rqi);
  }
};

struct QerControlIndications {  ///< clause 8.2.169
  bool rcsr{};                  ///< report the packet rate status
  bool moed{};
  bool nord{};
  friend bool operator==(const QerControlIndications&, const QerControlIndications&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.flags(self.rcsr, self.moed, self.nord);
  }
};

struct PagingPolicyIndicator {  ///< clause 8.2.116
  std::uint8_t value{};         ///< 0 to 7
  friend bool operator==(const PagingPolicyIndicator&, const PagingPolicyIndicator&) = default;
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io.packed(part<3>(self.value));
  }
};

struct AveragingWindow {  ///< clause 8.2.115
  std::uint32_t milliseconds{};
  friend bool operator==(const AveragingWindow&, const AveragingWindow&) = default;
  constexpr Duration duration() const noexcept { return kiriko::milliseconds(milliseconds); }
  template <class Io, class Self>
  static void octets(Io& io, Self& self) {
    io(self.milliseconds);
  }
};

using QerCorrelationId = StrongId<struct QerCorrelationTag>;      ///< clause 8.2.10
using PacketRateStatus = KeptOctets<struct PacketRateStatusTag>;  ///< clause 8.2.139

}  // namespace kiriko::pfcp
