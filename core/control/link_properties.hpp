// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a link direction is asked to do, in netem's vocabulary, and a slice's share of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"

namespace kiriko {

enum class JitterDistribution : std::uint8_t { uniform, normal, pareto, table };

/// Delay variation added to `LinkProperties::delay`; the sum never falls below zero. Deviation is the
/// half width (uniform) or the standard deviation (normal, pareto, table), as in netem.
struct Jitter {
  Duration deviation{};
  JitterDistribution distribution{JitterDistribution::uniform};
  /// For `table`: the inverse distribution, in units of the deviation, evenly spaced in probability.
  std::shared_ptr<const std::vector<float>> table{};
  friend bool operator==(const Jitter&, const Jitter&) = default;
};

/// Gilbert–Elliott as netem's `loss gemodel p r 1-h 1-k`; p = 0 turns it off. Probabilities in [0, 1].
struct GilbertElliott {
  double p{};            ///< good → bad
  double r{1.0};         ///< bad → good
  double loss_bad{1.0};  ///< 1-h
  double loss_good{};    ///< 1-k
  friend bool operator==(const GilbertElliott&, const GilbertElliott&) = default;
};

/// One direction of a link. Probabilities in [0, 1].
struct LinkProperties {
  BitsPerSecond rate{};  ///< 0 = unlimited
  Duration delay{};      ///< propagation
  Jitter jitter{};
  double loss{};  ///< independent
  GilbertElliott gemodel{};
  double reorder{};  ///< share of packets sent at once, ahead of the delayed ones
  double duplicate{};
  double corrupt{};                   ///< one bit of the packet is flipped
  Bytes limit_bytes{};                ///< of the queue; 0 = none
  std::uint32_t limit_packets{1000};  ///< of the queue; 0 = none
  std::uint32_t frame_overhead{
      24};  ///< octets a frame costs on the wire beyond its bytes: FCS 4, preamble 8, gap 12
  friend bool operator==(const LinkProperties&, const LinkProperties&) = default;
};

/// A slice's share of a link direction. Work conserving; the guarantee holds whatever the others do.
struct SliceShare {
  SliceId slice{no_slice};
  BitsPerSecond guaranteed{};  ///< served first while below it
  BitsPerSecond maximum{};     ///< 0 = the link's rate
  std::uint8_t priority{0};    ///< beyond the guarantees, a lower number is served first
  std::uint32_t weight{1};     ///< among equal priorities, deficit round robin by weight
  Bytes limit_bytes{};         ///< of the slice's queue; 0 = none
  std::uint32_t limit_packets{1000};
  friend bool operator==(const SliceShare&, const SliceShare&) = default;
};

enum class LinkDirection : std::uint8_t { forward, backward };  ///< from end a to end b, and back

}  // namespace kiriko
