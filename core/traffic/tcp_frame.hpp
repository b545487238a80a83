// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TcpFrame: one direction's Ethernet, IPv4 and TCP headers, with a payload of zeros and a right checksum.
#pragma once

#include <algorithm>
#include <cstring>

#include "core/function/exits.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/tcp.hpp"
#include "core/traffic/flow.hpp"
#include "core/traffic/udp_frame.hpp"

namespace kiriko {

class TcpFrame {
 public:
  /// From the flow's source to its destination, or back.
  static TcpFrame forward(const FlowSpec& spec, const MacAddress& own_mac) {
    return TcpFrame(spec, own_mac, spec.source_address, spec.destination_address, spec.source_port,
                    spec.destination_port);
  }
  static TcpFrame backward(const FlowSpec& spec, const MacAddress& own_mac) {
    return TcpFrame(spec, own_mac, spec.destination_address, spec.source_address, spec.destination_port,
                    spec.source_port);
  }

  /// A packet with metadata but for `sequence`, `application` and `application_word`; nullptr: pool empty.
  Packet* build(std::uint32_t sequence, std::uint32_t acknowledgment, std::uint8_t flags,
                std::uint16_t payload, ModelTime birth, ModelTime now, Exits& exits) const noexcept {
    Packet* packet = exits.create();
    if (packet == nullptr) return nullptr;
    const std::size_t used = ethernet_header_size + ipv4_header_size + tcp_header_size + payload;
    const std::size_t size = std::max(used, ethernet_minimum_frame_size);
    auto* at = reinterpret_cast<std::uint8_t*>(rte_pktmbuf_append(packet, static_cast<std::uint16_t>(size)));
    if (at == nullptr) {
      exits.drop(packet, DropReason::too_big);
      return nullptr;
    }
    write_ethernet(at, destination_mac_, source_mac_, ether_type::ipv4);
    std::uint8_t* ip = at + ethernet_header_size;
    const auto length = static_cast<std::uint16_t>(tcp_header_size + payload);
    write_ipv4(ip, {.source = source_,
                    .destination = destination_,
                    .protocol = ip_protocol::tcp,
                    .payload_length = length,
                    .dscp = dscp_});
    std::uint8_t* tcp = ip + ipv4_header_size;
    write_tcp(tcp, {.source_port = source_port_,
                    .destination_port = destination_port_,
                    .sequence_number = sequence,
                    .acknowledgment_number = acknowledgment,
                    .flags = flags});
    std::memset(tcp + tcp_header_size, 0, size - used + payload);
    // Zeros add nothing to the sum, so the header alone gives the checksum.
    auto* header = reinterpret_cast<TcpHeader*>(tcp);
    header->checksum = static_cast<std::uint16_t>(~ones_complement_sum(
        tcp, tcp_header_size, pseudo_header_sum(source_, destination_, ip_protocol::tcp, length)));
    PacketMetadata& metadata = metadata_of(packet);
    metadata.time = now;
    metadata.birth = birth;
    metadata.flow = flow_;
    metadata.slice = slice_;
    metadata.qfi = qfi_;
    return packet;
  }

 private:
  TcpFrame(const FlowSpec& spec, const MacAddress& own_mac, Ipv4Address source, Ipv4Address destination,
           std::uint16_t source_port, std::uint16_t destination_port)
      : source_(source),
        destination_(destination),
        source_port_(source_port),
        destination_port_(destination_port),
        source_mac_(own_mac),
        destination_mac_(mac_of(destination)),
        dscp_(spec.dscp),
        qfi_(spec.qfi),
        slice_(spec.slice),
        flow_(spec.id) {}

  Ipv4Address source_, destination_;
  std::uint16_t source_port_, destination_port_;
  MacAddress source_mac_, destination_mac_;
  std::uint8_t dscp_, qfi_;
  SliceId slice_;
  FlowId flow_;
};

}  // namespace kiriko
