// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// MergedRuns: packets of several lines, each in order of time, merged in a burst.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/link/delay_line.hpp"
#include "core/packet/burst.hpp"

namespace kiriko {

/// Fills an empty burst, with no more than it holds. Of one instant those of the earlier run come first.
class MergedRuns {
 public:
  explicit MergedRuns(Burst& burst) noexcept : burst_(burst), packets_(burst.data()) {}

  void add(const TimedPacket& entry) noexcept {
    times_[burst_.size()] = entry.at.ns;
    burst_.push(entry.packet);
  }
  void end_run() noexcept {
    const std::uint32_t end = burst_.size();
    if (end == merged_ + 1)
      insert_last();
    else if (merged_ != 0 && end != merged_ && times_[merged_ - 1] > times_[merged_])
      merge_last_run(end);
    merged_ = end;
  }

 private:
  void insert_last() noexcept {
    const std::int64_t time = times_[merged_];
    Packet* const packet = packets_[merged_];
    std::uint32_t place = merged_;
    for (; place != 0 && times_[place - 1] > time; --place) {
      times_[place] = times_[place - 1];
      packets_[place] = packets_[place - 1];
    }
    times_[place] = time;
    packets_[place] = packet;
  }
  // From its end: what is earlier than all of it stays. Which of two packets is the later is a selection by a mask: of ?: the
  // compiler makes a branch, which no predictor would guess.
  [[gnu::noinline]] void merge_last_run(std::uint32_t end) noexcept {
    std::array<std::int64_t, burst_capacity> times;
    std::array<Packet*, burst_capacity> packets;
    std::uint32_t left = end - merged_, old = merged_;
    std::copy_n(times_.data() + merged_, left, times.data());
    std::copy_n(packets_ + merged_, left, packets.data());
    for (std::uint32_t to = end; left != 0 && old != 0;) {
      const std::int64_t time = times[left - 1], old_time = times_[old - 1];
      const auto packet = reinterpret_cast<std::intptr_t>(packets[left - 1]);
      const auto old_packet = reinterpret_cast<std::intptr_t>(packets_[old - 1]);
      const auto mask = -static_cast<std::int64_t>(old_time > time);
      times_[--to] = time ^ ((time ^ old_time) & mask);
      packets_[to] = reinterpret_cast<Packet*>(packet ^ ((packet ^ old_packet) & mask));
      old += static_cast<std::uint32_t>(mask);
      left -= static_cast<std::uint32_t>(mask + 1);
    }
    std::copy_n(times.data(), left, times_.data());
    std::copy_n(packets.data(), left, packets_);
  }

  Burst& burst_;
  Packet** packets_;
  std::uint32_t merged_{0};                         ///< packets of whole runs
  std::array<std::int64_t, burst_capacity> times_;  ///< by packet; as long as the burst, not cleared
};

}  // namespace kiriko
