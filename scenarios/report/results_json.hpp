// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// results.json: what a run found, the same bytes for the same scenario, seed and version.
#pragma once

#include <string>

#include "core/measure/run_result.hpp"

namespace kiriko {

/// Times in ns, sizes in octets, rates in bit/s, ratios in 0…1. Nothing of WallFacts enters.
std::string results_json(const RunResult& result);

}  // namespace kiriko
