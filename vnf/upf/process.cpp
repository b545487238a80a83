// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The UPF's data path: a burst in stages, each one ahead of the memory that the next one reads.
#include <array>

#include "vnf/upf/upf.hpp"

namespace kiriko::upf {
namespace {

constexpr std::uint16_t l3_on_n6 = ethernet_header_size;
constexpr std::uint16_t l3_on_n3 = ArrivalReader::usual_inner_at;

/// The packet loses the octets before `l3` and gets `header` others; the user's packet has `octets`.
void reframe(Packet* packet, std::uint32_t l3, std::uint32_t header, std::uint32_t octets) noexcept {
  packet->data_off = static_cast<std::uint16_t>(packet->data_off + l3 - header);
  packet->pkt_len = header + octets;
  packet->data_len = static_cast<std::uint16_t>(packet->pkt_len);
}

/// QER, URR and marks of a packet whose lane does without its rules; false: a QER says no or a URR has to look, and
/// nothing was done.
[[gnu::always_inline]] inline bool enforce_and_count(Lane& lane, PacketMetadata& metadata,
                                                     std::uint32_t octets, std::uint8_t qfi) noexcept {
  if (lane.usage.room < octets) return false;
  lane.usage.room -= octets;
  if (!lane.bucket.try_take(octets, metadata.time)) {
    lane.usage.room += octets;
    return false;
  }
  ++lane.usage.packets;
  if (lane.qfi_mark != PdrEntry::any_qfi) qfi = lane.qfi_mark;
  if (qfi != 0) metadata.qfi = qfi;
  if (metadata.slice == no_slice) metadata.slice = SliceId{lane.slice};
  return true;
}

/// From a tunnel to N6: the octets of the user's packet; 0: left alone.
[[gnu::always_inline]] inline std::uint32_t pass_uplink(Packet* packet, Lane& lane,
                                                        const Encapsulation& encapsulation,
                                                        std::uint16_t largest) noexcept {
  std::uint8_t* data = bytes_of(packet);
  auto* ip = reinterpret_cast<Ipv4Header*>(data + l3_on_n3);
  const std::uint32_t octets = packet->data_len - std::uint32_t{l3_on_n3};
  if (ip->time_to_live <= 1 || octets > largest) return 0;
  if (lane.address != 0 && lane.address != ip->source_address) return 0;
  if (!enforce_and_count(lane, metadata_of(packet), octets, ArrivalReader::usual_qfi(data))) return 0;
  ip->decrement_time_to_live();
  reframe(packet, l3_on_n3, ethernet_header_size, octets);
  encapsulation.write_framing(data + l3_on_n3 - ethernet_header_size, ip->destination_address);
  return octets;
}

/// From N6 into a gNB's tunnel: the octets of the user's packet; 0: left alone.
[[gnu::always_inline]] inline std::uint32_t pass_downlink(Packet* packet, Lane& lane,
                                                          const Encapsulation& encapsulation,
                                                          std::uint16_t largest) noexcept {
  std::uint8_t* data = bytes_of(packet);
  auto* ip = reinterpret_cast<Ipv4Header*>(data + l3_on_n6);
  const std::uint32_t octets = packet->data_len - std::uint32_t{l3_on_n6};
  if (ip->time_to_live <= 1 || octets > largest ||
      std::size_t{packet->data_off} + l3_on_n6 < Encapsulation::size)
    return 0;
  PacketMetadata& metadata = metadata_of(packet);
  if (!enforce_and_count(lane, metadata, octets, 0)) return 0;
  ip->decrement_time_to_live();
  reframe(packet, l3_on_n6, Encapsulation::size, octets);
  std::uint8_t* outer = data + l3_on_n6 - Encapsulation::size;
  encapsulation.write_template(outer);
  Encapsulation::set_tunnel(outer, lane.teid, pdu_type::downlink, metadata.qfi, lane.qfi_flags);
  encapsulation.set_peer(outer, lane.address, lane.dscp, octets);
  return octets;
}

/// Of those of a direction whose packets do without their rules.
constexpr Lane::Kind lane_kind(Direction direction) noexcept {
  return direction == Direction::uplink ? Lane::Kind::to_core : Lane::Kind::to_access;
}

/// Of packets that belong to no session: what it says holds for none of them.
Lane no_lane{};

}  // namespace

/// By which a packet of the lane leaves; where it has not left a tunnel yet.
template <Direction direction, bool by_destination>
PortId Upf::port_of(const Lane& lane, const Packet* packet) const noexcept {
  if (lane.port != FarEntry::port_by_role) return PortId{lane.port};
  if (by_destination) return core_port(bytes_of(packet) + l3_on_n3);
  return roles_.current(direction == Direction::uplink ? PortRole::n6 : PortRole::n3);
}

struct Upf::Sightings {
  std::array<std::uint32_t, burst_capacity> keys;  ///< TEID or UE address; 0: of no usual shape
  std::array<Origin, burst_capacity> origins;
  std::array<FlatTable<std::uint32_t>::Home, burst_capacity> homes;
  std::array<Lane*, burst_capacity + 1> lanes;  ///< no_lane: no session; the last one's successor has none
};

// Timers take their place between the packets: whatever is due before a packet happens before it.
void Upf::process(Burst& burst, Exits& exits) noexcept {
  Packet** packets = burst.data();
  const std::uint32_t count = burst.size();
  for (std::uint32_t first = 0; first < count;) {
    const ModelTime due = timers_.next();
    std::uint32_t end = count;
    if (due < metadata_of(packets[count - 1]).time) {
      if (due < metadata_of(packets[first]).time) {
        run_timers(metadata_of(packets[first]).time, exits);
        continue;
      }
      end = first;
      while (metadata_of(packets[end]).time <= due) ++end;
    }
    first += carry(packets + first, end - first, exits);
  }
  burst.clear();
  if (timers_.next() != ModelTime::never()) exits.at(timers_.next());
  if (n4_ != nullptr && !reports_.empty()) exits.at(reports_.first_time());
}

template <bool tunnels, bool n6>
std::uint32_t Upf::sight(Packet* const* packets, std::uint32_t i, std::uint32_t count,
                         Sightings& sightings) const noexcept {
  const PortId ingress = metadata_of(packets[i]).ingress;
  do {
    Origin origin;
    const std::uint32_t key = reader_.sight<tunnels, n6>(packets[i], origin);
    const FlatTable<std::uint32_t>::Home home = table(origin).home_of(key);
    __builtin_prefetch(home);
    sightings.keys[i] = key;
    sightings.origins[i] = origin;
    sightings.homes[i] = home;
  } while (++i < count && metadata_of(packets[i]).ingress == ingress);
  return i;
}

void Upf::find_lanes(std::uint32_t count, Sightings& sightings) const noexcept {
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t key = sightings.keys[i];
    const Origin origin = sightings.origins[i];
    Lane* lane = &no_lane;
    if (key != 0) {
      if (const SessionIndex* index = table(origin).look_up(key, sightings.homes[i]); index != nullptr)
        lane = &sessions_.lane(*index, direction_of(origin));
    }
    __builtin_prefetch(lane, 1);
    sightings.lanes[i] = lane;
  }
  sightings.lanes[count] = &no_lane;
  if (!by_rules_lately_) return;
  for (std::uint32_t i = 0; i < count; ++i)
    if (const Lane* lane = sightings.lanes[i]; lane != &no_lane && lane->kind == Lane::Kind::by_rules)
      sessions_.prefetch_rules(sessions_.index_of(lane, direction_of(sightings.origins[i])));
}

