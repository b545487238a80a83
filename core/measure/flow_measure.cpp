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
  unmade += other.unmade;
  longest_gap = std::max(longest_gap, other.longest_gap);
  first_sent = std::min(first_sent, other.first_sent);
  last_sent = std::max(last_sent, other.last_sent);
  first_received = std::min(first_received, other.first_received);
  last_received = std::max(last_received, other.last_received);
}

void FlowTally::close_gaps() noexcept {
  if (sent == 0) return;
  if (received == 0) {
    longest_gap = std::max(longest_gap, last_sent - first_sent);
    return;
  }
  longest_gap = std::max({longest_gap, first_received - first_sent, last_sent - last_received});
}

}  // namespace kiriko
