// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Learning, asking, asking again, giving up.
#include "vnf/ip_endpoint/neighbour_table.hpp"

#include <algorithm>

namespace kiriko::endpoint {

NeighbourTable::NeighbourTable(const Limits& limits)
    : limits_(limits), known_(limits.neighbours), asked_(limits.neighbours), slots_(most_waiting) {
  for (std::uint32_t i = 0; i < most_waiting; ++i) slots_[i].next = i + 1 < most_waiting ? i + 1 : no_slot;
}

Packet* NeighbourTable::take_from(Queue& queue) noexcept {
  const std::uint32_t slot = queue.first;
  if (slot == no_slot) return nullptr;
  queue.first = slots_[slot].next;
  if (queue.first == no_slot) queue.last = no_slot;
  --queue.size;
  --waiting_;
  slots_[slot].next = free_;
  free_ = slot;
  return slots_[slot].packet;
}

NeighbourTable::Waiting NeighbourTable::wait(const IpAddress& address, Packet* packet,
                                             ModelTime now) noexcept {
  Waiting out;
  auto i = asked_.find(address, address.hash());
  if (i == Asked::none) {
    if (asked_.full()) return {.displaced = packet};
    i = asked_.insert(address, address.hash(), {.asked = now, .attempts = 1});
    out.ask = true;
  }
  Queue& queue = asked_.value(i).queue;
  // RFC 1122 clause 2.3.2.2: the latest packet is the one to keep.
  if (queue.size == limits_.waiting || free_ == no_slot) {
    out.displaced = take_from(queue);
    if (out.displaced == nullptr) {
      out.displaced = packet;
      return out;
    }
  }
  const std::uint32_t slot = free_;
  free_ = slots_[slot].next;
  slots_[slot] = {packet, no_slot};
  if (queue.first == no_slot)
    queue.first = slot;
  else
    slots_[queue.last].next = slot;
  queue.last = slot;
  ++queue.size;
  ++waiting_;
  return out;
}

void NeighbourTable::learn(const IpAddress& address, const MacAddress& mac, bool create,
                           ModelTime now) noexcept {
  const std::uint32_t hash = address.hash();
  const auto asked = asked_.find(address, hash);
  auto i = known_.find(address, hash);
  if (i == Known::none) {
    if (asked == Asked::none && !create) return;
    if (known_.full()) known_.erase(known_.oldest());
    i = known_.insert(address, hash, {});
  } else {
    known_.touch(i);
  }
  Neighbour& neighbour = known_.value(i);
  neighbour.mac = mac;
  neighbour.confirmed = now;
  if (asked == Asked::none) return;
  released_ = asked_.value(asked).queue;
  asked_.erase(asked);
}

void NeighbourTable::forget(const IpAddress& address) noexcept {
  if (const auto i = known_.find(address, address.hash()); i != Known::none) known_.erase(i);
}

bool NeighbourTable::take_due(ModelTime now, Due& due) noexcept {
  // Known for long enough: what was used meanwhile is asked whether it is still there, the rest is forgotten.
  for (auto i = known_.oldest(); i != Known::none && known_.value(i).confirmed + limits_.reachable <= now;
       i = known_.oldest()) {
    Neighbour& neighbour = known_.value(i);
    const IpAddress address = known_.key(i);
    if (!neighbour.used) {
      known_.erase(i);
      continue;
    }
    neighbour.used = false;
    neighbour.confirmed = now;
    known_.touch(i);
    if (asked_.full() || asked_.find(address, address.hash()) != Asked::none) continue;
    asked_.insert(address, address.hash(), {.asked = now, .attempts = 1});
    due = {.address = address, .failed = false, .mac = neighbour.mac};
    return true;
  }
  const auto i = asked_.oldest();
  if (i == Asked::none || asked_.value(i).asked + limits_.retry > now) return false;
  Resolution& resolution = asked_.value(i);
  due = {.address = asked_.key(i), .failed = resolution.attempts >= limits_.attempts, .mac = {}};
  if (due.failed) {
    released_ = resolution.queue;
    asked_.erase(i);
    forget(due.address);
    return true;
  }
  ++resolution.attempts;
  resolution.asked = now;
  asked_.touch(i);
  if (const auto known = known_.find(due.address, due.address.hash()); known != Known::none)
    due.mac = known_.value(known).mac;
  return true;
}

ModelTime NeighbourTable::next_due() const noexcept {
  ModelTime next = ModelTime::never();
  if (const auto i = known_.oldest(); i != Known::none)
    next = std::min(next, known_.value(i).confirmed + limits_.reachable);
  if (const auto i = asked_.oldest(); i != Asked::none)
    next = std::min(next, asked_.value(i).asked + limits_.retry);
  return next;
}

}  // namespace kiriko::endpoint
