// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a host does with a packet that reaches it.
#include "core/net/arp.hpp"
#include "core/net/edit.hpp"
#include "core/net/icmp.hpp"
#include "core/traffic/host.hpp"
#include "core/traffic/probe.hpp"

namespace kiriko {

void Host::process(Burst& burst, Exits& exits) noexcept {
  for (std::uint32_t i = 0; i < burst.size(); ++i) {
    if (i + 1 < burst.size()) rte_prefetch0(bytes_of(burst[i + 1]));
    receive(burst[i], exits);
  }
  exits.at(agenda_.earliest());
}

void Host::receive(Packet* packet, Exits& exits) noexcept {
  const EthernetHeader* ethernet = EthernetHeader::view(bytes_of(packet), size_of(packet));
  if (ethernet == nullptr)
    exits.drop(packet, DropReason::malformed);
  else if (ethernet->type == ether_type::ipv4)
    receive_ipv4(packet, exits);
  else if (ethernet->type == ether_type::arp)
    answer_arp(packet, exits);
  else
    exits.drop(packet, DropReason::not_for_this_host);
}

void Host::receive_ipv4(Packet* packet, Exits& exits) noexcept {
  const Ipv4Header* ip =
      Ipv4Header::view(bytes_of(packet) + ethernet_header_size, size_of(packet) - ethernet_header_size);
  if (ip == nullptr || !ip->checksum_valid()) {
    exits.drop(packet, DropReason::malformed);
    return;
  }
  // A fragment cannot be measured and is not put together again.
  if (ip->destination() != address_ || ip->is_fragment()) {
    exits.drop(packet, DropReason::not_for_this_host);
    return;
  }
  switch (static_cast<std::uint8_t>(ip->protocol)) {
    case ip_protocol::udp: receive_udp(packet, *ip, exits); break;
    case ip_protocol::tcp: receive_tcp(packet, *ip, exits); break;
    case ip_protocol::icmp: answer_echo(packet, exits); break;
    default: exits.drop(packet, DropReason::not_for_this_host);
  }
}

void Host::receive_udp(Packet* packet, const Ipv4Header& ip, Exits& exits) noexcept {
  const UdpHeader* udp = UdpHeader::view(ip.payload(), ip.payload_length());
  if (udp == nullptr) {
    exits.drop(packet, DropReason::malformed);
    return;
  }
  const PacketMetadata& metadata = metadata_of(packet);
  FlowId flow = metadata.flow;
  ReceivedMeter::Arrival arrival{.sequence = metadata.sequence,
                                 .birth = metadata.birth,
                                 .time = metadata.time,
                                 .payload_bytes = static_cast<std::uint32_t>(udp->payload_length())};
  if (flow == no_flow) {  // it came through a device: only the bytes say what it is
    const ProbeHeader* probe = ProbeHeader::view(udp->payload(), udp->payload_length());
    const std::uint64_t birth_ns = probe != nullptr ? probe->birth_ns.value() : 0;
    if (probe == nullptr || birth_ns > static_cast<std::uint64_t>(metadata.time.ns)) {
      exits.drop(packet, DropReason::not_for_this_host);
      return;
    }
    flow = FlowId{probe->flow};
    arrival.sequence = probe->sequence;
    arrival.birth = ModelTime{static_cast<std::int64_t>(birth_ns)};
  }
  const std::uint32_t value = flow_index_.find(flow);
  if (value == FlowIndex::absent || static_cast<Role>(value >> 30) != Role::udp_receiver) {
    exits.drop(packet, DropReason::not_for_this_host);
    return;
  }
  measure_udp(udp_receivers_[value & 0x3fffffffU], arrival);
  exits.consume(packet);
}

void Host::measure_udp(UdpReceiver& receiver, const ReceivedMeter::Arrival& arrival) noexcept {
  const SequenceWindow::Verdict verdict = receiver.sequences.take(arrival.sequence);
  if (verdict == SequenceWindow::Verdict::duplicate) {
    receiver.meter.duplicate(arrival.birth);
    return;
  }
  ReceivedMeter::Arrival first = arrival;
  first.reordered = verdict == SequenceWindow::Verdict::reordered;
  receiver.meter.received(first);
}

void Host::receive_tcp(Packet* packet, const Ipv4Header& ip, Exits& exits) noexcept {
  const std::size_t length = ip.payload_length();
  // Written by the sender long ago, and all of it is summed.
  for (std::uint32_t at = RTE_CACHE_LINE_SIZE; at < packet->data_len; at += RTE_CACHE_LINE_SIZE)
    rte_prefetch0(bytes_of(packet) + at);
  const TcpHeader* tcp = TcpHeader::view(ip.payload(), length);
  if (tcp == nullptr || !transport_checksum_valid(ip.source(), ip.destination(), ip_protocol::tcp,
                                                  ip.payload(), static_cast<std::uint16_t>(length))) {
    exits.drop(packet, DropReason::malformed);
    return;
  }
  const PacketMetadata& metadata = metadata_of(packet);
  const std::uint32_t value = flow_index_.find(metadata.flow);
  const auto role = static_cast<Role>(value >> 30);
  const std::uint32_t position = value & 0x3fffffffU;
  const bool segment = (metadata.application & application_mark::tcp_segment) != 0;
  const bool acknowledgment = (metadata.application & application_mark::tcp_acknowledgment) != 0;
  if (value != FlowIndex::absent && role == Role::tcp_receiver && segment) {
    tcp_receivers_[position].receive(packet, length - tcp->header_length(), active_port_, exits);
  } else if (value != FlowIndex::absent && role == Role::tcp_sender && acknowledgment) {
    TcpSender& sender = tcp_senders_[position];
    sender.acknowledge(metadata.application_word, metadata.time, active_port_, exits);
    agenda_.set(static_cast<std::uint32_t>(sources_.size()) + position, sender.due());
    exits.consume(packet);
  } else {
    exits.drop(packet, DropReason::not_for_this_host);
  }
}

/// RFC 1122 section 3.2.2.6. Other ICMP messages end here: the host's own traffic does not react to them.
void Host::answer_echo(Packet* packet, Exits& exits) noexcept {
  auto* ethernet = edit<EthernetHeader>(bytes_of(packet), size_of(packet));
  auto* ip =
      edit<Ipv4Header>(bytes_of(packet) + ethernet_header_size, size_of(packet) - ethernet_header_size);
  auto* icmp = edit<IcmpHeader>(ip->payload(), ip->payload_length());
  if (icmp == nullptr || internet_checksum(ip->payload(), ip->payload_length()) != 0) {
    exits.drop(packet, DropReason::malformed);
    return;
  }
  if (icmp->type != icmp_type::echo_request) {
    exits.consume(packet);
    return;
  }
  const Ipv4Address asker = ip->source();
  if (asker.is_zero() || asker.is_multicast() || asker.is_broadcast() || asker == address_) {
    exits.drop(packet, DropReason::not_for_this_host);
    return;
  }
  icmp->type = icmp_type::echo_reply;
  icmp->checksum = updated_checksum(icmp->checksum, std::uint16_t{icmp_type::echo_request << 8}, 0);
  // A route recorded in options would be wrong on the way back, but none of them changes the delivery.
  const auto size = static_cast<std::uint16_t>(ip->header_length());
  ip->source_address = address_.value;
  ip->destination_address = asker.value;
  ip->time_to_live = 64;
  ip->checksum = std::uint16_t{0};
  ip->checksum = internet_checksum(reinterpret_cast<const std::uint8_t*>(ip), size);
  ethernet->destination = ethernet->source;
  ethernet->source = mac_;
  metadata_of(packet).hops = 0;
  exits.emit(active_port_, packet);
}

void Host::answer_arp(Packet* packet, Exits& exits) noexcept {
  std::uint8_t* at = bytes_of(packet) + ethernet_header_size;
  const ArpPacket* arp = ArpPacket::view(at, size_of(packet) - ethernet_header_size);
  if (arp == nullptr) {
    exits.drop(packet, DropReason::malformed);
    return;
  }
  if (arp->operation != arp_operation::request || arp->target_address() != address_) {
    exits.drop(packet, DropReason::not_for_this_host);
    return;
  }
  const MacAddress asker_mac = arp->sender_mac;
  write_arp(at, arp_operation::reply, mac_, address_, asker_mac, arp->sender_address());
  write_ethernet(bytes_of(packet), asker_mac, mac_, ether_type::arp);
  metadata_of(packet).hops = 0;
  exits.emit(metadata_of(packet).ingress, packet);
}

}  // namespace kiriko
