// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Statistics of repeated measurements: median, extremes, spread.
#pragma once

#include <algorithm>
#include <vector>

namespace kiriko::bench {

/// Of at least one sample.
inline double median(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  const std::size_t half = samples.size() / 2;
  return samples.size() % 2 == 1 ? samples[half] : (samples[half - 1] + samples[half]) / 2;
}
inline double smallest(const std::vector<double>& samples) {
  return *std::min_element(samples.begin(), samples.end());
}
inline double largest(const std::vector<double>& samples) {
  return *std::max_element(samples.begin(), samples.end());
}
/// (largest − smallest) / median.
inline double spread(const std::vector<double>& samples) {
  const double middle = median(samples);
  return middle > 0 ? (largest(samples) - smallest(samples)) / middle : 0.0;
}

}  // namespace kiriko::bench
