// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The probe header in front of a UDP payload: flow, sequence and birth, for packets that cross a real device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/net/big_endian.hpp"

namespace kiriko {

struct ProbeHeader {
  Be32 magic;
  Be32 flow;
  Be64 sequence;
  Be64 birth_ns;

  static constexpr std::uint32_t magic_value = 0x4b52504bU;

  /// nullptr when the payload is too short or no probe.
  static const ProbeHeader* view(const std::uint8_t* data, std::size_t available) noexcept {
    if (available < sizeof(ProbeHeader)) return nullptr;
    const auto* probe = reinterpret_cast<const ProbeHeader*>(data);
    return probe->magic == magic_value ? probe : nullptr;
  }
};
inline constexpr std::size_t probe_header_size = sizeof(ProbeHeader);
static_assert(probe_header_size == 24 && alignof(ProbeHeader) == 1);

inline void write_probe(std::uint8_t* at, FlowId flow, std::uint64_t sequence, ModelTime birth) noexcept {
  const ProbeHeader probe{ProbeHeader::magic_value, flow.value, sequence,
                          static_cast<std::uint64_t>(birth.ns)};
  std::memcpy(at, &probe, sizeof probe);
}

/// Bits of PacketMetadata::application that hosts set; application_word is then the unit's number (UDP), or a
/// segment's or acknowledgment's byte number (TCP).
namespace application_mark {
inline constexpr std::uint8_t unit_end = 0x01;  ///< last packet of a frame, file or message
inline constexpr std::uint8_t tcp_segment = 0x02;
inline constexpr std::uint8_t tcp_acknowledgment = 0x04;  ///< travels against the flow's direction
inline constexpr std::uint8_t tcp_retransmission = 0x08;
}  // namespace application_mark

}  // namespace kiriko
