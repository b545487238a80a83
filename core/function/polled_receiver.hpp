// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PolledReceiver: a function that brings packets in from outside; the real clock's loop polls it.
#pragma once

#include <cstdint>

#include "core/function/exits.hpp"
#include "core/time/clock.hpp"

namespace kiriko {

class PolledReceiver {
 public:
  virtual ~PolledReceiver() = default;
  /// Emits what has arrived; returns how many packets. They are stamped with the clock read after they were
  /// taken: by a time read before, a packet that came in between would be early.
  virtual std::uint32_t poll(const RealClock& clock, Exits& exits) noexcept = 0;
  /// Turns readable when something comes; -1 where only polling tells.
  virtual int wait_descriptor() const noexcept { return -1; }
};

}  // namespace kiriko
