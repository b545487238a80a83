// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SIGINT and SIGTERM as a flag that the run looks at between steps; a second one ends the program at once.
#pragma once

#include <atomic>

namespace kiriko {

/// Exit status of a run that was interrupted.
inline constexpr int interrupted_status = 130;

/// Installs the handlers; the flag turns true at the first signal.
const std::atomic<bool>& catch_stop_signals();

}  // namespace kiriko
