// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The endpoint's receiving side: what a datagram holds, and what follows from it.
#include <utility>

#include "core/pfcp/endpoint.hpp"
#include "core/pfcp/rejection.hpp"

namespace kiriko::pfcp {
namespace {

/// Of what a bundle holds, so many messages are looked at.
constexpr std::size_t most_messages = 1024;

bool needs_association(MessageType type) {
  return type != MessageType::heartbeat_request && type != MessageType::association_setup_request;
}

}  // namespace

std::vector<Event> PfcpEndpoint::receive(OctetView datagram, const PeerAddress& from, ModelTime now) {
  std::vector<Event> events;
  cache_.age(now);
  for (std::size_t messages = 0; messages < most_messages; ++messages) {
    std::size_t size = 0;
    if (!receive_one(datagram, from, now, events, size)) break;
    datagram = datagram.subspan(size);
  }
  return events;
}

/// True when another message follows; `size` is where.
bool PfcpEndpoint::receive_one(OctetView octets, const PeerAddress& from, ModelTime now,
                               std::vector<Event>& events, std::size_t& size) {
  const auto received = decode_header(octets);
  if (!received) {
    if (received.error() == HeaderFault::too_short) {
      ++counters_.too_short;
      return false;
    }
    ++counters_.version_unsupported;
    // Two nodes must not tell each other for ever that they differ.
    if (MessageType{octets[1]} == MessageType::version_not_supported_response) return false;
    auto answer = encode({.sequence = sequence_number_of(octets)}, VersionNotSupportedResponse{});
    if (answer) output_.push_back({from, std::move(*answer)});
    return false;
  }
  ++counters_.messages_received;
  const MessageType type = received->header.type;
  if (is_of_session(type) && !received->header.seid)
    ++counters_.too_short;  // its header is the one with a SEID (clause 7.2.2.4.1)
  else if (type == MessageType::heartbeat_request)
    receive_heartbeat(*received, from, events);
  else if (is_request(type))
    receive_request(*received, from, now, events);
  else
    receive_response(*received, from, now, events);
  size = received->size;
  return received->header.follow_on;
}

void PfcpEndpoint::receive_heartbeat(const UndecodedMessage& received, const PeerAddress& from,
                                     std::vector<Event>& events) {
  const auto message = decode_body(received.header.type, received.body);
  if (!message) {
    ++counters_.unreadable_requests;  // a Heartbeat Response has no Cause to tell it with
    return;
  }
  note_recovery_time_stamp(from, std::get<HeartbeatRequest>(*message).recovery_time_stamp, events);
  HeartbeatResponse response;
  response.recovery_time_stamp = options_.recovery_time_stamp;
  auto octets =
      encode({.sequence = received.header.sequence, .priority = received.header.priority}, response);
  if (octets) output_.push_back({from, std::move(*octets)});
}

void PfcpEndpoint::receive_request(const UndecodedMessage& received, const PeerAddress& from, ModelTime now,
                                   std::vector<Event>& events) {
  const RequestHandle request{from, received.header.sequence, received.header.type, received.header.priority};
  if (const ResponseCache::Entry* const entry = cache_.find(request)) {
    ++counters_.repeated_requests;
    if (entry->answer) output_.push_back({from, *entry->answer});
    return;
  }
  if (options_.require_association && needs_association(request.type) && !is_associated(from.address)) {
    ++counters_.without_association;
    refuse_unread(request, received, {Cause::no_established_pfcp_association, IeType{}}, now);
    return;
  }
  auto message = decode_body(request.type, received.body);
  if (!message) {
    ++counters_.unreadable_requests;
    refuse_unread(request, received, message.error(), now);
    return;
  }
  std::optional<NtpTime> stamp;
  if (const auto* setup = std::get_if<AssociationSetupRequest>(&*message)) {
    stamp = setup->recovery_time_stamp;
    note_recovery_time_stamp(from, *stamp, events);
  }
  cache_.begin(request, stamp, now);
  events.emplace_back(RequestReceived{request, received.header.seid, std::move(*message)});
}

/// Refuses what the user never sees; without a place in the cache, since the same would come of it again. The answer's SEID is the peer's: by the session, or out of an establishment.
void PfcpEndpoint::refuse_unread(const RequestHandle& request, const UndecodedMessage& received,
                                 const Fault& fault, ModelTime now) {
  std::optional<Seid> seid;
  if (is_of_session(request.type)) {
    seid = Seid{0};
    if (request.type == MessageType::session_establishment_request) {
      if (const auto f_seid = f_seid_of(received.body)) seid = f_seid->seid;
    } else if (options_.peer_seid && is_associated(request.from.address)) {
      seid = options_.peer_seid(*received.header.seid);
    }
  }
  (void)refuse(request, fault, now,
               seid);  // every request but a heartbeat has a short response that refuses it
}

void PfcpEndpoint::receive_response(const UndecodedMessage& received, const PeerAddress& from, ModelTime now,
                                    std::vector<Event>& events) {
  const MessageType type = received.header.type;
  const auto found = outstanding_.find({from, received.header.sequence});
  if (found == outstanding_.end() ||
      (type != response_to(found->second.type) && type != MessageType::version_not_supported_response)) {
    const bool known = type == MessageType::version_not_supported_response ||
                       is_request(MessageType{static_cast<std::uint8_t>(static_cast<unsigned>(type) - 1)});
    ++(known ? counters_.unexpected_responses : counters_.unknown_type);
    return;
  }
  const Outstanding request = std::move(found->second);
  outstanding_by_due_.erase({request.due, found->first});
  outstanding_.erase(found);
  auto message = decode_body(type, received.body);
  if (request.own_heartbeat) {
    if (message && type == MessageType::heartbeat_response)
      heartbeat_answered(*message, from, now, events);
    else
      give_up({from, received.header.sequence}, request, now, events);
    return;
  }
  if (!message) {
    events.emplace_back(ResponseUnreadable{request.token, from, message.error()});
    return;
  }
  note_response(*message, from, events);
  events.emplace_back(ResponseReceived{request.token, from, received.header.seid, std::move(*message)});
}

void PfcpEndpoint::heartbeat_answered(const Message& message, const PeerAddress& from, ModelTime now,
                                      std::vector<Event>& events) {
  Peer& peer = peer_of(from.address);
  const bool had_failed = std::exchange(peer.failed, false);
  const auto before = peer.recovery_time_stamp;
  const NtpTime stamp = std::get<HeartbeatResponse>(message).recovery_time_stamp;
  note_recovery_time_stamp(from, stamp, events);
  if (had_failed && (!before || *before == stamp)) events.emplace_back(PeerRecovered{from});
  if (peer.watched) plan_heartbeat(from.address, peer, now + options_.heartbeat_interval);
}

void PfcpEndpoint::note_response(const Message& message, const PeerAddress& from,
                                 std::vector<Event>& events) {
  if (const auto* setup = std::get_if<AssociationSetupResponse>(&message)) {
    if (!accepts(setup->cause)) return;
    note_recovery_time_stamp(from, setup->recovery_time_stamp, events);
    Peer& peer = peer_of(from.address);
    peer.associated = true;
    peer.recovery_time_stamp = setup->recovery_time_stamp;
  } else if (const auto* release = std::get_if<AssociationReleaseResponse>(&message)) {
    if (accepts(release->cause)) forget(from.address);
  } else if (const auto* heartbeat = std::get_if<HeartbeatResponse>(&message)) {
    note_recovery_time_stamp(from, heartbeat->recovery_time_stamp, events);
  }
}

void PfcpEndpoint::note_recovery_time_stamp(const PeerAddress& from, NtpTime stamp,
                                            std::vector<Event>& events) {
  const auto found = peers_.find(from.address);
  if (found == peers_.end()) return;  // whoever is not known leaves no trace
  Peer& peer = found->second;
  if (peer.recovery_time_stamp && *peer.recovery_time_stamp != stamp) {
    events.emplace_back(PeerRestarted{from, *peer.recovery_time_stamp, stamp});
    peer.associated = false;
  }
  peer.recovery_time_stamp = stamp;
}

}  // namespace kiriko::pfcp
