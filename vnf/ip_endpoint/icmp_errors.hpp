// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ICMP errors about packets that cannot be sent: when one is due, how often, and its bytes (RFC 1812, RFC 4443).
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/units.hpp"
#include "vnf/ip_endpoint/ip_address.hpp"

namespace kiriko::endpoint {

enum class IcmpError : std::uint8_t { no_route, no_neighbour, too_big };

/// RFC 1812 clause 4.3.2.8 and RFC 4443 clause 2.4(f): at most 100 a second, ten at once.
class ErrorLimit {
 public:
  bool take(ModelTime now) noexcept {
    if (now + burst < next_) return false;
    next_ = (next_ > now ? next_ : now) + interval;
    return true;
  }

 private:
  static constexpr Duration interval = milliseconds(10), burst = milliseconds(90);
  ModelTime next_{};
};

/// The source of the IP packet of `size` octets at `packet`, if an error about it may be sent to it: not about an ICMP
/// error, a later fragment or a packet to a group, not to a group. Unicast is what is_unicast() says.
bool may_complain(const std::uint8_t* packet, std::size_t size, IpAddress& source) noexcept;

/// Room for any error, from its IP header on.
inline constexpr std::size_t largest_error = 1280;

/// Writes the error about `packet` from `own` to its source, IP header first; returns its size.
std::size_t write_error(std::uint8_t* at, IcmpError error, std::uint32_t mtu, const std::uint8_t* packet,
                        std::size_t size, const IpAddress& own, const IpAddress& source) noexcept;

}  // namespace kiriko::endpoint
