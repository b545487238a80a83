// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A first-order Gauss-Markov process in steps of a tenth of the correlation distance.
#include "core/fiveg/channel/shadowing.hpp"

#include <cmath>

namespace kiriko {
namespace {

constexpr double steps_a_correlation = 10;
/// In steps: a million kilometres at the shortest correlation distance. Beyond it nothing changes any more.
constexpr double longest_way = 2e9;

}  // namespace

Shadowing::Shadowing(std::uint64_t seed, std::uint64_t ue, std::uint64_t cell, double correlation_m) noexcept
    : draws_(seed, (cell << 32) ^ ue, stream_key("shadowing")), step_m_(correlation_m / steps_a_correlation) {
  kept_ = std::exp(-1 / steps_a_correlation);
  fresh_ = std::sqrt(1 - kept_ * kept_);
  from_ = draw();
  to_ = kept_ * from_ + fresh_ * draw();
  value_ = from_;
}

void Shadowing::advance(double travelled_m) noexcept {
  const double steps = travelled_m / step_m_;
  if (!(steps >= static_cast<double>(step_)) || steps > longest_way) return;
  while (steps >= static_cast<double>(step_ + 1)) {
    from_ = to_;
    to_ = kept_ * from_ + fresh_ * draw();
    ++step_;
  }
  const double part = steps - static_cast<double>(step_);
  value_ = from_ + part * (to_ - from_);
}

}  // namespace kiriko
