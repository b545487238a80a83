// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Ticks at 1, 2 and 5 times powers of ten.
#include "scenarios/report/chart_scale.hpp"

#include <algorithm>
#include <cmath>

namespace kiriko {
namespace {

constexpr double wanted_ticks = 6;
constexpr double fewest_decades_without_2_and_5 = 3;

double round_step(double span) {
  const double raw = span / wanted_ticks;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= raw) return factor * power;
  return 10.0 * power;
}

}  // namespace

ChartScale ChartScale::linear(double low, double high) {
  ChartScale scale;
  low = std::min(low, 0.0);
  if (!(high > low) || !std::isfinite(high)) high = low + 1;
  const double step = round_step(high - low);
  const auto first = static_cast<int>(std::floor(low / step + 1e-9));
  const auto last = static_cast<int>(std::ceil(high / step - 1e-9));
  scale.low_ = first * step;
  scale.high_ = last * step;
  for (int i = first; i <= last; ++i) scale.ticks_.push_back(i * step);
  return scale;
}

ChartScale ChartScale::logarithmic(double low, double high) {
  if (!(low > 0) || !std::isfinite(high)) return linear(0, high);
  ChartScale scale;
  scale.logarithmic_ = true;
  std::vector<double> steps;
  const auto first = static_cast<int>(std::floor(std::log10(low) + 1e-9));
  const auto last = static_cast<int>(std::ceil(std::log10(high) - 1e-9));
  for (int power = first; power <= std::max(last, first + 1); ++power)
    for (const double factor : {1.0, 2.0, 5.0}) steps.push_back(factor * std::pow(10.0, power));
  auto begin = std::upper_bound(steps.begin(), steps.end(), low * (1 + 1e-9));
  if (begin != steps.begin()) --begin;
  auto end = std::lower_bound(begin, steps.end(), high * (1 - 1e-9));
  if (end == steps.end()) --end;
  if (end == begin) ++end;
  scale.low_ = *begin;
  scale.high_ = *end;
  const bool crowded = std::log10(scale.high_ / scale.low_) > fewest_decades_without_2_and_5;
  for (auto it = begin; it <= end; ++it)
    if (!crowded || (it - steps.begin()) % 3 == 0) scale.ticks_.push_back(*it);
  return scale;
}

double ChartScale::position(double value) const {
  if (logarithmic_) {
    if (value <= low_) return 0;
    return std::min(1.0, std::log(value / low_) / std::log(high_ / low_));
  }
  return std::clamp((value - low_) / (high_ - low_), 0.0, 1.0);
}

}  // namespace kiriko
