// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Merging and reading of histograms.
#include "core/measure/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace kiriko {

std::int64_t Histogram::upper_value(std::size_t bucket) noexcept {
  if (bucket < 256) return static_cast<std::int64_t>(bucket);
  const std::size_t shift = (bucket - 256) / 128 + 1;
  const std::uint64_t top = (bucket - 256) % 128 + 128;
  return static_cast<std::int64_t>(((top + 1) << shift) - 1);
}

void Histogram::add(std::int64_t value, std::uint64_t times) const noexcept {
  value = std::max<std::int64_t>(value, 0);
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value));
  if (bucket >= counts_.size()) counts_.resize(bucket + 128);
  counts_[bucket] += times;
  minimum_ = count_ == 0 ? value : std::min(minimum_, value);
  maximum_ = std::max(maximum_, value);
  count_ += times;
  sum_ += static_cast<unsigned __int128>(value) * times;
}

// In two passes, so that all buckets are on their way before one is needed.
void Histogram::count_waiting() const noexcept {
  if (waiting_count_ == 0) return;
  std::array<std::size_t, std::tuple_size_v<decltype(waiting_)>> buckets;
  std::int64_t least = waiting_[0], most = waiting_[0];
  unsigned __int128 sum = 0;
  for (std::uint32_t i = 0; i < waiting_count_; ++i) {
    const std::int64_t value = std::max<std::int64_t>(waiting_[i], 0);
    buckets[i] = bucket_of(static_cast<std::uint64_t>(value));
    least = std::min(least, value);
    most = std::max(most, value);
    sum += static_cast<std::uint64_t>(value);
  }
  least = std::max<std::int64_t>(least, 0);
  most = std::max<std::int64_t>(most, 0);
  if (const std::size_t last = bucket_of(static_cast<std::uint64_t>(most)); last >= counts_.size())
    counts_.resize(last + 128);
  std::uint64_t* const counts = counts_.data();
  for (std::uint32_t i = 0; i < waiting_count_; ++i) ++counts[buckets[i]];
  minimum_ = count_ == 0 ? least : std::min(minimum_, least);
  maximum_ = std::max(maximum_, most);
  sum_ += sum;
  count_ += std::exchange(waiting_count_, 0U);
}

void Histogram::merge(const Histogram& other) {
  if (other.settled().count_ == 0) return;
  count_waiting();
  if (counts_.size() < other.counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  minimum_ = count_ == 0 ? other.minimum_ : std::min(minimum_, other.minimum_);
  maximum_ = std::max(maximum_, other.maximum_);
  count_ += other.count_;
  sum_ += other.sum_;
}

std::int64_t Histogram::quantile(double fraction) const noexcept {
  if (settled().count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(count_)));
  const std::uint64_t wanted = std::clamp<std::uint64_t>(rank, 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted) return std::clamp(upper_value(i), minimum_, maximum_);
  }
  return maximum_;
}

std::uint64_t Histogram::count_above(std::int64_t limit) const noexcept {
  if (limit < 0) return count();
  count_waiting();
  std::uint64_t above = 0;
  for (std::size_t i = bucket_of(static_cast<std::uint64_t>(limit)) + 1; i < counts_.size(); ++i)
    above += counts_[i];
  return above;
}

std::vector<std::pair<std::int64_t, std::uint64_t>> Histogram::buckets() const {
  count_waiting();
  std::vector<std::pair<std::int64_t, std::uint64_t>> out;
  for (std::size_t i = 0; i < counts_.size(); ++i)
    if (counts_[i] != 0) out.emplace_back(upper_value(i), counts_[i]);
  return out;
}

bool operator==(const Histogram& a, const Histogram& b) {
  return a.count() == b.count() && a.buckets() == b.buckets();
}

}  // namespace kiriko
