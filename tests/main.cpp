// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The tests' main: DPDK's environment starts once a process, then Catch2 runs.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <rte_eal.h>
#include <rte_errno.h>
#include <sched.h>

#include <array>
#include <cstdio>
#include <string>

namespace {

/// lcore 0 on every CPU this process may use: test programs run side by side, so none is pinned to one.
std::string lcore_map() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  sched_getaffinity(0, sizeof(allowed), &allowed);
  std::string cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) cpus += (cpus.empty() ? "" : ",") + std::to_string(cpu);
  }
  return "0@(" + cpus + ")";
}

bool start_eal() {
  std::array<std::string, 10> words{
      "kiriko_tests",   "--no-huge",           "-m",       "256",      "--no-pci", "--no-shconf",
      "--no-telemetry", "--log-level=*:error", "--lcores", lcore_map()};
  std::array<char*, words.size()> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  return rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) >= 0;
}

}  // namespace

int main(int argc, char* argv[]) {
  if (!start_eal()) {
    std::fprintf(stderr, "kiriko_tests: DPDK did not start: %s\n", rte_strerror(rte_errno));
    return 3;
  }
  const int failed = Catch::Session().run(argc, argv);
  rte_eal_cleanup();
  return failed;
}
