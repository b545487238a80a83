// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UdpFrame: a flow's Ethernet, IPv4 and UDP headers, made once and copied with the lengths filled in.
#pragma once

#include <array>
#include <cstring>

#include "core/net/ethernet.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/udp.hpp"
#include "core/traffic/flow.hpp"

namespace kiriko {

class UdpFrame {
 public:
  static constexpr std::uint32_t headers = ethernet_header_size + ipv4_header_size + udp_header_size;
  static constexpr std::uint32_t largest_payload = 1500 - ipv4_header_size - udp_header_size;

  UdpFrame(const FlowSpec& spec, const MacAddress& own_mac) {
    write_ethernet(bytes_.data(), mac_of(spec.destination_address), own_mac, ether_type::ipv4);
    write_ipv4(ip_at(bytes_.data()), {.source = spec.source_address,
                                      .destination = spec.destination_address,
                                      .protocol = ip_protocol::udp,
                                      .payload_length = udp_header_size,
                                      .dscp = spec.dscp});
    write_udp(ip_at(bytes_.data()) + ipv4_header_size, spec.source_port, spec.destination_port, 0);
  }

  /// Writes `headers` octets; `payload` is at most largest_payload.
  void write(std::uint8_t* at, std::uint32_t payload) const noexcept {
    std::memcpy(at, bytes_.data(), headers);
    auto* ip = reinterpret_cast<Ipv4Header*>(ip_at(at));
    const std::uint16_t bare = ip->total_length;
    ip->total_length = static_cast<std::uint16_t>(bare + payload);
    ip->checksum = updated_checksum(ip->checksum, bare, ip->total_length);
    auto* udp = reinterpret_cast<UdpHeader*>(ip_at(at) + ipv4_header_size);
    udp->length = static_cast<std::uint16_t>(udp_header_size + payload);
  }

 private:
  static constexpr std::uint8_t* ip_at(std::uint8_t* frame) noexcept { return frame + ethernet_header_size; }

  std::array<std::uint8_t, headers> bytes_{};
};

}  // namespace kiriko
