// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Headers from a socket address, and a socket address from headers.
#include "core/device/udp_framing.hpp"

#include <arpa/inet.h>

#include <cstring>

#include "core/net/edit.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"
#include "core/net/udp.hpp"

namespace kiriko {
namespace {

Ipv4Address address_of(const sockaddr_in& socket) noexcept {
  return Ipv4Address{ntohl(socket.sin_addr.s_addr)};
}

Ipv6Address address_of(const sockaddr_in6& socket) noexcept {
  Ipv6Address address;
  std::memcpy(address.octets.data(), socket.sin6_addr.s6_addr, address.octets.size());
  return address;
}

}  // namespace

Result<SocketAddress> SocketAddress::parse(const std::string& address, std::uint16_t port) {
  SocketAddress out{};
  const auto wrong = [&](const char* message) {
    return fail({.message = message,
                 .found = "'" + address + "'",
                 .allowed = "one IPv4 or IPv6 address of this machine, such as 127.0.0.2"});
  };
  if (inet_pton(AF_INET, address.c_str(), &out.ipv4.sin_addr) == 1) {
    out.ipv4.sin_family = AF_INET;
    out.ipv4.sin_port = htons(port);
    const Ipv4Address value = address_of(out.ipv4);
    if (value.is_zero() || value.is_multicast() || value.is_broadcast())
      return wrong("not the address of one node");
    return out;
  }
  if (inet_pton(AF_INET6, address.c_str(), &out.ipv6.sin6_addr) == 1) {
    out.ipv6.sin6_family = AF_INET6;
    out.ipv6.sin6_port = htons(port);
    if (IN6_IS_ADDR_UNSPECIFIED(&out.ipv6.sin6_addr) || IN6_IS_ADDR_MULTICAST(&out.ipv6.sin6_addr))
      return wrong("not the address of one node");
    return out;
  }
  return wrong("not an address");
}

UdpFraming::UdpFraming(const SocketAddress& local) noexcept : local_(local) {
  std::uint8_t* at = template_.data();
  std::uint8_t* const ip = at + ethernet_header_size;
  if (local_.is_ipv6()) {
    write_ethernet(at, MacAddress::local(0), MacAddress::local(0), ether_type::ipv6);
    write_ipv6(ip, {.destination = address_of(local_.ipv6), .next_header = ip_protocol::udp});
    write_udp(ip + ipv6_header_size, 0, ntohs(local_.ipv6.sin6_port), 0);
    size_ = ethernet_header_size + ipv6_header_size + udp_header_size;
  } else {
    write_ethernet(at, mac_of(address_of(local_.ipv4)), MacAddress::local(0), ether_type::ipv4);
    write_udp(ip + ipv4_header_size, 0, ntohs(local_.ipv4.sin_port), 0);
    size_ = ethernet_header_size + ipv4_header_size + udp_header_size;
  }
}

void UdpFraming::write(std::uint8_t* at, const SocketAddress& peer, std::uint8_t traffic_class,
                       std::uint16_t payload) const noexcept {
  std::memcpy(at, template_.data(), size_);
  std::uint8_t* const ip = at + ethernet_header_size;
  auto* udp = reinterpret_cast<UdpHeader*>(at + size_ - udp_header_size);
  udp->length = static_cast<std::uint16_t>(udp_header_size + payload);
  if (local_.is_ipv6()) {
    write_ipv6(ip, {.source = address_of(peer.ipv6),
                    .destination = address_of(local_.ipv6),
                    .next_header = ip_protocol::udp,
                    .payload_length = static_cast<std::uint16_t>(udp_header_size + payload),
                    .traffic_class = traffic_class});
    udp->source_port = ntohs(peer.ipv6.sin6_port);
    return;
  }
  const Ipv4Address source = address_of(peer.ipv4);
  reinterpret_cast<EthernetHeader*>(at)->source = mac_of(source);
  write_ipv4(ip, {.source = source,
                  .destination = address_of(local_.ipv4),
                  .protocol = ip_protocol::udp,
                  .payload_length = static_cast<std::uint16_t>(udp_header_size + payload),
                  .dscp = static_cast<std::uint8_t>(traffic_class >> 2),
                  .ecn = static_cast<std::uint8_t>(traffic_class & 0x03U)});
  udp->source_port = ntohs(peer.ipv4.sin_port);
}

bool UdpFraming::read(Packet* packet, Datagram& out, DropReason& reason) const noexcept {
  std::uint8_t* data = bytes_of(packet);
  const EthernetHeader* ethernet = EthernetHeader::view(data, size_of(packet));
  reason = DropReason::malformed;
  if (ethernet == nullptr) return false;
  std::uint8_t* const ip = data + ethernet_header_size;
  const std::size_t size = size_of(packet) - ethernet_header_size;
  if (ethernet->type == ether_type::ipv4 && !local_.is_ipv6()) return read_ipv4(ip, size, out, reason);
  if (ethernet->type == ether_type::ipv6 && local_.is_ipv6()) return read_ipv6(ip, size, out, reason);
  reason = DropReason::not_for_this_host;
  return false;
}

bool UdpFraming::read_ipv4(std::uint8_t* at, std::size_t size, Datagram& out,
                           DropReason& reason) const noexcept {
  auto* ip = edit<Ipv4Header>(at, size);
  if (ip == nullptr || ip->is_fragment()) return false;
  if (ip->protocol != ip_protocol::udp) {
    reason = DropReason::not_for_this_host;
    return false;
  }
  auto* udp = edit<UdpHeader>(ip->payload(), ip->payload_length());
  if (udp == nullptr) return false;
  out.peer.ipv4 = {};
  out.peer.ipv4.sin_family = AF_INET;
  out.peer.ipv4.sin_addr.s_addr = htonl(ip->destination_address);
  out.peer.ipv4.sin_port = htons(udp->destination_port);
  out.payload = udp->payload();
  out.length = static_cast<std::uint16_t>(udp->payload_length());
  out.traffic_class = ip->type_of_service;
  return true;
}

bool UdpFraming::read_ipv6(std::uint8_t* at, std::size_t size, Datagram& out,
                           DropReason& reason) const noexcept {
  const Ipv6Header* ip = Ipv6Header::view(at, size);
  if (ip == nullptr) return false;
  if (ip->next_header != ip_protocol::udp) {
    reason = DropReason::not_for_this_host;
    return false;
  }
  auto* udp = edit<UdpHeader>(at + ipv6_header_size, ip->payload_length());
  if (udp == nullptr) return false;
  out.peer.ipv6 = {};
  out.peer.ipv6.sin6_family = AF_INET6;
  std::memcpy(out.peer.ipv6.sin6_addr.s6_addr, ip->destination.octets.data(), ip->destination.octets.size());
  out.peer.ipv6.sin6_port = htons(udp->destination_port);
  out.payload = udp->payload();
  out.length = static_cast<std::uint16_t>(udp->payload_length());
  out.traffic_class = ip->traffic_class();
  return true;
}

}  // namespace kiriko
