// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4Socket: the kernel's UDP socket of N4, never blocking.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "core/base/result.hpp"
#include "core/pfcp/peer_address.hpp"

namespace kiriko {

class N4Socket {
 public:
  /// Bound to address and port (TS 29.244 clause 6.2: 8805).
  static Result<N4Socket> open(Ipv4Address address, std::uint16_t port);
  N4Socket(N4Socket&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  N4Socket& operator=(N4Socket&&) = delete;
  ~N4Socket();

  /// Hands out what waits, at most `limit` datagrams; returns how many.
  std::size_t receive(
      std::size_t limit,
      const std::function<void(const pfcp::PeerAddress&, std::span<const std::uint8_t>)>& take);
  /// False when the kernel did not take it: the peer's retransmission is what helps then.
  bool send(const pfcp::PeerAddress& to, std::span<const std::uint8_t> octets);
  /// Readable while a datagram waits.
  int descriptor() const noexcept { return descriptor_; }

 private:
  explicit N4Socket(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace kiriko
