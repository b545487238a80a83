// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PfcpEndpoint: requests, responses, retransmission and heartbeats of one node (TS 29.244 clauses 6.2 and 6.4), without
// sockets or a clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/units.hpp"
#include "core/pfcp/codec.hpp"
#include "core/pfcp/peer_address.hpp"
#include "core/pfcp/response_cache.hpp"

namespace kiriko::pfcp {

struct EndpointOptions {
  NodeId node_id{};
  NtpTime recovery_time_stamp{};             ///< when this node started; see ntp_time()
  Duration t1{seconds(3)};                   ///< how long a response is waited for
  unsigned n1{3};                            ///< how often a request is sent in all, at least once
  Duration heartbeat_interval{seconds(60)};  ///< between the answer to a heartbeat and the next one
  bool require_association{true};  ///< requests of others get the Cause "no established PFCP association"
  ResponseCache::Limits cache{};
  /// The peer's SEID of a session by one's own, for refusals that the endpoint sends by itself; 0 if unknown.
  std::function<Seid(Seid own)> peer_seid{};
};

/// Names a request of one's own until it is answered or has timed out.
using RequestToken = StrongId<struct RequestTokenTag, std::uint64_t>;

/// A peer's request, decoded, for the first time; wants exactly one respond().
struct RequestReceived {
  RequestHandle request{};
  std::optional<Seid>
      seid{};  ///< the header's: one's own of that session; 0 in a Session Establishment Request
  Message message{};
};
/// The answer to a request of one's own: of the matching type, or a Version Not Supported Response.
struct ResponseReceived {
  RequestToken request{};
  PeerAddress from{};
  std::optional<Seid> seid{};
  Message message{};
};
/// An answer came, but it cannot be read; the request is not repeated (clause 7.6.1).
struct ResponseUnreadable {
  RequestToken request{};
  PeerAddress from{};
  Fault fault{};
};
/// N1 requests without an answer. A Session Establishment Request is repeated N1 times more, for the peer may have made
/// the session: its answer is a ResponseReceived all the same, and the session its receiver's to delete.
struct RequestTimedOut {
  RequestToken request{};
  PeerAddress to{};
  MessageType type{};
};
/// Heartbeats of a watched peer stay without an answer. They go on; the association stays until forget().
struct PeerFailed {
  PeerAddress peer{};
};
/// A peer that had failed answers again and has not restarted.
struct PeerRecovered {
  PeerAddress peer{};
};
/// The peer's Recovery Time Stamp is a new one: its sessions are gone (TS 23.527), and so is the association. Comes
/// ahead of the request that told so.
struct PeerRestarted {
  PeerAddress peer{};
  NtpTime before{};
  NtpTime now{};
};
using Event = std::variant<RequestReceived, ResponseReceived, ResponseUnreadable, RequestTimedOut, PeerFailed,
                           PeerRecovered, PeerRestarted>;

struct OutDatagram {
  PeerAddress to{};
  Octets octets{};
};

/// What was received and not handed out, and what was sent again.
struct EndpointCounters {
  std::uint64_t messages_received{};
  std::uint64_t too_short{};
  std::uint64_t version_unsupported{};
  std::uint64_t unknown_type{};
  std::uint64_t unreadable_requests{};
  std::uint64_t repeated_requests{};
  std::uint64_t without_association{};
  std::uint64_t unexpected_responses{};
  std::uint64_t retransmissions{};
};

/// One per local node. Datagrams and the time go in, events come out and datagrams lie ready in take_output(). It keeps
/// which peers (by IP address) have an association: those that accepted ours, and those whose setup was accepted by
/// respond(). What an association means is its user's.
class PfcpEndpoint {
 public:
  explicit PfcpEndpoint(EndpointOptions options);

  /// One datagram, with one message or several. Whatever it holds, the events are what the user has to do.
  std::vector<Event> receive(OctetView datagram, const PeerAddress& from, ModelTime now);

