// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The tables of transmission bandwidths.
#include "core/fiveg/numerology.hpp"

#include <span>
#include <string>

namespace kiriko {
namespace {

struct Row {
  FrequencyRange range;
  int subcarrier_spacing_khz;
  std::int16_t resource_blocks[17];  ///< 0: not defined
};

constexpr int fr1_bandwidths[] = {3, 5, 7, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100};
constexpr int fr2_bandwidths[] = {50, 100, 200, 400, 800, 1600, 2000};

constexpr Row rows[] = {
    {FrequencyRange::fr1, 15, {15, 25, 35, 52, 79, 106, 133, 160, 188, 216, 242, 270, 0, 0, 0, 0, 0}},
    {FrequencyRange::fr1, 30, {0, 11, 0, 24, 38, 51, 65, 78, 92, 106, 119, 133, 162, 189, 217, 245, 273}},
    {FrequencyRange::fr1, 60, {0, 0, 0, 11, 18, 24, 31, 38, 44, 51, 58, 65, 79, 93, 107, 121, 135}},
    {FrequencyRange::fr2, 60, {66, 132, 264, 0, 0, 0, 0}},
    {FrequencyRange::fr2, 120, {32, 66, 132, 264, 0, 0, 0}},
    {FrequencyRange::fr2, 480, {0, 0, 0, 66, 124, 248, 0}},
    {FrequencyRange::fr2, 960, {0, 0, 0, 33, 62, 124, 148}},
};

std::span<const int> bandwidths(FrequencyRange range) {
  if (range == FrequencyRange::fr1) return fr1_bandwidths;
  return fr2_bandwidths;
}

const Row* find_row(FrequencyRange range, int khz) {
  for (const Row& row : rows)
    if (row.range == range && row.subcarrier_spacing_khz == khz) return &row;
  return nullptr;
}

std::string allowed_spacings(FrequencyRange range) {
  std::string text;
  for (const Row& row : rows)
    if (row.range == range) text += (text.empty() ? "" : ", ") + std::to_string(row.subcarrier_spacing_khz);
  return text + " kHz";
}

}  // namespace

std::string_view to_string(FrequencyRange range) { return range == FrequencyRange::fr1 ? "FR1" : "FR2"; }

Result<Numerology> Numerology::from_mu(int mu) {
  if (mu < 0 || mu > highest_mu)
    return fail({.message = "not a numerology", .found = std::to_string(mu), .allowed = "0 to 6"});
  return Numerology{mu};
}

Result<Numerology> Numerology::from_subcarrier_spacing_khz(int khz) {
  for (int mu = 0; mu <= highest_mu; ++mu)
    if (khz == 15 << mu) return Numerology{mu};
  return fail({.message = "not a subcarrier spacing",
               .found = std::to_string(khz) + " kHz",
               .allowed = "15, 30, 60, 120, 240, 480 or 960 kHz"});
}

Result<int> resource_blocks(FrequencyRange range, Numerology numerology, int bandwidth_mhz) {
  const int khz = numerology.subcarrier_spacing_khz();
  const Row* row = find_row(range, khz);
  const std::string combination = std::to_string(bandwidth_mhz) + " MHz at " + std::to_string(khz) +
                                  " kHz in " + std::string(to_string(range));
  if (row == nullptr)
    return fail({.message = "no carrier has this subcarrier spacing in this frequency range",
                 .found = combination,
                 .allowed = allowed_spacings(range)});
  std::string allowed;
  const std::span<const int> widths = bandwidths(range);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (row->resource_blocks[i] == 0) continue;
    if (widths[i] == bandwidth_mhz) return int{row->resource_blocks[i]};
    allowed += (allowed.empty() ? "" : ", ") + std::to_string(widths[i]);
  }
  return fail({.message = "no carrier has this bandwidth with this subcarrier spacing",
               .found = combination,
               .allowed = allowed + " MHz"});
}

}  // namespace kiriko
