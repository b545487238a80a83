// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Path loss and line-of-sight probability between a gNB and a UE (TR 38.901 V19.4.0 clause 7.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kiriko {

/// TR 38.901 Table 7.4.1-1. InF: sparse or dense clutter, low or high base station.
enum class PropagationScenario : std::uint8_t { umi, uma, rma, inh, inf_sl, inf_dl, inf_sh, inf_dh };

/// "umi", "inf_sl", …
std::string_view to_string(PropagationScenario scenario) noexcept;
std::optional<PropagationScenario> propagation_scenario(std::string_view name) noexcept;

/// Heights and surroundings; the scenario's defaults are those of the table.
struct Surroundings {
  double base_station_m{};   ///< h_BS
  double ue_m{1.5};          ///< h_UT
  double street_m{20};       ///< RMa: W, average width of streets
  double building_m{5};      ///< RMa: h, average height of buildings
  double clutter_m{2};       ///< InF: h_c, effective height of clutter
  double clutter_size_m{2};  ///< InF: d_clutter
  double clutter_density{};  ///< InF: r, 0 to 1
};
Surroundings default_surroundings(PropagationScenario scenario) noexcept;

/// Where one end of a radio link is seen from the other.
struct RadioDistance {
  double ground_m{};  ///< d2D
  double slant_m{};   ///< d3D
};
/// The distances are at least 1 m: the models have no meaning closer than some 10 m.
RadioDistance radio_distance(double ground_m, const Surroundings& surroundings) noexcept;

/// Median path loss in dB at `frequency_ghz` (0.5 to 100). Beyond the range of the table (5 km; RMa 10 km; indoors 150 to 600 m) the
/// formula is continued.
double path_loss_db(PropagationScenario scenario, bool line_of_sight, const RadioDistance& distance,
                    double frequency_ghz, const Surroundings& surroundings) noexcept;
/// Standard deviation of shadow fading in dB (Table 7.4.1-1).
double shadow_fading_db(PropagationScenario scenario, bool line_of_sight, const RadioDistance& distance,
                        double frequency_ghz, const Surroundings& surroundings) noexcept;
/// Distance over which shadow fading's autocorrelation falls to 1/e, in m (Table 7.5-6).
double correlation_distance_m(PropagationScenario scenario, bool line_of_sight) noexcept;
/// Probability of line of sight (Table 7.4.2-1).
double line_of_sight_probability(PropagationScenario scenario, const RadioDistance& distance,
                                 const Surroundings& surroundings) noexcept;

}  // namespace kiriko
