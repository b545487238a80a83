// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SessionTable: the sessions' lanes and blocks and the ways to them: by TEID, by UE address, by SEID.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "vnf/upf/flat_table.hpp"
#include "vnf/upf/growing_memory.hpp"
#include "vnf/upf/session.hpp"

namespace kiriko::upf {

/// A session's number, of the lowest that are free.
using SessionIndex = std::uint32_t;

/// Lanes of one direction lie side by side and nothing else between them, so that as many as can be are in the
/// caches at a time. Nothing ever moves.
class SessionTable {
 public:
  static constexpr SessionIndex none = FlatTable<std::uint32_t>::none;
  static constexpr std::size_t line_size = 64;
  static constexpr std::size_t most_lines = 1000;  ///< of one session's block

  // Data path.
  const FlatTable<std::uint32_t>& by_teid() const noexcept { return by_teid_; }
  const FlatTable<std::uint32_t>& by_ue_address() const noexcept { return by_ue_address_; }
  Lane& lane(SessionIndex index, Direction direction) const noexcept {
    return reinterpret_cast<Lane*>(lanes_[static_cast<std::size_t>(direction)].data())[index];
  }
  Session session(SessionIndex index) const noexcept {
    return {block(index), {&lane(index, Direction::uplink), &lane(index, Direction::downlink)}};
  }
  /// The begin of the block, as far as a session of few rules has it.
  void prefetch_rules(SessionIndex index) const noexcept {
    const auto* rules = reinterpret_cast<const std::byte*>(block(index));
    __builtin_prefetch(rules);
    __builtin_prefetch(rules + line_size);
  }

  // Control side.
  SessionIndex find(Seid seid) const noexcept { return by_seid_.find(seid.value); }
  /// A zeroed session with a block of `lines` cache lines, not yet found by anything.
  SessionIndex allocate(std::uint16_t lines);
  /// Makes a filled session found by its SEID, its PDRs' TEIDs and their UE addresses.
  void publish(SessionIndex index);
  void remove(SessionIndex index);
  std::size_t size() const noexcept { return by_seid_.size(); }
  /// Octets of lanes and blocks in use and of tables.
  std::size_t memory() const noexcept;

 private:
  static constexpr std::size_t most_memory = std::size_t{16} << 30;  ///< of each part

  SessionBlock* block(SessionIndex index) const noexcept {
    return reinterpret_cast<SessionBlock*>(blocks_.data() + std::size_t{first_line_[index]} * line_size);
  }

  std::array<GrowingMemory, 2> lanes_{GrowingMemory{most_memory},
                                      GrowingMemory{most_memory}};  ///< by Direction
  std::vector<std::uint32_t> first_line_;                           ///< of its block, by SessionIndex
  std::vector<SessionIndex> free_indexes_;
  GrowingMemory blocks_{most_memory};
  std::uint32_t next_line_{};
  std::map<std::uint16_t, std::vector<std::uint32_t>> free_blocks_;  ///< first lines, by length
  std::size_t lines_in_use_{};
  FlatTable<std::uint32_t> by_teid_;
  FlatTable<std::uint32_t> by_ue_address_;
  FlatTable<std::uint64_t> by_seid_;
};

}  // namespace kiriko::upf
