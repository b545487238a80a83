// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The one list of traffic models.
#include <array>

#include "core/traffic/models/models.hpp"
#include "core/traffic/tcp_options.hpp"

namespace kiriko {

std::span<const TrafficModelDescriptor* const> traffic_models() {
  static constexpr std::array<const TrafficModelDescriptor*, 18> all{
      &constant_model,      &poisson_model,    &on_off_model, &periodic_model,   &v2x_periodic_model,
      &v2x_aperiodic_model, &ftp3_model,       &video_model,  &ngmn_video_model, &m2m_periodic_model,
      &m2m_event_model,     &beta_burst_model, &voip_model,   &gaming_model,     &http_model,
      &ngmn_ftp_model,      &pcap_model,       &tcp_model};
  return all;
}

const TrafficModelDescriptor* find_traffic_model(std::string_view name) {
  for (const TrafficModelDescriptor* model : traffic_models())
    if (model->name == name) return model;
  return nullptr;
}

}  // namespace kiriko
