// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// recvmmsg into mbufs, sendmmsg out of them.
#include "core/device/udp_tunnel.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace kiriko {
namespace {

DropReason reason_of(int error) noexcept {
  switch (error) {
    case EMSGSIZE: return DropReason::too_big;
    // No route, a port or address that cannot be sent to, or a packet filter's word.
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EINVAL:
    case EACCES:
    case EPERM: return DropReason::unknown_destination;
    case ENETDOWN: return DropReason::device_down;
    default: return DropReason::device_queue_full;
  }
}

}  // namespace

UdpTunnel::UdpTunnel(int socket, const SocketAddress& local, std::uint32_t mtu, ReceivePool pool)
    : socket_(socket),
      framing_(local),
      room_(mtu - framing_.ip_size()),
      pool_(std::move(pool)),
      spares_(pool_.raw()) {
  for (unsigned i = 0; i < burst_capacity; ++i) {
    for (Messages* all : {&in_, &out_}) {
      msghdr& message = all->messages[i].msg_hdr;
      message.msg_name = &all->peers[i];
      message.msg_iov = &all->pieces[i];
      message.msg_iovlen = 1;
    }
  }
}

UdpTunnel::~UdpTunnel() { close(socket_); }

std::uint16_t UdpTunnel::receive(Packet** packets) noexcept {
  if (!spares_.refill()) return 0;
  for (unsigned i = 0; i < burst_capacity; ++i) {
    msghdr& message = in_.messages[i].msg_hdr;
    message.msg_namelen = sizeof(SocketAddress);
    message.msg_control = in_.ancillary[i].octets.data();
    message.msg_controllen = in_.ancillary[i].octets.size();
    in_.pieces[i] = {bytes_of(spares_[i]) + framing_.size(), room_};
  }
  const int count = recvmmsg(socket_, in_.messages.data(), burst_capacity, MSG_DONTWAIT, nullptr);
  if (count <= 0) return 0;
  std::uint16_t taken = 0;
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<unsigned>(i);
    msghdr& message = in_.messages[at].msg_hdr;
    const std::uint8_t traffic_class = read_ancillary(message);
    Packet* packet = spares_[at];
    if ((message.msg_flags & MSG_TRUNC) != 0) {
      ++truncated_;
      rte_pktmbuf_free(packet);
      continue;
    }
    const auto payload = static_cast<std::uint16_t>(in_.messages[at].msg_len);
    framing_.write(bytes_of(packet), in_.peers[at], traffic_class, payload);
    packet->data_len = static_cast<std::uint16_t>(framing_.size() + payload);
    packet->pkt_len = packet->data_len;
    packets[taken++] = packet;
  }
  spares_.taken(static_cast<unsigned>(count));
  return taken;
}

std::uint8_t UdpTunnel::read_ancillary(msghdr& message) noexcept {
  int traffic_class = 0;
  for (cmsghdr* said = CMSG_FIRSTHDR(&message); said != nullptr; said = CMSG_NXTHDR(&message, said)) {
    if (said->cmsg_level == SOL_SOCKET && said->cmsg_type == SO_RXQ_OVFL)
      std::memcpy(&missed_, CMSG_DATA(said), sizeof missed_);
    else if (said->cmsg_level == IPPROTO_IP && said->cmsg_type == IP_TOS)
      traffic_class = *CMSG_DATA(said);
    else if (said->cmsg_level == IPPROTO_IPV6 && said->cmsg_type == IPV6_TCLASS)
      std::memcpy(&traffic_class, CMSG_DATA(said), sizeof traffic_class);
  }
  return static_cast<std::uint8_t>(traffic_class);
}

void UdpTunnel::add(std::uint16_t at, const UdpFraming::Datagram& datagram) noexcept {
  out_.peers[at] = datagram.peer;
  out_.pieces[at] = {datagram.payload, datagram.length};
  msghdr& message = out_.messages[at].msg_hdr;
  message.msg_namelen = datagram.peer.size();
  message.msg_control = nullptr;
  message.msg_controllen = 0;
  if (datagram.traffic_class == 0) return;
  const int traffic_class = datagram.traffic_class;
  message.msg_control = out_.ancillary[at].octets.data();
  message.msg_controllen = CMSG_SPACE(sizeof traffic_class);
  cmsghdr* told = CMSG_FIRSTHDR(&message);
  const bool ipv6 = datagram.peer.is_ipv6();
  told->cmsg_level = ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
  told->cmsg_type = ipv6 ? IPV6_TCLASS : IP_TOS;
  told->cmsg_len = CMSG_LEN(sizeof traffic_class);
  std::memcpy(CMSG_DATA(told), &traffic_class, sizeof traffic_class);
}

std::uint16_t UdpTunnel::send(Packet** packets, std::uint16_t count, Exits& exits) noexcept {
  std::uint16_t ready = 0;
  for (std::uint16_t i = 0; i < count; ++i) {
    UdpFraming::Datagram datagram;
    DropReason reason{};
    if (framing_.read(packets[i], datagram, reason)) {
      add(ready, datagram);
      packets[ready++] = packets[i];
    } else {
      exits.drop(packets[i], reason);
    }
  }
  std::uint16_t sent = 0;
  for (std::uint16_t at = 0; at < ready;) {
    const int taken = sendmmsg(socket_, out_.messages.data() + at, ready - at, MSG_DONTWAIT);
    if (taken < 0) {
      // The first of them is what the kernel did not like; a full buffer is the end for all.
      const DropReason reason = reason_of(errno);
      const std::uint16_t end =
          reason == DropReason::device_queue_full ? ready : static_cast<std::uint16_t>(at + 1);
      for (; at < end; ++at) {
        ++refused_;
        exits.drop(packets[at], reason);
      }
      continue;
    }
    for (const int end = at + taken; at < end; ++at, ++sent) exits.consume(packets[at]);
  }
  return sent;
}

void UdpTunnel::report(Report& report) const {
  report.metrics.emplace_back("driver_missed", static_cast<double>(missed_));
  report.metrics.emplace_back("driver_refused", static_cast<double>(refused_));
  report.metrics.emplace_back("truncated_datagrams", static_cast<double>(truncated_));
}

}  // namespace kiriko
