// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A UDP socket bound and set up for a tunnel.
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/device/frame_buffers.hpp"
#include "core/device/open_device.hpp"
#include "core/device/udp_tunnel.hpp"

namespace kiriko {
namespace {

// Some ten milliseconds of a gigabit: what comes while the machine has taken the CPU away.
constexpr int buffer_octets = 4 << 20;

void set(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

void set_up(int socket, bool ipv6) {
  // Beyond the system's limit where we may.
  for (const auto& [forced, asked] : {std::pair{SO_RCVBUFFORCE, SO_RCVBUF}, {SO_SNDBUFFORCE, SO_SNDBUF}}) {
    if (setsockopt(socket, SOL_SOCKET, forced, &buffer_octets, sizeof buffer_octets) != 0)
      set(socket, SOL_SOCKET, asked, buffer_octets);
  }
  set(socket, SOL_SOCKET, SO_RXQ_OVFL, 1);
  // What is too long for the way is cut by the kernel, not refused: the inner packet may not be cut, the outer may.
  if (ipv6) {
    set(socket, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
    set(socket, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
  } else {
    set(socket, IPPROTO_IP, IP_RECVTOS, 1);
    set(socket, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
  }
}

}  // namespace

Result<std::unique_ptr<DeviceFunction>> open_udp_tunnel(const DeviceSetup& setup) {
  const auto port = static_cast<std::uint16_t>(setup.options.get<std::int64_t>("port"));
  const auto mtu = static_cast<std::uint32_t>(setup.options.get<std::int64_t>("mtu"));
  const auto local = SocketAddress::parse(setup.options.get<std::string>("local_address"), port);
  if (!local) return fail(local.error());
  auto pool = ReceivePool::create(setup.packets, mtu + ethernet_header);
  if (!pool) return fail(pool.error());
  const int descriptor = socket(local->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP);
  if (descriptor < 0)
    return fail({.message = "no UDP socket was to be had",
                 .found = std::strerror(errno),
                 .hint = "ulimit -n shows how many files a process may have open"});
  if (bind(descriptor, &local->any, local->size()) != 0) {
    const int error = errno;
    close(descriptor);
    return fail({.message = "UDP port " + std::to_string(port) + " cannot be had",
                 .found = std::strerror(error),
                 .hint = error == EADDRINUSE      ? "ss -ulpn shows who has it"
                         : error == EADDRNOTAVAIL ? "ip address shows the addresses of this network namespace"
                                                  : "a port below 1024 needs CAP_NET_BIND_SERVICE"});
  }
  set_up(descriptor, local->is_ipv6());
  return std::make_unique<DeviceFunction>(
      std::make_unique<UdpTunnel>(descriptor, *local, mtu, std::move(*pool)),
      DeviceTraits{mtu, std::nullopt});
}

}  // namespace kiriko
