// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PrbScheduler: divides a slot's physical resource blocks among slices by RRMPolicyRatio (TS 28.541).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/fiveg/rrm_policy.hpp"
#include "vnf/gnb/cell.hpp"

namespace kiriko {

/// One slice's part of a cell, in resource blocks a slot.
struct SlicePart {
  std::uint32_t dedicated{};  ///< kept for it even when it has nothing to send
  std::uint32_t minimum{};    ///< had when wanted, lent otherwise; dedicated included
  std::uint32_t maximum{};
  std::uint8_t priority{};  ///< 1 is served first among what remains
};

/// Percent of `resource_blocks`, rounded down so that the parts never add up to more; a maximum above 0 % is
/// at least one block.
SlicePart slice_part(const RrmPolicyRatio& ratio, std::uint32_t resource_blocks,
                     std::uint8_t priority) noexcept;

/// Pure: the same demands get the same grants. Work conserving but for dedicated and maximum ratios.
class PrbScheduler {
 public:
  PrbScheduler() = default;
  /// Minima within maxima, maxima within `resource_blocks`, and the minima together within it too.
  PrbScheduler(std::uint32_t resource_blocks, RemainderOrder order, std::vector<SlicePart> parts);

  /// One demand and one grant a part, in resource blocks; a demand may exceed the cell.
  void allocate(std::span<const std::uint32_t> demand, std::span<std::uint32_t> grant) noexcept;

 private:
  void share_by_priority(std::span<std::uint32_t> grant, std::uint32_t left) noexcept;
  void share_by_demand(std::span<std::uint32_t> grant, std::uint32_t left) noexcept;

  std::uint32_t resource_blocks_{};
  std::uint32_t dedicated_sum_{};
  RemainderOrder order_{};
  std::vector<SlicePart> parts_;
  std::vector<std::uint16_t> by_priority_;  ///< indices of parts_
  std::vector<std::uint32_t> wanted_;       ///< what each could still take in this slot
};

}  // namespace kiriko
