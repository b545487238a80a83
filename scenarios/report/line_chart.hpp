// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// LineChart: lines over an axis, with marked events, as inline SVG that follows the page's colours.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/report/chart_scale.hpp"

namespace kiriko {

struct ChartSeries {
  std::string name;
  std::vector<std::pair<double, double>> points;  ///< a y that is not finite breaks the line
};

/// A vertical line; one without a label is a tick at the foot.
struct ChartEvent {
  double x{};
  std::string label;
};

/// A requirement: a mark that the line of `series` must stay below.
struct ChartLimit {
  std::size_t series{};
  double x{}, y{};
  std::string label;
};

struct LineChart {
  std::string title, caption;
  std::vector<ChartSeries> series;  ///< at most chart_series_limit are told apart
  std::vector<ChartEvent> events{};
  std::vector<ChartLimit> limits{};
  bool logarithmic{false};  ///< of y; falls back to linear where a value is not positive
  double x_high{};          ///< of the axis
  /// Ticks of x with their texts; empty: round numbers with `x_text`.
  std::vector<std::pair<double, std::string>> x_ticks{};
  std::function<std::string(double)> x_text{}, y_text{};
};

inline constexpr std::size_t chart_series_limit = 8;

/// A <figure> with its SVG and legend; every text is escaped. Lines differ by colour (safe for the colour-blind)
/// and by dashes.
std::string to_svg(const LineChart& chart);

}  // namespace kiriko
