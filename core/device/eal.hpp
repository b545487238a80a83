// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// EAL: DPDK's environment, started once a process, without hugepages, PCI or root unless asked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace kiriko {

struct EalSettings {
  std::uint32_t memory_mb{256};              ///< for packet pools and tables
  bool hugepages{false};                     ///< needs hugepages mounted and permission
  std::vector<std::string> pci_addresses{};  ///< devices to probe; empty: the PCI bus is not looked at
};

/// Starts EAL; a second call only checks that it is up. The worker threads keep the process's CPU set.
/// EAL's log goes to spdlog, its errors as warnings.
Result<void> start_eal(const EalSettings& settings);

/// Memory for a pool of `packets` and the tables beside it, in MB.
std::uint32_t eal_memory_for(std::uint32_t packets);

}  // namespace kiriko
