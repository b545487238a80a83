// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Cell: a gNB's options, checked against each other and turned into the figures its radio links run on.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/options.hpp"
#include "core/base/result.hpp"
#include "core/fiveg/mcs.hpp"
#include "core/fiveg/numerology.hpp"
#include "core/fiveg/tdd_pattern.hpp"
#include "vnf/gnb/random_access/connection_parameters.hpp"

namespace kiriko {

/// Which bearer goes first with the resource blocks of its slice.
enum class BearerOrder : std::uint8_t {
  round_robin,        ///< each in its turn takes all it needs
  fair,               ///< equal resource blocks each, what one leaves goes to the others
  oldest_first,       ///< longest waiting first
  priority,           ///< by the 5QI's priority level, then the longest waiting
  earliest_deadline,  ///< of arrival plus delay budget
  proportional_fair   ///< the best rate now over what it had in the mean
};

/// Who gets the resource blocks that are neither dedicated nor guaranteed.
enum class RemainderOrder : std::uint8_t { priority, proportional };

/// One direction's symbols by slot number (or by mini-slot), from the TDD pattern.
class SlotGrid {
 public:
  SlotGrid() = default;
  explicit SlotGrid(std::vector<std::uint8_t> symbols);

  int symbols(std::int64_t slot) const noexcept { return symbols_[index(slot)]; }
  /// The first slot at or after `slot` that has a symbol of this direction.
  std::int64_t next_usable(std::int64_t slot) const noexcept { return slot + wait_[index(slot)]; }
  /// 0 to 1 of all symbols.
  double share() const noexcept;
  /// Slots after which it repeats.
  std::size_t period() const noexcept { return symbols_.size(); }

 private:
  std::size_t index(std::int64_t slot) const noexcept {
    return static_cast<std::size_t>(slot % static_cast<std::int64_t>(symbols_.size()));
  }
  std::vector<std::uint8_t> symbols_{14};
  std::vector<std::uint16_t> wait_{0};
};

struct CellDirection {
  SlotGrid grid;
  int layers{1};
  double overhead{};           ///< OH of TS 38.306 clause 4.1.2
  std::int64_t delay_slots{};  ///< from readiness to the first slot that may carry it
  std::int64_t
      request_period{};  ///< slots between scheduling request occasions, for the first packet after none; 0: not waited for
  Duration sender_processing{};    ///< before readiness
  Duration receiver_processing{};  ///< after the slot's end
};

struct Cell {
  std::uint16_t n3_port{};
  Numerology numerology{};
  std::uint32_t resource_blocks{};  ///< N_RB
  McsTable mcs_table{McsTable::qam256};
  int mcs{};
  double bler{};  ///< of a first transmission
  double retransmission_bler_factor{};
  int harq_transmissions{};
  std::int64_t harq_round_trip{};       ///< slots
  std::uint32_t harq_processes{};       ///< of a bearer
  std::uint64_t buffer{};               ///< octets a bearer and direction
  std::uint32_t layer2_overhead{};      ///< octets a packet
  std::uint32_t rlc_retransmissions{};  ///< by AM, after HARQ gave up; 0: UM
  std::int64_t rlc_round_trip{};        ///< slots
  BearerOrder bearer_order{};
  std::int64_t average_slots{1};  ///< time constant of proportional_fair's mean
  RemainderOrder remainder_order{};
  ConnectionParameters connections{};
  CellDirection downlink, uplink;
  int mini_slot_symbols{};  ///< 0: no mini-slots
  bool preemption{};
  std::int64_t occasions_a_slot{
      1};  ///< times at which a transmission may begin: of a cell of mini-slots several a slot

  ModelTime begin_of(std::int64_t occasion) const noexcept {
    return ModelTime{occasion / occasions_a_slot * slot().ns +
                     occasion % occasions_a_slot * slot().ns / occasions_a_slot};
  }
  /// The first that begins at or after `time`.
  std::int64_t occasion_from(ModelTime time) const noexcept {
    return time.ns / slot().ns * occasions_a_slot +
           (time.ns % slot().ns * occasions_a_slot + slot().ns - 1) / slot().ns;
  }
  Duration slot() const noexcept { return numerology.slot_duration(); }
  /// Of 14 symbols each.
  double resource_blocks_per_second(const CellDirection& direction) const noexcept {
    return resource_blocks * 1000.0 * numerology.slots_per_subframe() * direction.grid.share();
  }
};

/// The options of `gnb`.
const OptionTable& cell_options();
Result<Cell> make_cell(const OptionValues& options);

/// The same cell as those see it that transmit in its mini-slots (mapping type B, TS 38.214 clauses 5.1.2.1 and 6.1.2.1):
/// its occasions are mini-slots, the uplink's grant is configured.
Cell mini_slots_of(const Cell& cell);

/// Fixed point: bits x 1024 that one resource block carries in one symbol (TS 38.306 clause 4.1.2 with the
/// MCS's efficiency in place of Q_m·R_max).
std::int64_t bits_x1024_per_block_symbol(double spectral_efficiency, const CellDirection& direction) noexcept;

}  // namespace kiriko
