// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a flow's receiver measures: delay, jitter, loss, reordering, interruption; whole run and windows.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/units.hpp"
#include "core/measure/histogram.hpp"

namespace kiriko {

/// A span of birth times that a KPI looks at: [from, to).
struct MeasureWindow {
  ModelTime from{};
  ModelTime to{ModelTime::never()};
  bool contains(ModelTime t) const noexcept { return from <= t && t < to; }
  friend bool operator==(const MeasureWindow&, const MeasureWindow&) = default;
};

/// Counts and histograms of one flow over one window. `sent` is written at the sender's end and merged in.
struct FlowTally {
  std::uint64_t sent{}, sent_bytes{};          ///< packets, octets of IP payload's application bytes
  std::uint64_t received{}, received_bytes{};  ///< first copies only
  std::uint64_t duplicates{};
  std::uint64_t reordered{};    ///< RFC 4737 type-P-reordered
  std::uint64_t late{};         ///< received after the flow's deadline (its 5QI's PDB, or as declared)
  std::uint64_t held_at_end{};  ///< still in the network when the run ended; neither received nor lost
  Histogram delay;              ///< one-way, ns
  Histogram jitter;             ///< |delay(i) - delay(i-1)|, ns (RFC 3393 with consecutive packets)
  Duration longest_gap{};       ///< longest time between two receptions (interruption)

  std::uint64_t lost() const noexcept {
    const std::uint64_t known = received + held_at_end;
    return sent > known ? sent - known : 0;
  }
  void merge(const FlowTally& other);
};

/// One second of a flow, for charts.
struct FlowSecond {
  std::uint64_t sent{}, received{}, received_bytes{};
  std::int64_t delay_sum_ns{}, delay_max_ns{};
};

}  // namespace kiriko
