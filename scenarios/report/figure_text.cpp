// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Four significant digits; the unit keeps the number between 1 and 1000.
#include "scenarios/report/figure_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace kiriko {
namespace {

struct Step {
  double factor;
  const char* unit;
};

template <std::size_t N>
std::string scaled(double value, const std::array<Step, N>& steps) {
  const double size = std::abs(value);
  for (const Step& step : steps)
    if (size >= step.factor * 0.99995) {
      const double figure = value / step.factor;
      // Beyond the largest unit all digits, not an exponent.
      return std::abs(figure) < 9999.5 ? fmt::format("{:.4g} {}", figure, step.unit)
                                       : fmt::format("{:.0f} {}", figure, step.unit);
    }
  return fmt::format("{:.4g} {}", value / steps.back().factor, steps.back().unit);
}

}  // namespace

std::string delay_text(double nanoseconds) {
  static constexpr std::array<Step, 4> steps{{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1, "ns"}}};
  return scaled(nanoseconds, steps);
}

std::string rate_text(double bits_per_second) {
  static constexpr std::array<Step, 5> steps{
      {{1e12, "Tbit/s"}, {1e9, "Gbit/s"}, {1e6, "Mbit/s"}, {1e3, "kbit/s"}, {1, "bit/s"}}};
  return scaled(bits_per_second, steps);
}

std::string ratio_text(double ratio) { return fmt::format("{:.4g}", ratio); }
std::string percent_text(double ratio) { return fmt::format("{:.3g} %", ratio * 100.0); }

std::string count_text(std::uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += "\u00A0";
    out += digits[i];
  }
  return out;
}

std::string seconds_text(ModelTime time) { return fmt::format("{:.9g} s", time.seconds()); }

std::string value_text(double value, std::string_view unit) {
  if (!std::isfinite(value)) return "-";
  if (unit == "ns") return delay_text(value);
  if (unit == "bit/s") return rate_text(value);
  if (unit == "packets" && value >= 0 && value < 1e18) return count_text(static_cast<std::uint64_t>(value));
  return unit.empty() ? ratio_text(value) : fmt::format("{:.4g} {}", value, unit);
}

std::string requirement_text(const KpiResult& kpi) {
  return fmt::format("{} {} {} {}", kpi.metric, kpi.statistic, comparison_sign(kpi.comparison),
                     value_text(kpi.threshold, kpi.unit));
}

std::string measured_text(const KpiResult& kpi) {
  return kpi.samples == 0 ? "-" : value_text(kpi.measured, kpi.unit);
}

std::string_view end_text(RunEnd end) {
  switch (end) {
    case RunEnd::complete: return "complete";
    case RunEnd::interrupted: return "interrupted";
    case RunEnd::fault: return "fault";
  }
  return "fault";
}

std::string_view comparison_sign(std::string_view comparison) {
  if (comparison == "<=") return "≤";
  if (comparison == ">=") return "≥";
  return comparison;
}

}  // namespace kiriko
