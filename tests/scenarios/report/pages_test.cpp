// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// report.html and the closing table: what they say, and that hostile names do no harm.
#include <catch2/catch.hpp>
#include <sstream>

#include "scenarios/report/closing_table.hpp"
#include "scenarios/report/report_html.hpp"
#include "scenarios/report/utf8.hpp"
#include "tests/scenarios/report/sample_result.hpp"

using namespace kiriko;
using namespace kiriko::test;
using Catch::Contains;

TEST_CASE(
    "when a report is made, then it has verdict, charts, tables and the command, and needs nothing else") {
  const std::string html = report_html(sample_result());
  CHECK_THAT(html, Contains("1 of 2 KPIs met"));
  CHECK_THAT(html, Contains("Delay by percentile") && Contains("Longest delay") && Contains("Throughput"));
  CHECK_THAT(html, Contains("the ring is cut between s1 and s2"));
  CHECK_THAT(html, Contains("queue_full @ s1 → s2") && Contains("the link&#39;s queue was at its limit"));
  CHECK_THAT(html, Contains("TS 22.186 R.5.2-006"));
  CHECK_THAT(
      html,
      Contains("kiriko run &#39;scenarios/trials/transport platoon.yaml&#39; --clock virtual --seed 7"));
  for (const char* outside : {"http:", "https:", "<script", "<link", "@import", "url("})
    CHECK_THAT(html, !Contains(outside));
}

TEST_CASE("when names are hostile, then report.html escapes them") {
  const std::string html = report_html(hostile_result());
  CHECK_THAT(html, !Contains("<script"));
  CHECK_THAT(html, Contains("&lt;script&gt;alert(&quot;x&quot;)"));
  CHECK(html.find('\x01') == std::string::npos);
  CHECK(html == valid_utf8(html));
}

TEST_CASE("when nothing was sent or received, then the pages stand") {
  RunResult empty;
  empty.scenario = "empty";
  CHECK_THAT(report_html(empty), Contains("No KPIs declared"));
  CHECK_THAT(closing_table(empty, "out", false), Contains("no KPIs"));
  RunResult silent = sample_result();
  for (FlowResult& flow : silent.flows) flow.tally = FlowTally{}, flow.seconds.clear();
  CHECK_THAT(report_html(silent), Contains("Slices"));
}

TEST_CASE(
    "when a terminal is written to, then no line is wider than 110 columns and colour is only on request") {
  for (const RunResult& result : {sample_result(), hostile_result()}) {
    std::istringstream lines(closing_table(result, "out/platoon", false));
    for (std::string line; std::getline(lines, line);) {
      CHECK(character_count(line) <= 110);
      CHECK(line.find('\033') == std::string::npos);
      CHECK(line.find('\x01') == std::string::npos);
    }
  }
  CHECK(closing_table(sample_result(), "out", true).find("\033[32m✓") != std::string::npos);
}

TEST_CASE("when a run ends, then the closing table names verdict, KPIs, ledger and report") {
  const std::string text = closing_table(sample_result(), "out/platoon/x", false);
  CHECK_THAT(text, Contains("✓") && Contains("platoon control delay") && Contains("delay p99.99 ≤ 20 ms") &&
                       Contains("12.35 ms"));
  CHECK_THAT(text, Contains("✗ 1 of 2 KPIs met") && Contains("out/platoon/x/report.html"));
  RunResult result = sample_result();
  result.end = RunEnd::interrupted;
  CHECK_THAT(closing_table(result, "out", false), Contains("INTERRUPTED"));
  result.end = RunEnd::fault;
  CHECK_THAT(closing_table(result, "out", false), Contains("FAULT"));
}
