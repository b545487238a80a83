// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packets larger than the next link takes: fragments (RFC 791), or an ICMP error (RFC 1191, RFC 8201).
#include <algorithm>
#include <cstring>

#include "core/net/icmp.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

constexpr std::uint8_t icmpv6 = 58, icmpv6_packet_too_big = 2;
constexpr std::uint16_t more_fragments = 0x2000, offset_mask = 0x1fff;
constexpr std::size_t icmpv6_largest = 1280;  ///< RFC 4443 section 3.2: no error is larger

/// A packet of `size` octets with the metadata of `cause`; nullptr (counted) without memory.
Packet* packet_beside(const Packet* cause, std::size_t size, Exits& exits) noexcept {
  Packet* packet = exits.create();
  if (packet == nullptr) return nullptr;
  metadata_of(packet) = metadata_of(cause);
  if (rte_pktmbuf_append(packet, static_cast<std::uint16_t>(size)) == nullptr) {
    exits.drop(packet, DropReason::too_big);
    return nullptr;
  }
  return packet;
}

std::uint16_t icmpv6_checksum(const Ipv6Header& ip) noexcept {
  const std::size_t size = ip.payload_length();
  std::uint16_t sum = ones_complement_sum(ip.source.octets.data(), 32);
  sum = fold_checksum(std::uint64_t{sum} + size + icmpv6);
  return static_cast<std::uint16_t>(~ones_complement_sum(ip.payload(), size, sum));
}

/// Errors answer neither errors nor what came to a group, and of a fragmented packet only the first piece.
bool may_be_answered(const Ipv4Header& ip) noexcept {
  if (ip.fragment_offset() != 0 || ip.destination().is_multicast() || ip.destination().is_broadcast() ||
      ip.source().is_zero())
    return false;
  return ip.protocol != ip_protocol::icmp ||
         (ip.payload_length() >= icmp_header_size &&
          (ip.payload()[0] == icmp_type::echo_request || ip.payload()[0] == icmp_type::echo_reply));
}

}  // namespace

void Upf::send_too_big(Packet* packet, const FarEntry& far, std::uint8_t qfi_flags, const Arrival& arrival,
                       std::uint16_t mtu, Exits& exits) noexcept {
  const std::uint8_t* l3 = bytes_of(packet) + arrival.l3;
  const auto* ip = reinterpret_cast<const Ipv4Header*>(l3);
  if (arrival.kind != PayloadKind::ipv4 || ip->dont_fragment() || mtu < ip->header_length() + 8) {
    answer_too_big(packet, arrival, mtu, exits);
    return drop(packet, DropReason::too_big, exits);
  }
  const std::uint16_t field = ip->flags_and_fragment_offset;
  const std::size_t whole_header = ip->header_length(), end = ip->payload_length();
  for (std::size_t at = 0; at < end;) {
    // Options stand in the first piece only; RFC 791 would have some copied.
    const std::size_t header = at == 0 ? whole_header : ipv4_header_size;
    const std::size_t room = (mtu - header) & ~std::size_t{7};
    const std::size_t size = end - at > mtu - header ? room : end - at;
    Packet* piece = packet_beside(packet, header + size, exits);
    if (piece == nullptr) break;
    std::uint8_t* data = bytes_of(piece);
    std::memcpy(data, l3, header);
    std::memcpy(data + header, l3 + whole_header + at, size);
    auto* own = reinterpret_cast<Ipv4Header*>(data);
    own->version_and_ihl = static_cast<std::uint8_t>(0x40U | header / 4);
    own->total_length = static_cast<std::uint16_t>(header + size);
    const bool more = at + size < end || (field & more_fragments) != 0;
    own->flags_and_fragment_offset =
        static_cast<std::uint16_t>((more ? more_fragments : 0U) | ((field + at / 8) & offset_mask));
    own->checksum = std::uint16_t{0};
    own->checksum = internet_checksum(data, header);
    ++counters_.fragmented;
    Arrival part = arrival;
    part.l3 = 0;
    part.octets = static_cast<std::uint16_t>(header + size);
    send(piece, far, qfi_flags, part, exits);
    at += size;
  }
  exits.consume(packet);
}

