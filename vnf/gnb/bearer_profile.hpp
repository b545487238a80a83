// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// BearerProfile: what the QoS flow of a bearer asks of the radio.
#pragma once

#include <cstdint>

#include "core/base/units.hpp"
#include "core/fiveg/five_qi.hpp"

namespace kiriko {

/// TS 23.501 clause 5.7.3, in one direction.
struct BearerProfile {
  static constexpr std::uint8_t no_flow = 0xff;

  std::uint32_t slice{};
  std::uint8_t qfi{no_flow};        ///< no_flow: of the slice's packets without a QoS flow of their own
  std::uint8_t priority_level{90};  ///< the lowest value is the highest priority
  Duration budget{milliseconds(300)};
  BitsPerSecond guaranteed{};  ///< GFBR; 0: none
  bool delay_critical{
      false};  ///< resource type Delay-critical GBR: sent in mini-slots where the cell has them
  Duration averaging_window{milliseconds(2000)};
};

/// Of a standardized 5QI, with the access network's part of its delay budget. One of the operator's own has the
/// figures of 5QI 9, the default bearer's.
inline BearerProfile bearer_profile(std::uint16_t five_qi) {
  const FiveQiCharacteristics* row =
      five_qi <= 0xff ? find_five_qi(FiveQi{static_cast<std::uint8_t>(five_qi)}) : nullptr;
  if (row == nullptr) row = find_five_qi(FiveQi{9});
  BearerProfile profile;
  profile.priority_level = row->priority_level;
  profile.delay_critical = row->resource_type == QosResourceType::delay_critical_gbr;
  profile.budget = row->access_network_packet_delay_budget();
  if (row->averaging_window) profile.averaging_window = *row->averaging_window;
  return profile;
}

}  // namespace kiriko
