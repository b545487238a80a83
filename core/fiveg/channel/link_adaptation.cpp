// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The abstraction of a link as one curve, and the two loops around it.
#include "core/fiveg/channel/link_adaptation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kiriko {
namespace {

/// By CQI of Table 5.2.2.1-2.
constexpr std::array<double, 15> threshold_db{-6.7, -4.7, -2.3, 0.2,  2.4,  4.3,  5.9, 8.1,
                                              10.3, 11.7, 14.1, 16.3, 18.7, 21.0, 22.7};
constexpr double reference_bler = 0.1, table3_bler = 1e-5;
constexpr double decade_db = 1.0;  // unverified: AWGN curves of NR's LDPC codes are about as steep
constexpr double widest_offset_db = 20;

double logit(double probability) noexcept { return std::log(probability / (1 - probability)); }

// A decade of errors for each decade_db, far from one half.
constexpr double steepness = 2.302585092994046 / decade_db;

}  // namespace

double required_sinr_db(double spectral_efficiency) noexcept {
  const auto rows = cqi_table(CqiTable::table1);
  std::size_t above = 1;
  while (above + 1 < rows.size() && rows[above].spectral_efficiency < spectral_efficiency) ++above;
  const double from = rows[above - 1].spectral_efficiency, to = rows[above].spectral_efficiency;
  return std::lerp(threshold_db[above - 1], threshold_db[above], (spectral_efficiency - from) / (to - from));
}

double carried_efficiency(double sinr_db) noexcept {
  const auto rows = cqi_table(CqiTable::table1);
  std::size_t above = 1;
  while (above + 1 < rows.size() && threshold_db[above] < sinr_db) ++above;
  const double from = threshold_db[above - 1], to = threshold_db[above];
  return std::max(std::lerp(rows[above - 1].spectral_efficiency, rows[above].spectral_efficiency,
                            (sinr_db - from) / (to - from)),
                  0.0);
}

double block_error_rate(double spectral_efficiency, double sinr_db) noexcept {
  const double beyond = sinr_db - required_sinr_db(spectral_efficiency);
  return 1 / (1 + std::exp(steepness * beyond - logit(reference_bler)));
}

int cqi_for(CqiTable table, double sinr_db) noexcept {
  const auto rows = cqi_table(table);
  const double more_db =
      table == CqiTable::table3 ? (logit(reference_bler) - logit(table3_bler)) / steepness : 0;
  int cqi = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (required_sinr_db(rows[i].spectral_efficiency) + more_db <= sinr_db) cqi = static_cast<int>(i) + 1;
  return cqi;
}

double LinkAdaptation::first_bias(double target_bler) noexcept {
  return (logit(reference_bler) - logit(target_bler)) / steepness;
}

int LinkAdaptation::mcs_for(double sinr_db) const noexcept {
  const double usable = sinr_db - bias_db_ + offset_db_;
  return mcs_index_for(table_, carried_efficiency(usable));
}

void LinkAdaptation::acknowledged(bool received) noexcept {
  offset_db_ = std::clamp(offset_db_ + (received ? up_db_ : -down_db_), -widest_offset_db, widest_offset_db);
}

AdaptedRadio adapted_radio(McsTable table, double target_bler, double sinr_db) noexcept {
  constexpr double sinr_step_db = 0.5, largest_bler_step = 0.001;
  const double bler_step = std::min(largest_bler_step, target_bler / 100);
  const double stepped = std::floor(sinr_db / sinr_step_db) * sinr_step_db;
  const int mcs = LinkAdaptation(table, target_bler).mcs_for(stepped);
  const double efficiency = mcs_table(table)[static_cast<std::size_t>(mcs)].spectral_efficiency;
  return {mcs, std::round(block_error_rate(efficiency, stepped) / bler_step) * bler_step};
}

}  // namespace kiriko
