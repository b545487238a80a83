// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RRMPolicyRatio of TS 28.541: a slice's dedicated, guaranteed and maximum share of a cell.
#pragma once

#include <compare>
#include <cstdint>
#include <span>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace kiriko {

/// In percent of the cell's resource blocks.
struct RrmPolicyRatio {
  SliceId slice{no_slice};
  std::uint8_t dedicated{0};  ///< rRMPolicyDedicatedRatio: never lent to other slices
  std::uint8_t minimum{0};  ///< rRMPolicyMinRatio: had whenever wanted, lent while unused; dedicated included
  std::uint8_t maximum{100};  ///< rRMPolicyMaxRatio

  friend constexpr auto operator<=>(const RrmPolicyRatio&, const RrmPolicyRatio&) = default;

  /// dedicated <= minimum <= maximum <= 100.
  Result<void> check() const;
};

/// The policies of one cell: each by itself, no slice twice, the minima together at most 100.
/// The problem's `where` counts policies from 1.
Result<void> check(std::span<const RrmPolicyRatio> policies);

}  // namespace kiriko
