// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko schema and kiriko reference: what a scenario file may hold, from the option tables.
#include <cstdio>

#include "tools/kiriko/commands.hpp"
#include "tools/kiriko/tables.hpp"

namespace kiriko {
namespace {

void print(const std::string& text) { std::printf("%s%s", text.c_str(), text.ends_with('\n') ? "" : "\n"); }

}  // namespace

void add_schema_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("schema", "Print the JSON Schema of scenario files, for editors");
  command->footer(
      "Example:\n  kiriko schema > scenario.schema.json\n"
      "  then, as the first line of a scenario: # yaml-language-server: $schema=scenario.schema.json");
  command->callback([&exit_code] {
    print(json_schema(load_tables()));
    exit_code = 0;
  });
}

void add_reference_command(CLI::App& program, int& exit_code) {
  auto* command =
      program.add_subcommand("reference", "Print the reference page of scenario files (Markdown)");
  command->footer("Example:\n  kiriko reference | less");
  command->callback([&exit_code] {
    print(reference_markdown(load_tables()));
    exit_code = 0;
  });
}

}  // namespace kiriko
