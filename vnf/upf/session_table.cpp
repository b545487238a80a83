// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Allocation and indexing of sessions.
#include "vnf/upf/session_table.hpp"

#include <cstring>

namespace kiriko::upf {

SessionIndex SessionTable::allocate(std::uint16_t lines) {
  auto& free_blocks = free_blocks_[lines];
  std::uint32_t first_line = next_line_;
  if (!free_blocks.empty()) {
    first_line = free_blocks.back();
    free_blocks.pop_back();
  } else {
    blocks_.grow_to((std::size_t{next_line_} + lines) * line_size);
    next_line_ += lines;
  }
  auto index = static_cast<SessionIndex>(first_line_.size());
  if (!free_indexes_.empty()) {
    index = free_indexes_.back();
    free_indexes_.pop_back();
    first_line_[index] = first_line;
  } else {
    for (auto& lanes : lanes_) lanes.grow_to((std::size_t{index} + 1) * sizeof(Lane));
    first_line_.push_back(first_line);
  }
  std::memset(static_cast<void*>(block(index)), 0, lines * line_size);
  for (const auto direction : {Direction::uplink, Direction::downlink}) lane(index, direction) = Lane{};
  lines_in_use_ += lines + 2U;
  return index;
}

void SessionTable::publish(SessionIndex index) {
  const Session filled = session(index);
  by_seid_.insert(filled.seid().value, index);
  for (std::size_t i = 0; i < filled.block->pdr_count; ++i) {
    const PdrEntry& pdr = filled.pdrs()[i];
    if (pdr.teid != 0)
      by_teid_.insert(pdr.teid, index);
    else if (pdr.ue_address != 0)
      by_ue_address_.insert(pdr.ue_address, index);
  }
}

void SessionTable::remove(SessionIndex index) {
  const Session gone = session(index);
  by_seid_.erase(gone.seid().value);
  for (std::size_t i = 0; i < gone.block->pdr_count; ++i) {
    const PdrEntry& pdr = gone.pdrs()[i];
    if (pdr.teid != 0)
      by_teid_.erase(pdr.teid);
    else if (pdr.ue_address != 0)
      by_ue_address_.erase(pdr.ue_address);
  }
  lines_in_use_ -= gone.block->lines + 2U;
  free_blocks_[gone.block->lines].push_back(first_line_[index]);
  free_indexes_.push_back(index);
}

std::size_t SessionTable::memory() const noexcept {
  return lines_in_use_ * line_size + first_line_.size() * sizeof(std::uint32_t) + by_teid_.memory() +
         by_ue_address_.memory() + by_seid_.memory();
}

}  // namespace kiriko::upf
