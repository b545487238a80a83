// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// HopShape: what the emulated hop and its loop by hand have in common.
#pragma once

#include "bench/prepared_frames.hpp"
#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/packet/packet_pool.hpp"

namespace kiriko::bench {

/// Source ─► slices, rate, `first_delay` ± `jitter` ─► function ─► rate, `second_delay` ─► sink, at 10 million
/// packets a second of model time; the delays make how many are on their way.
struct HopShape {
  static constexpr Duration packet_spacing = nanoseconds(100);
  static constexpr std::uint32_t source_burst = 32;
  static constexpr BitsPerSecond rate{100'000'000'000};
  static constexpr std::uint16_t payload = 36;
  static constexpr std::uint16_t data_room = 256;  ///< headroom included: an odd number of cache lines in all

  Duration first_delay = microseconds(300), second_delay = microseconds(100), jitter{};
  std::uint16_t slices{};  ///< 0: one FIFO; else by turns
  std::uint32_t pool_packets = 16'383;
};

/// The cases that are measured both ways.
struct HopCase {
  const char* name;
  const char* sentence;
  double target;  ///< of the loop's rate
  HopShape shape;
};
inline constexpr HopShape shape_of(Duration first, Duration jitter, std::uint32_t packets) {
  return {.first_delay = first, .jitter = jitter, .slices = 2, .pool_packets = packets};
}
inline constexpr std::array hop_cases{
    HopCase{"7k", "7,000 packets on their way", 0.8, shape_of(microseconds(600), {}, 16'383)},
    HopCase{"60k", "60,000 packets on their way", 0.7, shape_of(microseconds(5'900), {}, 131'071)},
    HopCase{"240k", "240,000 packets on their way", 0.7, shape_of(microseconds(23'900), {}, 393'215)},
    HopCase{"60k_jitter", "60,000 packets, delay uniform by a tenth about its mean", 0.7,
            shape_of(microseconds(5'900), microseconds(590), 131'071)},
    HopCase{"240k_jitter", "240,000 packets, delay uniform by a tenth about its mean", 0.7,
            shape_of(microseconds(23'900), microseconds(2'390), 393'215)}};

/// A burst from the pool as a driver's receive gives it, spaced from `now` on; false when the pool is empty.
inline bool make_burst(rte_mempool* pool, PreparedFrames& frames, const HopShape& shape, ModelTime now,
                       std::uint64_t& sequence, Packet** packets) noexcept {
  if (rte_pktmbuf_alloc_bulk(pool, packets, HopShape::source_burst) != 0) return false;
  // A packet's memory was last used thousands of packets ago.
  for (std::uint32_t i = 0; i < HopShape::source_burst; ++i) {
    __builtin_prefetch(packets[i], 1);
    __builtin_prefetch(rte_mbuf_to_priv(packets[i]), 1);
  }
  for (std::uint32_t i = 0; i < HopShape::source_burst; ++i) {
    __builtin_prefetch(bytes_of(packets[i]), 1);
    __builtin_prefetch(bytes_of(packets[i]) + RTE_CACHE_LINE_SIZE, 1);
  }
  for (std::uint32_t i = 0; i < HopShape::source_burst; ++i) {
    PacketMetadata& metadata = metadata_of(packets[i]);
    metadata = PacketMetadata{};
    metadata.time = metadata.birth = now;
    metadata.sequence = sequence++;
    if (shape.slices != 0) metadata.slice = SliceId{static_cast<std::uint16_t>(i % shape.slices)};
    now += HopShape::packet_spacing;
    frames.write(packets[i]);
  }
  return true;
}

}  // namespace kiriko::bench
