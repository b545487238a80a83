// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Impairment: what a link does to a packet by chance: loss, corruption, duplication, reordering, jitter.
#pragma once

#include "core/base/random.hpp"
#include "core/control/link_properties.hpp"

namespace kiriko {

/// One direction's random streams and Gilbert–Elliott state. Each purpose draws from its own stream, so
/// that switching one impairment on does not move another's outcomes.
class Impairment {
 public:
  Impairment(std::uint64_t seed, std::string_view direction_name);

  bool loses(const LinkProperties& properties) noexcept {
    if (properties.loss > 0 && loss_.chance(properties.loss)) return true;
    return properties.gemodel.p > 0 && gilbert_elliott_loses(properties.gemodel);
  }
  bool corrupts(const LinkProperties& p) noexcept { return p.corrupt > 0 && corrupt_.chance(p.corrupt); }
  bool duplicates(const LinkProperties& p) noexcept {
    return p.duplicate > 0 && duplicate_.chance(p.duplicate);
  }
  bool reorders(const LinkProperties& p) noexcept { return p.reorder > 0 && reorder_.chance(p.reorder); }
  /// Which bit of `bits` to flip.
  std::uint64_t corrupted_bit(std::uint64_t bits) noexcept {
    return static_cast<std::uint64_t>(corrupt_.between(0, static_cast<std::int64_t>(bits) - 1));
  }
  /// Delay plus jitter, never negative.
  Duration delay(const LinkProperties& properties) noexcept {
    return properties.jitter.deviation.ns == 0 ? properties.delay : jittered(properties);
  }

 private:
  bool gilbert_elliott_loses(const GilbertElliott& model) noexcept;
  Duration jittered(const LinkProperties& properties) noexcept;

  RandomStream loss_, gemodel_, corrupt_, duplicate_, reorder_, jitter_;
  bool bad_{false};
};

/// The smallest delay that the properties can produce: the lookahead over this direction. Normal jitter is
/// cut at four standard deviations, as netem's table is.
Duration minimum_delay(const LinkProperties& properties) noexcept;

}  // namespace kiriko
