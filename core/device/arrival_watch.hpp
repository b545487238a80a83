// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ArrivalWatch: how long what is taken from a receive queue may have lain there before it was stamped.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/base/units.hpp"
#include "core/measure/histogram.hpp"
#include "core/packet/burst.hpp"

namespace kiriko {

/// A device tells nothing of when a frame came, so each counts with the most that it can have waited: since the queue was last
/// found empty, since the loop was last sure to be woken, or since as many full bursts ago as the queue has room for.
class ArrivalWatch {
 public:
  /// A poll that ended `now` took `count` frames, burst_capacity being all that one poll takes.
  /// \param attended until when a frame would have ended the loop's rest; no later than `now`
  void polled(ModelTime now, std::uint32_t count, ModelTime attended) noexcept {
    if (count != 0) unseen_.record((now - std::max({emptied_, attended, polls_[oldest_]})).ns, count);
    if (count < burst_capacity) emptied_ = now;
    polls_[oldest_] = now;
    oldest_ = (oldest_ + 1) % polls_.size();
  }
  /// Nanoseconds, one entry a frame.
  const Histogram& unseen() const noexcept { return unseen_; }

 private:
  static constexpr std::size_t deepest_queue =
      4096;  ///< frames; of the devices here 1024, of NICs up to this

  std::array<ModelTime, deepest_queue / burst_capacity> polls_{};
  std::size_t oldest_{};
  ModelTime emptied_{};
  Histogram unseen_;
};

}  // namespace kiriko
