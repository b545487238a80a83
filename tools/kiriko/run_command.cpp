// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko run: load, run, report.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/device/eal.hpp"
#include "scenarios/report/closing_table.hpp"
#include "scenarios/report/write_report.hpp"
#include "tools/kiriko/commands.hpp"
#include "tools/kiriko/exit_code.hpp"
#include "tools/kiriko/run_session.hpp"
#include "tools/kiriko/sha256.hpp"
#include "tools/kiriko/stop_signals.hpp"
#include "tools/kiriko/tables.hpp"

namespace kiriko {
namespace {

struct RunArguments {
  std::string file, out, clock, until;
  std::uint32_t workers{0};
  std::optional<std::uint64_t> seed{};
  std::vector<std::string> overrides{};
  bool quiet{false};
};

int refuse(ExitCode code, const std::string& text) {
  std::fprintf(stderr, "%s%s", text.c_str(), text.ends_with('\n') ? "" : "\n");
  return static_cast<int>(code);
}

std::string read_text(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// out/<scenario>/<UTC>, with a number behind it where two runs begin in the same second.
std::string default_folder(const std::string& scenario) {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  const std::string folder = "out/" + scenario + "/" + text;
  std::string candidate = folder;
  for (int i = 2; std::filesystem::exists(candidate); ++i) candidate = folder + "-" + std::to_string(i);
  return candidate;
}

EalSettings eal_settings(const Scenario& scenario) {
  EalSettings settings;
  std::uint32_t pools = 1;
  for (const ScenarioNode& node : scenario.nodes) {
    if (node.kind != NodeKind::device) continue;
    ++pools;
    if (node.function == "pci") settings.pci_addresses.push_back(node.options.get<std::string>("pci"));
  }
  settings.memory_mb = eal_memory_for(scenario.run.packets) * pools;
  return settings;
}

bool wants_colour() { return isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr; }

int run(const RunArguments& arguments) {
  const std::string text = read_text(arguments.file);
  LoadRequest request;
  request.file_name = arguments.file;
  request.overrides = arguments.overrides;
  request.seed = arguments.seed;
  LoadResult loaded = load_file(request, load_tables());
  if (!loaded.ok()) return refuse(ExitCode::wrong, to_text(loaded.problems, arguments.file));
  Scenario& scenario = loaded.scenario;
  if (arguments.workers > 0) scenario.run.workers = arguments.workers;
  if (!arguments.clock.empty())
    scenario.run.clock = arguments.clock == "real" ? ClockKind::real_time : ClockKind::virtual_time;
  if (const auto problems = check_runnable(scenario); !problems.empty())
    return refuse(ExitCode::wrong, to_text(problems, arguments.file));

  RunOptions options;
  if (!arguments.until.empty()) {
    const auto until = parse_duration(arguments.until);
    if (!until) return refuse(ExitCode::wrong, "--until: " + to_string(until.error()));
    if (*until <= Duration{0} || *until > scenario.run.duration)
      return refuse(
          ExitCode::wrong,
          fmt::format("--until: the time lies outside the run; found {}; allowed: more than 0, at most {}",
                      arguments.until, to_string(scenario.run.duration)));
    options.until = ModelTime{} + *until;
  }
  options.scenario_sha256 = sha256(text);
  options.file = arguments.file;
  options.overrides = arguments.overrides;
  options.stop = &catch_stop_signals();
  ProgressBar bar(arguments.quiet);
  options.progress = [&bar](const RunProgress& progress) { bar.show(progress); };

  // A run of hours must not fail for want of a folder at its end.
  const std::string folder = arguments.out.empty() ? default_folder(scenario.name) : arguments.out;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || access(folder.c_str(), W_OK) != 0)
    return refuse(ExitCode::wrong, "--out: the folder cannot be written; found " + folder +
                                       (error ? ": " + error.message() : ""));

  options.captures = folder + "/captures";

  if (const auto started = start_eal(eal_settings(scenario)); !started)
    return refuse(ExitCode::fault, to_string(started.error()));
  RunResult result;
  {
    auto session = RunSession::create(std::move(scenario), std::move(options));
    if (!session) return refuse(ExitCode::wrong, to_text({session.error()}, arguments.file));
    result = (*session)->run();
  }
  if (const auto written = write_report(folder, result); !written)
    return refuse(ExitCode::fault, to_string(written.error()));
  const ExitCode code = exit_code(result);
  if (code == ExitCode::fault) std::fprintf(stderr, "the run failed:\n%s\n", result.fault.c_str());
  if (!arguments.quiet) std::fputs(closing_table(result, folder, wants_colour()).c_str(), stdout);
  return static_cast<int>(code);
}

}  // namespace

void add_run_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("run", "Run a scenario and write its report");
  const auto arguments = std::make_shared<RunArguments>();
  command->add_option("FILE", arguments->file, "scenario file")->required();
  command
      ->add_option("--out", arguments->out,
                   "folder for the results and captures; default out/<scenario>/<UTC time>")
      ->type_name("DIR");
  command->add_option("--workers", arguments->workers, "worker threads; the result does not depend on it")
      ->type_name("N")
      ->check(CLI::Range(1, 64));
  command
      ->add_option("--clock", arguments->clock,
                   "virtual: as fast as the CPU allows; real: in step with the clock")
      ->check(CLI::IsMember({"virtual", "real"}));
  command->add_option("--until", arguments->until, "end at this model time, such as 30s")->type_name("TIME");
  command->add_option("--seed", arguments->seed, "seed of all randomness; wins over run.seed")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
  command->add_option("--set", arguments->overrides, "change one value of the file; may be repeated")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--quiet", arguments->quiet, "no progress, no closing table");
  command->footer(
      "Exit codes:\n"
      "  0    all KPIs met\n"
      "  1    a KPI missed\n"
      "  2    the scenario or the command line is wrong; nothing ran\n"
      "  3    a fault of the run: a ledger does not balance, a start was refused\n"
      "  4    INVALID: real time was not kept within run.tolerance\n"
      "  130  interrupted (Ctrl-C, SIGTERM): the report is partial and says so; a second Ctrl-C ends at "
      "once\n"
      "\nExamples:\n"
      "  kiriko run scenarios/trials/transport_platoon.yaml\n"
      "  kiriko run trial.yaml --workers 2 --until 30s --out /tmp/trial\n"
      "  kiriko run trial.yaml --set controller.policy=static --set links.ring1.delay=5ms --seed 7");
  command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace kiriko
