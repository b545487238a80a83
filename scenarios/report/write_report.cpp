// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Files of the report, each written aside and renamed.
#include "scenarios/report/write_report.hpp"

#include <filesystem>
#include <fstream>

#include "scenarios/report/events_ndjson.hpp"
#include "scenarios/report/fidelity_json.hpp"
#include "scenarios/report/junit_xml.hpp"
#include "scenarios/report/report_html.hpp"
#include "scenarios/report/results_json.hpp"

namespace kiriko {
namespace {

namespace fs = std::filesystem;

Result<void> write_file(const fs::path& path, const std::string& text) {
  fs::path aside = path;
  aside += ".part";
  std::ofstream stream(aside, std::ios::binary | std::ios::trunc);
  stream << text;
  stream.close();
  std::error_code error;
  if (!stream) {
    fs::remove(aside, error);
    return fail(
        {.message = "a file of the report cannot be written", .where = "--out", .found = aside.string()});
  }
  fs::rename(aside, path, error);
  if (error)
    return fail({.message = "a file of the report cannot be written",
                 .where = "--out",
                 .found = path.string(),
                 .hint = error.message()});
  return {};
}

}  // namespace

Result<void> write_report(const std::string& folder, const RunResult& result) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(
        {.message = "the folder cannot be made", .where = "--out", .found = folder, .hint = error.message()});
  const fs::path root(folder);
  const std::pair<const char*, std::string> files[] = {{"results.json", results_json(result)},
                                                       {"fidelity.json", fidelity_json(result)},
                                                       {"junit.xml", junit_xml(result)},
                                                       {"events.ndjson", events_ndjson(result)},
                                                       {"report.html", report_html(result)}};
  for (const auto& [name, text] : files)
    if (auto written = write_file(root / name, text); !written) return written;
  return {};
}

}  // namespace kiriko
