// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The conservation ledger of one node: in + created = out + consumed + dropped + held, to the packet.
#pragma once

#include <array>
#include <cstdint>

#include "core/packet/drop_reason.hpp"

namespace kiriko {

/// Written by the one worker that runs the node; read at step boundaries.
struct Ledger {
  std::uint64_t in{};        ///< packets that entered by a port
  std::uint64_t created{};   ///< packets born here: sources, replies, duplicates, device receive
  std::uint64_t out{};       ///< packets handed to a link
  std::uint64_t consumed{};  ///< packets delivered here: sinks, answered requests, device transmit
  std::array<std::uint64_t, drop_reason_count> dropped{};

  std::uint64_t dropped_total() const noexcept {
    std::uint64_t sum = 0;
    for (const auto d : dropped) sum += d;
    return sum;
  }
  /// Packets that must be inside the node now; negative means that it invented some.
  std::int64_t expected_held() const noexcept {
    return static_cast<std::int64_t>(in + created) -
           static_cast<std::int64_t>(out + consumed + dropped_total());
  }
  Ledger& operator+=(const Ledger& other) noexcept {
    in += other.in;
    created += other.created;
    out += other.out;
    consumed += other.consumed;
    for (std::size_t i = 0; i < drop_reason_count; ++i) dropped[i] += other.dropped[i];
    return *this;
  }
};

}  // namespace kiriko
