// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Allocation and indexing of sessions.
#include "vnf/upf/session_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "vnf/upf/build_session.hpp"

namespace kiriko::upf {
namespace {

std::uint8_t length_of(const PrefixEntry& prefix) {
  return static_cast<std::uint8_t>(std::popcount(prefix.mask.high) + std::popcount(prefix.mask.low));
}

std::uint64_t key_of(const PrefixEntry& prefix) {
  return prefix_key(Ipv6Address::from_halves(prefix.value.high, prefix.value.low), length_of(prefix));
}

}  // namespace

SessionIndex SessionTable::find(const Ipv6Address& address) const noexcept {
  for (const std::uint8_t length : lengths_)
    if (const SessionIndex found = by_ue_prefix_.find(prefix_key(address, length)); found != none)
      return found;
  return none;
}

SessionIndex SessionTable::find_prefix(const Ipv6Prefix& prefix) const noexcept {
  return by_ue_prefix_.find(prefix_key(prefix.address, prefix.length));
}

std::uint32_t SessionTable::allocate_block(std::size_t lines) {
  auto& free_blocks = free_blocks_[static_cast<std::uint32_t>(lines)];
  std::uint32_t first_line = next_line_;
  if (!free_blocks.empty()) {
    first_line = free_blocks.back();
    free_blocks.pop_back();
  } else {
    blocks_.grow_to((std::size_t{next_line_} + lines) * line_size);
    next_line_ += static_cast<std::uint32_t>(lines);
  }
  lines_in_use_ += lines;
  std::memset(static_cast<void*>(block_at(first_line)), 0, lines * line_size);
  return first_line;
}

void SessionTable::free_block(std::uint32_t first_line) {
  const std::uint32_t lines = block_at(first_line)->lines;
  lines_in_use_ -= lines;
  free_blocks_[lines].push_back(first_line);
}

SessionIndex SessionTable::allocate(std::size_t lines) {
  const std::uint32_t first_line = allocate_block(lines);
  auto index = static_cast<SessionIndex>(first_line_.size());
  if (!free_indexes_.empty()) {
    index = free_indexes_.back();
    free_indexes_.pop_back();
    first_line_[index] = first_line;
  } else {
    for (auto& lanes : lanes_) lanes.grow_to((std::size_t{index} + 1) * sizeof(Lane));
    first_line_.push_back(first_line);
  }
  for (const auto direction : {Direction::uplink, Direction::downlink}) lane(index, direction) = Lane{};
  lines_in_use_ += 2;
  return index;
}

void SessionTable::replace_block(SessionIndex index, std::uint32_t first_line) {
  free_block(first_line_[index]);
  first_line_[index] = first_line;
}

void SessionTable::publish(SessionIndex index) {
  const Session filled = session(index);
  by_seid_.insert(filled.seid().value, index);
  for (std::size_t i = 0; i < filled.block->far_count; ++i)
    if (const FarEntry& far = filled.fars()[i]; far.has_tunnel())
      by_remote_.insert(remote_key(far.peer, far.teid), index);
  for (std::size_t i = 0; i < filled.block->pdr_count; ++i) {
    const PdrEntry& pdr = filled.pdrs()[i];
    if (pdr.teid != 0)
      by_teid_.insert(pdr.teid, index);
    else if (pdr.ue_address != 0)
      by_ue_address_.insert(pdr.ue_address, index);
    if (pdr.teid != 0 || pdr.ue_prefix == 0) continue;
    const PrefixEntry& prefix = filled.prefixes()[pdr.ue_prefix - 1];
    if (by_ue_prefix_.find(key_of(prefix)) == none && prefixes_of_length_[length_of(prefix)]++ == 0) {
      lengths_.push_back(length_of(prefix));
      std::sort(lengths_.rbegin(), lengths_.rend());
    }
    by_ue_prefix_.insert(key_of(prefix), index);
  }
}

void SessionTable::withdraw(SessionIndex index) {
  const Session gone = session(index);
  by_seid_.erase(gone.seid().value);
  for (std::size_t i = 0; i < gone.block->far_count; ++i)
    if (const FarEntry& far = gone.fars()[i];
        far.has_tunnel() && by_remote_.find(remote_key(far.peer, far.teid)) == index)
      by_remote_.erase(remote_key(far.peer, far.teid));
  for (std::size_t i = 0; i < gone.block->pdr_count; ++i) {
    const PdrEntry& pdr = gone.pdrs()[i];
    if (pdr.teid != 0)
      by_teid_.erase(pdr.teid);
    else if (pdr.ue_address != 0)
      by_ue_address_.erase(pdr.ue_address);
    if (pdr.teid != 0 || pdr.ue_prefix == 0) continue;
    const PrefixEntry& prefix = gone.prefixes()[pdr.ue_prefix - 1];
    if (by_ue_prefix_.find(key_of(prefix)) == none) continue;  // another PDR's, and gone already
    by_ue_prefix_.erase(key_of(prefix));
    if (--prefixes_of_length_[length_of(prefix)] == 0) std::erase(lengths_, length_of(prefix));
  }
}

void SessionTable::remove(SessionIndex index) {
  withdraw(index);
  free_block(first_line_[index]);
  lines_in_use_ -= 2;
  free_indexes_.push_back(index);
}

std::size_t SessionTable::memory() const noexcept {
  return lines_in_use_ * line_size + first_line_.size() * sizeof(std::uint32_t) + by_teid_.memory() +
         by_ue_address_.memory() + by_ue_prefix_.memory() + by_remote_.memory() + by_seid_.memory();
}

}  // namespace kiriko::upf
