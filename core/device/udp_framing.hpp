// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UdpFraming: the Ethernet, IP and UDP headers that a kernel UDP socket keeps to itself, put on and taken off.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/device/socket_address.hpp"
#include "core/packet/drop_reason.hpp"
#include "core/packet/packet.hpp"

namespace kiriko {

class UdpFraming {
 public:
  /// `local`: the socket's own address.
  explicit UdpFraming(const SocketAddress& local) noexcept;

  /// Octets before the payload: 42 (IPv4) or 62 (IPv6).
  std::uint16_t size() const noexcept { return size_; }
  /// IP and UDP headers: an MTU holds them and the payload.
  std::uint16_t ip_size() const noexcept { return static_cast<std::uint16_t>(size_ - 14); }

  /// Writes size() octets for a datagram of `payload` octets from `peer` with this TOS or traffic class. UDP's
  /// checksum is 0: the kernel has checked it.
  void write(std::uint8_t* at, const SocketAddress& peer, std::uint8_t traffic_class,
             std::uint16_t payload) const noexcept;

  /// What is to be sent of a frame.
  struct Datagram {
    SocketAddress peer;
    std::uint8_t* payload;
    std::uint16_t length;
    std::uint8_t traffic_class;
  };
  /// False, with the reason, for what cannot be a datagram of this socket: another protocol or address family
  /// (not_for_this_host), a fragment or a header that does not fit (malformed).
  bool read(Packet* packet, Datagram& out, DropReason& reason) const noexcept;

 private:
  bool read_ipv4(std::uint8_t* at, std::size_t size, Datagram& out, DropReason& reason) const noexcept;
  bool read_ipv6(std::uint8_t* at, std::size_t size, Datagram& out, DropReason& reason) const noexcept;

  SocketAddress local_;
  std::uint16_t size_;
  std::array<std::uint8_t, 64> template_{};
};

}  // namespace kiriko
