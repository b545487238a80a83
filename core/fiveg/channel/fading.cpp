// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Draws of fading and of blocked times.
#include "core/fiveg/channel/fading.hpp"

#include <cmath>
#include <limits>

namespace kiriko {

FastFading::FastFading(std::uint64_t seed, std::uint64_t ue, std::uint64_t cell, int diversity,
                       double k_db) noexcept
    : draws_(seed ^ stream_key("fading"), ue, cell), diversity_(diversity), k_(std::pow(10, k_db / 10)) {}

double FastFading::next_db(bool line_of_sight) noexcept {
  const double k = line_of_sight ? k_ : 0;
  const double direct = std::sqrt(k / (k + 1)), scattered = std::sqrt(0.5 / (k + 1));
  double power = 0;
  for (int i = 0; i < diversity_; ++i) {
    const double in_phase = direct + scattered * draws_.normal(), quadrature = scattered * draws_.normal();
    power += in_phase * in_phase + quadrature * quadrature;
  }
  return 10 * std::log10(power / diversity_);
}

Blockage::Blockage(std::uint64_t seed, std::uint64_t ue, std::uint64_t cell, double share,
                   double mean_s) noexcept
    : draws_(seed ^ stream_key("blockage"), ue, cell), mean_blocked_s_(mean_s) {
  if (share <= 0) {
    until_s_ = std::numeric_limits<double>::infinity();
    return;
  }
  mean_free_s_ = mean_s * (1 - share) / share;
  blocked_ = draws_.chance(share);
  until_s_ = draws_.exponential(blocked_ ? mean_blocked_s_ : mean_free_s_);
}

bool Blockage::blocked(double now_s) noexcept {
  while (now_s >= until_s_) {
    blocked_ = !blocked_;
    until_s_ += draws_.exponential(blocked_ ? mean_blocked_s_ : mean_free_s_);
  }
  return blocked_;
}

}  // namespace kiriko
