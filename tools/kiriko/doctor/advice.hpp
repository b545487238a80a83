// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Advice: what a run on this machine can count on, from what was measured.
#pragma once

#include "tools/kiriko/doctor/measures.hpp"

namespace kiriko::doctor {

struct Advice {
  double virtual_rate{};      ///< packet-hops a second with one worker
  std::uint32_t workers{1};   ///< that are quickest: 1 or 2
  double real_rate{};         ///< packet-hops a second in real time
  bool real_rate_is_tried{};  ///< false: with more than a few packets lateness grew too far
  Duration tolerance{};       ///< for run.tolerance
};

Advice advise(const Measures& measures);

/// Twice the p99, since another minute is not this one; rounded up to 1, 2 or 5 times a power of ten, never below 10 µs.
Duration tolerance_for(Duration p99);

}  // namespace kiriko::doctor
