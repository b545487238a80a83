// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Outer header creation (TS 29.244 clause 8.2.56): Ethernet, IPv4, UDP and GTP-U from one template.
#pragma once

#include <immintrin.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "core/net/ethernet.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6_address.hpp"
#include "core/net/udp.hpp"

namespace kiriko::upf {

/// The template is the UPF's, not the FAR's: what differs between FARs is ten octets that stay beside the
/// session's other state, so a hundred thousand sessions cost no extra cache line for it.
class Encapsulation {
 public:
  static constexpr std::size_t size =
      ethernet_header_size + ipv4_header_size + udp_header_size + gtpu_pdu_session_header_size;
  static constexpr std::size_t largest_payload =
      ipv4_largest_payload - udp_header_size - gtpu_pdu_session_header_size;
  static constexpr std::size_t plain_size = size - 8;
  static_assert(size == 58);

  Encapsulation(Ipv4Address local, const MacAddress& mac) noexcept {
    write_ethernet(template_.data(), MacAddress::local(0), mac, ether_type::ipv4);
    write_ipv4(template_.data() + ipv4_at,
               {.source = local, .protocol = ip_protocol::udp, .payload_length = 24});
    write_udp(template_.data() + udp_at, gtpu_port, gtpu_port, gtpu_pdu_session_header_size);
    write_gtpu_pdu_session(template_.data() + gtpu_at, 0, pdu_type::downlink, 0, false, 0);
    // The ones' complement sum of the IPv4 header without total length, DSCP and destination.
    auto* ip = reinterpret_cast<Ipv4Header*>(template_.data() + ipv4_at);
    ip->total_length = ip->checksum = std::uint16_t{0};
    base_sum_ = ones_complement_sum(template_.data() + ipv4_at, ipv4_header_size);
  }

  /// Writes `size` octets; `octets` (at most largest_payload) follow them. `qfi_flags` stand beside the QFI (RQI 0x40, TS 38.415 clause 5.5.2.1).
  void write(std::uint8_t* at, Be32 peer, Be32 teid, std::uint8_t type, std::uint8_t qfi,
             std::uint8_t qfi_flags, std::uint8_t dscp, std::uint32_t octets) const noexcept {
    write_template(at);
    set_tunnel(at, teid, type, qfi, qfi_flags);
    set_peer(at, peer, dscp, octets);
  }

  // The steps of write().
  void write_template(std::uint8_t* at) const noexcept {
    // In two overlapping pieces.
    constexpr std::size_t piece = sizeof(__m256i);
    const auto copy = [&](std::size_t from) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(at + from),
                          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(template_.data() + from)));
    };
    copy(0);
    copy(size - piece);
  }
  static void set_tunnel(std::uint8_t* at, Be32 teid, std::uint8_t type, std::uint8_t qfi,
                         std::uint8_t qfi_flags) noexcept {
    reinterpret_cast<GtpuHeader*>(at + gtpu_at)->teid = teid;
    at[gtpu_at + 13] = static_cast<std::uint8_t>(type << 4);
    at[gtpu_at + 14] = static_cast<std::uint8_t>((qfi & 0x3fU) | qfi_flags);
  }
  void set_peer(std::uint8_t* at, Be32 peer, std::uint8_t dscp, std::uint32_t octets) const noexcept {
    std::memcpy(at + 2, &peer, 4);
    auto* ip = reinterpret_cast<Ipv4Header*>(at + ipv4_at);
    ip->destination_address = peer;
    ip->type_of_service = static_cast<std::uint8_t>(dscp << 2);
    const std::uint32_t destination = peer;
    const std::uint32_t total = octets + static_cast<std::uint32_t>(size - ethernet_header_size);
    const std::uint32_t sum =
        base_sum_ + total + (std::uint32_t{dscp} << 2) + (destination >> 16) + (destination & 0xffffU);
    ip->checksum = static_cast<std::uint16_t>(~fold_checksum32(sum));
    ip->total_length = static_cast<std::uint16_t>(total);
    reinterpret_cast<UdpHeader*>(at + udp_at)->length = static_cast<std::uint16_t>(total - ipv4_header_size);
    reinterpret_cast<GtpuHeader*>(at + gtpu_at)->length =
        static_cast<std::uint16_t>(octets + gtpu_pdu_session_header_size - gtpu_header_size);
  }

  /// As write(), without a PDU Session Container: `plain_size` octets (N4-u, TS 29.244 clause 5.3).
  void write_plain(std::uint8_t* at, Be32 peer, Be32 teid, std::uint8_t dscp,
                   std::uint16_t octets) const noexcept {
    std::uint8_t whole[size];
    write(whole, peer, teid, 0, 0, 0, dscp, octets);
    std::memcpy(at, whole, plain_size);
    auto* ip = reinterpret_cast<Ipv4Header*>(at + ipv4_at);
    const std::uint16_t total = ip->total_length;
    ip->total_length = static_cast<std::uint16_t>(total - 8);
    ip->checksum = updated_checksum(ip->checksum, total, ip->total_length);
    auto* udp = reinterpret_cast<UdpHeader*>(at + udp_at);
    udp->length = static_cast<std::uint16_t>(udp->length - 8);
    write_gtpu(at + gtpu_at, gtpu_message::g_pdu, teid, octets);
  }

  /// Writes the 14 octets before a bare IPv4 packet. From the template as well: a header put together octet by octet
  /// and then copied in words waits for its stores.
  void write_framing(std::uint8_t* at, Be32 destination) const noexcept {
    std::memcpy(at, template_.data(), ethernet_header_size);
    std::memcpy(at + 2, &destination, 4);
  }
  /// The same before an IPv6 packet; the MAC address follows from the destination's last four octets.
  void write_framing(std::uint8_t* at, const Ipv6Address& destination) const noexcept {
    std::memcpy(at, template_.data(), ethernet_header_size);
    std::memcpy(at + 2, destination.octets.data() + 12, 4);
    at[12] = static_cast<std::uint8_t>(ether_type::ipv6 >> 8);
    at[13] = static_cast<std::uint8_t>(ether_type::ipv6 & 0xff);
  }

 private:
  static constexpr std::size_t ipv4_at = ethernet_header_size;
  static constexpr std::size_t udp_at = ipv4_at + ipv4_header_size;
  static constexpr std::size_t gtpu_at = udp_at + udp_header_size;

  alignas(64) std::array<std::uint8_t, 64> template_{};
  std::uint32_t base_sum_{};
};

}  // namespace kiriko::upf
