// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FastFading and Blockage: what changes a signal within a step of the way, as simple models.
#pragma once

#include <cstdint>

#include "core/base/random.hpp"
#include "core/fiveg/channel/path_loss.hpp"

namespace kiriko {

/// Mean Rician K-factor in sight, dB (TR 38.901 Table 7.5-6; unverified).
constexpr double rician_k_db(PropagationScenario scenario) noexcept {
  return scenario == PropagationScenario::umi || scenario == PropagationScenario::uma ? 9 : 7;
}

/// Gain of a wide carrier over a measurement: the mean of independent paths' powers, each Rician (in sight) or Rayleigh. How many
/// there are stands for the carrier's coherence bandwidths and the measurement's coherence times; with one it is the fading of a
/// narrow tone. Mean power 1.
class FastFading {
 public:
  FastFading(std::uint64_t seed, std::uint64_t ue, std::uint64_t cell, int diversity, double k_db) noexcept;
  /// Of the next measurement, in dB.
  double next_db(bool line_of_sight) noexcept;

 private:
  RandomStream draws_;
  int diversity_;
  double k_;
};

/// Something stands in the way now and then: a two-state process in time with exponentially distributed stays, in which the signal
/// loses a fixed attenuation. A simpler one than TR 38.901 clause 7.6.4, which has blockers by angle.
class Blockage {
 public:
  /// `share` of the time blocked (0: never, below 1), `mean_s` long in the mean.
  Blockage(std::uint64_t seed, std::uint64_t ue, std::uint64_t cell, double share, double mean_s) noexcept;
  /// At this time, which does not fall.
  bool blocked(double now_s) noexcept;

 private:
  RandomStream draws_;
  double mean_blocked_s_, mean_free_s_{};
  double until_s_{};
  bool blocked_{false};
};

}  // namespace kiriko