  /// Sends a request and sees to its repetition. `seid`: the peer's, for messages of sessions.
  Result<RequestToken> request(const PeerAddress& peer, const Message& message, ModelTime now,
                               std::optional<Seid> seid = std::nullopt,
                               std::optional<std::uint8_t> priority = std::nullopt);

  /// Answers a request. `seid`: the peer's, for messages of sessions.
  Result<void> respond(const RequestHandle& request, const Message& message, ModelTime now,
                       std::optional<Seid> seid = std::nullopt);
  /// Answers with a refusal of the right type.
  Result<void> refuse(const RequestHandle& request, const Fault& fault, ModelTime now,
                      std::optional<Seid> seid = std::nullopt);

  /// Sends heartbeats to the peer from now on, or no more.
  void watch(const PeerAddress& peer, ModelTime now);
  void unwatch(const IpAddress& peer);

  bool is_associated(const IpAddress& peer) const;
  /// Ends the association, the heartbeats and all requests to the peer, without events.
  void forget(const IpAddress& peer);

  /// When on_time() has something to do; never() without requests and heartbeats.
  ModelTime next_due() const;
  std::vector<Event> on_time(ModelTime now);

  /// The datagrams that wait to be sent, in their order.
  std::vector<OutDatagram> take_output();

  const EndpointCounters& counters() const noexcept { return counters_; }
  const EndpointOptions& options() const noexcept { return options_; }

 private:
  struct Peer {
    std::uint32_t next_sequence{};
    bool associated{};
    std::optional<NtpTime> recovery_time_stamp{};
    std::optional<PeerAddress> watched{};
    ModelTime next_heartbeat{ModelTime::never()};  ///< never: one is under way, or none is wanted
    bool failed{};
  };
  using OutstandingKey = std::pair<PeerAddress, SequenceNumber>;
  struct Outstanding {
    RequestToken token{};
    MessageType type{};
    Octets octets{};
    ModelTime due{};
    unsigned sends_left{};
    bool timed_out{};  ///< told so; an answer is still of use
    bool own_heartbeat{};
  };

  bool receive_one(OctetView octets, const PeerAddress& from, ModelTime now, std::vector<Event>& events,
                   std::size_t& size);
  void receive_request(const UndecodedMessage& received, const PeerAddress& from, ModelTime now,
                       std::vector<Event>& events);
  void receive_heartbeat(const UndecodedMessage& received, const PeerAddress& from,
                         std::vector<Event>& events);
  void receive_response(const UndecodedMessage& received, const PeerAddress& from, ModelTime now,
                        std::vector<Event>& events);
  void refuse_unread(const RequestHandle& request, const UndecodedMessage& received, const Fault& fault,
                     ModelTime now);
  void note_response(const Message& message, const PeerAddress& from, std::vector<Event>& events);
  void heartbeat_answered(const Message& message, const PeerAddress& from, ModelTime now,
                          std::vector<Event>& events);
  void note_recovery_time_stamp(const PeerAddress& from, NtpTime stamp, std::vector<Event>& events);
  Result<RequestToken> send_request(const PeerAddress& to, const Message& message, ModelTime now,
                                    std::optional<Seid> seid, std::optional<std::uint8_t> priority,
                                    bool own_heartbeat);
  void give_up(const OutstandingKey& key, const Outstanding& request, ModelTime now,
               std::vector<Event>& events);
  Peer& peer_of(const IpAddress& address);
  void plan_heartbeat(const IpAddress& address, Peer& peer, ModelTime at);

  EndpointOptions options_;
  std::map<IpAddress, Peer> peers_{};
  std::map<OutstandingKey, Outstanding> outstanding_{};
  std::set<std::pair<ModelTime, OutstandingKey>> outstanding_by_due_{};
  std::set<std::pair<ModelTime, IpAddress>> heartbeats_by_due_{};
  ResponseCache cache_;
  std::vector<OutDatagram> output_{};
  EndpointCounters counters_{};
  std::uint64_t next_token_{1};
};

}  // namespace kiriko::pfcp