void Upf::answer_too_big(Packet* packet, const Arrival& arrival, std::uint16_t mtu, Exits& exits) noexcept {
  const std::uint8_t* l3 = bytes_of(packet) + arrival.l3;
  Arrival back{.l3 = 0, .origin = Origin::n6, .kind = arrival.kind};
  Packet* answer = nullptr;
  if (arrival.kind == PayloadKind::ipv4) {
    const auto* ip = reinterpret_cast<const Ipv4Header*>(l3);
    if (!may_be_answered(*ip)) return;
    const std::size_t kept = std::min<std::size_t>(arrival.octets, icmp_largest_original);
    answer = packet_beside(packet, ipv4_header_size + icmp_header_size + kept, exits);
    if (answer == nullptr) return;
    std::uint8_t* data = bytes_of(answer);
    const std::size_t size = write_icmp_error(data + ipv4_header_size, icmp_type::destination_unreachable,
                                              icmp_code::fragmentation_needed, l3, arrival.octets, mtu);
    write_ipv4(data, {.source = address_,
                      .destination = ip->source(),
                      .protocol = ip_protocol::icmp,
                      .payload_length = static_cast<std::uint16_t>(size)});
    back.key = ip->source_address;
  } else if (arrival.kind == PayloadKind::ipv6) {
    const auto* ip = reinterpret_cast<const Ipv6Header*>(l3);
    if (ip->source.is_zero() || ip->source.is_multicast() || ip->next_header == icmpv6) return;
    const std::size_t kept =
        std::min<std::size_t>(arrival.octets, icmpv6_largest - ipv6_header_size - icmp_header_size);
    answer = packet_beside(packet, ipv6_header_size + icmp_header_size + kept, exits);
    if (answer == nullptr) return;
    std::uint8_t* data = bytes_of(answer);
    // The UPF has no IPv6 address of its own: the link-local one that follows from its MAC address' number.
    write_ipv6(data, {.source = Ipv6Address::from_halves(0xfe80ULL << 48, address_.value),
                      .destination = ip->source,
                      .next_header = icmpv6,
                      .payload_length = static_cast<std::uint16_t>(icmp_header_size + kept)});
    std::uint8_t* icmp = data + ipv6_header_size;
    std::memset(icmp, 0, icmp_header_size);
    icmp[0] = icmpv6_packet_too_big;
    icmp[6] = static_cast<std::uint8_t>(mtu >> 8);
    icmp[7] = static_cast<std::uint8_t>(mtu);
    std::memcpy(icmp + icmp_header_size, l3, kept);
    const std::uint16_t checksum = icmpv6_checksum(*reinterpret_cast<const Ipv6Header*>(data));
    icmp[2] = static_cast<std::uint8_t>(checksum >> 8);
    icmp[3] = static_cast<std::uint8_t>(checksum);
  } else {
    return;
  }
  back.octets = answer->data_len;
  ++counters_.too_big_answers;
  // To a UE as its downlink, to anybody else by N6.
  const SessionIndex found = find_session(back, bytes_of(answer));
  if (found == SessionTable::none) {
    FarEntry out{};
    out.port = FarEntry::port_by_role;
    out.destination = DestinationInterface::core;
    return send(answer, out, 0, back, exits);
  }
  const Verdict verdict = detect(answer, found, back);
  if (verdict.dropped()) return drop(answer, verdict.reason, exits);
  if (verdict.far->action == ApplyAction::buffer)
    return buffer(answer, sessions_.session(found), verdict, back, exits);
  send(answer, *verdict.far, verdict.qfi_flags, back, exits);
}

}  // namespace kiriko::upf
