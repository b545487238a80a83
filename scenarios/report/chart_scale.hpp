// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ChartScale: values to positions along an axis, and the ticks that a reader expects there.
#pragma once

#include <vector>

namespace kiriko {

class ChartScale {
 public:
  /// From 0 (or below, if `low` is) up to a round number at or above `high`.
  static ChartScale linear(double low, double high);
  /// For 0 < low ≤ high: whole steps of 1, 2, 5 times a power of ten around them.
  static ChartScale logarithmic(double low, double high);

  /// 0 at the axis's start, 1 at its end; values outside are clamped.
  double position(double value) const;
  const std::vector<double>& ticks() const { return ticks_; }

 private:
  double low_{0}, high_{1};
  bool logarithmic_{false};
  std::vector<double> ticks_;
};

}  // namespace kiriko
