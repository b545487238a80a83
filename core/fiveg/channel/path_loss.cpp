// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The formulas of TR 38.901 Tables 7.4.1-1, 7.4.2-1 and 7.5-6. lg is the logarithm to base 10, frequencies are in GHz.
#include "core/fiveg/channel/path_loss.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace kiriko {
namespace {

constexpr double speed_of_light = 299'792'458.0;  // m/s
constexpr double ghz = 1e9;
constexpr double environment_height_m = 1.0;  // h_E of note 1: exact for UMi, the usual draw for UMa

constexpr std::array<std::string_view, 8> names{"umi",    "uma",    "rma",    "inh",
                                                "inf_sl", "inf_dl", "inf_sh", "inf_dh"};

/// Note 1: 4 h'_BS h'_UT f_c / c with effective antenna heights. The table's UEs are at least 1.5 m high.
double breakpoint_m(double frequency_ghz, const Surroundings& at) noexcept {
  constexpr double lowest_ue_m = 1.5;
  return 4 * (at.base_station_m - environment_height_m) *
         (std::max(at.ue_m, lowest_ue_m) - environment_height_m) * frequency_ghz * ghz / speed_of_light;
}

double rma_breakpoint_m(double frequency_ghz, const Surroundings& at) noexcept {
  return 2 * std::numbers::pi * at.base_station_m * at.ue_m * frequency_ghz * ghz / speed_of_light;
}

double squared(double x) noexcept { return x * x; }

double height_difference_squared(const Surroundings& at) noexcept {
  return squared(at.base_station_m - at.ue_m);
}

/// PL1 up to the breakpoint, PL2 beyond: UMi and UMa have the same shape.
double two_slopes(double constant, double slope, double beyond, const RadioDistance& d, double f,
                  const Surroundings& at) noexcept {
  const double breakpoint = breakpoint_m(f, at);
  if (d.ground_m <= breakpoint) return constant + slope * std::log10(d.slant_m) + 20 * std::log10(f);
  return constant + 40 * std::log10(d.slant_m) + 20 * std::log10(f) -
         beyond * std::log10(squared(breakpoint) + height_difference_squared(at));
}

double rma_near(double slant_m, double f, const Surroundings& at) noexcept {
  const double h = std::pow(at.building_m, 1.72);
  return 20 * std::log10(40 * std::numbers::pi * slant_m * f / 3) +
         std::min(0.03 * h, 10.0) * std::log10(slant_m) - std::min(0.044 * h, 14.77) +
         0.002 * std::log10(at.building_m) * slant_m;
}

double rma_line_of_sight(const RadioDistance& d, double f, const Surroundings& at) noexcept {
  const double breakpoint = rma_breakpoint_m(f, at);
  if (d.ground_m <= breakpoint) return rma_near(d.slant_m, f, at);
  return rma_near(breakpoint, f, at) + 40 * std::log10(d.slant_m / breakpoint);
}

double rma_obstructed(const RadioDistance& d, double f, const Surroundings& at) noexcept {
  const double bs = at.base_station_m;
  return 161.04 - 7.1 * std::log10(at.street_m) + 7.5 * std::log10(at.building_m) -
         (24.37 - 3.7 * squared(at.building_m / bs)) * std::log10(bs) +
         (43.42 - 3.1 * std::log10(bs)) * (std::log10(d.slant_m) - 3) + 20 * std::log10(f) -
         (3.2 * squared(std::log10(11.75 * at.ue_m)) - 4.97);
}

double line_of_sight_db(PropagationScenario scenario, const RadioDistance& d, double f,
                        const Surroundings& at) noexcept {
  switch (scenario) {
    case PropagationScenario::umi: return two_slopes(32.4, 21, 9.5, d, f, at);
    case PropagationScenario::uma: return two_slopes(28.0, 22, 9, d, f, at);
    case PropagationScenario::rma: return rma_line_of_sight(d, f, at);
    case PropagationScenario::inh: return 32.4 + 17.3 * std::log10(d.slant_m) + 20 * std::log10(f);
    default: return 31.84 + 21.50 * std::log10(d.slant_m) + 19.00 * std::log10(f);
  }
}

double sparse_low(const RadioDistance& d, double f) noexcept {
  return 33 + 25.5 * std::log10(d.slant_m) + 20 * std::log10(f);
}

double obstructed_db(PropagationScenario scenario, const RadioDistance& d, double f,
                     const Surroundings& at) noexcept {
  const double lg_d = std::log10(d.slant_m), lg_f = std::log10(f);
  switch (scenario) {
    case PropagationScenario::umi: return 35.3 * lg_d + 22.4 + 21.3 * lg_f - 0.3 * (at.ue_m - 1.5);
    case PropagationScenario::uma: return 13.54 + 39.08 * lg_d + 20 * lg_f - 0.6 * (at.ue_m - 1.5);
    case PropagationScenario::rma: return rma_obstructed(d, f, at);
    case PropagationScenario::inh: return 38.3 * lg_d + 17.30 + 24.9 * lg_f;
    case PropagationScenario::inf_sl: return sparse_low(d, f);
    case PropagationScenario::inf_dl: return std::max(18.6 + 35.7 * lg_d + 20 * lg_f, sparse_low(d, f));
    case PropagationScenario::inf_sh: return 32.4 + 23.0 * lg_d + 20 * lg_f;
    case PropagationScenario::inf_dh: return 33.63 + 21.9 * lg_d + 20 * lg_f;
  }
  return 0;
}

bool is_factory(PropagationScenario scenario) noexcept { return scenario >= PropagationScenario::inf_sl; }

/// UMi and UMa fall off alike with another constant; UMa has a term for high UEs.
double street_probability(double ground_m, double constant_m) noexcept {
  if (ground_m <= 18) return 1;
  const double near = 18 / ground_m;
  return near + std::exp(-ground_m / constant_m) * (1 - near);
}

double uma_probability(double ground_m, double ue_m) noexcept {
  if (ground_m <= 18) return 1;
  const double high = ue_m <= 13 ? 0 : std::pow((std::min(ue_m, 23.0) - 13) / 10, 1.5);
  return street_probability(ground_m, 63) *
         (1 + high * 1.25 * std::pow(ground_m / 100, 3) * std::exp(-ground_m / 150));
}

/// Indoor open office.
double office_probability(double ground_m) noexcept {
  if (ground_m <= 5) return 1;
  if (ground_m <= 49) return std::exp(-(ground_m - 5) / 70.8);
  return std::exp(-(ground_m - 49) / 211.7) * 0.54;
}

double factory_probability(PropagationScenario scenario, double ground_m, const Surroundings& at) noexcept {
  if (at.clutter_density <= 0) return 1;
  double k = -at.clutter_size_m / std::log1p(-std::min(at.clutter_density, 0.99));
  if (scenario == PropagationScenario::inf_sh || scenario == PropagationScenario::inf_dh) {
    if (at.ue_m >= at.clutter_m) return 1;
    k *= (at.base_station_m - at.ue_m) / (at.clutter_m - at.ue_m);
  }
  return std::exp(-ground_m / k);
}

}  // namespace

