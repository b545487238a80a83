// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko_bench: sets the benches up, measures them round by round beside the reference, and reports.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <map>

#include "bench/baseline.hpp"
#include "bench/bench.hpp"
#include "bench/results.hpp"
#include "core/device/eal.hpp"

namespace kiriko::bench {
namespace {

constexpr std::uint32_t needed_mb = 700;
constexpr std::int64_t turns_a_round = 10;

struct Settings {
  bool quick{false}, list{false}, no_reference{false}, no_hugepages{false};
  std::vector<std::string> only;
  std::uint32_t runs{5};
  double seconds{0.3};  ///< a measurement
  std::string json, compare;
};

BenchList all_benches(bool hugepages, bool quick) {
  BenchList list;
  add_macswap_benches(list, hugepages, seconds(quick ? 1 : 2));
  add_switch_benches(list);
  add_upf_benches(list, quick);
  add_chain_benches(list);
  add_hop_benches(list);
  add_loop_benches(list);
  add_step_benches(list);
  add_timer_benches(list);
  add_n4_benches(list, quick);
  add_device_group_benches(list, quick);
  add_catalogue_benches(list);
  add_growth_benches(list);
  return list;
}

/// Whole names, or their beginnings: "upf" is all that begins with it.
bool wanted(const Settings& settings, const std::string& name) {
  if (is_reference(name)) return !settings.no_reference;
  if (settings.only.empty()) return !name.starts_with("growth_");
  return std::any_of(settings.only.begin(), settings.only.end(),
                     [&](const auto& only) { return name.starts_with(only); });
}

class Run {
 public:
  Run(const Settings& settings, BenchList list) : settings_(settings) {
    for (BenchEntry& entry : list) {
      BenchResult& result = results_.benches.emplace_back();
      result.name = entry.name;
      result.sentence = entry.sentence;
      result.unit = entry.unit;
      result.target = entry.target;
      result.beside = entry.beside;
      result.grows_with = entry.grows_with;
      result.size = entry.size;
      result.share_name = entry.share_name.empty() ? entry.name + "_vs_" + entry.beside : entry.share_name;
      progress("setting up {}", entry.name);
      auto made = entry.make();
      if (!made) result.problem = to_string(made.error());
      benches_.push_back(made ? std::move(*made) : nullptr);
    }
    results_.runs = settings.runs;
    results_.seconds = settings.seconds;
    results_.quick = settings.quick;
  }

  Results measure() {
    const auto wall = Duration{static_cast<std::int64_t>(settings_.seconds * 1e9)};
    for (std::uint32_t round = 0; round < settings_.runs; ++round) {
      std::array<double, reference_names.size()> references{};
      std::map<std::string, double> last;
      for (std::size_t i = 0; i < benches_.size(); ++i) {
        if (benches_[i] == nullptr || last.contains(results_.benches[i].name)) continue;
        progress("round {} of {}: {}", round + 1, settings_.runs, results_.benches[i].name);
        std::vector<std::size_t> together{i};
        for (std::size_t j = i + 1; j < benches_.size(); ++j)
          if (benches_[j] != nullptr && results_.benches[j].name == results_.benches[i].beside)
            together.push_back(j);
        const std::vector<double> samples = measure_by_turns(together, wall);
        for (std::size_t k = 0; k < samples.size(); ++k) {
          BenchResult& result = results_.benches[together[k]];
          result.samples.push_back(samples[k]);
          last[result.name] = samples[k];
          for (std::size_t r = 0; r < references.size(); ++r) {
            if (result.name == reference_names[r]) references[r] = samples[k];
            if (is_reference(result.name) || result.unit != Unit::mpps || references[r] <= 0) continue;
            result.ratios[r].push_back(samples[k] / references[r]);
          }
        }
      }
      for (BenchResult& result : results_.benches)
        if (last.contains(result.name) && last.contains(result.beside))
          result.shares.push_back(last[result.name] / last[result.beside]);
    }
    for (std::size_t i = 0; i < benches_.size(); ++i)
      if (benches_[i] != nullptr) results_.benches[i].note = benches_[i]->note();
    progress("{}", "");
    return std::move(results_);
  }

