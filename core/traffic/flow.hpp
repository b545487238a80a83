// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A traffic flow as the scenario declares it: who sends what to whom, in which slice, by which model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/options.hpp"
#include "core/base/units.hpp"
#include "core/measure/flow_measure.hpp"
#include "core/net/ipv4_address.hpp"

namespace kiriko {

struct FlowSpec {
  FlowId id{};
  std::string name;
  std::string group;  ///< KPI scope shared by many flows, e.g. platoon_control
  NodeId source{no_node}, destination{no_node};
  Ipv4Address source_address{}, destination_address{};
  std::uint16_t source_port{}, destination_port{};
  SliceId slice{no_slice};
  std::uint8_t qfi{};
  std::uint8_t dscp{};
  std::string model;         ///< a name of traffic_models(): constant, poisson, …, tcp
  OptionValues options;      ///< by that model's table
  std::uint32_t devices{1};  ///< independent sources of the model in this flow, by open-loop models
  Duration device_spread{};  ///< within which they start at random
  ModelTime start{};
  ModelTime stop{ModelTime::never()};
  double scale{1.0};                     ///< initial scale; SetTraffic changes it; 0 = silent
  std::optional<Duration> deadline{};    ///< later than this counts as late
  std::vector<MeasureWindow> windows{};  ///< the first is the whole run
};

/// What one end of a flow measured: one tally per window of the spec, and seconds for charts.
struct FlowEndMeasure {
  FlowId flow{};
  std::vector<FlowTally> tallies;
  std::vector<FlowSecond> seconds;
};

}  // namespace kiriko
