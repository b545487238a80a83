// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Types and codes of the errors, and what no error may be sent about (RFC 1122 clause 3.2.2, RFC 4443 clause 2.4(e)).
#include "vnf/ip_endpoint/icmp_errors.hpp"

#include "core/net/icmp.hpp"
#include "core/net/icmpv6.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"

namespace kiriko::endpoint {
namespace {

bool is_icmp_error(const Ipv4Header& ip) noexcept {
  if (ip.protocol != ip_protocol::icmp) return false;
  const IcmpHeader* icmp = IcmpHeader::view(ip.payload(), ip.payload_length());
  return icmp == nullptr || (icmp->type != icmp_type::echo_request && icmp->type != icmp_type::echo_reply);
}

bool is_icmp_error(const Ipv6Header& ip) noexcept {
  if (ip.next_header != ip_protocol::icmpv6) return false;
  const Icmpv6Header* icmp = Icmpv6Header::view(ip.payload(), ip.payload_length());
  return icmp == nullptr || icmp->type < icmpv6_type::first_informational;
}

}  // namespace

bool may_complain(const std::uint8_t* packet, std::size_t size, IpAddress& source) noexcept {
  if (const Ipv4Header* ip = Ipv4Header::view(packet, size); ip != nullptr) {
    source = IpAddress{ip->source()};
    return source.is_unicast() && IpAddress{ip->destination()}.is_unicast() && ip->fragment_offset() == 0 &&
           !is_icmp_error(*ip);
  }
  const Ipv6Header* ip = Ipv6Header::view(packet, size);
  if (ip == nullptr) return false;
  source = IpAddress{ip->source};
  return source.is_unicast() && IpAddress{ip->destination}.is_unicast() && !is_icmp_error(*ip);
}

std::size_t write_error(std::uint8_t* at, IcmpError error, std::uint32_t mtu, const std::uint8_t* packet,
                        std::size_t size, const IpAddress& own, const IpAddress& source) noexcept {
  if (own.is_ipv4()) {
    const std::uint8_t code = error == IcmpError::too_big        ? icmp_code::fragmentation_needed
                              : error == IcmpError::no_neighbour ? icmp_code::host_unreachable
                                                                 : icmp_code::network_unreachable;
    const std::size_t body =
        write_icmp_error(at + ipv4_header_size, icmp_type::destination_unreachable, code, packet, size,
                         error == IcmpError::too_big ? static_cast<std::uint16_t>(mtu) : std::uint16_t{0});
    write_ipv4(at, {.source = own.ipv4(),
                    .destination = source.ipv4(),
                    .protocol = ip_protocol::icmp,
                    .payload_length = static_cast<std::uint16_t>(body)});
    return ipv4_header_size + body;
  }
  const bool too_big = error == IcmpError::too_big;
  const std::size_t body = write_icmpv6_error(
      at + ipv6_header_size, too_big ? icmpv6_type::packet_too_big : icmpv6_type::destination_unreachable,
      error == IcmpError::no_neighbour ? icmpv6_code::address_unreachable : icmpv6_code::no_route,
      too_big ? mtu : 0, packet, size, own.ipv6(), source.ipv6());
  write_ipv6(at, {.source = own.ipv6(),
                  .destination = source.ipv6(),
                  .next_header = ip_protocol::icmpv6,
                  .payload_length = static_cast<std::uint16_t>(body)});
  return ipv6_header_size + body;
}

}  // namespace kiriko::endpoint
