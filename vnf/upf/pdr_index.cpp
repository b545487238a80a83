// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Groups of filters by shape, each a hash table.
#include "vnf/upf/pdr_index.hpp"

#include <algorithm>
#include <bit>

namespace kiriko::upf {
namespace {

bool is_one_port(const SdfPortRange* ranges, std::size_t count) {
  return count == 1 && ranges[0].low == ranges[0].high;
}

}  // namespace

std::uint64_t PdrIndex::Key::hash() const noexcept {
  std::uint64_t h = remote.high * 0x9e3779b97f4a7c15ULL;
  h = (h ^ (h >> 32) ^ remote.low) * 0xbf58476d1ce4e5b9ULL;
  h = (h ^ (h >> 29) ^ ports) * 0x94d049bb133111ebULL;
  h = (h ^ (h >> 32) ^ (std::uint64_t{version} << 16 | std::uint64_t{protocol} << 8 | qfi)) *
      0x9e3779b97f4a7c15ULL;
  return h ^ (h >> 32);
}

PdrIndex::PdrIndex(const Session& session)
    : parts_{build(session, 0, session.block->tunnelled_count),
             build(session, session.block->tunnelled_count, session.block->pdr_count)} {}

PdrIndex::Part PdrIndex::build(const Session& session, std::uint32_t first, std::uint32_t end) {
  Part part;
  const auto add = [&part](const Shape& shape, const Key& key, std::uint32_t pdr) {
    auto group =
        std::find_if(part.begin(), part.end(), [&shape](const Group& g) { return g.shape == shape; });
    if (group == part.end()) group = part.insert(part.end(), Group{shape, pdr, {}, {}});
    group->entries.push_back({key.hash(), pdr});
  };
  for (std::uint32_t i = first; i < end; ++i) {
    const PdrEntry& pdr = session.pdrs()[i];
    Shape shape;
    Key key;
    if (std::has_single_bit(pdr.qfis)) {
      shape.qfi = true;
      key.qfi = static_cast<std::uint8_t>(std::countr_zero(pdr.qfis));
    }
    if (pdr.filter_count == 0 || session.block->type == PduSessionType::ethernet) {
      add(shape, key, i);
      continue;
    }
    for (std::size_t f = 0; f < pdr.filter_count; ++f) {
      const FilterEntry& filter = session.filters()[pdr.first_filter + f];
      const SdfPortRange* ranges = session.ranges() + filter.first_range;
      Shape own = shape;
      Key asked = key;
      own.version = asked.version = filter.remote_version;
      own.mask = filter.remote.mask;
      asked.remote = {filter.remote.value.high & own.mask.high, filter.remote.value.low & own.mask.low};
      own.protocol = (filter.conditions & FilterEntry::has_protocol) != 0;
      if (own.protocol) asked.protocol = filter.protocol;
      own.remote_port = is_one_port(ranges, filter.remote_ranges);
      own.local_port = is_one_port(ranges + filter.remote_ranges, filter.local_ranges);
      if (own.remote_port) asked.ports |= std::uint32_t{ranges[0].low} << 16;
      if (own.local_port) asked.ports |= ranges[filter.remote_ranges].low;
      add(own, asked, i);
    }
  }
  for (Group& group : part) {
    group.slots.assign(std::bit_ceil(group.entries.size()) + 1, 0);
    std::sort(group.entries.begin(), group.entries.end(), [&group](const Entry& a, const Entry& b) {
      const std::size_t a_slot = slot_of(group, a.hash), b_slot = slot_of(group, b.hash);
      return a_slot != b_slot ? a_slot < b_slot : a.pdr < b.pdr;
    });
    std::size_t at = 0;
    for (std::size_t slot = 0; slot + 1 < group.slots.size(); ++slot) {
      group.slots[slot] = static_cast<std::uint32_t>(at);
      while (at < group.entries.size() && slot_of(group, group.entries[at].hash) == slot) ++at;
    }
    group.slots.back() = static_cast<std::uint32_t>(at);
  }
  return part;
}

const PdrEntry* PdrIndex::match(const Session& session, Candidate& candidate) const noexcept {
  const Arrival& arrival = candidate.arrival();
  const bool tunnelled = arrival.origin == Origin::tunnel;
  // What is remote follows from the PDR's direction: on a tunnel port both may come.
  std::uint32_t best = session.block->pdr_count;
  for (const Group& group : parts_[tunnelled ? 0 : 1]) {
    if (group.best >= best) break;
    const UserPacket& packet = candidate.user_packet();
    if (group.shape.version != 0 && group.shape.version != packet.version) continue;
    for (int uplink = tunnelled ? 1 : 0; uplink >= 0; --uplink) {
      const WideAddress& remote = uplink != 0 ? packet.destination : packet.source;
      const std::uint16_t remote_port = uplink != 0 ? packet.destination_port : packet.source_port;
      const std::uint16_t local_port = uplink != 0 ? packet.source_port : packet.destination_port;
      Key key;
      key.version = group.shape.version;
      key.remote = {remote.high & group.shape.mask.high, remote.low & group.shape.mask.low};
      if (group.shape.protocol) key.protocol = packet.protocol;
      if (group.shape.remote_port) key.ports |= std::uint32_t{remote_port} << 16;
      if (group.shape.local_port) key.ports |= local_port;
      if (group.shape.qfi) key.qfi = arrival.qfi;
      const std::uint64_t hash = key.hash();
      const std::size_t slot = slot_of(group, hash);
      for (std::uint32_t i = group.slots[slot]; i < group.slots[slot + 1]; ++i) {
        const Entry& entry = group.entries[i];
        if (entry.pdr >= best) break;
        if (entry.hash != hash || !matches(session, session.pdrs()[entry.pdr], candidate)) continue;
        best = entry.pdr;
        break;
      }
    }
  }
  return best == session.block->pdr_count ? nullptr : session.pdrs() + best;
}

std::size_t PdrIndex::memory() const noexcept {
  std::size_t size = sizeof *this;
  for (const Part& part : parts_)
    for (const Group& group : part)
      size += sizeof group + group.entries.capacity() * sizeof(Entry) +
              group.slots.capacity() * sizeof(std::uint32_t);
  return size;
}

}  // namespace kiriko::upf
