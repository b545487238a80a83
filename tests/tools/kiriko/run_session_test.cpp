// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Whole runs in this process: workers, seeds, stops, leaks.
#include "tools/kiriko/run_session.hpp"

#include <catch2/catch.hpp>

#include "scenarios/report/results_json.hpp"
#include "tools/kiriko/exit_code.hpp"
#include "tools/kiriko/sha256.hpp"
#include "tools/kiriko/tables.hpp"
#include "vnf/catalogue.hpp"

using namespace kiriko;

namespace {

constexpr const char* scenario_text = R"(
name: two_hosts
run: {duration: 3s, seed: 5, packets: 4096}
hosts: [{name: a}, {name: b}]
functions: [{name: s1, function: switch}, {name: s2, function: switch}]
links:
  - {ends: [a, s1], rate: 100Mbit/s, delay: 1ms}
  - {name: middle, ends: [s1, s2], rate: 20Mbit/s, delay: 2ms, loss: 0.01}
  - {ends: [s2, b], rate: 100Mbit/s, delay: 1ms}
traffic:
  - {name: there, from: a, to: b, model: poisson, with: {size: 500 B, rate: 5Mbit/s}}
  - {name: back, from: b, to: a, model: constant, with: {size: 200 B, rate: 1Mbit/s}}
timeline:
  - {at: 1s, do: link_change, link: middle, delay: 5ms}
  - {at: 2s, do: burst_on, flows: "flow:there", scale: 6}
kpis:
  - {name: delay, metric: delay, scope: "flow:back", statistic: p99, comparison: <=, threshold: 50ms, source: this test}
)";

Scenario scenario_of(std::vector<std::string> overrides = {}) {
  LoadRequest request{.text = scenario_text, .file_name = "two_hosts.yaml"};
  request.overrides = std::move(overrides);
  LoadResult loaded = load(request, load_tables());
  INFO(to_text(loaded.problems, "two_hosts.yaml"));
  REQUIRE(loaded.ok());
  return loaded.scenario;
}

RunResult run(Scenario scenario, RunOptions options = {}) {
  auto session = RunSession::create(std::move(scenario), std::move(options));
  if (!session) FAIL(to_string(session.error()));
  return (*session)->run();
}

RunResult run_with(std::uint32_t workers, std::uint64_t seed) {
  Scenario scenario = scenario_of();
  scenario.run.workers = workers;
  scenario.run.seed = seed;
  return run(std::move(scenario));
}

/// Takes packets and forgets them, in no ledger.
class Leak final : public NetworkFunction {
 public:
  explicit Leak(std::unique_ptr<NetworkFunction> inner) : inner_(std::move(inner)) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    if (++bursts_ == 100) {
      burst.clear();
      return;
    }
    inner_->process(burst, exits);
  }
  void wake(ModelTime now, Exits& exits) noexcept override { inner_->wake(now, exits); }
  Result<Commit> prepare(const Change& change) override { return inner_->prepare(change); }
  void report(Report& report) const override { inner_->report(report); }

 private:
  std::unique_ptr<NetworkFunction> inner_;
  int bursts_{0};
};

}  // namespace

TEST_CASE("when a scenario runs, then packets arrive, the ledger balances and the KPI is met") {
  const RunResult result = run(scenario_of());
  CHECK(result.fault.empty());
  CHECK(exit_code(result) == ExitCode::met);
  CHECK(result.ended_at == ModelTime{seconds(3).ns});
  CHECK(result.flows[0].tally.received > 3000);
  CHECK(result.flows[0].tally.lost() > 0);
  CHECK(result.pool_in_use == result.held);
  CHECK(result.wall.valid);
  CHECK(result.events.size() >= 3);
}

TEST_CASE("when workers differ, then results are the same to the byte; when seeds differ, they are not") {
  const std::string one = sha256(results_json(run_with(1, 5)));
  CHECK(sha256(results_json(run_with(1, 5))) == one);
  CHECK(sha256(results_json(run_with(2, 5))) == one);
  CHECK(sha256(results_json(run_with(4, 5))) == one);
  CHECK(sha256(results_json(run_with(1, 6))) != one);
}

TEST_CASE("when a KPI cannot be met, then the exit code says so") {
  CHECK(exit_code(run(scenario_of({"kpis.delay.threshold=1ms"}))) == ExitCode::missed);
}

TEST_CASE("when the run is told to stop, then the result is partial and marked") {
  const std::atomic<bool> stop{true};
  RunOptions options;
  options.stop = &stop;
  const RunResult result = run(scenario_of(), std::move(options));
  CHECK(result.end == RunEnd::interrupted);
  CHECK(exit_code(result) == ExitCode::interrupted);
}

TEST_CASE("when a shorter time is asked for, then the run ends there and is complete") {
  RunOptions options;
  options.until = ModelTime{milliseconds(1500).ns};
  const RunResult result = run(scenario_of(), std::move(options));
  CHECK(result.ended_at == ModelTime{milliseconds(1500).ns});
  CHECK(result.end == RunEnd::complete);
}

