// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The charts of a report: throughput and delay over time, delay by percentile.
#pragma once

#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko {

/// All charts as HTML figures; "" where nothing was received.
std::string report_charts(const RunResult& result);

}  // namespace kiriko
