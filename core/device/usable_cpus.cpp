// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of the process's affinity, whatever the number of CPUs.
#include "core/device/usable_cpus.hpp"

#include <sched.h>

#include <vector>

namespace kiriko {
namespace {

// The kernel refuses a set smaller than its own, so sets grow until it takes one.
constexpr std::size_t first_size = 1024;
constexpr std::size_t last_size = 1024 * 64;

std::vector<std::size_t> affinity() {
  std::vector<std::size_t> cpus;
  for (std::size_t size = first_size; size <= last_size && cpus.empty(); size *= 4) {
    cpu_set_t* set = CPU_ALLOC(size);
    const std::size_t bytes = CPU_ALLOC_SIZE(size);
    CPU_ZERO_S(bytes, set);
    if (sched_getaffinity(0, bytes, set) == 0)
      for (std::size_t cpu = 0; cpu < size; ++cpu)
        if (CPU_ISSET_S(cpu, bytes, set)) cpus.push_back(cpu);
    CPU_FREE(set);
  }
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

}  // namespace

std::string usable_cpus() {
  std::string text;
  for (const std::size_t cpu : affinity()) text += (text.empty() ? "" : ",") + std::to_string(cpu);
  return text;
}

std::uint32_t usable_cpu_count() { return static_cast<std::uint32_t>(affinity().size()); }

}  // namespace kiriko
