// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Packet detection (TS 29.244 clause 5.2.1): the matching PDR of the highest precedence.
#pragma once

#include "core/packet/drop_reason.hpp"
#include "vnf/upf/session.hpp"

namespace kiriko::upf {

class PdrIndexes;

/// Where a packet comes from, as far as its PDR is concerned.
enum class Origin : std::uint8_t { tunnel, n6, vn_internal };

/// Of the lane to look at.
inline Direction direction_of(Origin origin) noexcept {
  return origin == Origin::tunnel ? Direction::uplink : Direction::downlink;
}

/// What the user's packet is.
enum class PayloadKind : std::uint8_t { ipv4, ipv6, ethernet };

/// What detection needs of one packet.
struct Arrival {
  std::uint32_t key{};     ///< TEID (tunnel) or UE address (IPv4)
  std::uint16_t l3{};      ///< offset of the user's packet (of an Ethernet session its frame) in the packet
  std::uint16_t octets{};  ///< its total length
  std::uint8_t qfi{};      ///< of the PDU Session Container; 0: none
  Origin origin{Origin::n6};
  PayloadKind kind{PayloadKind::ipv4};
  std::uint8_t instance{};               ///< network instance of the N6 port by which it came; 0: none
  std::uint8_t message{};                ///< GTP-U message type when it is not a G-PDU; else 0
  std::uint8_t unknown_extension{};      ///< type of an extension header that must be comprehended
  DropReason fault{DropReason::count_};  ///< found while reading the headers; count_: none
};

/// A packet on its way through detection: what filters look at is read once, when the first one asks.
class Candidate {
 public:
  Candidate(const Arrival& arrival, const std::uint8_t* l3) noexcept : arrival_(arrival), l3_(l3) {}

  const Arrival& arrival() const noexcept { return arrival_; }
  const std::uint8_t* l3() const noexcept { return l3_; }
  /// Of an Ethernet session: of the IP packet in the frame, if there is one.
  const UserPacket& user_packet() noexcept;

 private:
  const Arrival& arrival_;
  const std::uint8_t* l3_;
  bool read_{};
  UserPacket packet_;
};

bool matches(const Session& session, const PdrEntry& pdr, Candidate& candidate) noexcept;

/// `l3` holds a valid header of the arrival's kind; nullptr when no PDR matches. A session of many PDRs has an
/// index in `indexes`.
const PdrEntry* match_pdr(const Session& session, const Arrival& arrival, const std::uint8_t* l3,
                          const PdrIndexes& indexes) noexcept;

}  // namespace kiriko::upf
