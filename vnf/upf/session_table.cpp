// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Allocation and indexing of session blocks.
#include "vnf/upf/session_table.hpp"

#include <cstring>

namespace kiriko::upf {

BlockId SessionTable::allocate(std::uint16_t lines) {
  lines_in_use_ += lines;
  if (auto& reusable = free_[lines]; !reusable.empty()) {
    const BlockId id = reusable.back();
    reusable.pop_back();
    std::memset(static_cast<void*>(&session(id)), 0, lines * line_size);
    return id;
  }
  if (next_line_ + lines > chunk_lines) {
    chunks_.emplace_back(PageBuffer::huge_page);
    next_line_ = 0;
  }
  const auto id = static_cast<BlockId>((chunks_.size() - 1) * chunk_lines + next_line_);
  next_line_ += lines;
  return id;
}

void SessionTable::publish(BlockId id) {
  const Session& filled = session(id);
  by_seid_.insert(filled.seid().value, id);
  for (std::size_t i = 0; i < filled.pdr_count; ++i) {
    const PdrEntry& pdr = filled.pdrs()[i];
    if (pdr.teid != 0)
      by_teid_.insert(pdr.teid, id);
    else if (pdr.ue_address != 0)
      by_ue_address_.insert(pdr.ue_address, id);
  }
}

void SessionTable::remove(BlockId id) {
  const Session& gone = session(id);
  by_seid_.erase(gone.seid().value);
  for (std::size_t i = 0; i < gone.pdr_count; ++i) {
    const PdrEntry& pdr = gone.pdrs()[i];
    if (pdr.teid != 0)
      by_teid_.erase(pdr.teid);
    else if (pdr.ue_address != 0)
      by_ue_address_.erase(pdr.ue_address);
  }
  lines_in_use_ -= gone.lines;
  free_[gone.lines].push_back(id);
}

std::size_t SessionTable::memory() const noexcept {
  return lines_in_use_ * line_size + by_teid_.memory() + by_ue_address_.memory() + by_seid_.memory();
}

}  // namespace kiriko::upf
