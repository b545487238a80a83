// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Whole runs whose UPFs are driven by PFCP over the modelled control channel.
#include <algorithm>
#include <catch2/catch.hpp>

#include "scenarios/report/results_json.hpp"
#include "tools/kiriko/exit_code.hpp"
#include "tools/kiriko/run_session.hpp"
#include "tools/kiriko/sha256.hpp"
#include "tools/kiriko/tables.hpp"

using namespace kiriko;

namespace {

RunResult run_example(const std::string& name, std::vector<std::string> overrides,
                      std::uint32_t workers = 1) {
  LoadRequest request{.text = {}, .file_name = "scenarios/examples/" + name + ".yaml"};
  request.overrides = std::move(overrides);
  LoadResult loaded = load_file(request, load_tables());
  INFO(to_text(loaded.problems, request.file_name));
  REQUIRE(loaded.ok());
  loaded.scenario.run.workers = workers;
  loaded.scenario.run.packets = 16384;
  auto session = RunSession::create(std::move(loaded.scenario), {});
  if (!session) FAIL(to_string(session.error()));
  return (*session)->run();
}

bool tells(const RunResult& result, const std::string& text) {
  return std::any_of(result.events.begin(), result.events.end(),
                     [&](const EventRecord& event) { return event.text.find(text) != std::string::npos; });
}

std::string failures(const RunResult& result) {
  std::string text;
  for (const EventRecord& event : result.events)
    if (event.kind == "failure") text += event.text + '\n';
  return text;
}

std::uint64_t received(const RunResult& result) {
  std::uint64_t packets = 0;
  for (const FlowResult& flow : result.flows) packets += flow.tally.received;
  return packets;
}

double metric(const RunResult& result, const std::string& node, const std::string& name) {
  for (const NodeResult& each : result.nodes)
    if (each.name == node)
      for (const auto& [key, value] : each.metrics)
        if (key == name) return value;
  FAIL(node << " has no " << name);
  return 0;
}

}  // namespace

TEST_CASE("when sessions go by PFCP, then UEs are served from the first packet, through handovers too") {
  const RunResult direct = run_example("handover", {});
  const RunResult pfcp = run_example("handover", {"controller.n4=pfcp"});
  CHECK(pfcp.fault.empty());
  CHECK(failures(pfcp).empty());
  CHECK(exit_code(pfcp) == ExitCode::met);
  CHECK(tells(pfcp, "PDU session establishment over N4: 1 PDU session at upf1"));
  CHECK(received(pfcp) == received(direct));
  CHECK(metric(pfcp, "upf1", "n4_establishments") == 1);
  CHECK(metric(pfcp, "upf1", "n4_modifications") == 3);  // the gNB's tunnel, two handovers
  CHECK(metric(pfcp, "upf1", "n4_refusals") == 0);
  CHECK(metric(direct, "upf1", "n4_establishments") == 0);
}

TEST_CASE(
    "when a UPF dies under load, then heartbeats tell, sessions go to the standby and traffic is back") {
  const std::vector<std::string> overrides{"controller.n4=pfcp", "controller.n4_heartbeat=200ms",
                                           "controller.n4_t1=50ms", "controller.n4_n1=3"};
  const RunResult result = run_example("edge_failover", overrides);
  CHECK(result.fault.empty());
  CHECK(result.pool_in_use == result.held);
  CHECK(failures(result).empty());
  CHECK(tells(result, "UPF edge failed: no answer to 3 heartbeats"));
  CHECK(tells(result, "sessions of UPF edge are elsewhere: 10 PDU sessions to core; without a UPF for 0."));
  CHECK(tells(result, "UPF edge answers again"));
  CHECK(metric(result, "core", "n4_establishments") == 10);
  CHECK(metric(result, "core", "n4_deletions") == 10);  // they went back
  CHECK(metric(result, "edge", "n4_sessions") == 10);
  CHECK(metric(result, "core", "n4_sessions") == 0);
  for (const FlowResult& flow : result.flows) {
    // At most heartbeat + T1 · N1, then establishment and N2 over the channel and the longer path.
    CHECK(flow.tally.longest_gap > milliseconds(100));
    CHECK(flow.tally.longest_gap < milliseconds(200 + 3 * 50 + 60));
  }
}

TEST_CASE("when PFCP runs in virtual time, then workers change nothing") {
  const std::vector<std::string> overrides{"controller.n4=pfcp", "controller.n4_heartbeat=200ms",
                                           "controller.n4_t1=50ms"};
  const std::string one = sha256(results_json(run_example("edge_failover", overrides)));
  CHECK(sha256(results_json(run_example("edge_failover", overrides, 2))) == one);
}