/// A loop without calls and with few values, which all stay in registers. It ends at the latest at a packet of no session.
template <Direction direction, bool by_destination>
[[gnu::noinline]] Upf::Passed Upf::pass(Packet* const* packets, Lane* const* lanes, PortId port) noexcept {
  constexpr bool is_uplink = direction == Direction::uplink;
  Passed passed;
  for (;; ++passed.packets) {
    Lane& lane = *lanes[passed.packets];
    if (lane.kind != lane_kind(direction)) break;
    Packet* packet = packets[passed.packets];
    if (port_of<direction, by_destination>(lane, packet) != port) break;
    const std::uint32_t octets = is_uplink ? pass_uplink(packet, lane, encapsulation_, largest_uplink_)
                                           : pass_downlink(packet, lane, encapsulation_, largest_downlink_);
    if (octets == 0) break;
    passed.octets += octets;
  }
  return passed;
}

/// Packets that leave by one port one after the other do so together.
template <Direction direction, bool by_destination>
std::uint32_t Upf::carry_by_lanes(Packet** packets, std::uint32_t i, const Sightings& sightings,
                                  Exits& exits) noexcept {
  while (sightings.lanes[i]->kind == lane_kind(direction)) {
    const PortId port = port_of<direction, by_destination>(*sightings.lanes[i], packets[i]);
    const Passed passed = pass<direction, by_destination>(packets + i, sightings.lanes.data() + i, port);
    if (passed.packets == 0) break;
    counters_.packets[static_cast<std::size_t>(direction)] += passed.packets;
    counters_.bytes[static_cast<std::size_t>(direction)] += passed.octets;
    exits.emit(port, {packets + i, passed.packets});
    i += static_cast<std::uint32_t>(passed.packets);
  }
  return i;
}

