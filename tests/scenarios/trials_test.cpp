// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Every trial and example that is shipped: it loads, and the trials' first seconds run balanced and repeatable.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "scenarios/report/results_json.hpp"
#include "tools/kiriko/run_session.hpp"
#include "tools/kiriko/sha256.hpp"
#include "tools/kiriko/tables.hpp"

using namespace kiriko;

namespace {

std::vector<std::string> scenario_files(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

LoadResult load_shipped(const std::string& file) {
  return load_file({.text = {}, .file_name = file}, load_tables());
}

RunResult run_first(const std::string& file, std::uint32_t workers, Duration length) {
  LoadResult loaded = load_shipped(file);
  REQUIRE(loaded.ok());
  loaded.scenario.run.workers = workers;
  loaded.scenario.run.packets = 16384;  // the whole pool of a trial is more than the tests' memory
  RunOptions options;
  options.until = ModelTime{length.ns};
  auto session = RunSession::create(std::move(loaded.scenario), std::move(options));
  if (!session) FAIL(to_string(session.error()));
  return (*session)->run();
}

}  // namespace

TEST_CASE("when a shipped scenario is loaded, then nothing is wrong with it") {
  for (const char* folder : {"scenarios/trials", "scenarios/examples"}) {
    const auto files = scenario_files(folder);
    CHECK(files.size() >= 7);
    for (const auto& file : files) {
      const LoadResult loaded = load_shipped(file);
      INFO(to_text(loaded.problems, file));
      CHECK(loaded.ok());
      CHECK(loaded.scenario.name == std::filesystem::path(file).stem().string());
    }
  }
}

TEST_CASE(
    "when a trial is loaded, then it is judged, every KPI has a source, and unchecked figures are named") {
  for (const auto& file : scenario_files("scenarios/trials")) {
    const LoadResult loaded = load_shipped(file);
    INFO(file);
    REQUIRE(loaded.ok());
    CHECK(loaded.scenario.kpis.size() >= 5);
    for (const auto& kpi : loaded.scenario.kpis) {
      INFO(kpi.name);
      CHECK(kpi.source.size() >= 9);
    }
    CHECK_FALSE(loaded.scenario.unverified.empty());
    CHECK_FALSE(loaded.scenario.timeline.empty());
  }
}

TEST_CASE("when a trial's first seconds run, then the ledger balances and nothing is refused") {
  for (const auto& file : scenario_files("scenarios/trials")) {
    INFO(file);
    const RunResult result = run_first(file, 1, milliseconds(2000));
    CHECK(result.fault.empty());
    CHECK(result.end == RunEnd::complete);
    CHECK(result.pool_in_use == result.held);
    CHECK(result.ledger.created == result.ledger.consumed + result.ledger.dropped_total() + result.held);
    for (const auto& event : result.events) {
      INFO(event.text);
      CHECK(event.kind != "failure");
    }
    std::uint64_t received = 0;
    for (const auto& flow : result.flows) {
      INFO(flow.name);
      received += flow.tally.received;
      CHECK(flow.tally.received + flow.tally.held_at_end <= flow.tally.sent);
    }
    CHECK(received > 1000);
  }
}

TEST_CASE("when a trial runs with one worker and with two, then results are the same to the byte") {
  for (const auto& file : scenario_files("scenarios/trials")) {
    INFO(file);
    CHECK(sha256(results_json(run_first(file, 1, milliseconds(1000)))) ==
          sha256(results_json(run_first(file, 2, milliseconds(1000)))));
  }
}
