// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Sizes: a distribution of packet sizes in whole octets, with the exact moments that queueing formulas ask for.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/base/random.hpp"

namespace kiriko::test {

class Sizes {
 public:
  static Sizes fixed(std::uint32_t octets) { return uniform(octets, octets); }
  static Sizes uniform(std::uint32_t least, std::uint32_t largest) {
    std::vector<double> weights(largest + 1);
    for (std::uint32_t octets = least; octets <= largest; ++octets) weights[octets] = 1.0;
    return Sizes(std::move(weights));
  }
  /// An exponential distribution rounded up to octets; what lies above `largest` becomes `largest`.
  static Sizes exponential(double mean, std::uint32_t largest) {
    std::vector<double> weights(largest + 1);
    for (std::uint32_t octets = 1; octets < largest; ++octets)
      weights[octets] = std::exp((1.0 - octets) / mean) - std::exp(-1.0 * octets / mean);
    weights[largest] = std::exp(-(largest - 1.0) / mean);
    return Sizes(std::move(weights));
  }

  std::uint32_t draw(RandomStream& random) const {
    const auto at = std::upper_bound(up_to_.begin(), up_to_.end() - 1, random.uniform());
    return static_cast<std::uint32_t>(at - up_to_.begin());
  }
  /// E[f(size)].
  template <class Function>
  double mean_of(Function f) const {
    double sum = 0;
    for (std::size_t octets = 0; octets < probability_.size(); ++octets)
      if (probability_[octets] > 0) sum += probability_[octets] * f(static_cast<double>(octets));
    return sum;
  }
  double mean() const {
    return mean_of([](double octets) { return octets; });
  }

 private:
  explicit Sizes(std::vector<double> weights) : probability_(std::move(weights)) {
    double sum = 0;
    for (const double weight : probability_) sum += weight;
    double up_to = 0;
    for (double& p : probability_) {
      p /= sum;
      up_to_.push_back(up_to += p);
    }
  }
  std::vector<double> probability_;  ///< by octets
  std::vector<double> up_to_;
};

}  // namespace kiriko::test
