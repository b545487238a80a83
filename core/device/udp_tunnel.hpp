// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UdpTunnel: a kernel UDP socket as a device: datagrams become frames and frames datagrams, a burst a call.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>

#include "core/device/packet_device.hpp"
#include "core/device/receive_pool.hpp"
#include "core/device/spare_frames.hpp"
#include "core/device/udp_framing.hpp"

namespace kiriko {

class UdpTunnel final : public PacketDevice {
 public:
  /// `socket` is bound to `local`, does not block, and is closed by the tunnel. Packets up to `mtu` are received.
  UdpTunnel(int socket, const SocketAddress& local, std::uint32_t mtu, ReceivePool pool);
  UdpTunnel(const UdpTunnel&) = delete;
  UdpTunnel& operator=(const UdpTunnel&) = delete;
  ~UdpTunnel() override;

  std::uint16_t receive(Packet** packets) noexcept override;
  std::uint16_t send(Packet** packets, std::uint16_t count, Exits& exits) noexcept override;
  int wait_descriptor() const noexcept override { return socket_; }
  void report(Report& report) const override;

 private:
  /// What the kernel says beside a datagram, or is told: TOS or traffic class, and the count of those it lost.
  struct alignas(cmsghdr) Ancillary {
    std::array<std::uint8_t, 64> octets;
  };
  /// One direction's arrays for a burst.
  struct Messages {
    std::array<mmsghdr, burst_capacity> messages{};
    std::array<iovec, burst_capacity> pieces{};
    std::array<SocketAddress, burst_capacity> peers{};
    std::array<Ancillary, burst_capacity> ancillary{};
  };

  std::uint8_t read_ancillary(msghdr& message) noexcept;
  void add(std::uint16_t at, const UdpFraming::Datagram& datagram) noexcept;

  int socket_;
  UdpFraming framing_;
  std::uint32_t room_;  ///< for a payload
  ReceivePool pool_;
  SpareFrames spares_;
  Messages in_{}, out_{};
  std::uint64_t truncated_{}, refused_{};
  std::uint32_t missed_{};  ///< as the socket counts them
};

}  // namespace kiriko
