// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Usage reporting rules (TS 29.244 clauses 5.2.2, 7.5.2.4).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/units.hpp"
#include "core/fiveg/identifiers.hpp"

namespace kiriko {

/// Clause 8.2.40.
struct MeasurementMethod {
  bool duration{false}, volume{true}, event{false};
  friend bool operator==(const MeasurementMethod&, const MeasurementMethod&) = default;
};

/// Clause 8.2.19. A limit without its trigger does nothing.
struct ReportingTriggers {
  bool periodic{false};
  bool volume_threshold{false};
  bool time_threshold{false};
  bool quota_holding_time{false};
  bool start_of_traffic{false};
  bool stop_of_traffic{false};
  bool dropped_dl_traffic_threshold{false};
  bool linked_usage_reporting{false};
  bool volume_quota{false};
  bool time_quota{false};
  bool event_threshold{false};
  bool event_quota{false};
  friend bool operator==(const ReportingTriggers&, const ReportingTriggers&) = default;
};

/// Octets of the user's packets; 0 = none (clauses 8.2.13 and 8.2.50).
struct VolumeLimits {
  Bytes total{}, uplink{}, downlink{};
  friend bool operator==(const VolumeLimits&, const VolumeLimits&) = default;
};

/// Of the downlink, packets and octets; 0 = none (clause 8.2.49).
struct DroppedTrafficThreshold {
  std::uint64_t packets{};
  Bytes octets{};
  friend bool operator==(const DroppedTrafficThreshold&, const DroppedTrafficThreshold&) = default;
};

/// Table 7.5.2.4-1. Durations of 0 and empty members are absent.
struct UsageReportingRule {
  UrrId id{};
  MeasurementMethod method{};
  ReportingTriggers triggers{};
  Duration measurement_period{};
  VolumeLimits volume_threshold{};
  /// Used up: packets drop or go by `quota_far`. Present and 0 is a quota that is used up from the start.
  std::optional<VolumeLimits> volume_quota{};
  Duration time_threshold{};
  std::optional<Duration> time_quota{};
  std::uint32_t event_threshold{};
  std::optional<std::uint32_t> event_quota{};
  Duration quota_holding_time{};
  DroppedTrafficThreshold dropped_dl_traffic_threshold{};
  /// Of one occasion, as a time since the scenario's start; the usage before and after it is reported apart.
  std::optional<ModelTime> monitoring_time{};
  VolumeLimits subsequent_volume_threshold{};
  Duration subsequent_time_threshold{};
  std::optional<VolumeLimits> subsequent_volume_quota{};
  std::optional<Duration> subsequent_time_quota{};
  Duration inactivity_detection_time{};  ///< the duration stands still after so long without a packet
  std::vector<UrrId> linked{};  ///< of triggers.linked_usage_reporting: reports when one of these does
  std::optional<FarId> quota_far{};
  bool measure_before_qos{false};        ///< MBQE
  bool inactive_measurement{false};      ///< INAM: the measurement stands still
  bool immediate_start_metering{false};  ///< ISTM: the duration counts from now, not from the first packet
  friend bool operator==(const UsageReportingRule&, const UsageReportingRule&) = default;
};

}  // namespace kiriko
