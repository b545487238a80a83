// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Shadowing: a normal random process along a UE's way, correlated over distance (TR 38.901 clause 7.4.4).
#pragma once

#include <cstdint>

#include "core/base/random.hpp"

namespace kiriko {

/// Standard normal, with autocorrelation exp(-Δx / d_cor) from one step of the way to the next. The way is cut into steps of a
/// fixed length, each with a draw of its own, so that the value at a place of the way depends on nothing but seed, UE and cell:
/// not on how often it is asked for.
class Shadowing {
 public:
  Shadowing() = default;
  /// \param correlation_m d_cor, positive
  Shadowing(std::uint64_t seed, std::uint64_t ue, std::uint64_t cell, double correlation_m) noexcept;

  /// Goes on to `travelled_m` from the start of the way; a smaller one than before stays where it is. Costs a draw a tenth of the
  /// correlation distance.
  void advance(double travelled_m) noexcept;
  /// Between two steps the values are joined by a straight line.
  double value() const noexcept { return value_; }

 private:
  double draw() noexcept { return draws_.normal(); }

  RandomStream draws_;
  double step_m_{1};
  double kept_{}, fresh_{};  ///< weights of the value before and of the new draw
  double from_{}, to_{};     ///< values at the ends of the present step
  std::uint64_t step_{};     ///< index of the present step
  double value_{};
};

}  // namespace kiriko
