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
  // What every packet touches lies together.
  std::uint64_t sent{}, sent_bytes{};  ///< packets, octets of IP payload's application bytes
  ModelTime first_sent{ModelTime::never()}, last_sent{};  ///< births
  std::uint64_t received{}, received_bytes{};             ///< first copies only
  ModelTime last_received{};                              ///< when the last one came
  Duration longest_gap{};                        ///< longest time between two receptions (interruption)
  ModelTime first_received{ModelTime::never()};  ///< birth of the one received that was sent first
  std::uint64_t reordered{};                     ///< RFC 4737 type-P-reordered
  std::uint64_t late{};  ///< received after the flow's deadline (its 5QI's PDB, or as declared)
  std::uint64_t duplicates{};
  std::uint64_t held_at_end{};  ///< still in the network when the run ended; neither received nor lost
  std::uint64_t unmade{};       ///< of `sent`: no packet buffer was left for them
  Histogram delay;              ///< one-way, ns
  Histogram jitter;             ///< |delay(i) - delay(i-1)|, ns (RFC 3393 with consecutive packets)

  std::uint64_t lost() const noexcept {
    const std::uint64_t known = received + held_at_end;
    return sent > known ? sent - known : 0;
  }
  void merge(const FlowTally& other);
  /// Once both ends of a flow are merged: an outage in which the flow begins, or that has not ended, is a gap too. What was
  /// sent up to the first packet that came, or after the last one had come, did not come.
  void close_gaps() noexcept;
};

/// One second of a flow, for charts.
struct FlowSecond {
  std::uint64_t sent{}, received{}, received_bytes{};
  std::int64_t delay_sum_ns{}, delay_max_ns{};
};

}  // namespace kiriko
