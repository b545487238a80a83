// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Merging of flow tallies.
#include "core/measure/flow_measure.hpp"

#include <algorithm>

namespace kiriko {

void FlowTally::merge(const FlowTally& other) {
  sent += other.sent;
  sent_bytes += other.sent_bytes;
  received += other.received;
  received_bytes += other.received_bytes;
  duplicates += other.duplicates;
  reordered += other.reordered;
  late += other.late;
  held_at_end += other.held_at_end;
  delay.merge(other.delay);
  jitter.merge(other.jitter);
  longest_gap = std::max(longest_gap, other.longest_gap);
}

}  // namespace kiriko
