// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// results.json, junit.xml, events.ndjson, fidelity.json and their folder.
#include <yaml-cpp/yaml.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "scenarios/report/command_line.hpp"
#include "scenarios/report/events_ndjson.hpp"
#include "scenarios/report/fidelity_json.hpp"
#include "scenarios/report/junit_xml.hpp"
#include "scenarios/report/report_html.hpp"
#include "scenarios/report/results_json.hpp"
#include "scenarios/report/write_report.hpp"
#include "tests/scenarios/report/sample_result.hpp"

using namespace kiriko;
using namespace kiriko::test;
using Catch::Contains;

TEST_CASE("when only the machine differs, then results.json is the same to the byte") {
  RunResult fast = sample_result(), slow = sample_result();
  slow.wall.wall_seconds = 99;
  slow.wall.workers = 8;
  slow.wall.valid = false;
  slow.wall.invalid_because = "too slow";
  slow.file = "/elsewhere/platoon.yaml";
  CHECK(results_json(fast) == results_json(slow));
  CHECK(results_json(fast).back() == '\n');
}

TEST_CASE("when anything that was measured differs, then results.json differs") {
  const std::string before = results_json(sample_result());
  RunResult result = sample_result();
  SECTION("a delay") { result.flows[0].tally.delay.record(1); }
  SECTION("a drop") { result.flows[1].drops[0].second += 1; }
  SECTION("a link") { result.links[3].packets += 1; }
  SECTION("a node's metric") { result.nodes[0].metrics[0].second += 1; }
  SECTION("an event") { result.events[2].at.ns += 1; }
  SECTION("the seed") { result.seed = 8; }
  SECTION("the ledger") { result.held = 1; }
  SECTION("the second of a group") { result.flows[3].seconds[5].delay_max_ns += 1; }
  CHECK(results_json(result) != before);
}

TEST_CASE("when results.json is read back, then percentiles, groups and ledger are there") {
  const YAML::Node json = YAML::Load(results_json(sample_result()));  // JSON is YAML
  CHECK(json["groups"].size() == 3);
  CHECK(json["groups"][0]["flows"].as<int>() == 2);
  CHECK(json["slices"].size() == 2);
  const RunResult result = sample_result();
  CHECK(json["flows"][0]["delay_ns"]["p99.999"].as<std::int64_t>() ==
        result.flows[0].tally.delay.quantile(0.99999));
  CHECK(json["flows"][0]["delay_ns"]["maximum"].as<std::int64_t>() == result.flows[0].tally.delay.maximum());
  CHECK(json["ledger"]["dropped"]["queue_full"].as<int>() == 2760);
  CHECK(json["kpis"][1]["met"].as<bool>() == false);
  CHECK(json["kpis"][1]["to_ns"].as<std::int64_t>() == 35'000'000'000);
}

TEST_CASE("when names are hostile, then results.json still reads back") {
  const YAML::Node json = YAML::Load(results_json(hostile_result()));
  CHECK_THAT(json["flows"][0]["name"].as<std::string>(), Contains("<script>"));
}

TEST_CASE("when a KPI is missed, then junit.xml says measured against threshold") {
  const std::string xml = junit_xml(sample_result());
  CHECK_THAT(xml, Contains("tests=\"3\" failures=\"1\" errors=\"0\""));
  CHECK_THAT(xml, Contains("measured 0.025, but ratio &lt;= 0.01 is required"));
  CHECK_THAT(xml, Contains("<testcase classname=\"platoon.delay\" name=\"platoon control delay\"/>"));
}

TEST_CASE("when the run faulted or was interrupted, then junit.xml has an error") {
  RunResult result = sample_result();
  result.end = RunEnd::interrupted;
  CHECK_THAT(junit_xml(result), Contains("<error message=\"interrupted at 60 s of 60 s\"/>"));
  result.end = RunEnd::fault;
  result.fault = "s1: 1 packet <lost>";
  CHECK_THAT(junit_xml(result), Contains("fault: s1: 1 packet &lt;lost&gt;"));
}

TEST_CASE("when names are hostile, then junit.xml has neither their tags nor their control characters") {
  const std::string xml = junit_xml(hostile_result());
  CHECK_THAT(xml, !Contains("<script>"));
  CHECK(xml.find('\x01') == std::string::npos);
  CHECK(xml.find('\xff') == std::string::npos);
}

TEST_CASE("when events are written, then each is one line of JSON") {
  const std::string text = events_ndjson(hostile_result());
  CHECK(std::count(text.begin(), text.end(), '\n') == 7);
  CHECK_THAT(events_ndjson(sample_result()), Contains("\"at_ns\": 10000000000, \"kind\": \"timeline\""));
}

TEST_CASE("when the clock is virtual, then fidelity.json says that no wall clock enters") {
  CHECK_THAT(fidelity_json(sample_result()), Contains("no wall clock enters the result"));
  RunResult real = sample_result();
  real.clock = "real";
  real.wall.links = {{"a → b", 3, {}}};
  real.wall.links[0].lateness.record(5000, 3);
  CHECK_THAT(fidelity_json(real), Contains("\"p99.9\": 5000"));
  real.wall.devices = {{"lan", 2, {}}};
  real.wall.devices[0].unseen.record(7000, 4);
  CHECK_THAT(fidelity_json(real),
             Contains("\"device\": \"lan\", \"received\": 4, \"missed\": 2") && Contains("\"max\": 7000"));
  CHECK_THAT(report_html(real), Contains("Unseen for up to"));
}

TEST_CASE("when the command line has spaces and quotes, then a shell reads it back") {
  RunResult result = sample_result();
  result.overrides = {"kpis.control delay.threshold=5ms", "title=it's"};
  CHECK(command_line(result) ==
        "kiriko run 'scenarios/trials/transport platoon.yaml' --clock virtual --seed 7 "
        "--set 'kpis.control delay.threshold=5ms' --set 'title=it'\\''s'");
}

TEST_CASE("when a report is written, then the folder holds its five whole files") {
  const auto folder = std::filesystem::temp_directory_path() / "kiriko_report_files_test" / "deep";
  std::filesystem::remove_all(folder.parent_path());
  REQUIRE(write_report(folder.string(), sample_result()));
  REQUIRE(write_report(folder.string(), sample_result()));  // over an earlier one
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    ++files;
    CHECK(entry.path().extension() != ".part");
  }
  CHECK(files == 5);
  std::ifstream stream(folder / "results.json");
  std::ostringstream text;
  text << stream.rdbuf();
  CHECK(text.str() == results_json(sample_result()));
  std::filesystem::remove_all(folder.parent_path());
}

TEST_CASE("when the folder cannot be made, then the problem names it") {
  const auto written = write_report("/dev/null/report", sample_result());
  REQUIRE_FALSE(written);
  CHECK(written.error().found == "/dev/null/report");
}
