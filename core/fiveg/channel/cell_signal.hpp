// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// CellSignal: what a UE on its way receives of one cell: line of sight or not, path loss, shadowing.
#pragma once

#include <cstdint>

#include "core/fiveg/channel/path_loss.hpp"
#include "core/fiveg/channel/shadowing.hpp"

namespace kiriko {

class CellSignal {
 public:
  /// `ue` and `cell` key the random streams beside the seed.
  CellSignal(PropagationScenario scenario, double frequency_ghz, const Surroundings& surroundings,
             std::uint64_t seed, std::uint64_t ue, std::uint64_t cell) noexcept;

  /// Path loss and shadowing in dB at this distance from the cell, after so long a way; the way never gets shorter.
  double loss_db(double ground_m, double travelled_m) noexcept;
  bool line_of_sight() const noexcept { return line_of_sight_; }

 private:
  PropagationScenario scenario_;
  double frequency_ghz_;
  Surroundings surroundings_;
  Shadowing clear_, obstructed_;
  Shadowing sight_;  ///< its quantile against the probability of line of sight
  bool line_of_sight_{true};
};

}  // namespace kiriko
