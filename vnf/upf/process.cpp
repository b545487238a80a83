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
void reframe(Packet* packet, std::size_t l3, std::size_t header, std::uint16_t octets) noexcept {
  packet->data_off = static_cast<std::uint16_t>(packet->data_off + l3 - header);
  packet->data_len = static_cast<std::uint16_t>(header + octets);
  packet->pkt_len = packet->data_len;
}

/// QER, URR and marks of a packet whose lane does without its rules; false: a QER says no or a URR has to look, and
/// nothing was done.
[[gnu::always_inline]] inline bool enforce_and_count(Lane& lane, PacketMetadata& metadata,
                                                     std::uint16_t octets, std::uint8_t qfi) noexcept {
  if (lane.usage.room < octets || !lane.bucket.try_take(octets, metadata.time)) return false;
  ++lane.usage.packets;
  lane.usage.room -= octets;
  if (lane.qfi_mark != PdrEntry::any_qfi) qfi = lane.qfi_mark;
  if (qfi != 0) metadata.qfi = qfi;
  if (metadata.slice == no_slice) metadata.slice = SliceId{lane.slice};
  return true;
}

/// From a tunnel to N6; false: left alone.
inline bool pass_uplink(Packet* packet, Lane& lane, const Encapsulation& encapsulation,
                        std::uint16_t largest) noexcept {
  if (lane.kind != Lane::Kind::to_core) return false;
  std::uint8_t* data = bytes_of(packet);
  auto* ip = reinterpret_cast<Ipv4Header*>(data + l3_on_n3);
  const auto octets = static_cast<std::uint16_t>(packet->data_len - l3_on_n3);
  if (ip->time_to_live <= 1 || octets > largest) return false;
  if (lane.address != 0 && lane.address != ip->source_address) return false;
  if (!enforce_and_count(lane, metadata_of(packet), octets, ArrivalReader::usual_qfi(data))) return false;
  ip->decrement_time_to_live();
  reframe(packet, l3_on_n3, ethernet_header_size, octets);
  encapsulation.write_framing(data + l3_on_n3 - ethernet_header_size, ip->destination_address);
  return true;
}

/// From N6 into a gNB's tunnel; false: left alone.
inline bool pass_downlink(Packet* packet, Lane& lane, const Encapsulation& encapsulation,
                          std::uint16_t largest) noexcept {
  if (lane.kind != Lane::Kind::to_access) return false;
  std::uint8_t* data = bytes_of(packet);
  auto* ip = reinterpret_cast<Ipv4Header*>(data + l3_on_n6);
  const auto octets = static_cast<std::uint16_t>(packet->data_len - l3_on_n6);
  if (ip->time_to_live <= 1 || octets > largest ||
      std::size_t{packet->data_off} + l3_on_n6 < Encapsulation::size)
    return false;
  PacketMetadata& metadata = metadata_of(packet);
  if (!enforce_and_count(lane, metadata, octets, 0)) return false;
  ip->decrement_time_to_live();
  reframe(packet, l3_on_n6, Encapsulation::size, octets);
  encapsulation.write(data + l3_on_n6 - Encapsulation::size, lane.address, lane.teid, pdu_type::downlink,
                      metadata.qfi, lane.qfi_flags, lane.dscp, octets);
  return true;
}

/// Of one direction, within a burst.
struct Passed {
  std::uint64_t packets{}, bytes{};
  void count(std::uint64_t octets) noexcept {
    ++packets;
    bytes += octets;
  }
};

}  // namespace

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

std::uint32_t Upf::carry(Packet** packets, std::uint32_t count, Exits& exits) noexcept {
  std::array<std::uint32_t, burst_capacity> keys;
  std::array<Origin, burst_capacity> origins;
  std::array<SessionIndex, burst_capacity> found;

  for (std::uint32_t i = 0; i < count; ++i) __builtin_prefetch(bytes_of(packets[i]));
  for (std::uint32_t i = 0; i < count; ++i) {
    keys[i] = reader_.sight(packets[i], roles_.mask(metadata_of(packets[i]).ingress), origins[i]);
    table(origins[i]).prefetch(keys[i]);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const SessionIndex* index = keys[i] != 0 ? table(origins[i]).look_up(keys[i]) : nullptr;
    found[i] = SessionTable::none;
    if (index == nullptr) continue;
    found[i] = *index;
    __builtin_prefetch(&sessions_.lane(*index, direction_of(origins[i])), 1);
  }
  if (by_rules_lately_)
    for (std::uint32_t i = 0; i < count; ++i)
      if (found[i] != SessionTable::none &&
          sessions_.lane(found[i], direction_of(origins[i])).kind == Lane::Kind::by_rules)
        sessions_.prefetch_rules(found[i]);

  // Packets that leave by one port one after the other do so together.
  std::uint32_t first_leaving = 0;
  PortId leaving_by;
  const auto let_go = [&](std::uint32_t end) noexcept {
    if (end != first_leaving) exits.emit(leaving_by, {packets + first_leaving, end - first_leaving});
    first_leaving = end;
  };
  Passed uplink, downlink;
  std::uint32_t by_rules = 0, i = 0;
  while (i < count) {
    Packet* packet = packets[i];
    PortId port;
    if (found[i] != SessionTable::none && origins[i] == Origin::tunnel &&
        pass_uplink(packet, sessions_.lane(found[i], Direction::uplink), encapsulation_, largest_uplink_)) {
      const auto octets = static_cast<std::uint16_t>(packet->data_len - ethernet_header_size);
      uplink.count(octets);
      const std::uint16_t lane_port = sessions_.lane(found[i], Direction::uplink).port;
      port = lane_port == FarEntry::port_by_role ? core_port(bytes_of(packet) + ethernet_header_size)
                                                 : PortId{lane_port};
    } else if (found[i] != SessionTable::none && origins[i] == Origin::n6 &&
               pass_downlink(packet, sessions_.lane(found[i], Direction::downlink), encapsulation_,
                             largest_downlink_)) {
      downlink.count(packet->data_len - Encapsulation::size);
      const std::uint16_t lane_port = sessions_.lane(found[i], Direction::downlink).port;
      port = lane_port != FarEntry::port_by_role ? PortId{lane_port} : roles_.current(PortRole::n3);
    } else {
      let_go(i);
      ++i;
      first_leaving = i;
      ++by_rules;
      if (keys[i - 1] != 0)
        handle(packet, ArrivalReader::arrival_of(keys[i - 1], origins[i - 1], packet), found[i - 1], exits);
      else
        handle_unusual(packet, exits);
      // Its rules may want to be asked again before the next one.
      if (i < count && timers_.next() < metadata_of(packets[count - 1]).time) break;
      continue;
    }
    if (port != leaving_by) let_go(i);
    leaving_by = port;
    ++i;
  }
  let_go(i);
  counters_.packets[0] += uplink.packets;
  counters_.bytes[0] += uplink.bytes;
  counters_.packets[1] += downlink.packets;
  counters_.bytes[1] += downlink.bytes;
  by_rules_lately_ = by_rules != 0;
  return i;
}

}  // namespace kiriko::upf
