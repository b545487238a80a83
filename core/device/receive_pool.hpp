// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ReceivePool: the pool that a device receives into, kept until no device is open any more.
#pragma once

#include "core/packet/packet_pool.hpp"

namespace kiriko {

/// A frame of one device may still wait in another's transmit ring, so pools go with the last device.
class ReceivePool {
 public:
  explicit ReceivePool(PacketPool pool);
  ReceivePool(ReceivePool&& other) noexcept;
  ReceivePool& operator=(ReceivePool&&) = delete;
  ReceivePool(const ReceivePool&) = delete;
  ReceivePool& operator=(const ReceivePool&) = delete;
  ~ReceivePool();

  /// A pool under a name of its own. `packets` is what the scenario asks for (run.packets), `frame` the longest
  /// frame in octets, a driver's slot around it included.
  static Result<ReceivePool> create(std::uint32_t packets, std::uint32_t frame);

  rte_mempool* raw() const noexcept { return pool_.raw(); }

 private:
  PacketPool pool_;
  bool open_{true};
};

}  // namespace kiriko