 private:
  /// Each for `wall`; a bench and the one beside it by short turns, so that what else the machine does meets both. Nothing
  /// when one could not be measured: that one is out.
  std::vector<double> measure_by_turns(const std::vector<std::size_t>& benches, Duration wall) {
    const std::int64_t turns = benches.size() > 1 ? turns_a_round : 1;
    std::vector<double> sums(benches.size());
    for (std::int64_t turn = 0; turn < turns; ++turn) {
      for (std::size_t k = 0; k < benches.size(); ++k) {
        Bench& bench = *benches_[benches[k]];
        BenchResult& result = results_.benches[benches[k]];
        // The first tenth brings the bench's memory back into the caches; the reference warms up by itself.
        if (!is_reference(result.name)) static_cast<void>(bench.measure(wall / turns / 10));
        const auto sample = bench.measure(wall / turns);
        if (!sample) {
          result.problem = to_string(sample.error());
          benches_[benches[k]].reset();
          return {};
        }
        sums[k] += *sample;
      }
    }
    for (double& sum : sums) sum /= static_cast<double>(turns);
    return sums;
  }

  template <class... Arguments>
  static void progress(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
    if (isatty(STDERR_FILENO) == 0) return;
    fmt::print(stderr, "\r\033[K{}", fmt::format(text, std::forward<Arguments>(arguments)...));
    std::fflush(stderr);
  }

  Settings settings_;
  std::vector<std::unique_ptr<Bench>> benches_;
  Results results_;
};

int run(Settings settings) {
  if (settings.quick) {
    settings.runs = std::min(settings.runs, 2U);
    settings.seconds = std::min(settings.seconds, 0.05);
  }
  const bool hugepages = !settings.no_hugepages && geteuid() == 0 && free_hugepages_mb() >= needed_mb;
  BenchList list = all_benches(hugepages, settings.quick);
  if (settings.list) {
    for (const BenchEntry& entry : list) fmt::print("{:<22} {}\n", entry.name, entry.sentence);
    return 0;
  }
  std::erase_if(list, [&](const BenchEntry& entry) { return !wanted(settings, entry.name); });
  for (const std::string& only : settings.only)
    if (std::none_of(list.begin(), list.end(),
                     [&](const auto& entry) { return entry.name.starts_with(only); })) {
      fmt::print(stderr, "kiriko_bench: no bench is named '{}'; --list names them\n", only);
      return 2;
    }
  std::map<std::string, double> baseline;
  if (!settings.compare.empty()) {
    auto read = read_ratios(settings.compare);
    if (!read) {
      fmt::print(stderr, "kiriko_bench: {}\n", to_string(read.error()));
      return 2;
    }
    baseline = std::move(*read);
  }
  EalSettings eal;
  eal.hugepages = hugepages;
  eal.memory_mb = needed_mb * 2;
  if (auto started = start_eal(eal); !started) {
    fmt::print(stderr, "kiriko_bench: {}\n", to_string(started.error()));
    return 3;
  }
  const Machine machine = read_machine(hugepages);
  Results results = Run(settings, std::move(list)).measure();
  results.machine = machine;
  print_table(results);
  if (!settings.json.empty()) {
    std::ofstream file(settings.json);
    file << to_json(results);
    if (!file.flush()) {
      fmt::print(stderr, "kiriko_bench: cannot write {}\n", settings.json);
      return 3;
    }
  }
  const bool kept = settings.compare.empty() || print_comparison(baseline, ratios(results));
  const bool broken =
      std::any_of(results.benches.begin(), results.benches.end(), [](const BenchResult& bench) {
        return !bench.problem.empty() && !is_reference(bench.name) && !bench.problem.starts_with("needs ");
      });
  if (broken) return 1;
  return kept ? 0 : 4;
}

}  // namespace
}  // namespace kiriko::bench

int main(int argc, char** argv) {
  kiriko::bench::Settings settings;
  CLI::App program("Measures Kiriko's data path beside dpdk-testpmd's macswap in the same run.",
                   "kiriko_bench");
  program.add_flag("--quick", settings.quick,
                   "A smoke test in less than a minute: 2 rounds, 0.05 s a measurement");
  program.add_option("--only", settings.only,
                     "Benches whose names begin so, and the reference; may be repeated");
  program.add_option("--runs", settings.runs, "Rounds; each measures every bench once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  program.add_option("--seconds", settings.seconds, "Wall time of one measurement")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 600.0));
  program.add_option("--json", settings.json, "Write machine, samples, medians and ratios to this file");
  program.add_option("--compare", settings.compare,
                     "Compare with the ratios of this file; status 4 when one lost more than a tenth");
  program.add_flag("--list", settings.list, "Name the benches");
  program.add_flag("--no-reference", settings.no_reference, "Leave dpdk-testpmd out");
  program.add_flag("--no-hugepages", settings.no_hugepages, "Do without hugepages even where they are free");
  CLI11_PARSE(program, argc, argv);
  return kiriko::bench::run(settings);
}
