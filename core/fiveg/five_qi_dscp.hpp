// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DSCP of a tunnel's outer header by the 5QI of the QoS flow in it (TS 23.501 clause 5.8.2.7).
#pragma once

#include <cstdint>

#include "core/fiveg/five_qi.hpp"

namespace kiriko {

/// 3GPP leaves the mapping to the operator. This one gives the expedited class to conversational voice and to delay-critical flows,
/// CS5 to signalling, AF4 and AF3 to GBR flows with a budget of up to 150 ms and beyond, AF2 to Non-GBR flows of priority level
/// 70 or better, and best effort to the rest and to 5QIs that are not standardized (RFC 4594's use of the classes; unverified).
inline std::uint8_t dscp_for(FiveQi five_qi) {
  constexpr std::uint8_t expedited = 46, cs5 = 40, af41 = 34, af31 = 26, af21 = 18, best_effort = 0;
  constexpr Duration conversational = milliseconds(150);
  constexpr std::uint8_t better_than_best_effort = 70;
  switch (five_qi.value) {
    case 1:
    case 65:
    case 66: return expedited;  // conversational voice, push to talk
    case 5:
    case 69: return cs5;  // IMS and mission critical signalling
    default: break;
  }
  const FiveQiCharacteristics* const row = find_five_qi(five_qi);
  if (row == nullptr) return best_effort;
  if (row->late_is_lost()) return expedited;
  if (row->is_gbr()) return row->packet_delay_budget <= conversational ? af41 : af31;
  return row->priority_level <= better_than_best_effort ? af21 : best_effort;
}

}  // namespace kiriko
