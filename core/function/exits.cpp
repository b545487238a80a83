// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Copying of packets at a function's exits.
#include "core/function/exits.hpp"

#include <cstring>

namespace kiriko {

void Exits::drop_staged(DropReason reason) noexcept {
  for (std::size_t i = 0; i < staged_count_; ++i) {
    Burst& burst = stages_[staged_[i].value].burst;
    ledger_.out -= burst.size();
    for (Packet* packet : burst) drop(packet, reason);
    burst.clear();
  }
  staged_count_ = 0;
}

void Exits::flush_staged() noexcept {
  for (std::size_t i = 0; i < staged_count_; ++i) flush(stages_[staged_[i].value]);
  staged_count_ = 0;
}

Packet* Exits::copy(const Packet* packet) noexcept {
  Packet* twin = create();
  if (twin == nullptr) return nullptr;
  char* bytes = rte_pktmbuf_append(twin, static_cast<std::uint16_t>(packet->pkt_len));
  if (bytes == nullptr) {
    drop(twin, DropReason::too_big);
    return nullptr;
  }
  std::memcpy(bytes, bytes_of(packet), packet->pkt_len);
  metadata_of(twin) = metadata_of(packet);
  return twin;
}

}  // namespace kiriko
