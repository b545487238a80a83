// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Opening, receiving and sending.
#include "tools/kiriko/upf/n4_socket.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace kiriko {
namespace {

constexpr int buffer_octets = 4 << 20;  ///< bursts of establishments wait here

sockaddr_in socket_address(Ipv4Address address, std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(address.value);
  return out;
}

}  // namespace

Result<N4Socket> N4Socket::open(Ipv4Address address, std::uint16_t port) {
  const pfcp::PeerAddress own{address, port};
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return fail({.message = "no UDP socket can be had for N4", .where = "n4", .found = std::strerror(errno)});
  N4Socket made(descriptor);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer_octets, sizeof buffer_octets);
  const sockaddr_in name = socket_address(address, port);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
    return fail({.message = "N4 cannot listen on " + pfcp::to_string(own),
                 .where = "n4",
                 .found = std::strerror(errno),
                 .hint = errno == EADDRINUSE ? "another UPF or SMF of this machine has the port"
                                             : "the address must be one of this machine"});
  return made;
}

N4Socket::~N4Socket() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::size_t N4Socket::receive(
    std::size_t limit,
    const std::function<void(const pfcp::PeerAddress&, std::span<const std::uint8_t>)>& take) {
  std::array<std::uint8_t, 65536> buffer;
  std::size_t received = 0;
  for (; received < limit; ++received) {
    sockaddr_in from{};
    socklen_t length = sizeof from;
    const ssize_t size =
        recvfrom(descriptor_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
    // A peer's ICMP error is of no interest here: its silence is noticed.
    if (size < 0 && errno == ECONNREFUSED) continue;
    if (size < 0) break;
    take({Ipv4Address{ntohl(from.sin_addr.s_addr)}, ntohs(from.sin_port)},
         {buffer.data(), static_cast<std::size_t>(size)});
  }
  return received;
}

bool N4Socket::send(const pfcp::PeerAddress& to, std::span<const std::uint8_t> octets) {
  const auto* address = std::get_if<Ipv4Address>(&to.address);
  if (address == nullptr) return false;
  const sockaddr_in name = socket_address(*address, to.port);
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (sendto(descriptor_, octets.data(), octets.size(), 0, reinterpret_cast<const sockaddr*>(&name),
               sizeof name) >= 0)
      return true;
    if (errno != ECONNREFUSED) break;  // an error of an earlier datagram, told now
  }
  return false;
}

}  // namespace kiriko
