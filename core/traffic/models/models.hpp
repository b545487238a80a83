// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The open-loop traffic models, one descriptor each.
#pragma once

#include "core/traffic/traffic_model.hpp"

namespace kiriko {

extern const TrafficModelDescriptor constant_model;
extern const TrafficModelDescriptor poisson_model;
extern const TrafficModelDescriptor on_off_model;
extern const TrafficModelDescriptor periodic_model;
extern const TrafficModelDescriptor v2x_periodic_model;
extern const TrafficModelDescriptor v2x_aperiodic_model;
extern const TrafficModelDescriptor ftp3_model;
extern const TrafficModelDescriptor video_model;
extern const TrafficModelDescriptor ngmn_video_model;
extern const TrafficModelDescriptor m2m_periodic_model;
extern const TrafficModelDescriptor m2m_event_model;
extern const TrafficModelDescriptor beta_burst_model;
extern const TrafficModelDescriptor voip_model;
extern const TrafficModelDescriptor gaming_model;
extern const TrafficModelDescriptor http_model;
extern const TrafficModelDescriptor ngmn_ftp_model;
extern const TrafficModelDescriptor pcap_model;

/// A size option's value; the tables bound sizes far below 32 bits.
inline std::uint32_t payload_of(const OptionValues& options, std::string_view key) {
  return static_cast<std::uint32_t>(options.get<Bytes>(key).count);
}

}  // namespace kiriko
