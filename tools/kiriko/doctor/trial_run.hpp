// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TrialRun: a small emulation run for a moment under either clock, for its packet rate or its lateness.
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/measure/histogram.hpp"
#include "core/time/clock.hpp"

namespace kiriko::doctor {

/// Packets that the trial has room for.
inline constexpr std::uint32_t trial_packets = 32768;
/// A packet's way in the trial: host, switch, switch, switch, host.
inline constexpr double hops_per_packet = 4;

struct TrialRun {
  ClockKind clock{ClockKind::virtual_time};
  std::uint32_t workers{1};
  double packets_per_second{160'000};  ///< of model time, all hosts together
  Duration wall{};                     ///< about how long it may take
};

struct TrialResult {
  double packet_hops_per_second{};  ///< of wall time, the whole run
  std::vector<double> rates{};      ///< the same for each tenth of a second, the first left out
  Histogram lateness{};             ///< of every packet at every link; empty in virtual time
};

/// 32 hosts at 8 switches around a ninth, each sending packets of 500 octets at random to the one across. EAL must be up.
/// A problem when it cannot be built or its ledgers do not balance.
Result<TrialResult> run_trial(const TrialRun& trial);

}  // namespace kiriko::doctor
