// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of the machine's facts from the kernel.
#include "bench/machine.hpp"

#include <rte_cycles.h>
#include <rte_version.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace kiriko::bench {
namespace {

constexpr const char* hugepage_folder = "/sys/kernel/mm/hugepages/hugepages-2048kB/";

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name"))
      if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
  return "unknown";
}

}  // namespace

std::uint32_t free_hugepages_mb() {
  std::ifstream file(std::string(hugepage_folder) + "free_hugepages");
  std::uint32_t pages = 0;
  file >> pages;
  return pages * 2;
}

double resident_octets() {
  std::ifstream statm("/proc/self/statm");
  double whole = 0, resident = 0;
  statm >> whole >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

Machine read_machine(bool hugepages) {
  Machine machine;
  machine.processor = processor_name();
  utsname name{};
  if (uname(&name) == 0) machine.kernel = name.release;
  machine.compiler = __VERSION__;
  machine.dpdk = rte_version();
  machine.cores = usable_cpu_count();
  machine.hugepages = hugepages;
  machine.tsc_ghz = static_cast<double>(rte_get_tsc_hz()) * 1e-9;
  double loads[1]{};
  if (getloadavg(loads, 1) == 1) machine.load = loads[0];
  return machine;
}

}  // namespace kiriko::bench
