// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// junit.xml: a test case per KPI, so that CI systems show a run as they show tests.
#pragma once

#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko {

/// Beside the KPIs there is the case "run": an error if the run faulted, was interrupted or invalid.
std::string junit_xml(const RunResult& result);

}  // namespace kiriko
