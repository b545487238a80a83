// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Fuzz target: any octets as a GTP-U message, and as the IPv4, IPv6 and UDP headers around and within it.
#include <cstdint>
#include <cstdlib>

#include "core/net/ethernet.hpp"
#include "core/net/five_tuple.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/ipv4.hpp"
#include "core/net/ipv6.hpp"
#include "core/net/udp.hpp"
#include "core/net/vlan.hpp"

namespace {

using namespace kiriko;

/// What a parser says must lie within what it was given.
void within(std::size_t length, std::size_t available) {
  if (length > available) std::abort();
}

void parse_ip(const std::uint8_t* bytes, std::size_t size) {
  FiveTuple tuple;
  if (const Ipv4Header* ip = Ipv4Header::view(bytes, size); ip != nullptr) {
    within(static_cast<std::size_t>(ip->payload() - bytes) + ip->payload_length(), size);
    parse_five_tuple(bytes, size, tuple);
    if (const UdpHeader* udp = UdpHeader::view(ip->payload(), ip->payload_length()); udp != nullptr)
      within(static_cast<std::size_t>(udp->payload() - bytes) + udp->payload_length(), size);
  }
  if (const Ipv6Header* ip = Ipv6Header::view(bytes, size); ip != nullptr)
    within(sizeof(Ipv6Header) + ip->payload_length(), size);
}

void parse_message(const std::uint8_t* bytes, std::size_t size) {
  GtpuPacket packet;
  if (!parse_gtpu(bytes, size, packet)) return;
  within(packet.total_length, size);
  within(packet.header_length, packet.total_length);
  if (packet.qfi > 63) std::abort();
  parse_ip(bytes + packet.header_length, packet.payload_length());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  parse_message(bytes, size);
  parse_ip(bytes, size);
  if (size >= ethernet_header_size) {
    EthernetPayload payload;
    if (parse_ethernet(bytes, size, payload)) {
      within(payload.offset, size);
      parse_ip(bytes + payload.offset, size - payload.offset);
    }
  }
  return 0;
}
