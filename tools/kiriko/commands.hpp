// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The commands of the program, one function each: adds the subcommand, whose callback sets the exit code.
#pragma once

#include <CLI/CLI.hpp>

namespace kiriko {

void add_run_command(CLI::App& program, int& exit_code);
void add_check_command(CLI::App& program, int& exit_code);
void add_graph_command(CLI::App& program, int& exit_code);
void add_vnf_command(CLI::App& program, int& exit_code);
void add_schema_command(CLI::App& program, int& exit_code);
void add_reference_command(CLI::App& program, int& exit_code);
void add_doctor_command(CLI::App& program, int& exit_code);
void add_upf_command(CLI::App& program, int& exit_code);
void add_version_command(CLI::App& program, int& exit_code);

}  // namespace kiriko
