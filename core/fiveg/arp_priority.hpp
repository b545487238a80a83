// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Allocation and retention priority (TS 23.501 clause 5.7.2.2): who is admitted, and who gives way.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "core/base/result.hpp"

namespace kiriko {

/// Used at admission only; the UPF never sees it (TS 23.501 clause 5.8.2.7).
struct AllocationRetentionPriority {
  std::uint8_t priority_level{8};       ///< 1 to 15; 1 is the highest
  bool preemption_capability{false};    ///< may take the resources of lower priorities
  bool preemption_vulnerability{true};  ///< may lose its resources to higher priorities

  friend constexpr auto operator<=>(const AllocationRetentionPriority&,
                                    const AllocationRetentionPriority&) = default;

  constexpr bool may_preempt(const AllocationRetentionPriority& other) const noexcept {
    return preemption_capability && other.preemption_vulnerability && priority_level < other.priority_level;
  }

  Result<void> check() const {
    if (priority_level >= 1 && priority_level <= 15) return {};
    return fail({.message = "not an ARP priority level",
                 .found = std::to_string(priority_level),
                 .allowed = "1 (highest) to 15"});
  }
};

}  // namespace kiriko
