// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ReportQueue: reports for the SMF that wait to be taken, in a ring of fixed capacity.
#pragma once

#include <cstdint>
#include <vector>

#include "core/control/user_plane_report.hpp"

namespace kiriko::upf {

/// Filled on the data path, so that it allocates only when reports are taken. Beyond its capacity the newest are
/// counted and lost.
class ReportQueue {
 public:
  explicit ReportQueue(std::size_t capacity) : ring_(capacity) {}

  void push(const UserPlaneReport& report) noexcept {
    if (size_ == ring_.size()) {
      ++lost_;
      return;
    }
    ring_[(first_ + size_++) % ring_.size()] = report;
    ++made_;
  }
  /// All that wait, in order of their time; those given on the control side may be of the same instant as others.
  std::vector<UserPlaneReport> take() {
    std::vector<UserPlaneReport> taken;
    taken.reserve(size_);
    for (; size_ > 0; --size_) {
      taken.push_back(ring_[first_]);
      first_ = (first_ + 1) % ring_.size();
    }
    return taken;
  }
  bool empty() const noexcept { return size_ == 0; }
  ModelTime first_time() const noexcept { return ring_[first_].at; }
  std::uint64_t made() const noexcept { return made_; }
  std::uint64_t lost() const noexcept { return lost_; }

 private:
  std::vector<UserPlaneReport> ring_;
  std::size_t first_{}, size_{};
  std::uint64_t made_{}, lost_{};
};

}  // namespace kiriko::upf
