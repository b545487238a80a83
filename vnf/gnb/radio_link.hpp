// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RadioLink: one direction of a cell: bearers, the slot's schedule, transport blocks and their HARQ.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/base/random.hpp"
#include "core/function/exits.hpp"
#include "vnf/gnb/bearer.hpp"
#include "vnf/gnb/bearer_turns.hpp"
#include "vnf/gnb/cell.hpp"
#include "vnf/gnb/scheduler.hpp"

namespace kiriko {

/// A packet that crossed the radio; its metadata's time is when.
struct Delivered {
  Packet* packet;
  UeIndex ue;
};

/// One slice in one direction, since the start but for `delay_max`.
struct RadioSliceCount {
  std::uint64_t offered{};        ///< octets that came to the buffers, layer 2 included
  std::uint64_t bits{};           ///< sent once, retransmissions not counted
  std::uint64_t block_symbols{};  ///< resource blocks times symbols, retransmissions included
  std::uint64_t dropped{};        ///< packets: buffer full or HARQ failed
  mutable Duration delay_max{};   ///< since the last read, from arrival here to delivery
};

class RadioLink {
 public:
  static constexpr std::int64_t no_slot = std::numeric_limits<std::int64_t>::max();

  /// `slices` counts one more place than the scenario's slices: the last is for packets without one.
  RadioLink(const Cell& cell, const CellDirection& direction, std::uint32_t slices, RandomStream random);

  /// One group of bearers a policy, plus one for the slices without; none: all bearers in one group.
  /// `priorities` is by slice.
  void set_shares(std::span<const RrmPolicyRatio> shares, std::span<const std::uint8_t> priorities);
  /// Makes place for UEs up to `ue`; `bits_x1024`: of a resource block in one symbol.
  void set_radio(UeIndex ue, std::int64_t bits_x1024, double bler);
  /// Every one of `flows` has a bearer of its own; `rest` says what the UE's other bearers ask for, one a slice.
  void set_bearers(UeIndex ue, const BearerProfile& rest, std::vector<BearerProfile> flows);

  /// Takes the packet unless the buffer of its bearer (metadata's `qfi`) is full. `octets` is what it costs without
  /// layer 2.
  bool push(UeIndex ue, std::uint32_t slice, Packet* packet, std::uint32_t octets);
  /// The UE cannot be reached before `until`: what comes meanwhile waits.
  void close(UeIndex ue, ModelTime until) noexcept;
  /// Takes back all that the UE has buffered, in order of arrival; nothing is dropped.
  void take_back(UeIndex ue, std::vector<Packet*>& packets);
  bool is_empty(UeIndex ue) const noexcept;
  /// Drops all that the UE has buffered.
  void detach(UeIndex ue, Exits& exits) noexcept;

  /// The slot in which there may be something to do; no_slot: nothing is buffered.
  std::int64_t next_slot() const noexcept { return next_slot_; }
  /// Schedules and sends `slot`, with at most so many resource blocks. What arrives is appended to `delivered`, what is
  /// lost goes to `exits`.
  void run_slot(std::int64_t slot, std::uint32_t blocks, Exits& exits, std::vector<Delivered>& delivered) {
    begin_slot(slot, blocks);
    end_slot(0, exits, delivered);
  }
  /// The same in two steps, for what may happen in between.
  void begin_slot(std::int64_t slot, std::uint32_t blocks);
  /// Of what was begun so many resource blocks times symbols were lost to others.
  void end_slot(std::uint64_t preempted, Exits& exits, std::vector<Delivered>& delivered);
  /// In the slot that was begun last, in resource blocks.
  std::uint32_t granted() const noexcept { return granted_; }
  /// Of the bearer that the UE's packets of this slice and QFI go by.
  BearerProfile profile_of(UeIndex ue, std::uint32_t slice, std::uint8_t qfi) const noexcept;

  std::uint64_t held() const noexcept { return held_; }
  std::uint64_t backlog(std::uint32_t slice) const noexcept;
  const RadioSliceCount& count(std::uint32_t slice) const noexcept { return counts_[slice]; }
  std::uint64_t used_block_symbols() const noexcept {
    std::uint64_t sum = 0;
    for (const RadioSliceCount& each : counts_) sum += each.block_symbols;
    return sum;
  }
  std::uint64_t transport_blocks() const noexcept { return transport_blocks_; }
  std::uint64_t retransmissions() const noexcept { return retransmissions_; }
  std::uint64_t harq_failures() const noexcept { return harq_failures_; }
  std::uint64_t rlc_retransmissions() const noexcept { return rlc_retransmissions_; }
  /// Resource blocks times symbols lost to mini-slots.
  std::uint64_t preempted() const noexcept { return preempted_; }

 private:
  struct Radio {
    std::int64_t bits_x1024{1};
    double bler{};
    std::int64_t first_slot{};  ///< before it the UE is not reached
    BearerProfile rest{};
    std::vector<BearerProfile> flows{};
    std::vector<std::uint32_t> bearers{};  ///< indexes, of all that it had a packet on
  };
  /// Bearers that share one grant of the scheduler; the front of `active` has the turn.
  struct Group {
    std::vector<std::uint32_t> active;
    std::vector<std::uint32_t> next_active;
    std::size_t turn{};  ///< where the next slot begins
  };

  /// Of a slice's packets with this QFI; made when first asked for.
  std::uint32_t bearer_of(UeIndex ue, std::uint32_t slice, std::uint8_t qfi);
  void activate(std::uint32_t index);
  std::uint32_t plan(Group& group, std::int64_t slot, std::uint32_t symbols) noexcept;
  void trim_grants(std::uint32_t blocks) noexcept;
  void retransmit(Bearer& bearer, double bler, std::uint64_t preempted) noexcept;
  void transmit(Bearer& bearer, const Radio& radio, std::uint64_t preempted);
  bool fails(double bler, std::uint32_t transmission) noexcept;
  /// HARQ gave the block up; false: its octets are lost.
  bool back_to_rlc(TransportBlock& block, std::int64_t slot) noexcept;
  void release(Bearer& bearer, std::int64_t slot, Exits& exits, std::vector<Delivered>& delivered);

  Cell cell_;
  CellDirection direction_;
  std::uint32_t slices_;
  RandomStream random_;
  std::vector<double> bler_factor_;  ///< by transmission
  std::vector<Radio> radios_;        ///< by UE
  std::vector<Bearer> bearers_;      ///< in the order of their first packets
  std::vector<Group> groups_;
  std::vector<std::uint16_t> group_of_slice_;
  PrbScheduler scheduler_;
  BearerTurns turns_;
  std::vector<std::uint32_t> demand_, grant_;  ///< by group
  std::vector<RadioSliceCount> counts_;
  std::int64_t next_slot_{no_slot};
  std::int64_t last_slot_{-1};
  std::uint32_t symbols_{}, granted_{};  ///< of last_slot_
  std::uint64_t held_{}, transport_blocks_{}, retransmissions_{}, harq_failures_{}, rlc_retransmissions_{},
      preempted_{};
};

}  // namespace kiriko
