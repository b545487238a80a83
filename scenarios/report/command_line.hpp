// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The command that repeats a run.
#pragma once

#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko {

/// For a POSIX shell, every word quoted where it must be.
std::string command_line(const RunResult& result);

}  // namespace kiriko
