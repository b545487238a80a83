// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// QoS enforcement rules (TS 29.244 clauses 5.4, 7.5.2.5).
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/units.hpp"
#include "core/fiveg/ambr.hpp"
#include "core/fiveg/identifiers.hpp"

namespace kiriko {

enum class GateStatus : std::uint8_t { open = 0, closed = 1 };

/// Clause 8.2.65: at most so many packets in each span; 0 = no limit.
struct PacketRate {
  std::uint32_t uplink{}, downlink{};
  Duration uplink_span{seconds(1)}, downlink_span{seconds(1)};
  friend bool operator==(const PacketRate&, const PacketRate&) = default;
};

/// Table 7.5.2.5-1.
struct QosEnforcementRule {
  QerId id{};
  GateStatus uplink_gate{GateStatus::open};
  GateStatus downlink_gate{GateStatus::open};
  Ambr maximum_bit_rate{};     ///< 0 = none; shared by all PDRs with this QER
  Ambr guaranteed_bit_rate{};  ///< 0 = none; informs schedulers
  std::optional<Qfi> qfi{};    ///< marked into the PDU Session Container on the downlink
  bool session_ambr{false};    ///< the maximum is the Session-AMBR: an excess is session_ambr_exceeded
  bool reflective_qos{false};  ///< RQI in the PDU Session Container of the downlink
  std::optional<std::uint8_t> paging_policy_indicator{};  ///< 3 bits, TS 38.415
  std::optional<PacketRate> packet_rate{};                ///< kept; not enforced
  std::optional<std::uint32_t> correlation_id{};          ///< kept; QERs of several sessions share nothing
  std::optional<Duration> averaging_window{};             ///< kept
  friend bool operator==(const QosEnforcementRule&, const QosEnforcementRule&) = default;
};

}  // namespace kiriko
