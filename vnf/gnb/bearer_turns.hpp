// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// BearerTurns: divides a slice's resource blocks of one slot among its bearers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "vnf/gnb/bearer.hpp"
#include "vnf/gnb/cell.hpp"

namespace kiriko {

/// Retransmissions first; then flows with a guaranteed bit rate up to it, by priority level, then deadline; then all by
/// the cell's order. Shapes: grants in resource blocks of one slot, the bearers' demands likewise.
class BearerTurns {
 public:
  explicit BearerTurns(const Cell& cell)
      : order_(cell.bearer_order),
        slot_ns_(cell.slot().ns / cell.occasions_a_slot),
        average_slots_(cell.average_slots) {}

  /// `active` are indexes of `bearers` with their demands of `slot`; `bits_x1024(bearer)` is what a resource block carries in
  /// it. Returns whose turn the next slot begins with.
  template <class BitsOf>
  std::size_t grant(std::span<const std::uint32_t> active, std::vector<Bearer>& bearers, std::uint32_t blocks,
                    std::int64_t slot, const BitsOf& bits_x1024) {
    blocks = grant_retransmissions(active, bearers, blocks);
    candidates_.clear();
    for (std::uint32_t i = 0; i < active.size(); ++i) {
      Bearer& bearer = bearers[active[i]];
      if (bearer.profile.guaranteed.value > 0) refill(bearer, slot);
      if (bearer.new_demand > 0)
        candidates_.push_back({.bearer = &bearer, .place = i, .bits_x1024 = bits_x1024(bearer)});
    }
    if (candidates_.empty() || blocks == 0) return 0;
    return grant_by_order(grant_guaranteed(blocks)) % active.size();
  }
  /// After the slot: what was sent counts against guarantees and for the averages.
  void count(std::span<const std::uint32_t> active, std::vector<Bearer>& bearers) const noexcept;

 private:
  struct Candidate {
    Bearer* bearer;
    std::uint32_t place;  ///< in the group's turn
    std::int64_t bits_x1024;
    double key{}, second_key{};  ///< the least goes first
  };

  static std::uint32_t grant_retransmissions(std::span<const std::uint32_t> active,
                                             std::vector<Bearer>& bearers, std::uint32_t left) noexcept;
  void refill(Bearer& bearer, std::int64_t slot) const noexcept;
  std::uint32_t grant_guaranteed(std::uint32_t left);
  /// The place that the next slot begins with, or one beyond the last.
  std::size_t grant_by_order(std::uint32_t left);
  void grant_equally(std::uint32_t left) noexcept;
  void set_keys() noexcept;
  void sort();

  BearerOrder order_;
  std::int64_t slot_ns_, average_slots_;
  std::vector<Candidate> candidates_;  ///< of this call
};

}  // namespace kiriko
