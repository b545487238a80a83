// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The firewall's data path: parse a burst, find connections, classify first packets, then decide in order.
#include "vnf/firewall/firewall.hpp"

#include <utility>

#include "core/net/vlan.hpp"

namespace kiriko {

Firewall::Firewall(const Settings& settings, AccessList list)
    : settings_(settings), list_(std::move(list)), connections_(settings.table_size) {}

Firewall::Look Firewall::parse(const Packet* packet) noexcept {
  Look look;
  const std::uint8_t* data = bytes_of(packet);
  const std::size_t size = size_of(packet);
  EthernetPayload payload;
  if (!parse_ethernet(data, size, payload)) return look;
  if (payload.type != ether_type::ipv4) {
    look.kind = Kind::other;
    return look;
  }
  if (!parse_five_tuple(data + payload.offset, size - payload.offset, look.tuple)) return look;
  look.kind = Kind::ipv4;
  const FiveTuple reversed = look.tuple.reversed();
  look.key = look.tuple < reversed ? look.tuple : reversed;
  look.hash = look.key.hash();
  return look;
}

void Firewall::process(Burst& burst, Exits& exits) noexcept {
  std::array<Look, burst_capacity> looks;
  for (std::uint32_t i = 0; i < burst.size(); ++i) {
    looks[i] = parse(burst[i]);
    if (looks[i].kind == Kind::ipv4) connections_.prefetch(looks[i].hash);
  }
  classify_first_packets(looks, burst);
  for (std::uint32_t i = 0; i < burst.size(); ++i) decide(burst[i], looks[i], exits);
}

void Firewall::classify_first_packets(std::array<Look, burst_capacity>& looks, const Burst& burst) noexcept {
  std::array<AccessList::Key, burst_capacity> keys;
  std::array<std::uint8_t, burst_capacity> index;
  std::array<bool, burst_capacity> verdicts;
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < burst.size(); ++i) {
    Look& look = looks[i];
    if (look.kind != Kind::ipv4) continue;
    const auto found = connections_.find(look.key, look.hash);
    // A connection alive at this packet's time cannot be removed by the packets before it.
    if (found != Connections::none && !expired(connections_.value(found), metadata_of(burst[i]).time)) {
      look.connection = found;
      continue;
    }
    keys[count] = AccessList::Key(look.tuple);
    index[count++] = static_cast<std::uint8_t>(i);
  }
  if (count == 0) return;
  list_.classify({keys.data(), count}, verdicts.data());
  for (std::size_t i = 0; i < count; ++i) looks[index[i]].allowed = verdicts[i];
}

void Firewall::decide(Packet* packet, Look& look, Exits& exits) noexcept {
  if (look.kind == Kind::malformed) return exits.drop(packet, DropReason::malformed);
  if (look.kind == Kind::other) {
    if (settings_.pass_other) return forward(packet, exits);
    ++denied_;
    return exits.drop(packet, DropReason::acl_denied);
  }
  const ModelTime now = metadata_of(packet).time;
  if (look.connection == Connections::none) {
    // An earlier packet of this burst may have opened it.
    const auto found = connections_.find(look.key, look.hash);
    if (found != Connections::none && expired(connections_.value(found), now))
      connections_.erase(found);
    else
      look.connection = found;
  }
  if (look.connection != Connections::none) {
    connections_.value(look.connection).last = now;
    connections_.touch(look.connection);
    return forward(packet, exits);
  }
  if (!look.allowed) {
    ++denied_;
    return exits.drop(packet, DropReason::acl_denied);
  }
  if (!open(look, now)) return exits.drop(packet, DropReason::state_table_full);
  forward(packet, exits);
}

bool Firewall::open(const Look& look, ModelTime now) noexcept {
  while (connections_.oldest() != Connections::none &&
         expired(connections_.value(connections_.oldest()), now))
    connections_.erase(connections_.oldest());
  if (connections_.full()) return false;
  connections_.insert(look.key, look.hash, {.last = now, .opened_by_first = look.key == look.tuple});
  ++opened_;
  return true;
}

void Firewall::forward(Packet* packet, Exits& exits) noexcept {
  ++passed_;
  exits.emit(metadata_of(packet).ingress == inside ? outside : inside, packet);
}

void Firewall::use(AccessList list) noexcept {
  list_ = std::move(list);
  // What the new list would not let begin does not go on either.
  for (auto i = connections_.oldest(); i != Connections::none;) {
    const auto next = connections_.newer(i);
    const FiveTuple& key = connections_.key(i);
    if (!list_.allows(connections_.value(i).opened_by_first ? key : key.reversed())) {
      connections_.erase(i);
      ++cut_;
    }
    i = next;
  }
}

void Firewall::report(Report& report) const {
  report.metrics.emplace_back("connections", static_cast<double>(connections_.size()));
  report.metrics.emplace_back("connections_opened", static_cast<double>(opened_));
  report.metrics.emplace_back("connections_cut", static_cast<double>(cut_));
  report.metrics.emplace_back("passed", static_cast<double>(passed_));
  report.metrics.emplace_back("denied", static_cast<double>(denied_));
  report.metrics.emplace_back("entries", static_cast<double>(list_.size()));
}

}  // namespace kiriko
