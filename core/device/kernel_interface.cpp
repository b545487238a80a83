// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The interface's MTU and flags by ioctl, as netdevice(7) describes it.
#include "core/device/kernel_interface.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace kiriko {

Result<KernelInterface> read_kernel_interface(const std::string& name) {
  ifreq request{};
  if (name.empty() || name.size() >= IFNAMSIZ)
    return fail({.message = "that cannot be an interface's name",
                 .found = "'" + name + "'",
                 .allowed = "1 to 15 characters"});
  std::memcpy(request.ifr_name, name.data(), name.size());
  const int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket_fd < 0)
    return fail({.message = "the interface could not be looked at", .found = std::strerror(errno)});
  KernelInterface out;
  const bool has_mtu = ioctl(socket_fd, SIOCGIFMTU, &request) == 0;
  if (has_mtu) out.mtu = static_cast<std::uint32_t>(request.ifr_mtu);
  const bool has_flags = ioctl(socket_fd, SIOCGIFFLAGS, &request) == 0;
  close(socket_fd);
  if (!has_mtu || !has_flags)
    return fail({.message = "there is no such interface here",
                 .found = "'" + name + "'",
                 .hint = "ip link shows those of this network namespace"});
  if ((request.ifr_flags & IFF_UP) == 0)
    return fail({.message = "the interface is down",
                 .found = "'" + name + "'",
                 .hint = "ip link set " + name + " up"});
  out.promiscuous = (request.ifr_flags & IFF_PROMISC) != 0;
  return out;
}

}  // namespace kiriko
