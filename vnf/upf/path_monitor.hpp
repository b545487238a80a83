// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PathMonitor: whether the GTP-U peers in use answer echo requests (TS 29.281 clauses 7.2.1 and 12, TS 23.527).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/units.hpp"
#include "core/net/ipv4_address.hpp"

namespace kiriko::upf {

/// Peers come and go on the control side with the FARs that send to them; nothing else allocates.
class PathMonitor {
 public:
  struct Terms {
    Duration interval{};  ///< between echo requests to a peer that answers; 0: none are sent
    Duration timeout{};   ///< T3-RESPONSE
    unsigned attempts{};  ///< N3-REQUESTS, the first one included
  };
  struct Request {
    Ipv4Address peer;
    std::uint16_t sequence_number;
  };

  explicit PathMonitor(const Terms& terms) : terms_(terms) {}

  void use(Ipv4Address peer, ModelTime now) {
    if (terms_.interval.ns == 0) return;
    const auto at = lower_bound(peer);
    if (at != peers_.end() && at->address == peer)
      ++at->users;
    else
      peers_.insert(at, {.address = peer, .users = 1, .due = now + terms_.interval});
  }
  void forget(Ipv4Address peer) {
    const auto at = lower_bound(peer);
    if (at != peers_.end() && at->address == peer && --at->users == 0) peers_.erase(at);
  }
  /// When there is something to do next.
  ModelTime due() const noexcept {
    ModelTime due = ModelTime::never();
    for (const Peer& peer : peers_) due = std::min(due, peer.due);
    return due;
  }
  /// Gives each request that is to be sent at `now` to `send(Request)`, and each peer that has failed to
  /// `fail(Ipv4Address)`.
  template <class Send, class Fail>
  void on_time(ModelTime now, Send&& send, Fail&& fail) noexcept {
    for (Peer& peer : peers_) {
      if (peer.due > now) continue;
      if (peer.unanswered == terms_.attempts) {
        if (!peer.failed) fail(peer.address);
        peer.failed = true;
        peer.unanswered = 0;
        peer.due = now + terms_.interval;
        continue;
      }
      if (peer.unanswered++ == 0) ++peer.sequence_number;
      peer.due = now + terms_.timeout;
      send(Request{peer.address, peer.sequence_number});
    }
  }
  /// An echo response; true when the peer had failed and answers again.
  bool answer(Ipv4Address address, std::uint16_t sequence_number, ModelTime now) noexcept {
    const auto at = lower_bound(address);
    if (at == peers_.end() || at->address != address || at->unanswered == 0 ||
        at->sequence_number != sequence_number)
      return false;
    at->unanswered = 0;
    at->due = now + terms_.interval;
    const bool recovered = at->failed;
    at->failed = false;
    return recovered;
  }

 private:
  struct Peer {
    Ipv4Address address{};
    std::uint32_t users{};
    ModelTime due{};
    std::uint16_t sequence_number{};
    unsigned unanswered{};
    bool failed{};
  };
  std::vector<Peer>::iterator lower_bound(Ipv4Address address) noexcept {
    return std::lower_bound(peers_.begin(), peers_.end(), address,
                            [](const Peer& peer, Ipv4Address a) { return peer.address < a; });
  }

  Terms terms_;
  std::vector<Peer> peers_;  ///< by address
};

}  // namespace kiriko::upf
