// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Log-linear histogram: relative error < 1/128 (0.8 %), exact merge, fixed memory.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace kiriko {

/// Counts non-negative 62-bit values (nanoseconds). Values below 256 are exact; above, each power of
/// two has 128 buckets. Memory grows with the largest value seen (8 B a bucket, at most 56 KiB).
///
/// Values are counted some at a time: which bucket one falls into, and so which memory is touched, is new for each, and one
/// after the other would be waited for.
class Histogram {
 public:
  void record(std::int64_t value, std::uint64_t times = 1) noexcept {
    if (times != 1) return add(value, times);
    waiting_[waiting_count_++] = value;
    if (waiting_count_ == waiting_.size()) count_waiting();
  }
  void merge(const Histogram& other);

  std::uint64_t count() const noexcept { return count_ + waiting_count_; }
  std::int64_t minimum() const noexcept { return settled().count_ == 0 ? 0 : minimum_; }
  std::int64_t maximum() const noexcept { return settled().maximum_; }
  double mean() const noexcept {
    return settled().count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
  }
  /// The smallest recorded bucket's upper value v with at least `fraction` of the values ≤ v; never above
  /// maximum(). `fraction` in [0, 1].
  std::int64_t quantile(double fraction) const noexcept;
  /// Values greater than `limit`, within the bucket's resolution.
  std::uint64_t count_above(std::int64_t limit) const noexcept;

  /// (upper value of the bucket, count) of each non-empty bucket, ascending.
  std::vector<std::pair<std::int64_t, std::uint64_t>> buckets() const;

  friend bool operator==(const Histogram& a, const Histogram& b);

 private:
  static constexpr std::size_t bucket_of(std::uint64_t v) noexcept {
    if (v < 256) return static_cast<std::size_t>(v);
    const auto shift = static_cast<unsigned>(std::bit_width(v)) - 8U;  // v >> shift lies in 128..255
    return 256 + static_cast<std::size_t>(shift - 1) * 128 + static_cast<std::size_t>((v >> shift) - 128);
  }
  static std::int64_t upper_value(std::size_t bucket) noexcept;
  void add(std::int64_t value, std::uint64_t times) const noexcept;
  void count_waiting() const noexcept;
  const Histogram& settled() const noexcept {
    if (waiting_count_ != 0) count_waiting();
    return *this;
  }

  // Two cache lines; all that most values touch is in one of them.
  mutable std::uint32_t waiting_count_{};
  std::array<std::int64_t, 15> waiting_{};  ///< the first `waiting_count_` are not counted yet
  mutable std::vector<std::uint64_t> counts_;
  mutable std::uint64_t count_{};
  mutable unsigned __int128 sum_{};
  mutable std::int64_t minimum_{};
  mutable std::int64_t maximum_{};
};

}  // namespace kiriko
