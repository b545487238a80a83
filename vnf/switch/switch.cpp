// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The switch's data path: parse and prefetch a burst, then look up, choose a port and send.
#include "vnf/switch/switch.hpp"

#include <array>

#include "core/base/random.hpp"
#include "core/net/ethernet.hpp"
#include "core/net/five_tuple.hpp"
#include "core/net/gtpu.hpp"
#include "core/net/udp.hpp"
#include "core/net/vlan.hpp"

namespace kiriko {
namespace {

constexpr std::uint8_t hop_limit = 255;
constexpr std::uint32_t prefetch_ahead = 4;

/// Of the G-PDU behind this UDP/IPv4 header: many sessions share one pair of tunnel endpoints.
std::uint32_t teid_of(const Ipv4Header& ip) noexcept {
  const UdpHeader* udp = UdpHeader::view(ip.payload(), ip.payload_length());
  if (udp == nullptr) return 0;
  const GtpuHeader* gtpu = GtpuHeader::view(udp->payload(), udp->payload_length());
  return gtpu == nullptr ? 0 : gtpu->teid.value();
}

}  // namespace

Switch::Switch(const FunctionSetup& setup)
    : hash_seed_(static_cast<std::uint32_t>(RandomStream(setup.seed, setup.name, "ecmp").next())),
      slice_count_(setup.slices.size()),
      up_(setup.ports.size(), true) {}

// Nearly all packets are IPv4 without options, to one receiver.
Switch::Lookup Switch::parse(const Packet* packet) const noexcept {
  const std::uint8_t* data = bytes_of(packet);
  const std::size_t size = size_of(packet);
  constexpr std::size_t least = ethernet_header_size + ipv4_header_size;
  if (size >= least && table_.has_prefixes()) {
    const auto* ethernet = reinterpret_cast<const EthernetHeader*>(data);
    const auto* ip = reinterpret_cast<const Ipv4Header*>(data + ethernet_header_size);
    const std::size_t total = ip->total_length;
    if (ethernet->type == ether_type::ipv4 && !ethernet->destination.is_group() &&
        ip->version_and_ihl == 0x45 && total >= ipv4_header_size && total <= size - ethernet_header_size) {
      const std::uint64_t key = table_.first_key(ip->destination());
      return {
          .key = key, .home = table_.home_of(key), .l3 = ethernet_header_size, .fault = Lookup::Fault::none};
    }
  }
  return parse_unusual(data, size);
}

[[gnu::noinline]] Switch::Lookup Switch::parse_unusual(const std::uint8_t* data,
                                                       std::size_t size) const noexcept {
  const auto by_key = [&](std::uint64_t key, std::uint16_t l3, Lookup::Fault fault) -> Lookup {
    return {.key = key, .home = table_.home_of(key), .l3 = l3, .fault = fault};
  };
  const EthernetHeader* ethernet = EthernetHeader::view(data, size);
  if (ethernet == nullptr) return by_key(0, 0, Lookup::Fault::runt);
  const std::uint64_t mac_key = ForwardingTable::first_key(ethernet->destination);
  EthernetPayload payload{.type = ethernet->type, .offset = ethernet_header_size};
  if (payload.type != ether_type::ipv4 && !parse_ethernet(data, size, payload))
    return by_key(mac_key, 0, Lookup::Fault::none);
  if (payload.type != ether_type::ipv4) return by_key(mac_key, 0, Lookup::Fault::none);
  const Ipv4Header* ip = Ipv4Header::view(data + payload.offset, size - payload.offset);
  if (ip == nullptr) return by_key(mac_key, 0, Lookup::Fault::broken_ipv4);
  if (ethernet->destination.is_group() || !table_.has_prefixes())
    return by_key(mac_key, payload.offset, Lookup::Fault::none);
  return by_key(table_.first_key(ip->destination()), payload.offset, Lookup::Fault::none);
}

[[gnu::flatten]] void Switch::process(Burst& burst, Exits& exits) noexcept {
  std::array<Lookup, burst_capacity> lookups;
  const std::uint32_t count = burst.size();
  std::uint64_t bytes = 0;
  if (count == 0) return;
  // Most bursts are small, and of as many packets as one cannot foresee.
  for (std::uint32_t i = 0; i < prefetch_ahead; ++i) rte_prefetch0(bytes_of(burst[std::min(i, count - 1)]));
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + prefetch_ahead < count) rte_prefetch0(bytes_of(burst[i + prefetch_ahead]));
    lookups[i] = parse(burst[i]);
    table_.prefetch(lookups[i].home);
    bytes += size_of(burst[i]);
  }
  packets_ += count;
  bytes_ += bytes;
  for (std::uint32_t i = 0; i < count; ++i) forward(burst[i], lookups[i], exits);
}

