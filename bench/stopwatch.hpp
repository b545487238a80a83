// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Stopwatch: wall time off the TSC.
#pragma once

#include <rte_cycles.h>

#include "core/base/units.hpp"

namespace kiriko::bench {

class Stopwatch {
 public:
  double nanoseconds() const noexcept {
    return static_cast<double>(rte_rdtsc_precise() - begin_) * 1e9 / static_cast<double>(rte_get_tsc_hz());
  }
  bool passed(Duration wall) const noexcept { return nanoseconds() >= static_cast<double>(wall.ns); }

 private:
  std::uint64_t begin_ = rte_rdtsc_precise();
};

inline double to_mpps(std::uint64_t packets, double nanoseconds) {
  return static_cast<double>(packets) * 1e3 / nanoseconds;
}

}  // namespace kiriko::bench
