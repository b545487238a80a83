// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko check: every problem of files, or of all scenarios in folders.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "tools/kiriko/commands.hpp"
#include "tools/kiriko/exit_code.hpp"
#include "tools/kiriko/tables.hpp"

namespace kiriko {
namespace {

namespace fs = std::filesystem;

/// A folder stands for every .yaml and .yml below it, sorted by path; a file for itself.
std::vector<std::string> files_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  for (const std::string& argument : arguments) {
    std::error_code error;
    if (!fs::is_directory(argument, error)) {
      out.push_back(argument);
      continue;
    }
    std::vector<std::string> found;
    for (fs::recursive_directory_iterator it(argument, fs::directory_options::skip_permission_denied, error),
         end;
         !error && it != end; it.increment(error))
      if ((it->path().extension() == ".yaml" || it->path().extension() == ".yml") &&
          it->is_regular_file(error))
        found.push_back(it->path().string());
    std::sort(found.begin(), found.end());
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

int check(const std::vector<std::string>& arguments, const std::vector<std::string>& overrides) {
  const auto files = files_of(arguments);
  if (files.empty()) {
    for (const std::string& argument : arguments)
      std::fprintf(stderr, "%s: there is no *.yaml or *.yml below this folder\n", argument.c_str());
    return static_cast<int>(ExitCode::wrong);
  }
  std::size_t problems = 0;
  for (const std::string& file : files) {
    LoadRequest request;
    request.file_name = file;
    request.overrides = overrides;
    const LoadResult loaded = load_file(std::move(request), load_tables());
    std::fputs(to_text(loaded.problems, file).c_str(), stdout);
    problems += loaded.problems.size();
  }
  std::printf("%zu %s, %zu %s\n", files.size(), files.size() == 1 ? "file" : "files", problems,
              problems == 1 ? "problem" : "problems");
  return static_cast<int>(problems == 0 ? ExitCode::met : ExitCode::wrong);
}

}  // namespace

void add_check_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("check", "Say everything that is wrong with scenario files");
  const auto paths = std::make_shared<std::vector<std::string>>();
  const auto overrides = std::make_shared<std::vector<std::string>>();
  command->add_option("PATH", *paths, "files, or folders to search for *.yaml and *.yml")->required();
  command->add_option("--set", *overrides, "as in `run`")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->footer(
      "Exit codes: 0 nothing is wrong, 2 something is\n"
      "\nExamples:\n  kiriko check trial.yaml\n  kiriko check scenarios");
  command->callback([paths, overrides, &exit_code] { exit_code = check(*paths, *overrides); });
}

}  // namespace kiriko
