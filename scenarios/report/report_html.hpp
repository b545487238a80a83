// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// report.html: a run's report as one file that needs nothing else.
#pragma once

#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko {

/// No scripts, no outside resources; charts are SVG inside. Names are escaped.
std::string report_html(const RunResult& result);

}  // namespace kiriko
