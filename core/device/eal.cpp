// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// EAL's arguments, its log, its one start.
#include "core/device/eal.hpp"

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <sched.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "core/packet/packet_pool.hpp"

namespace kiriko {
namespace {

ssize_t write_log(void*, const char* text, std::size_t size) {
  std::string_view line(text, size);
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (!line.empty()) spdlog::warn("DPDK: {}", line);
  return static_cast<ssize_t>(size);
}

// Lcore 0 on every CPU the process may use: a thread started from it is not bound to one.
std::string floating_lcore() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  std::string cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) cpus += (cpus.empty() ? "" : ",") + std::to_string(cpu);
  return "--lcores=0@(" + cpus + ")";
}

}  // namespace

Result<void> start_eal(const EalSettings& settings) {
  static bool started = false;
  if (started) return {};
  cookie_io_functions_t functions{};
  functions.write = write_log;
  if (FILE* stream = fopencookie(nullptr, "w", functions); stream != nullptr) {
    setvbuf(stream, nullptr, _IOLBF, 512);
    rte_openlog_stream(stream);
  }
  // EAL wants a folder of its own even where nothing is shared; a user may have none under /var/run.
  setenv("RUNTIME_DIRECTORY", "/tmp", 0);
  std::vector<std::string> arguments{"kiriko", "--no-telemetry", "--log-level=*:error", floating_lcore()};
  if (settings.hugepages) {
    arguments.push_back("--in-memory");
  } else {
    arguments.insert(arguments.end(), {"--no-huge", "--no-shconf", "-m", std::to_string(settings.memory_mb)});
  }
  if (settings.pci_addresses.empty()) arguments.push_back("--no-pci");
  for (const auto& address : settings.pci_addresses) arguments.insert(arguments.end(), {"-a", address});
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  if (rte_eal_init(static_cast<int>(argv.size()), argv.data()) < 0)
    return fail({.message = "DPDK's environment did not start",
                 .found = rte_strerror(rte_errno),
                 .hint = settings.hugepages ? "run.hugepages needs hugepages: echo 512 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"
                                            : "lower run.packets if memory is short"});
  started = true;
  return {};
}

std::uint32_t eal_memory_for(std::uint32_t packets) {
  constexpr std::uint64_t tables_mb = 64;
  const std::uint64_t packet_bytes = sizeof(rte_mbuf) + sizeof(PacketMetadata) + PacketPool::default_data_room + 128;
  return static_cast<std::uint32_t>(tables_mb + packets * packet_bytes / 1'000'000 * 11 / 10);
}

}  // namespace kiriko
