// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Flows put together by group and by slice, and their lost packets by reason and place.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/measure/run_result.hpp"

namespace kiriko {

struct MergedFlows {
  std::string name;
  std::size_t flows{};
  FlowTally tally;
  std::vector<FlowSecond> seconds;
};

/// In the order in which the names first appear among the flows. Flows without a slice are left out of by_slice().
std::vector<MergedFlows> by_group(const RunResult& result);
std::vector<MergedFlows> by_slice(const RunResult& result);

/// "reason @ place" with its count over all flows, most first, then by name.
std::vector<std::pair<std::string, std::uint64_t>> drops_by_place(const RunResult& result);
/// The sentence of the reason at the start of "reason @ place", or "".
std::string_view drop_sentence(std::string_view reason_at_place);

/// lost / (sent - still under way); 0 where nothing was sent.
double loss_ratio(const FlowTally& tally);
/// Application octets received over the run, in bit/s.
double throughput(const FlowTally& tally, ModelTime ended_at);

}  // namespace kiriko
