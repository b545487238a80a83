// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko: the command line.
#include <algorithm>
#include <cstdio>

#include "core/base/options.hpp"
#include "tools/kiriko/commands.hpp"
#include "tools/kiriko/exit_code.hpp"

namespace {

std::vector<std::string> subcommand_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

/// The deepest command that was named on the command line.
const CLI::App& innermost(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : innermost(*parsed.back());
}

/// What the user may have meant by the first word nobody expected, or "".
std::string suggestion(const CLI::App& program, int argc, char** argv) {
  const CLI::App& command = innermost(program);
  std::vector<std::string> known = subcommand_names(command);
  for (const CLI::Option* option : command.get_options())
    for (const auto& name : option->get_lnames()) known.push_back("--" + name);
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    word = word.substr(0, word.find('='));
    if (std::find(known.begin(), known.end(), word) != known.end()) continue;
    if (&command != &program && !word.starts_with("--") && known.size() == command.get_options().size())
      continue;
    if (const std::string near = kiriko::did_you_mean(word, known); !near.empty())
      return "unknown '" + word + "'; did you mean '" + near + "'?";
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program("Kiriko: a network emulator for 5G, SDN and NFV. It replays a scenario and judges it.",
                   "kiriko");
  program.require_subcommand(1);
  program.footer(
      "Examples:\n"
      "  kiriko run scenarios/trials/transport_platoon.yaml\n"
      "  kiriko check scenarios\n"
      "  kiriko vnf show upf\n"
      "  kiriko doctor\n"
      "  kiriko upf --config tools/kiriko/upf/upf.yaml\n"
      "\n`kiriko COMMAND --help` says more.");
  int exit_code = 0;
  kiriko::add_run_command(program, exit_code);
  kiriko::add_check_command(program, exit_code);
  kiriko::add_graph_command(program, exit_code);
  kiriko::add_vnf_command(program, exit_code);
  kiriko::add_schema_command(program, exit_code);
  kiriko::add_reference_command(program, exit_code);
  kiriko::add_doctor_command(program, exit_code);
  kiriko::add_upf_command(program, exit_code);
  kiriko::add_version_command(program, exit_code);
  program.set_version_flag("--version", std::string("kiriko ") + KIRIKO_VERSION);
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return program.exit(help);
  } catch (const CLI::Success& success) {
    return program.exit(success);
  } catch (const CLI::ParseError& error) {
    const std::string text = suggestion(program, argc, argv);
    std::fprintf(stderr, "kiriko: %s\n%s", text.empty() ? error.what() : text.c_str(),
                 "`kiriko --help` and `kiriko COMMAND --help` explain\n");
    return static_cast<int>(kiriko::ExitCode::wrong);
  }
  return exit_code;
}
