// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Copying of packets at a function's exits.
#include "core/function/exits.hpp"

#include <rte_prefetch.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace kiriko {
namespace {

/// What transmit() touches of a link's end, in cache lines; where there are many ports, none of it is at hand.
constexpr std::size_t output_lines = 4;
constexpr std::size_t outputs_ahead = 3;

void prefetch(const PortOutput* output) noexcept {
  const auto* at = reinterpret_cast<const std::byte*>(output);
  for (std::size_t line = 0; line < output_lines; ++line) rte_prefetch0(at + line * RTE_CACHE_LINE_SIZE);
}

}  // namespace

void Exits::flush_staged() noexcept {
  const std::size_t count = staged_ports_.size();
  for (std::size_t i = 1; i < std::min(count, outputs_ahead); ++i) prefetch(ports_[staged_ports_[i].value]);
  for (std::size_t i = 0; i < count; ++i) {
    if (i + outputs_ahead < count) prefetch(ports_[staged_ports_[i + outputs_ahead].value]);
    listed_[staged_ports_[i].value] = 0;
    flush(staged_ports_[i]);
  }
  staged_ports_.clear();
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
