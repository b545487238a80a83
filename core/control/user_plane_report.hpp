// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a UPF tells its SMF by itself (TS 29.244 clauses 7.4.5 and 7.5.8).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "core/base/units.hpp"
#include "core/control/forwarding_action.hpp"
#include "core/fiveg/identifiers.hpp"

namespace kiriko {

/// Why a usage report is made (clause 8.2.41). One report has one reason, the first that held.
enum class UsageReportTrigger : std::uint8_t {
  periodic,
  volume_threshold,
  time_threshold,
  quota_holding_time,
  start_of_traffic,
  stop_of_traffic,
  dropped_dl_traffic_threshold,
  immediate,  ///< it was asked for (IMMER)
  volume_quota,
  time_quota,
  linked_usage_reporting,
  termination,  ///< the session or the URR is gone (TERMR)
  monitoring_time,
  event_threshold,
  event_quota
};

/// Table 7.5.8.3-1. Octets are those of the user's packets, without tunnel headers.
struct UsageReport {
  UrrId urr{};
  std::uint32_t sequence_number{};  ///< UR-SEQN: from 0, by URR
  UsageReportTrigger trigger{};
  ModelTime start{}, end{};
  std::uint64_t uplink_bytes{}, downlink_bytes{};
  std::uint64_t uplink_packets{}, downlink_packets{};
  std::optional<Duration> duration{};  ///< of a URR that measures it
  std::optional<ModelTime> first_packet{}, last_packet{};
  friend bool operator==(const UsageReport&, const UsageReport&) = default;
};

/// Table 7.5.8.2-1, with the downlink data service information.
struct DownlinkDataReport {
  PdrId pdr{};
  std::optional<std::uint8_t> paging_policy_indication{};  ///< the packet's DSCP, 6 bits (clause 8.2.27)
  std::optional<Qfi> qfi{};
  friend bool operator==(const DownlinkDataReport&, const DownlinkDataReport&) = default;
};

/// Table 7.5.8.4-1: a peer does not know this tunnel of the session.
struct ErrorIndicationReport {
  OuterHeaderCreation remote{};
  friend bool operator==(const ErrorIndicationReport&, const ErrorIndicationReport&) = default;
};

/// UPIR: no packet within the user plane inactivity timer.
struct InactivityReport {
  friend bool operator==(const InactivityReport&, const InactivityReport&) = default;
};

/// Clauses 7.4.5.1.2 and 7.4.5.1.4: a GTP-U peer answers no echo requests any more, or again. Of no session.
struct PathReport {
  Ipv4Address peer{};
  bool failed{};  ///< false: recovered
  friend bool operator==(const PathReport&, const PathReport&) = default;
};

struct UserPlaneReport {
  ModelTime at{};
  Seid seid{};  ///< 0: of the node
  std::variant<UsageReport, DownlinkDataReport, ErrorIndicationReport, InactivityReport, PathReport>
      content{};
  friend bool operator==(const UserPlaneReport&, const UserPlaneReport&) = default;
};

}  // namespace kiriko
