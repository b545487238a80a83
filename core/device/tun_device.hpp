// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TunDevice: a Linux TUN device: its bare IP packets get an Ethernet header on their way in and lose it on their way out.
#pragma once

#include <cstdint>

#include "core/device/packet_device.hpp"
#include "core/device/receive_pool.hpp"
#include "core/device/spare_frames.hpp"

namespace kiriko {

class TunDevice final : public PacketDevice {
 public:
  /// `descriptor` is attached to the interface (IFF_TUN, IFF_NO_PI), does not block, and is closed by the device; the
  /// interface goes with it.
  TunDevice(int descriptor, std::uint32_t mtu, ReceivePool pool);
  TunDevice(const TunDevice&) = delete;
  TunDevice& operator=(const TunDevice&) = delete;
  ~TunDevice() override;

  std::uint16_t receive(Packet** packets) noexcept override;
  std::uint16_t send(Packet** packets, std::uint16_t count, Exits& exits) noexcept override;
  int wait_descriptor() const noexcept override { return descriptor_; }
  void report(Report& report) const override;

 private:
  int descriptor_;
  std::uint32_t mtu_;
  ReceivePool pool_;
  SpareFrames spares_;
  std::uint64_t unreadable_{}, refused_{};
};

}  // namespace kiriko
