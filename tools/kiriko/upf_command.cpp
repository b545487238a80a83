// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// kiriko upf: a UPF for an outside SMF and gNB, standing alone in real time.
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

#include "core/device/eal.hpp"
#include "scenarios/loader/load.hpp"
#include "tools/kiriko/commands.hpp"
#include "tools/kiriko/exit_code.hpp"
#include "tools/kiriko/stop_signals.hpp"
#include "tools/kiriko/tables.hpp"
#include "tools/kiriko/upf/stand_alone_upf.hpp"

namespace kiriko {
namespace {

std::atomic<bool> status_wanted{false};
extern "C" void want_status(int) { status_wanted.store(true); }

int refuse(ExitCode code, const std::string& text) {
  std::fprintf(stderr, "%s%s", text.c_str(), text.ends_with('\n') ? "" : "\n");
  return static_cast<int>(code);
}

void tell_where(const UpfConfig& config) {
  fmt::print("{}: N4 on {}, N3 {}\n", config.name, pfcp::to_string({config.n4_address, config.n4_port}),
             config.n3_port ? fmt::format("{} by {} {}", config.n3_port->address, config.n3_port->device,
                                          config.n3_port->interface)
                            : fmt::format("on UDP socket {}:2152", to_string(config.n3_address)));
  for (const DataNetworkConfig& network : config.data_networks)
    fmt::print(
        "  {}: UEs {}{}{} by {}\n", network.name, network.pool ? to_string(*network.pool) : "",
        network.pool && network.pool_ipv6 ? ", " : "", network.pool_ipv6 ? to_string(*network.pool_ipv6) : "",
        network.port ? network.port->device + " " + network.port->interface : "TUN device " + network.tun);
  fmt::print("Ctrl-C ends it; SIGUSR1 shows what it has done\n");
  std::fflush(stdout);
}

int serve(const std::string& file, bool show_scenario) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) return refuse(ExitCode::wrong, "--config: the file cannot be read; found " + file);
  const UpfConfigResult read = read_upf_config(text.str(), file);
  if (!read.problems.empty()) return refuse(ExitCode::wrong, to_text(read.problems, file));
  const std::string scenario_text = scenario_of(read.config, std::time(nullptr));
  if (show_scenario) {
    std::fputs(scenario_text.c_str(), stdout);
    return static_cast<int>(ExitCode::met);
  }
  LoadRequest request;
  request.text = scenario_text;
  request.file_name = file;
  LoadResult loaded = load(request, load_tables());
  if (!loaded.ok())
    return refuse(ExitCode::wrong, to_text(loaded.problems, file + " as a scenario (--show-scenario)"));

  const std::atomic<bool>& stop = catch_stop_signals();
  std::signal(SIGUSR1, want_status);
  EalSettings settings;
  settings.memory_mb = eal_memory_for(loaded.scenario.run.packets) *
                       static_cast<std::uint32_t>(2 + read.config.data_networks.size());
  for (const ScenarioNode& node : loaded.scenario.nodes)
    if (node.kind == NodeKind::device && node.function == "pci")
      settings.pci_addresses.push_back(node.options.get<std::string>("pci"));
  if (const auto started = start_eal(settings); !started)
    return refuse(ExitCode::fault, to_string(started.error()));
  auto upf = StandAloneUpf::create(read.config, std::move(loaded.scenario));
  if (!upf) return refuse(ExitCode::wrong, to_text({upf.error()}, file));
  tell_where(read.config);
  (*upf)->run(stop, status_wanted);
  std::fputs((*upf)->status().c_str(), stdout);
  return static_cast<int>(ExitCode::met);
}

}  // namespace

void add_upf_command(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("upf", "Serve an outside SMF and gNB as a UPF, in real time");
  const auto file = std::make_shared<std::string>();
  const auto show = std::make_shared<bool>(false);
  command->add_option("--config", *file, "YAML: addresses of N4 and N3, data networks")
      ->type_name("FILE")
      ->required();
  command->add_flag("--show-scenario", *show, "print the configuration as a scenario and end");
  command->footer(
      "N4 is PFCP over UDP. N3 and N6 are either kernel sockets (UDP port 2152, a TUN device for each data\n"
      "network; needs CAP_NET_ADMIN) or devices of DPDK with addresses of their own.\n"
      "\nExit codes:\n"
      "  0    it ran until it was told to stop\n"
      "  2    the configuration is wrong, or an address or device cannot be had; nothing ran\n"
      "  3    DPDK's environment does not start\n"
      "\nExample:\n"
      "  kiriko upf --config tools/kiriko/upf/upf.yaml");
  command->callback([file, show, &exit_code] { exit_code = serve(*file, *show); });
}

}  // namespace kiriko
