// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// closing_table(): a run's outcome for a terminal.
#pragma once

#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko {

/// At most 110 columns: KPIs, slices, busiest links, ledger, verdict, where the report is. `colour` adds ANSI colours.
std::string closing_table(const RunResult& result, const std::string& folder, bool colour);

}  // namespace kiriko