TEST_CASE("when a function leaks one packet, then the run is a fault") {
  static const Descriptor* real = find_function(catalogue(), "switch");
  static Descriptor leaky = *real;
  leaky.create = [](const FunctionSetup& setup) -> Result<std::unique_ptr<NetworkFunction>> {
    auto inner = real->create(setup);
    if (!inner) return inner;
    return std::make_unique<Leak>(std::move(*inner));
  };
  static const std::array<const Descriptor*, 1> functions{&leaky};
  RunOptions options;
  options.functions = functions;
  const RunResult result = run(scenario_of(), std::move(options));
  CHECK(result.end == RunEnd::fault);
  CHECK(exit_code(result) == ExitCode::fault);
  CHECK_THAT(result.fault, Catch::Contains("s1") || Catch::Contains("s2"));
}

TEST_CASE("when a device stands under the virtual clock, then the run is refused with a hint") {
  Scenario scenario = scenario_of();
  ScenarioNode device;
  device.id = NodeId{static_cast<std::uint32_t>(scenario.nodes.size())};
  device.name = "lan";
  device.kind = NodeKind::device;
  device.function = "null";
  scenario.nodes.push_back(device);
  const auto session = RunSession::create(std::move(scenario), {});
  REQUIRE_FALSE(session);
  CHECK_THAT(session.error().hint, Catch::Contains("--clock real"));
}

TEST_CASE("when the real clock is used, then lateness is measured and the controller's start sets apply") {
  Scenario scenario = scenario_of({"run.duration=300ms", "timeline[1].at=250ms", "timeline[0].at=200ms"});
  scenario.run.clock = ClockKind::real_time;
  scenario.run.tolerance = seconds(10);
  const RunResult result = run(std::move(scenario));
  CHECK(result.fault.empty());
  CHECK(result.flows[0].tally.received > 0);
  CHECK(result.wall.links.size() == 6);
  CHECK(result.wall.valid);
}

TEST_CASE("when lateness passes the tolerance, then the run is invalid") {
  Scenario scenario = scenario_of({"run.duration=300ms", "timeline[1].at=250ms", "timeline[0].at=200ms"});
  scenario.run.clock = ClockKind::real_time;
  scenario.run.tolerance = nanoseconds(0);
  const RunResult result = run(std::move(scenario));
  CHECK_FALSE(result.wall.valid);
  CHECK(exit_code(result) == ExitCode::invalid);
}

TEST_CASE("when text is hashed, then it is SHA-256 (FIPS 180-4 example)") {
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("when progress is told, then time, share, speed and packets a second are there") {
  const RunProgress last{ModelTime{seconds(10).ns}, ModelTime{seconds(100).ns}, 1'000'000'000, 1'000'000};
  const RunProgress now{ModelTime{seconds(30).ns}, ModelTime{seconds(100).ns}, 2'000'000'000, 4'100'000};
  CHECK(progress_text(now, last) == "30.0 s of 100.0 s | 30 % | 20.00 x real time | 3.1 M packets/s");
}

TEST_CASE(
    "when interference is measured, then a neighbour that sends takes rate from a cell, and a silent one "
    "does not") {
  // The UE stands between two cells; another UE's downlink fills the second.
  const auto blocks_used = [](const char* filler, const char* interference) {
    const std::string text = std::string(R"(
name: neighbours
run: {duration: 2s}
radio_environment: {propagation: umi, period: 50ms, a3_offset: 15, interference: )") +
                             interference + R"(}
slices: [{name: one, s_nssai: "1"}]
ues:
  - {name: edge, cells: [gnb1, gnb2]}
  - {name: other, cells: [gnb2]}
hosts: [{name: server}]
functions:
  - {name: gnb1, function: gnb, position: "0,10", with: {bandwidth: 20, bler: 0}}
  - {name: gnb2, function: gnb, position: "200,10", with: {bandwidth: 20, bler: 0}}
  - {name: upf1, function: upf}
mobility: [{ues: [edge], path: ["95,0"], speed: 0}]
links: [{ends: [gnb1, upf1]}, {ends: [gnb2, upf1]}, {ends: [upf1, server]}]
traffic:
  - {name: probe, from: server, to: edge, model: constant, with: {rate: 8 Mbit/s, size: 1400 B}}
  - {name: fill, from: server, to: other, model: constant, with: {rate: )" +
                             filler + R"(, size: 1400 B}}
)";
    LoadResult loaded = load({.text = text, .file_name = "neighbours.yaml"}, load_tables());
    INFO(to_text(loaded.problems, "neighbours.yaml"));
    REQUIRE(loaded.ok());
    const RunResult result = run(std::move(loaded.scenario));
    REQUIRE(result.end == RunEnd::complete);
    double blocks = 0;
    for (const auto& node : result.nodes)
      if (node.name == "gnb1")
        for (const auto& [name, value] : node.metrics)
          if (name == "prbs_used_dl") blocks = value;
    REQUIRE(blocks > 0);
    return blocks;
  };
  const double quiet = blocks_used("1 kbit/s", "measured"), loud = blocks_used("150 Mbit/s", "measured");
  CHECK(loud > 1.3 * quiet);
  CHECK(blocks_used("150 Mbit/s", "fixed") == Approx(blocks_used("1 kbit/s", "fixed")).epsilon(0.02));
}
