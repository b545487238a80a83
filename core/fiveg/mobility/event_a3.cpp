// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Event A3's entering condition and its time to trigger.
#include "core/fiveg/mobility/event_a3.hpp"

#include <cmath>

namespace kiriko {

std::optional<std::size_t> EventA3::measured(ModelTime now, std::size_t serving,
                                             std::span<const double> dbm) {
  std::optional<std::size_t> best;
  for (std::size_t cell = 0; cell < entered_.size(); ++cell) {
    const bool enters =
        cell != serving && dbm[cell] - configuration_.hysteresis_db > dbm[serving] + configuration_.offset_db;
    if (!enters) {
      entered_[cell].reset();
      continue;
    }
    if (!entered_[cell]) entered_[cell] = now;
    if (now - *entered_[cell] < configuration_.time_to_trigger) continue;
    if (!best || dbm[cell] > dbm[*best]) best = cell;
  }
  if (best) entered_.assign(entered_.size(), std::nullopt);
  return best;
}

double layer3_filter_weight(int coefficient) noexcept { return std::exp2(-coefficient / 4.0); }

}  // namespace kiriko
