// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SpareFrames: empty frames that stand ready for what a kernel descriptor may bring.
#pragma once

#include <array>

#include "core/packet/burst.hpp"

namespace kiriko {

/// A burst's worth, taken from the pool in bulk: a look that finds nothing costs no allocation.
class SpareFrames {
 public:
  explicit SpareFrames(rte_mempool* pool) : pool_(pool) {}
  SpareFrames(const SpareFrames&) = delete;
  SpareFrames& operator=(const SpareFrames&) = delete;
  ~SpareFrames() {
    for (unsigned i = missing_; i < burst_capacity; ++i) rte_pktmbuf_free(frames_[i]);
  }

  /// Replaces those that were taken; false when the pool is empty.
  bool refill() noexcept {
    if (missing_ == 0) return true;
    if (rte_pktmbuf_alloc_bulk(pool_, frames_.data(), missing_) != 0) return false;
    missing_ = 0;
    return true;
  }
  /// After refill().
  Packet* operator[](unsigned i) const noexcept { return frames_[i]; }
  /// The first `count` have gone to somebody else.
  void taken(unsigned count) noexcept { missing_ = count; }

 private:
  rte_mempool* pool_;
  std::array<Packet*, burst_capacity> frames_{};
  unsigned missing_{burst_capacity};
};

}  // namespace kiriko
