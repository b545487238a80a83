// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SessionTable: the sessions' blocks and the ways to them: by TEID, by UE address, by SEID.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "vnf/upf/flat_table.hpp"
#include "vnf/upf/session.hpp"

namespace kiriko::upf {

/// A block's number: its first cache line. Blocks never move, and grow in number on the control side only.
using BlockId = std::uint32_t;

class SessionTable {
 public:
  static constexpr BlockId none = FlatTable<std::uint32_t>::none;
  static constexpr std::size_t line_size = 64;
  static constexpr std::size_t most_lines = 1000;  ///< of one session

  // Data path.
  const FlatTable<std::uint32_t>& by_teid() const noexcept { return by_teid_; }
  const FlatTable<std::uint32_t>& by_ue_address() const noexcept { return by_ue_address_; }
  Session& session(BlockId id) const noexcept {
    return *reinterpret_cast<Session*>(chunks_[id / chunk_lines].data() + (id % chunk_lines) * line_size);
  }
  void prefetch(const Session& session) const noexcept {
    const auto* line = reinterpret_cast<const std::byte*>(&session);
    __builtin_prefetch(line, 1);
    __builtin_prefetch(line + line_size, 1);
    __builtin_prefetch(line + 2 * line_size, 1);
  }

  // Control side.
  BlockId find(Seid seid) const noexcept { return by_seid_.find(seid.value); }
  /// A zeroed block of `lines` cache lines, not yet found by anything.
  BlockId allocate(std::uint16_t lines);
  /// Makes a filled block found by its SEID, its PDRs' TEIDs and their UE addresses.
  void publish(BlockId id);
  void remove(BlockId id);
  std::size_t size() const noexcept { return by_seid_.size(); }
  /// Octets of blocks in use and of tables.
  std::size_t memory() const noexcept;

 private:
  static constexpr std::uint32_t chunk_lines = PageBuffer::huge_page / line_size;

  std::vector<PageBuffer> chunks_;
  std::uint32_t next_line_{chunk_lines};  ///< in the last chunk
  std::map<std::uint16_t, std::vector<BlockId>> free_;
  std::size_t lines_in_use_{};
  FlatTable<std::uint32_t> by_teid_;
  FlatTable<std::uint32_t> by_ue_address_;
  FlatTable<std::uint64_t> by_seid_;
};

}  // namespace kiriko::upf
