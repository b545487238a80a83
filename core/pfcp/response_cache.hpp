// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ResponseCache: answers that were given, so that a request that comes again is not carried out again.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "core/base/units.hpp"
#include "core/pfcp/message.hpp"
#include "core/pfcp/peer_address.hpp"

namespace kiriko::pfcp {

/// One request of a peer; the handle that its answer is given with.
struct RequestHandle {
  PeerAddress from{};
  SequenceNumber sequence{};
  MessageType type{};
  std::optional<std::uint8_t> priority{};
  friend bool operator==(const RequestHandle&, const RequestHandle&) = default;
};

/// Bounded by number, octets and age; beyond a bound the oldest go first, answered or not. A request that comes again
/// after its entry has gone counts as new.
class ResponseCache {
 public:
  struct Limits {
    std::size_t entries{262'144};
    std::size_t octets{64U << 20};
    Duration age{seconds(20)};  ///< longer than a peer goes on repeating a request: twice its T1 · N1
  };
  /// What became of a request.
  struct Entry {
    std::uint64_t number{};
    std::optional<Octets> answer{};                ///< none: being carried out
    std::optional<NtpTime> recovery_time_stamp{};  ///< of an Association Setup Request
  };

  explicit ResponseCache(Limits limits) : limits_(limits) {}

  /// nullptr: not seen before.
  Entry* find(const RequestHandle& request);
  void begin(const RequestHandle& request, std::optional<NtpTime> recovery_time_stamp, ModelTime now);
  /// Nothing if the entry has gone meanwhile.
  void answer(const RequestHandle& request, const Octets& answer);
  /// Drops what is too old.
  void age(ModelTime now);

  std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Key {
    PeerAddress from{};
    SequenceNumber sequence{};
    MessageType type{};
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Age {
    ModelTime begun{};
    std::uint64_t number{};
    Key key{};
  };
  static Key key_of(const RequestHandle& request) { return {request.from, request.sequence, request.type}; }
  void drop_oldest();
  void hold_to_limits();

  Limits limits_;
  std::map<Key, Entry> entries_{};
  std::deque<Age> oldest_first_{};
  std::size_t octets_{0};
  std::uint64_t next_number_{0};
};

}  // namespace kiriko::pfcp
