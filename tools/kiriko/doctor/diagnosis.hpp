// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Diagnosis: all that `kiriko doctor` found, as lines for people and as JSON.
#pragma once

#include "tools/kiriko/doctor/findings.hpp"

namespace kiriko::doctor {

struct Diagnosis {
  MachineFacts machine{};
  NetworkFacts network{};
  Permissions permissions{};
  std::optional<Measures> measures{};  ///< absent where nothing could be measured
  std::optional<Advice> advice{};      ///< likewise
  std::string fault{};                 ///< why not
  double tsc_ghz{};                    ///< 0: unknown
  bool quick{};
};

/// Of the facts, then of the measures; in the order in which they are printed.
std::vector<Finding> findings(const Diagnosis& diagnosis);

std::string findings_text(const std::vector<Finding>& findings, bool colour);
/// What was measured, what a run can count on, what would help.
std::string conclusion_text(const Diagnosis& diagnosis, bool colour);

std::string diagnosis_json(const Diagnosis& diagnosis);

}  // namespace kiriko::doctor
