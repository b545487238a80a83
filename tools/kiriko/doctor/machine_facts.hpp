// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// MachineFacts: what the kernel says of processors, clock, memory and load; what it does not say is absent.
#pragma once

#include "tools/kiriko/doctor/kernel_files.hpp"
#include "tools/kiriko/doctor/kernel_text.hpp"

namespace kiriko::doctor {

struct HugepageFacts {
  std::uint64_t page_bytes{}, total{}, free{};
};

struct MachineFacts {
  // Processors
  std::optional<std::string> processor{};
  CpuList usable{};                                            ///< by this process
  std::optional<CpuList> online{};                             ///< of the whole machine
  std::optional<CpuList> isolated{}, tickless{};               ///< isolcpus=, nohz_full=
  std::vector<CpuList> shared_cores{};                         ///< usable CPUs that are threads of one core
  std::optional<std::vector<std::string>> missing_features{};  ///< of those the build needs
  bool avx512{false};
  bool virtual_machine{false};
  std::optional<double> cpu_quota{};  ///< of the control group, in CPUs
  std::optional<std::string> governor{};

  // Clock
  std::optional<std::string> clock_source{};
  std::optional<bool> invariant_tsc{};

  // Memory
  std::optional<std::uint64_t> memory_total{}, memory_available{};
  std::optional<std::uint64_t> memory_limit{};  ///< of the control group, where it is less than the total
  std::optional<std::vector<HugepageFacts>> hugepages{};

  // Load
  std::optional<double> load{};
  std::optional<CpuTimes> cpu_times{};
};

/// `usable` is known to the process, not to files.
MachineFacts read_machine_facts(const KernelFiles& files, CpuList usable);

}  // namespace kiriko::doctor
