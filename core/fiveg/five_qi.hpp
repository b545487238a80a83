// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// 5QI: the standardized QoS characteristics (TS 23.501 V19.7.0 Table 5.7.4-1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace kiriko {

using FiveQi = StrongId<struct FiveQiTag, std::uint8_t>;

enum class QosResourceType : std::uint8_t { gbr, non_gbr, delay_critical_gbr };

std::string_view to_string(QosResourceType type);

struct FiveQiCharacteristics {
  FiveQi five_qi;
  QosResourceType resource_type;
  std::uint8_t priority_level;                               ///< the lowest value is the highest priority
  Duration packet_delay_budget;                              ///< UE to N6, either direction (clause 5.7.3.4)
  std::optional<Duration> core_network_packet_delay_budget;  ///< the static share of the core network
  double packet_error_rate;
  std::optional<Bytes> maximum_data_burst_volume;  ///< delay-critical GBR only
  std::optional<Duration> averaging_window;        ///< GBR and delay-critical GBR only
  std::string_view example_services;

  /// What remains for the access network; the whole budget where the table gives no core network share.
  constexpr Duration access_network_packet_delay_budget() const {
    return packet_delay_budget - core_network_packet_delay_budget.value_or(Duration{0});
  }
  constexpr bool is_gbr() const { return resource_type != QosResourceType::non_gbr; }
  /// A packet later than its budget counts as lost (clause 5.7.3.4).
  constexpr bool late_is_lost() const { return resource_type == QosResourceType::delay_critical_gbr; }
};

/// Every row, by ascending 5QI.
std::span<const FiveQiCharacteristics> five_qi_table();

/// nullptr for a value that is not standardized.
const FiveQiCharacteristics* find_five_qi(FiveQi five_qi);

}  // namespace kiriko
