// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SessionTable: the sessions' lanes and blocks and the ways to them: by TEID, by UE address, by SEID.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "core/net/ipv6.hpp"
#include "vnf/upf/flat_table.hpp"
#include "vnf/upf/growing_memory.hpp"
#include "vnf/upf/session.hpp"

namespace kiriko::upf {

/// A session's number, of the lowest that are free.
using SessionIndex = std::uint32_t;

/// Lanes of one direction lie side by side and nothing else between them, so that as many as can be are in the
/// caches at a time. Lanes never move; a session's block is replaced when its rules change.
class SessionTable {
 public:
  static constexpr SessionIndex none = FlatTable<std::uint32_t>::none;
  static constexpr std::size_t line_size = 64;
  static constexpr std::size_t most_lines = std::size_t{1} << 18;  ///< of one session's block: 16 MiB

  // Data path.
  const FlatTable<std::uint32_t>& by_teid() const noexcept { return by_teid_; }
  const FlatTable<std::uint32_t>& by_ue_address() const noexcept { return by_ue_address_; }
  /// Of the FARs that send into this tunnel of a peer the session of one.
  SessionIndex find_remote(Ipv4Address peer, Teid teid) const noexcept {
    return by_remote_.find(remote_key(peer.value, teid.value));
  }
  /// Of the longest prefix that has the address.
  SessionIndex find(const Ipv6Address& address) const noexcept;
  Lane& lane(SessionIndex index, Direction direction) const noexcept {
    return reinterpret_cast<Lane*>(lanes_[static_cast<std::size_t>(direction)].data())[index];
  }
  /// Of one of its lanes.
  SessionIndex index_of(const Lane* lane, Direction direction) const noexcept {
    return static_cast<SessionIndex>(lane - &this->lane(0, direction));
  }
  Session session(SessionIndex index) const noexcept {
    return {block(index), {&lane(index, Direction::uplink), &lane(index, Direction::downlink)}};
  }
  /// The begin of the block, as far as a session of few rules has it.
  void prefetch_rules(SessionIndex index) const noexcept {
    const auto* rules = reinterpret_cast<const std::byte*>(block(index));
    __builtin_prefetch(rules);
    __builtin_prefetch(rules + line_size);
    __builtin_prefetch(rules + 2 * line_size);
  }

  // Control side.
  SessionIndex find(Seid seid) const noexcept { return by_seid_.find(seid.value); }
  SessionIndex find_prefix(const Ipv6Prefix& prefix) const noexcept;
  /// A session with a zeroed block of `lines` cache lines, not yet found by anything.
  SessionIndex allocate(std::size_t lines);
  /// A zeroed block that belongs to no session yet.
  std::uint32_t allocate_block(std::size_t lines);
  SessionBlock* block_at(std::uint32_t first_line) const noexcept {
    return reinterpret_cast<SessionBlock*>(blocks_.data() + std::size_t{first_line} * line_size);
  }
  /// The session gets another block; its own is free again. It must not be published meanwhile.
  void replace_block(SessionIndex index, std::uint32_t first_line);
  /// Makes a filled session found by its SEID, its PDRs' TEIDs and their UE addresses.
  void publish(SessionIndex index);
  void withdraw(SessionIndex index);
  /// Withdraws it and frees its block and lanes.
  void remove(SessionIndex index);
  std::size_t size() const noexcept { return by_seid_.size(); }
  /// Octets of lanes and blocks in use and of tables.
  std::size_t memory() const noexcept;
  /// All session indexes that are in use have a number below it.
  SessionIndex end() const noexcept { return static_cast<SessionIndex>(first_line_.size()); }

 private:
  static constexpr std::size_t most_memory = std::size_t{16} << 30;  ///< of each part

  SessionBlock* block(SessionIndex index) const noexcept { return block_at(first_line_[index]); }
  void free_block(std::uint32_t first_line);
  static std::uint64_t remote_key(std::uint32_t peer, std::uint32_t teid) noexcept {
    return std::uint64_t{peer} << 32 | teid;
  }

  std::array<GrowingMemory, 2> lanes_{GrowingMemory{most_memory},
                                      GrowingMemory{most_memory}};  ///< by Direction
  std::vector<std::uint32_t> first_line_;                           ///< of its block, by SessionIndex
  std::vector<SessionIndex> free_indexes_;
  GrowingMemory blocks_{most_memory};
  std::uint32_t next_line_{};
  std::map<std::uint32_t, std::vector<std::uint32_t>> free_blocks_;  ///< first lines, by length
  std::size_t lines_in_use_{};
  FlatTable<std::uint32_t> by_teid_;
  FlatTable<std::uint32_t> by_ue_address_;
  FlatTable<std::uint64_t> by_ue_prefix_;
  FlatTable<std::uint64_t> by_remote_;
  std::array<std::uint32_t, 129> prefixes_of_length_{};  ///< how many UE prefixes there are
  std::vector<std::uint8_t> lengths_;                    ///< of UE prefixes in use, the longest first
  FlatTable<std::uint64_t> by_seid_;
};

}  // namespace kiriko::upf
