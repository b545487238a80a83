// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The options of the closed-loop source "tcp", read once for both of its ends.
#pragma once

#include <cstdint>
#include <limits>

#include "core/traffic/flow.hpp"
#include "core/traffic/traffic_model.hpp"

namespace kiriko {

extern const TrafficModelDescriptor tcp_model;

struct TcpOptions {
  std::int64_t total{};  ///< octets to send; the largest number when endless
  std::int64_t mss{};
  std::int64_t initial_window{};  ///< octets
  std::int64_t receive_window{};  ///< octets, at least two segments
  Duration minimum_rto{};

  explicit TcpOptions(const OptionValues& values);

  std::int64_t segment_size(std::int64_t offset) const noexcept {
    return total - offset < mss ? total - offset : mss;
  }
  /// Segments of a full receive window, rounded up to a power of two.
  std::size_t window_segments() const noexcept;
};

}  // namespace kiriko
