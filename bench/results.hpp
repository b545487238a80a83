// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Results of a bench run: the samples of each bench, and their table and JSON.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "bench/machine.hpp"

namespace kiriko::bench {

struct BenchResult {
  std::string name, sentence, note, problem;  ///< `problem`: why there is no figure
  Unit unit{};
  std::optional<BenchEntry::Target> target{};
  std::vector<double> samples;  ///< one a round
  /// By reference: each round's rate over the reference's in the same round.
  std::array<std::vector<double>, reference_names.size()> ratios;
  std::string beside, share_name;
  std::string grows_with;
  std::uint32_t size{};
  std::vector<double> shares;  ///< of the rate of `beside` in the same round
};

struct Results {
  Machine machine;
  std::uint32_t runs{};
  double seconds{};  ///< a measurement
  bool quick{};
  std::vector<BenchResult> benches;
};

/// "upf_1k_vs_macswap" and "hop_mpps": medians by name, those that are there.
std::map<std::string, double> ratios(const Results& results);
/// Empty where there is no target or no figure.
std::optional<bool> target_met(const BenchResult& bench);

void print_table(const Results& results);
std::string to_json(const Results& results);

}  // namespace kiriko::bench
