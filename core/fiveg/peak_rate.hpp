// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The approximate data rate of a carrier (TS 38.306 clause 4.1.2).
#pragma once

#include <cmath>
#include <cstdint>

#include "core/base/units.hpp"
#include "core/fiveg/numerology.hpp"

namespace kiriko {

enum class RadioDirection : std::uint8_t { downlink, uplink };

/// OH of TS 38.306 clause 4.1.2.
constexpr double radio_overhead(FrequencyRange range, RadioDirection direction) noexcept {
  if (direction == RadioDirection::downlink) return range == FrequencyRange::fr1 ? 0.14 : 0.18;
  return range == FrequencyRange::fr1 ? 0.08 : 0.10;
}

struct PeakRateParameters {
  int layers{1};
  int modulation_order{2};     ///< Q_m
  double scaling_factor{1.0};  ///< f: 1, 0.8, 0.75 or 0.4
  int resource_blocks{};       ///< N_RB
  Numerology numerology{};
  double overhead{};  ///< OH
};

/// One carrier that sends all the time; a TDD carrier gets its pattern's share of it.
inline BitsPerSecond peak_rate(const PeakRateParameters& p) {
  constexpr double highest_code_rate = 948.0 / 1024.0;
  const double symbols_per_second = 1000.0 * symbols_per_slot * p.numerology.slots_per_subframe();
  const double rate = p.layers * p.modulation_order * p.scaling_factor * highest_code_rate *
                      p.resource_blocks * subcarriers_per_resource_block * symbols_per_second *
                      (1.0 - p.overhead);
  return BitsPerSecond{std::llround(rate)};
}

}  // namespace kiriko
