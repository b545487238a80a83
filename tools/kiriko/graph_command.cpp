// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko graph: a scenario's topology as SVG.
#include <cstdio>
#include <fstream>

#include "scenarios/report/topology_svg.hpp"
#include "tools/kiriko/commands.hpp"
#include "tools/kiriko/exit_code.hpp"
#include "tools/kiriko/tables.hpp"

namespace kiriko {
namespace {

int graph(const std::string& file, const std::string& out) {
  LoadRequest request;
  request.file_name = file;
  const LoadResult loaded = load_file(std::move(request), load_tables());
  if (!loaded.ok()) {
    std::fputs(to_text(loaded.problems, file).c_str(), stderr);
    return static_cast<int>(ExitCode::wrong);
  }
  const std::string svg = topology_svg(loaded.scenario);
  if (out.empty()) {
    std::fputs(svg.c_str(), stdout);
    return static_cast<int>(ExitCode::met);
  }
  std::ofstream stream(out, std::ios::binary);
  stream << svg;
  stream.close();
  if (!stream) {
    std::fprintf(stderr, "-o: the file cannot be written; found %s\n", out.c_str());
    return static_cast<int>(ExitCode::wrong);
  }
  return static_cast<int>(ExitCode::met);
}

}  // namespace

void add_graph_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("graph", "Draw a scenario's topology as SVG");
  const auto file = std::make_shared<std::string>();
  const auto out = std::make_shared<std::string>();
  command->add_option("FILE", *file, "scenario file")->required();
  command->add_option("-o,--out", *out, "file to write; default: standard output")->type_name("SVG");
  command->footer("Example:\n  kiriko graph trial.yaml -o trial.svg");
  command->callback([file, out, &exit_code] { exit_code = graph(*file, *out); });
}

}  // namespace kiriko
