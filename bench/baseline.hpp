// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Baseline: the ratios of an earlier run, and what was lost since.
#pragma once

#include <map>
#include <string>

#include "core/base/result.hpp"

namespace kiriko::bench {

/// The member `ratios` of a results file (`--json`, or bench/baseline.json).
Result<std::map<std::string, double>> read_ratios(const std::string& file);

/// Prints both side by side; false when a ratio to a reference ("…_vs_…") lost more than a tenth. Plain rates say
/// more of the machine than of the program: they are shown, not judged.
bool print_comparison(const std::map<std::string, double>& baseline,
                      const std::map<std::string, double>& now);

}  // namespace kiriko::bench
