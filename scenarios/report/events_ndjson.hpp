// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// events.ndjson: one JSON object a line for everything that happened, in order of model time.
#pragma once

#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko {

std::string events_ndjson(const RunResult& result);

}  // namespace kiriko
