// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// FlowDescription: an SDF filter's IPFilterRule as a value (TS 29.244 clause 8.2.5, TS 29.212 clause 5.4.2, RFC 6733).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/net/ipv6_address.hpp"

namespace kiriko::pfcp {

/// "any": every address.
struct AnyAddress {
  friend bool operator==(const AnyAddress&, const AnyAddress&) = default;
};
/// "assigned": the addresses of the UE.
struct AssignedAddress {
  friend bool operator==(const AssignedAddress&, const AssignedAddress&) = default;
};

struct AddressMatch {
  std::variant<AnyAddress, AssignedAddress, Ipv4Prefix, Ipv6Prefix> addresses{};
  bool inverted{};  ///< "!": all but these
  friend bool operator==(const AddressMatch&, const AddressMatch&) = default;
};

struct PortRange {
  std::uint16_t low{};
  std::uint16_t high{};
  friend bool operator==(const PortRange&, const PortRange&) = default;
};

struct FlowDescription {
  enum class Action : std::uint8_t { permit, deny };
  /// Out: towards the UE, source and destination as on the downlink; an uplink PDR with an "out" rule swaps them.
  enum class Direction : std::uint8_t { out, in };
  static constexpr std::size_t most_port_ranges = 64;

  Action action{};
  Direction direction{};
  std::optional<std::uint8_t> protocol{};  ///< none: "ip"
  AddressMatch source{};
  std::vector<PortRange> source_ports{};  ///< empty: all
  AddressMatch destination{};
  std::vector<PortRange> destination_ports{};
  friend bool operator==(const FlowDescription&, const FlowDescription&) = default;

  /// "permit out 17 from 10.0.0.0/8 1000-2000,80 to assigned 5000". Protocols by number or as ip, icmp, tcp, udp,
  /// gre, esp, ah, icmp6 or sctp. What may follow the addresses in an IPFilterRule (frag, ipoptions, …) is refused.
  static Result<FlowDescription> parse(std::string_view text);
};

/// Protocols as numbers, "ip" for all; parse() reads it back.
std::string to_string(const FlowDescription& flow);

}  // namespace kiriko::pfcp
