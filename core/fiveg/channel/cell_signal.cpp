// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// One state of sight and two shadowings, each a process along the way (TR 38.901 clauses 7.4, 7.6.3.3).
#include "core/fiveg/channel/cell_signal.hpp"

#include <cmath>

namespace kiriko {
namespace {

/// Of the state of sight, TR 38.901 Table 7.6.3.1-2; unverified.
double sight_correlation_m(PropagationScenario scenario) noexcept {
  switch (scenario) {
    case PropagationScenario::umi:
    case PropagationScenario::uma: return 50;
    case PropagationScenario::rma: return 60;
    default: return 10;
  }
}

double normal_quantile_of(double value) noexcept { return 0.5 * std::erfc(-value / std::sqrt(2.0)); }

Shadowing process(std::uint64_t seed, const char* purpose, std::uint64_t ue, std::uint64_t cell,
                  double correlation_m) noexcept {
  return {seed ^ stream_key(purpose), ue, cell, correlation_m};
}

}  // namespace

CellSignal::CellSignal(PropagationScenario scenario, double frequency_ghz, const Surroundings& surroundings,
                       std::uint64_t seed, std::uint64_t ue, std::uint64_t cell) noexcept
    : scenario_(scenario),
      frequency_ghz_(frequency_ghz),
      surroundings_(surroundings),
      clear_(process(seed, "clear", ue, cell, correlation_distance_m(scenario, true))),
      obstructed_(process(seed, "obstructed", ue, cell, correlation_distance_m(scenario, false))),
      sight_(process(seed, "sight", ue, cell, sight_correlation_m(scenario))) {}

double CellSignal::loss_db(double ground_m, double travelled_m) noexcept {
  clear_.advance(travelled_m);
  obstructed_.advance(travelled_m);
  sight_.advance(travelled_m);
  const RadioDistance distance = radio_distance(ground_m, surroundings_);
  line_of_sight_ =
      normal_quantile_of(sight_.value()) < line_of_sight_probability(scenario_, distance, surroundings_);
  const double deviation = line_of_sight_ ? clear_.value() : obstructed_.value();
  return path_loss_db(scenario_, line_of_sight_, distance, frequency_ghz_, surroundings_) +
         deviation * shadow_fading_db(scenario_, line_of_sight_, distance, frequency_ghz_, surroundings_);
}

}  // namespace kiriko
