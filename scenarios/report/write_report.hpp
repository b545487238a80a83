// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// write_report(): all files of a run's report.
#pragma once

#include <string>

#include "core/base/result.hpp"
#include "core/measure/run_result.hpp"

namespace kiriko {

/// results.json, fidelity.json, junit.xml, events.ndjson, report.html. Makes the folder. Each file appears whole or
/// not at all (written aside, then renamed); files of an earlier run are replaced.
Result<void> write_report(const std::string& folder, const RunResult& result);

}  // namespace kiriko
