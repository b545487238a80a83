// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PolledReceiver: a function that brings packets in from outside; the real clock's loop polls it.
#pragma once

#include <cstdint>

#include "core/function/exits.hpp"

namespace kiriko {

class PolledReceiver {
 public:
  virtual ~PolledReceiver() = default;
  /// Emits what has arrived, stamped `now`; returns how many packets.
  virtual std::uint32_t poll(ModelTime now, Exits& exits) noexcept = 0;
};

}  // namespace kiriko
