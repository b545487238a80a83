// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// EthernetTable: which Ethernet PDU session has a MAC address (TS 23.501 clause 5.6.10.2).
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/function/aging_table.hpp"
#include "core/net/mac_address.hpp"
#include "vnf/upf/session_table.hpp"

namespace kiriko::upf {

/// Learned from the source addresses of uplink frames; an address not seen for the age, or the oldest where the table
/// is full, is forgotten.
class EthernetTable {
 public:
  EthernetTable(std::uint32_t capacity, Duration age) : addresses_(capacity), age_(age) {}

  void add(SessionIndex session) {
    const auto at = lower_bound(session);
    if (at == sessions_.end() || *at != session) sessions_.insert(at, session);
  }
  void remove(SessionIndex session) {
    const auto at = lower_bound(session);
    if (at != sessions_.end() && *at == session) sessions_.erase(at);
    using Index = AgingTable<std::uint64_t, Entry>::Index;
    for (Index i = addresses_.oldest(); i != AgingTable<std::uint64_t, Entry>::none;) {
      const Index next = addresses_.newer(i);
      if (addresses_.value(i).session == session) addresses_.erase(i);
      i = next;
    }
  }
  /// Ethernet sessions, by index.
  const std::vector<SessionIndex>& sessions() const noexcept { return sessions_; }

  void learn(const MacAddress& mac, SessionIndex session, ModelTime now) noexcept {
    if (mac.is_group() || addresses_.capacity() == 0) return;
    const std::uint64_t key = mac.value();
    const auto found = addresses_.find(key, hash(key));
    if (found != addresses_.none) {
      addresses_.value(found) = {session, now};
      addresses_.touch(found);
      return;
    }
    if (addresses_.full()) addresses_.erase(addresses_.oldest());
    addresses_.insert(key, hash(key), {session, now});
  }
  SessionIndex find(const MacAddress& mac, ModelTime now) const noexcept {
    const std::uint64_t key = mac.value();
    const auto found = addresses_.find(key, hash(key));
    if (found == addresses_.none || addresses_.value(found).seen + age_ < now) return SessionTable::none;
    return addresses_.value(found).session;
  }
  std::size_t size() const noexcept { return addresses_.size(); }

 private:
  struct Entry {
    SessionIndex session{};
    ModelTime seen{};
  };
  static std::uint32_t hash(std::uint64_t key) noexcept {
    return static_cast<std::uint32_t>((key * 0x9e3779b97f4a7c15ULL) >> 32);
  }
  std::vector<SessionIndex>::iterator lower_bound(SessionIndex session) {
    return std::lower_bound(sessions_.begin(), sessions_.end(), session);
  }

  std::vector<SessionIndex> sessions_;
  AgingTable<std::uint64_t, Entry> addresses_;
  Duration age_;
};

}  // namespace kiriko::upf
