// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ControlledMean: the mean of a simulated quantity and its standard error, sharpened by control variates.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace kiriko::test {

/// Waiting times in a busy queue are so correlated that a plain mean over a million packets is off by 2 %.
/// Controls are quantities seen beside it whose expectation is zero, whatever the queue does; what the mean
/// has in common with them by chance is taken out by regression over batch means (S. Lavenberg, P. Welch, "A
/// perspective on the use of control variables to increase the efficiency of Monte Carlo simulations",
/// Management Science 27, 1981).
template <std::size_t controls>
class ControlledMean {
 public:
  explicit ControlledMean(std::size_t batch_size) : batch_size_(batch_size) {}

  void add(double value, const std::array<double, controls>& control) {
    sum_[0] += value;
    for (std::size_t i = 0; i < controls; ++i) sum_[i + 1] += control[i];
    if (++in_batch_ < batch_size_) return;
    for (double& s : sum_) s /= static_cast<double>(batch_size_);
    batches_.push_back(sum_);
    sum_ = {};
    in_batch_ = 0;
  }

  struct Estimate {
    double mean, standard_error;
  };
  Estimate estimate() const {
    const auto count = static_cast<double>(batches_.size());
    Row centre{};
    for (const Row& batch : batches_)
      for (std::size_t i = 0; i <= controls; ++i) centre[i] += batch[i] / count;
    // Normal equations of value ~ controls, solved by elimination.
    std::array<Row, controls> system{};
    for (const Row& batch : batches_)
      for (std::size_t i = 0; i < controls; ++i)
        for (std::size_t j = 0; j <= controls; ++j)
          system[i][j] += (batch[i + 1] - centre[i + 1]) * (batch[j] - centre[j]);
    for (std::size_t i = 0; i < controls; ++i) {
      for (std::size_t row = 0; row < controls; ++row) {
        if (row == i || system[i][i + 1] == 0) continue;
        const double factor = system[row][i + 1] / system[i][i + 1];
        for (std::size_t j = 0; j <= controls; ++j) system[row][j] -= factor * system[i][j];
      }
    }
    Row slope{};
    for (std::size_t i = 0; i < controls; ++i)
      slope[i] = system[i][i + 1] == 0 ? 0 : system[i][0] / system[i][i + 1];
    double mean = centre[0];
    for (std::size_t i = 0; i < controls; ++i) mean -= slope[i] * centre[i + 1];
    double squares = 0;
    for (const Row& batch : batches_) {
      double residual = batch[0] - mean;
      for (std::size_t i = 0; i < controls; ++i) residual -= slope[i] * batch[i + 1];
      squares += residual * residual;
    }
    return {mean, std::sqrt(squares / (count - 1 - controls) / count)};
  }
  double plain_mean() const {
    double sum = 0;
    for (const Row& batch : batches_) sum += batch[0];
    return sum / static_cast<double>(batches_.size());
  }

 private:
  using Row = std::array<double, controls + 1>;  ///< the value, then its controls
  std::size_t batch_size_;
  std::size_t in_batch_{};
  Row sum_{};
  std::vector<Row> batches_;
};

}  // namespace kiriko::test
