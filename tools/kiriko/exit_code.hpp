// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The exit status that a run ends with.
#pragma once

#include "core/measure/run_result.hpp"

namespace kiriko {

enum class ExitCode : int {
  met = 0,           ///< all KPIs met
  missed = 1,        ///< a KPI missed
  wrong = 2,         ///< the scenario or the command line is wrong; nothing ran
  fault = 3,         ///< the run itself failed: wins over all below
  invalid = 4,       ///< real time was not kept within the tolerance
  interrupted = 130  ///< stopped by a signal; the report is partial
};

/// Order: fault, interrupted, invalid, missed, met.
ExitCode exit_code(const RunResult& result);

}  // namespace kiriko
