// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A packet a read(), a packet a write(): the kernel offers a TUN device no more.
#include "core/device/tun_device.hpp"

#include <unistd.h>

#include <cerrno>

#include "core/net/ethernet.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"

namespace kiriko {
namespace {

/// Octets of the IP packet in a frame; 0, with the reason, where there is none.
std::size_t packet_size(const Packet* frame, DropReason& reason) noexcept {
  const EthernetHeader* ethernet = EthernetHeader::view(bytes_of(frame), size_of(frame));
  reason = DropReason::malformed;
  if (ethernet == nullptr) return 0;
  const std::uint8_t* at = bytes_of(frame) + ethernet_header_size;
  const std::size_t size = size_of(frame) - ethernet_header_size;
  if (ethernet->type == ether_type::ipv4) {
    const Ipv4Header* ip = Ipv4Header::view(at, size);
    return ip == nullptr ? 0 : std::size_t{ip->total_length};
  }
  if (ethernet->type == ether_type::ipv6) {
    const Ipv6Header* ip = Ipv6Header::view(at, size);
    return ip == nullptr ? 0 : ipv6_header_size + ip->payload_length();
  }
  reason = DropReason::not_for_this_host;
  return 0;
}

/// Puts an Ethernet header before a bare packet; false when it is neither IPv4 nor IPv6.
bool frame_packet(std::uint8_t* at, std::size_t size) noexcept {
  const std::uint8_t* packet = at + ethernet_header_size;
  if (const Ipv4Header* ip = Ipv4Header::view(packet, size); ip != nullptr) {
    write_ethernet(at, mac_of(ip->destination()), mac_of(ip->source()), ether_type::ipv4);
    return true;
  }
  if (Ipv6Header::view(packet, size) == nullptr) return false;
  write_ethernet(at, MacAddress::local(0), MacAddress::local(0), ether_type::ipv6);
  return true;
}

DropReason reason_of(int error) noexcept {
  switch (error) {
    case EINVAL: return DropReason::malformed;
    case EIO:
    case EBADFD: return DropReason::device_down;
    default: return DropReason::device_queue_full;
  }
}

}  // namespace

TunDevice::TunDevice(int descriptor, std::uint32_t mtu, ReceivePool pool)
    : descriptor_(descriptor), mtu_(mtu), pool_(std::move(pool)), spares_(pool_.raw()) {}

TunDevice::~TunDevice() { close(descriptor_); }

std::uint16_t TunDevice::receive(Packet** packets) noexcept {
  if (!spares_.refill()) return 0;
  std::uint16_t taken = 0;
  unsigned used = 0;
  while (used < burst_capacity) {
    Packet* packet = spares_[used];
    std::uint8_t* at = bytes_of(packet);
    const ssize_t size = read(descriptor_, at + ethernet_header_size, mtu_);
    if (size <= 0) break;
    ++used;
    if (!frame_packet(at, static_cast<std::size_t>(size))) {
      ++unreadable_;
      rte_pktmbuf_free(packet);
      continue;
    }
    packet->data_len = static_cast<std::uint16_t>(ethernet_header_size + static_cast<std::size_t>(size));
    packet->pkt_len = packet->data_len;
    packets[taken++] = packet;
  }
  spares_.taken(used);
  return taken;
}

std::uint16_t TunDevice::send(Packet** packets, std::uint16_t count, Exits& exits) noexcept {
  std::uint16_t sent = 0;
  for (std::uint16_t i = 0; i < count; ++i) {
    Packet* packet = packets[i];
    DropReason reason{};
    const std::size_t size = packet_size(packet, reason);
    if (size == 0) {
      exits.drop(packet, reason);
    } else if (write(descriptor_, bytes_of(packet) + ethernet_header_size, size) < 0) {
      ++refused_;
      exits.drop(packet, reason_of(errno));
    } else {
      exits.consume(packet);
      ++sent;
    }
  }
  return sent;
}

void TunDevice::report(Report& report) const {
  report.metrics.emplace_back("driver_refused", static_cast<double>(refused_));
  report.metrics.emplace_back("unreadable_packets", static_cast<double>(unreadable_));
}

}  // namespace kiriko