std::string_view to_string(PropagationScenario scenario) noexcept {
  return names[static_cast<std::size_t>(scenario)];
}

std::optional<PropagationScenario> propagation_scenario(std::string_view name) noexcept {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<PropagationScenario>(found - names.begin());
}

Surroundings default_surroundings(PropagationScenario scenario) noexcept {
  switch (scenario) {
    case PropagationScenario::umi: return {.base_station_m = 10};
    case PropagationScenario::uma: return {.base_station_m = 25};
    case PropagationScenario::rma: return {.base_station_m = 35};
    case PropagationScenario::inh: return {.base_station_m = 3, .ue_m = 1};
    case PropagationScenario::inf_sl:
      return {.base_station_m = 1.5, .clutter_size_m = 10, .clutter_density = 0.2};
    case PropagationScenario::inf_dl: return {.base_station_m = 1.5, .clutter_m = 6, .clutter_density = 0.6};
    case PropagationScenario::inf_sh:
      return {.base_station_m = 8, .clutter_size_m = 10, .clutter_density = 0.2};
    case PropagationScenario::inf_dh: return {.base_station_m = 8, .clutter_m = 6, .clutter_density = 0.6};
  }
  return {};
}

RadioDistance radio_distance(double ground_m, const Surroundings& at) noexcept {
  const double ground = std::max(ground_m, 1.0);
  return {ground, std::sqrt(squared(ground) + height_difference_squared(at))};
}

double path_loss_db(PropagationScenario scenario, bool line_of_sight, const RadioDistance& distance,
                    double frequency_ghz, const Surroundings& at) noexcept {
  const double clear = line_of_sight_db(scenario, distance, frequency_ghz, at);
  return line_of_sight ? clear : std::max(clear, obstructed_db(scenario, distance, frequency_ghz, at));
}

double shadow_fading_db(PropagationScenario scenario, bool line_of_sight, const RadioDistance& distance,
                        double frequency_ghz, const Surroundings& at) noexcept {
  if (line_of_sight && is_factory(scenario)) return 4.3;
  switch (scenario) {
    case PropagationScenario::umi: return line_of_sight ? 4 : 7.82;
    case PropagationScenario::uma: return line_of_sight ? 4 : 6;
    case PropagationScenario::rma:
      if (!line_of_sight) return 8;
      return distance.ground_m <= rma_breakpoint_m(frequency_ghz, at) ? 4 : 6;
    case PropagationScenario::inh: return line_of_sight ? 3 : 8.03;
    case PropagationScenario::inf_sl: return 5.7;
    case PropagationScenario::inf_dl: return 7.2;
    case PropagationScenario::inf_sh: return 5.9;
    case PropagationScenario::inf_dh: return 4.0;
  }
  return 0;
}

double correlation_distance_m(PropagationScenario scenario, bool line_of_sight) noexcept {
  switch (scenario) {
    case PropagationScenario::umi: return line_of_sight ? 10 : 13;
    case PropagationScenario::uma: return line_of_sight ? 37 : 50;
    case PropagationScenario::rma: return line_of_sight ? 37 : 120;
    case PropagationScenario::inh: return line_of_sight ? 10 : 6;
    default: return 10;
  }
}

double line_of_sight_probability(PropagationScenario scenario, const RadioDistance& distance,
                                 const Surroundings& at) noexcept {
  switch (scenario) {
    case PropagationScenario::umi: return street_probability(distance.ground_m, 36);
    case PropagationScenario::uma: return uma_probability(distance.ground_m, at.ue_m);
    case PropagationScenario::rma:
      return distance.ground_m <= 10 ? 1 : std::exp(-(distance.ground_m - 10) / 1000);
    case PropagationScenario::inh: return office_probability(distance.ground_m);
    default: return factory_probability(scenario, distance.ground_m, at);
  }
}

}  // namespace kiriko
