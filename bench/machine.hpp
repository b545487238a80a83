// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The machine that the figures were taken on, as far as they depend on it.
#pragma once

#include <cstdint>
#include <string>

#include "core/device/usable_cpus.hpp"

namespace kiriko::bench {

struct Machine {
  std::string processor, kernel, compiler, dpdk;
  std::uint32_t cores{};  ///< that this process may use
  bool hugepages{};       ///< packets lie in them
  double tsc_ghz{};
  double load{};  ///< average over the last minute, at the start
};

/// Huge pages of 2 MiB that are free now, in MiB.
std::uint32_t free_hugepages_mb();
/// Memory of this process that is in RAM.
double resident_octets();
/// EAL must be up.
Machine read_machine(bool hugepages);

}  // namespace kiriko::bench
