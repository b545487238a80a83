// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// EventA3: when a neighbour cell has become an offset better than the serving one (TS 38.331 clause 5.5.4.4).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/base/units.hpp"

namespace kiriko {

struct EventA3Configuration {
  double offset_db{3};      ///< a3-Offset
  double hysteresis_db{1};  ///< hysteresis
  Duration time_to_trigger{milliseconds(160)};
};

/// Without offsets of frequencies and cells (Ofn, Ocn, Ofp, Ocp).
class EventA3 {
 public:
  EventA3(const EventA3Configuration& configuration, std::size_t cells)
      : configuration_(configuration), entered_(cells) {}

  /// One measurement, filtered, in dBm by cell. The strongest of the cells for which the entering condition
  /// Mn - Hys > Mp + Off has been met all through the time to trigger; it begins again for all after that.
  std::optional<std::size_t> measured(ModelTime now, std::size_t serving, std::span<const double> dbm);

 private:
  EventA3Configuration configuration_;
  std::vector<std::optional<ModelTime>> entered_;  ///< by cell: since when the condition is met
};

/// Weight of a new measurement in layer 3 filtering with coefficient k (TS 38.331 clause 5.5.3.2).
double layer3_filter_weight(int coefficient) noexcept;

}  // namespace kiriko
