// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Forwarding and buffering action rules (TS 29.244 clauses 5.2.3, 5.2.4, 7.5.2.3, 7.5.2.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "core/control/packet_detection.hpp"

namespace kiriko {

/// Clause 8.2.56, GTP-U/UDP/IPv4.
struct OuterHeaderCreation {
  Teid teid{};
  Ipv4Address address{};
  friend bool operator==(const OuterHeaderCreation&, const OuterHeaderCreation&) = default;
};

/// Clause 8.2.26: a FAR has one of DROP, FORW and BUFF; NOCP and DUPL stand beside them.
enum class ApplyAction : std::uint8_t { drop, forward, buffer };

/// Table 7.5.2.3-3: where copies go.
struct DuplicatingParameters {
  DestinationInterface destination_interface{DestinationInterface::core};
  std::optional<OuterHeaderCreation> outer_header_creation{};
  std::optional<std::uint8_t> dscp{};
  friend bool operator==(const DuplicatingParameters&, const DuplicatingParameters&) = default;
};

/// Table 7.5.2.3-1 with the forwarding parameters of table 7.5.2.3-2.
struct ForwardingActionRule {
  FarId id{};
  ApplyAction action{ApplyAction::forward};
  bool notify_cp{false};  ///< NOCP: a downlink data report when a packet is buffered
  bool duplicate{false};  ///< DUPL: a copy by each of the duplicating parameters
  DestinationInterface destination_interface{DestinationInterface::core};
  std::string network_instance{};  ///< canonical name; empty: the first of its destination interface
  std::optional<OuterHeaderCreation> outer_header_creation{};
  std::optional<std::uint8_t> dscp{};  ///< transport level marking of the outer header
  std::string forwarding_policy{};     ///< kept; the UPF acts on none
  std::vector<DuplicatingParameters> duplicating{};
  std::optional<BarId> bar{};
  friend bool operator==(const ForwardingActionRule&, const ForwardingActionRule&) = default;
};

/// Table 7.5.2.6-1.
struct BufferingActionRule {
  BarId id{};
  std::optional<std::uint16_t> suggested_buffering_packets{};
  Duration notification_delay{};  ///< from the first buffered packet to its downlink data report
  friend bool operator==(const BufferingActionRule&, const BufferingActionRule&) = default;
};

}  // namespace kiriko
