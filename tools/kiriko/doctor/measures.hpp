// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Measures: what was measured in a few seconds, and the order in which it is.
#pragma once

#include <functional>
#include <string_view>

#include "tools/kiriko/doctor/kernel_files.hpp"
#include "tools/kiriko/doctor/trial_run.hpp"

namespace kiriko::doctor {

struct PacketRate {
  double median{};  ///< packet-hops a second of wall time, over tenths of a second
  double low{};     ///< nine tenths of these were as fast
};

struct StepCost {
  Histogram nanoseconds{};
};

struct RealTimeTrial {
  double packet_hops_per_second{};
  Histogram lateness{};  ///< of all windows
  Duration worst_p99{};  ///< of the windows, each by itself
};

/// CPUs' worth of time that others took meanwhile.
struct Disturbance {
  double others{};  ///< programs on this machine
  double stolen{};  ///< by the machine below a virtual one
};

struct Measures {
  PacketRate one_worker{};
  std::optional<PacketRate> two_workers{};  ///< absent where there is one CPU
  std::optional<StepCost> step{};           ///< likewise
  RealTimeTrial light{};                    ///< few packets: the poll loop and the machine alone
  RealTimeTrial loaded{};                   ///< a third of the rate that virtual time reached
  std::optional<Disturbance> disturbance{};
};

PacketRate packet_rate(const TrialResult& trial);

/// Takes about ten seconds, two when `quick`. `tell` hears what is measured next. EAL must be up.
Result<Measures> measure(const KernelFiles& files, std::size_t cpus, bool quick,
                         const std::function<void(std::string_view what, double share_done)>& tell);

}  // namespace kiriko::doctor