[[gnu::noinline]] const PortGroup* Switch::find(const Packet* packet, const Lookup& lookup,
                                                SliceId slice) const noexcept {
  const EthernetHeader* ethernet = EthernetHeader::view(bytes_of(packet), size_of(packet));
  if (ethernet == nullptr) return nullptr;
  const MacAddress& mac = ethernet->destination;
  if (lookup.l3 == 0) return table_.find(mac, slice);
  const auto* ip = reinterpret_cast<const Ipv4Header*>(bytes_of(packet) + lookup.l3);
  const PortGroup* group = nullptr;
  if (!mac.is_group()) group = table_.find(ip->destination(), slice);
  if (group == nullptr) group = table_.find(mac, slice);
  if (group == nullptr && mac.is_group()) group = table_.find(ip->destination(), slice);
  return group;
}

void Switch::forward(Packet* packet, const Lookup& lookup, Exits& exits) noexcept {
  if (metadata_of(packet).hops == hop_limit) return exits.drop(packet, DropReason::hop_limit);
  const PortId only = table_.only_port(lookup.key, lookup.home);
  if (only != ForwardingTable::no_port) return exits.emit(only, packet);
  choose_port(packet, lookup, exits);
}

[[gnu::noinline]] void Switch::choose_port(Packet* packet, const Lookup& lookup, Exits& exits) noexcept {
  const PacketMetadata& metadata = metadata_of(packet);
  if (lookup.fault == Lookup::Fault::runt) return exits.drop(packet, DropReason::malformed);
  const PortGroup* group = table_.find(lookup.key, metadata.slice);
  if (group == nullptr) group = find(packet, lookup, metadata.slice);
  if (group == nullptr)
    return exits.drop(packet, lookup.fault == Lookup::Fault::broken_ipv4 ? DropReason::malformed
                                                                         : DropReason::unknown_destination);
  if (group->flood) return flood(packet, *group, exits);
  if (group->live == 0) return exits.drop(packet, DropReason::link_down);
  const PortId* ports = table_.ports_of(*group);
  if (group->live == 1) return exits.emit(ports[0], packet);
  exits.emit(ports[(std::uint64_t{hash(packet, lookup)} * group->live) >> 32], packet);
}

[[gnu::noinline]] void Switch::flood(Packet* packet, const PortGroup& group, Exits& exits) noexcept {
  const PortId ingress = metadata_of(packet).ingress;
  const PortId* ports = table_.ports_of(group);
  const PortId* last = nullptr;
  for (const PortId* port = ports; port != ports + group.live; ++port) {
    if (*port == ingress) continue;
    if (last != nullptr) {
      if (Packet* twin = exits.copy(packet)) {
        exits.emit(*last, twin);
        ++flooded_;
      }
    }
    last = port;
  }
  if (last != nullptr) return exits.emit(*last, packet);
  const bool nowhere_else = group.live == 1 && group.size == 1;
  exits.drop(packet, nowhere_else ? DropReason::unknown_destination : DropReason::link_down);
}

[[gnu::noinline]] std::uint32_t Switch::hash(const Packet* packet, const Lookup& lookup) const noexcept {
  const std::uint8_t* data = bytes_of(packet);
  FiveTuple tuple;
  if (lookup.l3 == 0) {
    // Both MAC addresses and the type stand in for addresses and ports.
    const EthernetHeader& ethernet = *EthernetHeader::view(data, size_of(packet));
    const std::uint64_t source = ethernet.source.value(), destination = ethernet.destination.value();
    tuple = {Ipv4Address{static_cast<std::uint32_t>(source)},
             Ipv4Address{static_cast<std::uint32_t>(destination)}, static_cast<std::uint16_t>(source >> 32),
             static_cast<std::uint16_t>(destination >> 32), 0};
    return tuple.hash(hash_seed_ ^ ethernet.type.value());
  }
  // A packet that ends within its ports keeps its addresses, which the parser fills in first.
  parse_five_tuple(data + lookup.l3, size_of(packet) - lookup.l3, tuple);
  std::uint32_t seed = hash_seed_;
  if (tuple.protocol == ip_protocol::udp && tuple.destination_port == gtpu_port)
    seed ^= teid_of(*Ipv4Header::view(data + lookup.l3, size_of(packet) - lookup.l3)) * 0x9e3779b1U;
  return tuple.hash(seed);
}

void Switch::report(Report& report) const {
  std::size_t down = 0;
  for (const bool up : up_) down += up ? 0 : 1;
  report.metrics.emplace_back("packets", static_cast<double>(packets_));
  report.metrics.emplace_back("bytes", static_cast<double>(bytes_));
  report.metrics.emplace_back("flood_copies", static_cast<double>(flooded_));
  report.metrics.emplace_back("entries", static_cast<double>(entries_.size()));
  report.metrics.emplace_back("ports_down", static_cast<double>(down));
}

}  // namespace kiriko