std::uint32_t Upf::carry(Packet** packets, std::uint32_t count, Exits& exits) noexcept {
  Sightings sightings;
  for (std::uint32_t i = 0; i < count; ++i) __builtin_prefetch(bytes_of(packets[i]));
  for (std::uint32_t i = 0; i < count;) {
    const std::uint8_t roles = roles_.mask(metadata_of(packets[i]).ingress);
    const bool tunnels = PortRoles::has_tunnels(roles), n6 = PortRoles::has(roles, PortRole::n6);
    if (tunnels)
      i = n6 ? sight<true, true>(packets, i, count, sightings)
             : sight<true, false>(packets, i, count, sightings);
    else
      i = n6 ? sight<false, true>(packets, i, count, sightings)
             : sight<false, false>(packets, i, count, sightings);
  }
  find_lanes(count, sightings);

  bool any_by_rules = false;
  std::uint32_t i = 0;
  while (i < count) {
    const std::uint32_t first = i;
    if (sightings.lanes[i]->kind == Lane::Kind::to_access)
      i = carry_by_lanes<Direction::downlink, false>(packets, i, sightings, exits);
    else if (sightings.lanes[i]->kind == Lane::Kind::to_core && !roles_.has_direct(PortRole::n6))
      i = carry_by_lanes<Direction::uplink, false>(packets, i, sightings, exits);
    else if (sightings.lanes[i]->kind == Lane::Kind::to_core)
      i = carry_by_lanes<Direction::uplink, true>(packets, i, sightings, exits);
    if (i != first) continue;
    any_by_rules = true;
    Packet* packet = packets[i];
    const std::uint32_t key = sightings.keys[i];
    const Origin origin = sightings.origins[i];
    const Lane* lane = sightings.lanes[i];
    ++i;
    if (key == 0)
      handle_unusual(packet, exits);
    else
      handle(packet, ArrivalReader::arrival_of(key, origin, packet),
             lane == &no_lane ? SessionTable::none : sessions_.index_of(lane, direction_of(origin)), exits);
    // Its rules may want to be asked again before the next one.
    if (i < count && timers_.next() < metadata_of(packets[count - 1]).time) break;
  }
  by_rules_lately_ = any_by_rules;
  return i;
}

}  // namespace kiriko::upf
