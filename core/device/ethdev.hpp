// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Ethdev: a started DPDK port, one receive and one transmit queue, closed on destruction.
#pragma once

#include <cstdint>
#include <string>

#include "core/device/packet_device.hpp"
#include "core/device/receive_pool.hpp"

namespace kiriko {

class Ethdev final : public PacketDevice {
 public:
  struct Setup {
    std::uint16_t port{};
    std::string vdev{};      ///< its DPDK name; empty for a PCI device
    bool promiscuous{};      ///< turned on by us, so turned off by us
    int receive_socket{-1};  ///< the driver's own, for waiting; -1 where it has none
  };

  Ethdev(Setup setup, ReceivePool pool);
  Ethdev(const Ethdev&) = delete;
  Ethdev& operator=(const Ethdev&) = delete;
  ~Ethdev() override;

  std::uint16_t receive(Packet** packets) noexcept override;
  std::uint16_t send(Packet** packets, std::uint16_t count, Exits& exits) noexcept override;
  int wait_descriptor() const noexcept override { return setup_.receive_socket; }
  std::uint64_t missed() const noexcept override;
  void report(Report& report) const override;

 private:
  Setup setup_;
  ReceivePool pool_;
};

}  // namespace kiriko
