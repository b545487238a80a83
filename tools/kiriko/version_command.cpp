// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko version.
#include <rte_version.h>

#include <cstdio>

#include "tools/kiriko/commands.hpp"

namespace kiriko {

void add_version_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("version", "Print the version");
  command->footer("Example:\n  kiriko version");
  command->callback([&exit_code] {
    std::printf("kiriko %s (%s)\n", KIRIKO_VERSION, rte_version());
    exit_code = 0;
  });
}

}  // namespace kiriko
