// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// CellLink: one direction of a cell: transmissions of whole slots and, among them, those of mini-slots.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vnf/gnb/radio_link.hpp"

namespace kiriko {

/// Where the cell has mini-slots, delay-critical bearers (BearerProfile) go by them, the others by slots, over the same
/// resource blocks. A mini-slot takes what is free and, with pre-emption, what the slot's transmissions under way hold: a slot's
/// outcome is known at its end only.
class CellLink {
 public:
  CellLink(const Cell& cell, bool downlink, std::uint32_t slices, std::uint64_t seed,
           const std::string& node);

  // As of RadioLink.
  void set_shares(std::span<const RrmPolicyRatio> shares, std::span<const std::uint8_t> priorities);
  void set_radio(UeIndex ue, std::int64_t bits_x1024, double bler);
  void set_bearers(UeIndex ue, const BearerProfile& rest, const std::vector<BearerProfile>& flows);
  bool push(UeIndex ue, std::uint32_t slice, Packet* packet, std::uint32_t octets);
  void close(UeIndex ue, ModelTime until) noexcept;
  void take_back(UeIndex ue, std::vector<Packet*>& packets);
  bool is_empty(UeIndex ue) const noexcept;
  void detach(UeIndex ue, Exits& exits) noexcept;

  /// When run() is next wanted, `now` or later; never(): nothing is buffered.
  ModelTime next_time(ModelTime now) const noexcept;
  /// All that begins or ends at `now`.
  void run(ModelTime now, Exits& exits, std::vector<Delivered>& delivered);

  std::uint64_t held() const noexcept;
  std::uint64_t backlog(std::uint32_t slice) const noexcept;
  /// Begins `delay_max` anew.
  RadioSliceCount read(std::uint32_t slice) const noexcept;
  /// Resource blocks of a slot used so far, of all slices.
  double used_blocks() const noexcept;
  struct Blocks {
    std::uint64_t sent, retransmissions, harq_failures, rlc_retransmissions;
    double preempted;  ///< resource blocks of 14 symbols
  };
  Blocks blocks() const noexcept;

 private:
  Cell cell_, mini_cell_;
  RadioLink slots_;
  std::optional<RadioLink> mini_slots_;
  std::int64_t begun_{RadioLink::no_slot};  ///< the slot under way
  std::uint64_t preempted_{};               ///< of it, resource blocks times symbols
};

}  // namespace kiriko
