// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PacketDevice: where frames enter from outside and leave: an ethdev, a UDP socket, a TUN device.
#pragma once

#include <cstdint>

#include "core/function/exits.hpp"
#include "core/function/report.hpp"

namespace kiriko {

class PacketDevice {
 public:
  virtual ~PacketDevice() = default;

  /// Fills `packets` with what has arrived, at most burst_capacity frames; returns how many. They are the
  /// caller's from then on; their metadata is not set.
  virtual std::uint16_t receive(Packet** packets) noexcept = 0;

  /// Each of `count` frames is sent and counted as consumed, or dropped; returns how many were sent.
  virtual std::uint16_t send(Packet** packets, std::uint16_t count, Exits& exits) noexcept = 0;

  /// Turns readable when something comes; -1 where only asking tells.
  virtual int wait_descriptor() const noexcept = 0;

  /// Frames that came and were lost before receive() could take them, as far as the device counts them.
  virtual std::uint64_t missed() const noexcept { return 0; }

  /// Adds what only this kind of device counts.
  virtual void report(Report& report) const = 0;
};

}  // namespace kiriko
