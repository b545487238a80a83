// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PolledReceiver: a function that brings packets in from outside; the real clock's loop polls it.
#pragma once

#include <cstdint>

#include "core/function/exits.hpp"
#include "core/measure/histogram.hpp"
#include "core/time/clock.hpp"

namespace kiriko {

class PolledReceiver {
 public:
  virtual ~PolledReceiver() = default;
  /// Emits what has arrived; returns how many packets. They are stamped with the clock read after they were
  /// taken: by a time read before, a packet that came in between would be early.
  /// \param attended until when a packet would have been noticed at once, because the loop waited for it
  virtual std::uint32_t poll(const RealClock& clock, ModelTime attended, Exits& exits) noexcept = 0;
  /// Turns readable when something comes; -1 where only polling tells.
  virtual int wait_descriptor() const noexcept { return -1; }
  /// The most that each packet can have waited before it was stamped, ns. No part of its delay in the model, so as much lateness.
  virtual const Histogram& unseen() const noexcept = 0;
  /// What came and was lost before it could be taken.
  virtual std::uint64_t missed() const noexcept { return 0; }
};

}  // namespace kiriko
