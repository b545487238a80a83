// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a run says it measured where something does not get through: outages, nothing received, full links, no memory.
#include <catch2/catch.hpp>

#include "scenarios/report/closing_table.hpp"
#include "tools/kiriko/exit_code.hpp"
#include "tools/kiriko/run_session.hpp"
#include "tools/kiriko/tables.hpp"

using namespace kiriko;

namespace {

/// Two hosts and a link; `rest` ends the text.
RunResult run(const std::string& link, const std::string& with, const std::string& rest,
              const std::string& start = "0s") {
  const std::string text = "name: pair\nrun: {duration: 2s, packets: 2048}\nhosts: [{name: a}, {name: b}]\n" +
                           ("links: [{ends: [a, b], " + link + "}]\n") +
                           ("traffic: [{name: flow, from: a, to: b, model: constant, start: " + start) +
                           (", with: {" + with + "}}]\n") + rest;
  LoadResult loaded = load({.text = text, .file_name = "pair.yaml"}, load_tables());
  INFO(to_text(loaded.problems, "pair.yaml"));
  REQUIRE(loaded.ok());
  auto session = RunSession::create(std::move(loaded.scenario), {});
  if (!session) FAIL(to_string(session.error()));
  return (*session)->run();
}

std::string kpi(const std::string& metric, const std::string& scope, const std::string& statistic,
                const std::string& comparison, const std::string& threshold) {
  return "kpis: [{name: k, metric: " + metric + ", scope: '" + scope + "', statistic: " + statistic +
         ", comparison: '" + comparison + "', threshold: " + threshold + ", source: this test}]\n";
}

}  // namespace

TEST_CASE("when a link goes down for good, then the interruption is what is left of the run") {
  const std::string wants = kpi("interruption", "flow:flow", "max", "<=", "100ms");
  const RunResult result = run("rate: 1Gbit/s, delay: 5ms", "rate: 1Mbit/s, size: 125 B",
                               "timeline: [{at: 500ms, do: link_down, link: a-b}]\n" + wants);
  CHECK_FALSE(result.kpis.at(0).met);
  CHECK(result.kpis[0].measured == Approx(1.5e9).margin(10e6));
  CHECK(exit_code(result) == ExitCode::missed);
  // Packets on their way at the end are no outage, however long the way.
  const RunResult whole = run("rate: 1Gbit/s, delay: 500ms", "rate: 1Mbit/s, size: 125 B", wants);
  CHECK(whole.kpis.at(0).met);
}

TEST_CASE("when a link comes up late, then the interruption reaches back to the first packet") {
  const RunResult result =
      run("rate: 1Gbit/s, delay: 5ms", "rate: 1Mbit/s, size: 125 B",
          "timeline: [{at: 0s, do: link_down, link: a-b}, {at: 700ms, do: link_up, link: a-b}]\n" +
              kpi("interruption", "flow:flow", "max", "<=", "100ms"));
  CHECK_FALSE(result.kpis.at(0).met);
  CHECK(result.kpis[0].measured == Approx(0.7e9).margin(10e6));
}

TEST_CASE("when none shall arrive and none does, then the KPI is met; where none was sent, it says nothing") {
  const std::string down = "timeline: [{at: 0s, do: link_down, link: a-b}]\n";
  const std::string flow = "rate: 1Mbit/s, size: 125 B";
  for (const auto& [metric, statistic, threshold] : {std::tuple{"received", "total", "0"},
                                                     {"duplicates", "total", "0"},
                                                     {"throughput", "mean", "1kbit/s"}}) {
    INFO(metric);
    const RunResult result =
        run("rate: 1Gbit/s", flow, down + kpi(metric, "flow:flow", statistic, "<=", threshold));
    CHECK(result.kpis.at(0).met);
    CHECK(result.kpis[0].note.empty());
  }
  std::string after = kpi("received", "flow:flow", "total", "<=", "0");
  after.insert(after.find("source"), "window: [0s, 100ms], ");
  const RunResult unsent = run("rate: 1Gbit/s", flow, after, "1s");
  CHECK(unsent.kpis.at(0).samples == 0);
  CHECK_FALSE(unsent.kpis.at(0).met);
}

TEST_CASE("when a link is offered more than its rate, then it is in use wholly and no more") {
  const RunResult result = run("rate: 10Mbit/s, limit_packets: 100000", "rate: 16Mbit/s, size: 1000 B",
                               kpi("utilisation", "link:a-b/forward", "max", "<=", "1"));
  const LinkDirectionResult& link = result.links.at(0);
  CHECK(*link.utilisation <= 1.0);
  CHECK(*link.utilisation == Approx(1.0).epsilon(0.002));
  CHECK(result.kpis.at(0).met);
  CHECK(link.seconds_mbit_s.size() == 2);
  // One packet is on the wire.
  CHECK(link.packets == result.flows.at(0).tally.received + 1);
  CHECK(result.held > link.packets / 2);
}

TEST_CASE("when a link idles, then its utilisation of 0 is a measurement; without a rate it is none") {
  const std::string wants = kpi("utilisation", "link:a-b/backward", "max", "<=", "0.5");
  const RunResult rated = run("rate: 10Mbit/s", "rate: 1Mbit/s, size: 125 B", wants);
  CHECK(rated.kpis.at(0).met);
  CHECK(rated.links.at(1).utilisation == 0.0);
  const RunResult unlimited = run("delay: 1ms", "rate: 1Mbit/s, size: 125 B", wants);
  CHECK_FALSE(unlimited.kpis.at(0).met);
  CHECK(unlimited.kpis[0].note == "its links have no rate");
}

TEST_CASE(
    "when no packet buffer is left, then what could not be made is lost, and the closing table says so") {
  const RunResult result =
      run("delay: 1s", "rate: 100Mbit/s, size: 125 B", kpi("packets_lost", "flow:flow", "total", "<=", "0"));
  const FlowTally& tally = result.flows.at(0).tally;
  CHECK(tally.unmade > 0);
  CHECK(tally.lost() == tally.unmade);
  CHECK(tally.held_at_end == result.held);
  CHECK_FALSE(result.kpis.at(0).met);
  const std::string table = closing_table(result, "out", false);
  CHECK(table.find("pool_exhausted @ a") != std::string::npos);
  CHECK(table.find("raise run.packets") != std::string::npos);
}
