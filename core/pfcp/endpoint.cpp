// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The endpoint's sending side: requests and their repetition, answers, heartbeats.
#include <algorithm>
#include <utility>

#include "core/pfcp/endpoint.hpp"
#include "core/pfcp/rejection.hpp"

namespace kiriko::pfcp {
namespace {

constexpr std::uint32_t sequence_mask = 0xffffffU;

}  // namespace

PfcpEndpoint::PfcpEndpoint(EndpointOptions options) : options_(std::move(options)), cache_(options_.cache) {
  options_.n1 = std::max(options_.n1, 1U);
}

PfcpEndpoint::Peer& PfcpEndpoint::peer_of(const IpAddress& address) {
  const auto [found, made] = peers_.try_emplace(address);
  // Begun where the time of the start says, so that a node that restarts is not taken for one that repeats itself.
  if (made) found->second.next_sequence = options_.recovery_time_stamp.value & sequence_mask;
  return found->second;
}

Result<RequestToken> PfcpEndpoint::send_request(const PeerAddress& to, const Message& message, ModelTime now,
                                                std::optional<Seid> seid,
                                                std::optional<std::uint8_t> priority, bool own_heartbeat) {
  const MessageType type = type_of(message);
  if (!is_request(type)) return fail({.message = "a PFCP response cannot be sent as a request"});
  Peer& peer = peer_of(to.address);
  while (outstanding_.contains({to, SequenceNumber{peer.next_sequence}}))
    peer.next_sequence = (peer.next_sequence + 1) & sequence_mask;
  const SequenceNumber sequence{peer.next_sequence};
  auto octets = encode({.type = type, .seid = seid, .sequence = sequence, .priority = priority}, message);
  if (!octets) return fail(octets.error());
  peer.next_sequence = (peer.next_sequence + 1) & sequence_mask;
  const RequestToken token{next_token_++};
  const OutstandingKey key{to, sequence};
  output_.push_back({to, *octets});
  outstanding_by_due_.insert({now + options_.t1, key});
  outstanding_.emplace(key, Outstanding{.token = token,
                                        .type = type,
                                        .octets = std::move(*octets),
                                        .due = now + options_.t1,
                                        .sends_left = options_.n1 - 1,
                                        .own_heartbeat = own_heartbeat});
  return token;
}

Result<RequestToken> PfcpEndpoint::request(const PeerAddress& peer, const Message& message, ModelTime now,
                                           std::optional<Seid> seid, std::optional<std::uint8_t> priority) {
  if (is_of_session(type_of(message)) && !seid) seid = Seid{0};
  return send_request(peer, message, now, seid, priority, false);
}

Result<void> PfcpEndpoint::respond(const RequestHandle& request, const Message& message, ModelTime now,
                                   std::optional<Seid> seid) {
  const MessageType type = type_of(message);
  if (response_to(request.type) != type)
    return fail({.message = "this PFCP response does not belong to that request"});
  if (is_of_session(type) && !seid) seid = Seid{0};
  const auto octets = encode(
      {.type = type, .seid = seid, .sequence = request.sequence, .priority = request.priority}, message);
  if (!octets) return fail(octets.error());
  cache_.age(now);
  const ResponseCache::Entry* const entry = cache_.find(request);
  const auto cause = cause_of(message);
  if (cause && accepts(*cause) && type == MessageType::association_setup_response) {
    Peer& peer = peer_of(request.from.address);
    peer.associated = true;
    if (entry != nullptr && entry->recovery_time_stamp) peer.recovery_time_stamp = entry->recovery_time_stamp;
  }
  if (cause && accepts(*cause) && type == MessageType::association_release_response)
    forget(request.from.address);
  cache_.answer(request, *octets);
  output_.push_back({request.from, *octets});
  return {};
}

Result<void> PfcpEndpoint::refuse(const RequestHandle& request, const Fault& fault, ModelTime now,
                                  std::optional<Seid> seid) {
  const auto message = rejection(request.type, fault, options_.node_id, options_.recovery_time_stamp);
  if (!message) return fail({.message = "this PFCP message has no response that refuses it"});
  return respond(request, *message, now, seid);
}

void PfcpEndpoint::plan_heartbeat(const IpAddress& address, Peer& peer, ModelTime at) {
  heartbeats_by_due_.erase({peer.next_heartbeat, address});
  peer.next_heartbeat = at;
  if (at != ModelTime::never()) heartbeats_by_due_.insert({at, address});
}

void PfcpEndpoint::watch(const PeerAddress& peer, ModelTime now) {
  Peer& watched = peer_of(peer.address);
  if (watched.watched == peer) return;
  unwatch(peer.address);
  watched.watched = peer;
  watched.failed = false;
  plan_heartbeat(peer.address, watched, now);
}

void PfcpEndpoint::unwatch(const IpAddress& address) {
  const auto found = peers_.find(address);
  if (found == peers_.end()) return;
  found->second.watched.reset();
  plan_heartbeat(address, found->second, ModelTime::never());
  std::erase_if(outstanding_, [&](const auto& each) {
    if (each.first.first.address != address || !each.second.own_heartbeat) return false;
    outstanding_by_due_.erase({each.second.due, each.first});
    return true;
  });
}

bool PfcpEndpoint::is_associated(const IpAddress& peer) const {
  const auto found = peers_.find(peer);
  return found != peers_.end() && found->second.associated;
}

void PfcpEndpoint::forget(const IpAddress& address) {
  const auto found = peers_.find(address);
  if (found == peers_.end()) return;
  unwatch(address);
  std::erase_if(outstanding_, [&](const auto& each) {
    if (each.first.first.address != address) return false;
    outstanding_by_due_.erase({each.second.due, each.first});
    return true;
  });
  found->second.associated = false;
  found->second.recovery_time_stamp.reset();
  found->second.failed = false;
}

ModelTime PfcpEndpoint::next_due() const {
  ModelTime due = ModelTime::never();
  if (!outstanding_by_due_.empty()) due = std::min(due, outstanding_by_due_.begin()->first);
  if (!heartbeats_by_due_.empty()) due = std::min(due, heartbeats_by_due_.begin()->first);
  return due;
}

void PfcpEndpoint::give_up(const OutstandingKey& key, const Outstanding& request, ModelTime now,
                           std::vector<Event>& events) {
  if (!request.own_heartbeat) {
    events.emplace_back(RequestTimedOut{request.token, key.first, request.type});
    return;
  }
  Peer& peer = peer_of(key.first.address);
  if (!peer.failed) events.emplace_back(PeerFailed{key.first});
  peer.failed = true;
  plan_heartbeat(key.first.address, peer, now + options_.heartbeat_interval);
}

std::vector<Event> PfcpEndpoint::on_time(ModelTime now) {
  std::vector<Event> events;
  cache_.age(now);
  while (!outstanding_by_due_.empty() && outstanding_by_due_.begin()->first <= now) {
    const OutstandingKey key = outstanding_by_due_.begin()->second;
    outstanding_by_due_.erase(outstanding_by_due_.begin());
    const auto found = outstanding_.find(key);
    Outstanding& request = found->second;
    if (request.sends_left == 0 && request.type == MessageType::session_establishment_request &&
        !std::exchange(request.timed_out, true)) {
      give_up(key, request, now, events);
      request.sends_left = options_.n1;
    }
    if (request.sends_left == 0) {
      const Outstanding lost = std::move(request);
      outstanding_.erase(found);
      if (!lost.timed_out) give_up(key, lost, now, events);
      continue;
    }
    --request.sends_left;
    request.due = now + options_.t1;
    outstanding_by_due_.insert({request.due, key});
    ++counters_.retransmissions;
    output_.push_back({key.first, request.octets});
  }
  while (!heartbeats_by_due_.empty() && heartbeats_by_due_.begin()->first <= now) {
    const IpAddress address = heartbeats_by_due_.begin()->second;
    Peer& peer = peer_of(address);
    plan_heartbeat(address, peer, ModelTime::never());
    HeartbeatRequest heartbeat;
    heartbeat.recovery_time_stamp = options_.recovery_time_stamp;
    // A heartbeat is always short enough to be encoded.
    (void)send_request(*peer.watched, heartbeat, now, std::nullopt, std::nullopt, true);
  }
  return events;
}

std::vector<OutDatagram> PfcpEndpoint::take_output() { return std::exchange(output_, {}); }

}  // namespace kiriko::pfcp
