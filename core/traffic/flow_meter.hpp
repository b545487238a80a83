// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What both ends of a flow write down: packets sent, and delay, jitter and order of those received.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/traffic/flow.hpp"

namespace kiriko {

/// Tells first copies from duplicates among the last 4096 sequence numbers. An older number counts as a first
/// copy: links with much jitter bring such packets, while a duplicate follows its twin closely.
class SequenceWindow {
 public:
  static constexpr std::uint64_t size = 4096;
  enum class Verdict : std::uint8_t { in_order, reordered, duplicate };

  /// `reordered` is RFC 4737's type-P-reordered: lower than a number seen before.
  Verdict take(std::uint64_t sequence) noexcept {
    if (sequence >= next_) {
      if (sequence - next_ >= size)
        seen_.fill(0);
      else
        for (std::uint64_t skipped = next_; skipped < sequence; ++skipped) word(skipped) &= ~bit(skipped);
      word(sequence) |= bit(sequence);
      next_ = sequence + 1;
      return Verdict::in_order;
    }
    if (next_ - sequence > size) return Verdict::reordered;
    if ((word(sequence) & bit(sequence)) != 0) return Verdict::duplicate;
    word(sequence) |= bit(sequence);
    return Verdict::reordered;
  }

 private:
  std::uint64_t& word(std::uint64_t sequence) noexcept { return seen_[(sequence % size) / 64]; }
  static constexpr std::uint64_t bit(std::uint64_t sequence) noexcept {
    return std::uint64_t{1} << (sequence % 64);
  }

  std::uint64_t next_{};
  std::array<std::uint64_t, size / 64> seen_{};
};

/// The source's end: `sent` and `sent_bytes` of each window, by the packet's birth.
class SentMeter {
 public:
  explicit SentMeter(const FlowSpec& spec);
  void sent(ModelTime birth, std::uint32_t payload_bytes) noexcept;
  /// What sent() counted could not be made.
  void unmade(ModelTime birth) noexcept;
  const FlowEndMeasure& measure() const noexcept { return measure_; }

 private:
  std::vector<MeasureWindow> windows_;
  FlowEndMeasure measure_;
};

/// The destination's end. A packet belongs to the windows that hold its birth, and to its reception's second.
class ReceivedMeter {
 public:
  struct Arrival {
    std::uint64_t sequence{};
    ModelTime birth{};
    ModelTime time{};
    std::uint32_t payload_bytes{};
    bool reordered{};
  };

  explicit ReceivedMeter(const FlowSpec& spec);
  /// A first copy.
  void received(const Arrival& arrival) noexcept;
  void duplicate(ModelTime birth) noexcept;
  const FlowEndMeasure& measure() const noexcept { return measure_; }

 private:
  std::vector<MeasureWindow> windows_;
  std::optional<Duration> deadline_;
  std::uint64_t previous_sequence_{0};
  std::int64_t previous_delay_{-1};  ///< ns; negative before the first reception
  FlowEndMeasure measure_;
};

}  // namespace kiriko
