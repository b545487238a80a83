// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Findings: the facts in plain words, each with what would help.
#pragma once

#include "tools/kiriko/doctor/advice.hpp"
#include "tools/kiriko/doctor/machine_facts.hpp"
#include "tools/kiriko/doctor/network_facts.hpp"
#include "tools/kiriko/doctor/permissions.hpp"

namespace kiriko::doctor {

enum class Mark : std::uint8_t { good, fair, bad, unknown };
std::string_view name_of(Mark mark);  ///< "good", …

struct Finding {
  std::string name{};  ///< "clock"
  Mark mark{Mark::good};
  std::string text{};
  std::string hint{};  ///< "" where nothing would help
};

std::vector<Finding> processor_findings(const MachineFacts& facts);
std::vector<Finding> memory_findings(const MachineFacts& facts, const Permissions& permissions);
std::vector<Finding> network_findings(const NetworkFacts& facts, const Permissions& permissions);
std::vector<Finding> priority_findings(const Permissions& permissions);
/// What stood in the way while it was measured.
std::vector<Finding> measured_findings(const MachineFacts& facts, const Measures& measures,
                                       const Advice& advice);

}  // namespace kiriko::doctor
