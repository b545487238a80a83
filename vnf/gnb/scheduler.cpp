// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Dedicated first, then minima, then the remainder up to the maxima.
#include "vnf/gnb/scheduler.hpp"

#include <algorithm>
#include <numeric>

namespace kiriko {

SlicePart slice_part(const RrmPolicyRatio& ratio, std::uint32_t resource_blocks,
                     std::uint8_t priority) noexcept {
  const auto percent = [&](std::uint8_t p) { return resource_blocks * p / 100U; };
  return {.dedicated = percent(ratio.dedicated),
          .minimum = percent(ratio.minimum),
          .maximum = ratio.maximum == 0 ? 0U : std::max(1U, percent(ratio.maximum)),
          .priority = priority};
}

PrbScheduler::PrbScheduler(std::uint32_t resource_blocks, RemainderOrder order, std::vector<SlicePart> parts)
    : resource_blocks_(resource_blocks),
      order_(order),
      parts_(std::move(parts)),
      by_priority_(parts_.size()),
      wanted_(parts_.size()) {
  for (const SlicePart& part : parts_) dedicated_sum_ += part.dedicated;
  std::iota(by_priority_.begin(), by_priority_.end(), std::uint16_t{0});
  std::stable_sort(by_priority_.begin(), by_priority_.end(),
                   [&](std::uint16_t a, std::uint16_t b) { return parts_[a].priority < parts_[b].priority; });
}

void PrbScheduler::allocate(std::span<const std::uint32_t> demand, std::span<std::uint32_t> grant) noexcept {
  std::uint32_t left = resource_blocks_ - dedicated_sum_;
  std::uint32_t wanted_sum = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const SlicePart& part = parts_[i];
    const std::uint32_t guaranteed = std::min(demand[i], part.minimum);
    if (guaranteed > part.dedicated) left -= guaranteed - part.dedicated;
    grant[i] = guaranteed;
    wanted_[i] = std::min(demand[i], part.maximum) - guaranteed;
    wanted_sum += wanted_[i];
  }
  if (wanted_sum == 0 || left == 0) return;
  if (wanted_sum <= left) {
    for (std::size_t i = 0; i < parts_.size(); ++i) grant[i] += wanted_[i];
  } else if (order_ == RemainderOrder::priority) {
    share_by_priority(grant, left);
  } else {
    share_by_demand(grant, left);
  }
}

/// Equal priorities share equally; what one does not want goes to the others.
void PrbScheduler::share_by_priority(std::span<std::uint32_t> grant, std::uint32_t left) noexcept {
  for (std::size_t first = 0; first < by_priority_.size() && left > 0;) {
    std::size_t last = first;
    while (last < by_priority_.size() &&
           parts_[by_priority_[last]].priority == parts_[by_priority_[first]].priority)
      ++last;
    for (;;) {
      std::uint32_t wanting = 0;
      for (std::size_t i = first; i < last; ++i) wanting += wanted_[by_priority_[i]] > 0 ? 1U : 0U;
      if (wanting == 0 || left == 0) break;
      const std::uint32_t each = std::max(1U, left / wanting);
      for (std::size_t i = first; i < last && left > 0; ++i) {
        const std::uint16_t part = by_priority_[i];
        const std::uint32_t blocks = std::min({wanted_[part], each, left});
        grant[part] += blocks;
        wanted_[part] -= blocks;
        left -= blocks;
      }
    }
    first = last;
  }
}

/// In proportion to what each still wants, rounded down; the last blocks go by priority.
void PrbScheduler::share_by_demand(std::span<std::uint32_t> grant, std::uint32_t left) noexcept {
  std::uint64_t wanted_sum = 0;
  for (const std::uint32_t wanted : wanted_) wanted_sum += wanted;
  const std::uint64_t pot = left;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto blocks = static_cast<std::uint32_t>(pot * wanted_[i] / wanted_sum);
    grant[i] += blocks;
    wanted_[i] -= blocks;
    left -= blocks;
  }
  share_by_priority(grant, left);
}

}  // namespace kiriko
