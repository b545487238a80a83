// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SocketAddress: an IPv4 or IPv6 address and a UDP port as the kernel's socket calls want them.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <string>

#include "core/base/result.hpp"

namespace kiriko {

union SocketAddress {
  sockaddr any;
  sockaddr_in ipv4;
  sockaddr_in6 ipv6;

  bool is_ipv6() const noexcept { return any.sa_family == AF_INET6; }
  socklen_t size() const noexcept { return is_ipv6() ? sizeof ipv6 : sizeof ipv4; }

  /// One address of this machine, in numbers; "any" (0.0.0.0, ::) is refused, since frames need one to name.
  static Result<SocketAddress> parse(const std::string& address, std::uint16_t port);
};

}  // namespace kiriko
