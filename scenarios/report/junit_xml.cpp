// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// JUnit's XML as Jenkins and GitLab read it.
#include "scenarios/report/junit_xml.hpp"

#include <fmt/format.h>

#include "scenarios/report/figure_text.hpp"
#include "scenarios/report/utf8.hpp"

namespace kiriko {
namespace {

std::string run_error(const RunResult& result) {
  if (result.end == RunEnd::fault) return "fault: " + result.fault;
  if (result.end == RunEnd::interrupted)
    return "interrupted at " + seconds_text(result.ended_at) + " of " + seconds_text(result.until);
  if (!result.wall.valid) return "invalid: " + result.wall.invalid_because;
  return "";
}

std::string kpi_failure(const KpiResult& kpi) {
  std::string text = fmt::format("{}: measured {}, but {} {} {} is required ({} samples; source: {})",
                                 kpi.scope, measured_text(kpi), kpi.statistic, kpi.comparison,
                                 value_text(kpi.threshold, kpi.unit), kpi.samples, kpi.source);
  return kpi.note.empty() ? text : text + "; " + kpi.note;
}

}  // namespace

std::string junit_xml(const RunResult& result) {
  std::size_t missed = 0;
  for (const KpiResult& kpi : result.kpis) missed += kpi.met ? 0 : 1;
  const std::string error = run_error(result);
  const std::string suite = xml_escaped(result.scenario);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  const std::string counts =
      fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\"", result.kpis.size() + 1,
                  missed, error.empty() ? 0 : 1, result.wall.wall_seconds);
  out += fmt::format("<testsuites {}>\n  <testsuite name=\"{}\" {}>\n", counts, suite, counts);
  out += fmt::format("    <testcase classname=\"{}\" name=\"run\"", suite);
  out += error.empty()
             ? "/>\n"
             : fmt::format(">\n      <error message=\"{}\"/>\n    </testcase>\n", xml_escaped(error));
  for (const KpiResult& kpi : result.kpis) {
    out += fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\"", suite, xml_escaped(kpi.metric),
                       xml_escaped(kpi.name));
    out += kpi.met ? "/>\n"
                   : fmt::format(">\n      <failure message=\"{}\"/>\n    </testcase>\n",
                                 xml_escaped(kpi_failure(kpi)));
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace kiriko
