// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Figures as people read them: three to four digits and a fitting unit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/measure/run_result.hpp"

namespace kiriko {

std::string delay_text(double nanoseconds);     ///< "9.87 ms"
std::string rate_text(double bits_per_second);  ///< "12.3 Mbit/s"
std::string ratio_text(double ratio);           ///< "0", "1.2e-05", "0.034"
std::string percent_text(double ratio);         ///< "41.3 %"
std::string count_text(std::uint64_t count);    ///< "12 345 678", with no-break spaces
std::string seconds_text(ModelTime time);       ///< "12.5 s"

/// A KPI's threshold or measured value in its unit.
std::string value_text(double value, std::string_view unit);
/// "delay p99.99 <= 10 ms".
std::string requirement_text(const KpiResult& kpi);
/// The measured value, or "-" where nothing was measured.
std::string measured_text(const KpiResult& kpi);
/// "complete", "interrupted", "fault".
std::string_view end_text(RunEnd end);
/// "≤" for "<=".
std::string_view comparison_sign(std::string_view comparison);

}  // namespace kiriko
