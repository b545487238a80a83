// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From result to exit status.
#include "tools/kiriko/exit_code.hpp"

#include <algorithm>

namespace kiriko {

ExitCode exit_code(const RunResult& result) {
  if (result.end == RunEnd::fault) return ExitCode::fault;
  if (result.end == RunEnd::interrupted) return ExitCode::interrupted;
  if (!result.wall.valid) return ExitCode::invalid;
  const bool met =
      std::all_of(result.kpis.begin(), result.kpis.end(), [](const KpiResult& kpi) { return kpi.met; });
  return met ? ExitCode::met : ExitCode::missed;
}

}  // namespace kiriko
