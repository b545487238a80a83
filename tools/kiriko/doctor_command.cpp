// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko doctor: what this machine can do, and what a run on it can count on.
#include <fmt/format.h>
#include <rte_cycles.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/device/eal.hpp"
#include "core/device/usable_cpus.hpp"
#include "tools/kiriko/commands.hpp"
#include "tools/kiriko/doctor/diagnosis.hpp"
#include "tools/kiriko/exit_code.hpp"

namespace kiriko {
namespace {

using doctor::Diagnosis;

/// What is being measured: on a terminal one line that changes, elsewhere a line each.
class MeasuringLine {
 public:
  MeasuringLine() : terminal_(isatty(STDERR_FILENO) == 1) {}
  MeasuringLine(const MeasuringLine&) = delete;
  MeasuringLine& operator=(const MeasuringLine&) = delete;
  ~MeasuringLine() {
    if (drawn_) std::fputs("\r\033[K", stderr);
  }
  void tell(std::string_view what, double share_done) {
    const std::string text = fmt::format("measuring {:3.0f} %: {}", share_done * 100, what);
    std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", text.c_str());
    std::fflush(stderr);
    drawn_ = terminal_;
  }

 private:
  bool terminal_, drawn_{false};
};

void measure_into(Diagnosis& diagnosis, const doctor::KernelFiles& files) {
  if (const auto started = start_eal({.memory_mb = eal_memory_for(doctor::trial_packets)}); !started) {
    diagnosis.fault = to_string(started.error());
    return;
  }
  diagnosis.tsc_ghz = static_cast<double>(rte_get_tsc_hz()) * 1e-9;
  MeasuringLine line;
  auto measures = doctor::measure(files, diagnosis.machine.usable.size(), diagnosis.quick,
                                  [&](std::string_view what, double done) { line.tell(what, done); });
  if (!measures) {
    diagnosis.fault = to_string(measures.error());
    return;
  }
  diagnosis.advice = doctor::advise(*measures);
  diagnosis.measures = std::move(*measures);
}

int examine(const std::string& json_file, bool quick) {
  // Before the measuring, so that ten seconds are not lost to a typing error.
  std::ofstream json;
  if (!json_file.empty()) {
    json.open(json_file, std::ios::binary);
    if (!json) {
      std::fprintf(stderr, "--json: the file cannot be written; found %s\n", json_file.c_str());
      return static_cast<int>(ExitCode::wrong);
    }
  }
  const bool colour = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr;
  const doctor::KernelFiles files;
  Diagnosis diagnosis;
  diagnosis.quick = quick;
  diagnosis.permissions = doctor::probe_permissions();
  diagnosis.machine =
      read_machine_facts(files, doctor::parse_cpu_list(usable_cpus()).value_or(doctor::CpuList{}));
  diagnosis.network = read_network_facts(files);
  std::printf("This machine\n%s", findings_text(findings(diagnosis), colour).c_str());
  std::fflush(stdout);

  measure_into(diagnosis, files);
  std::fputs(conclusion_text(diagnosis, colour).c_str(), stdout);
  if (json.is_open()) {
    json << diagnosis_json(diagnosis);
    json.close();
    if (!json) {
      std::fprintf(stderr, "--json: the file cannot be written; found %s\n", json_file.c_str());
      return static_cast<int>(ExitCode::wrong);
    }
  }
  return static_cast<int>(diagnosis.measures ? ExitCode::met : ExitCode::fault);
}

}  // namespace

void add_doctor_command(CLI::App& program, int& exit_code) {
  auto* command =
      program.add_subcommand("doctor", "Say what this machine can do, and what a run can count on");
  const auto json = std::make_shared<std::string>();
  const auto quick = std::make_shared<bool>(false);
  command->add_option("--json", *json, "write it all to this file as well")->type_name("FILE");
  command->add_flag("--quick", *quick, "measure for two seconds instead of ten");
  command->footer(
      "It looks and measures, changes nothing and needs no root; as root it sees what root may do.\n"
      "Measured are packet-hops a second in virtual time and, with the real clock, how late packets\n"
      "are; from these follow the rate a run can count on and what to declare as run.tolerance.\n"
      "\nExit codes:\n"
      "  0    runs in virtual time work here\n"
      "  2    the command line is wrong, or FILE cannot be written\n"
      "  3    they do not: DPDK's environment does not start, or the trial run failed\n"
      "\nExamples:\n"
      "  kiriko doctor\n"
      "  nice -n -15 kiriko doctor\n"
      "  kiriko doctor --quick --json machine.json");
  command->callback([json, quick, &exit_code] { exit_code = examine(*json, *quick); });
}

}  // namespace kiriko
