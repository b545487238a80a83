// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PortRoles: which ports are N3, N6 and N9, and by which of them a packet leaves.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/function/descriptor.hpp"

namespace kiriko::upf {

enum class PortRole : std::uint8_t { n3 = 0, n6 = 1, n9 = 2 };

/// From the options n3_ports, n6_ports and n9_ports; what they leave open follows from the neighbours (a gNB:
/// N3, a UPF: N9, a host: N6), then from the order (the first other port: N3 and N9, further ones: N6).
/// A single port is everything.
class PortRoles {
 public:
  static Result<PortRoles> create(const FunctionSetup& setup);

  /// A port's roles, bit by PortRole.
  std::uint8_t mask(PortId port) const noexcept {
    return port.value < masks_.size() ? masks_[port.value] : std::uint8_t{0};
  }
  static bool has(std::uint8_t mask, PortRole role) noexcept {
    return (mask >> static_cast<unsigned>(role) & 1U) != 0;
  }
  static bool has_tunnels(std::uint8_t mask) noexcept { return (mask & 0b101U) != 0; }
  bool is(PortRole role, PortId port) const noexcept { return has(mask(port), role); }
  bool is_tunnel(PortId port) const noexcept { return has_tunnels(mask(port)); }
  /// The first port of the role whose link is up; the first of all if none is.
  PortId current(PortRole role) const noexcept { return current_[static_cast<std::size_t>(role)]; }
  bool has_direct(PortRole role) const noexcept { return !direct_[static_cast<std::size_t>(role)].empty(); }
  /// The port whose neighbour has the address; none when the role has only one port.
  std::optional<PortId> direct(PortRole role, Ipv4Address address) const noexcept {
    const auto& direct = direct_[static_cast<std::size_t>(role)];
    if (direct.empty()) return std::nullopt;
    const auto it = std::lower_bound(direct.begin(), direct.end(), address,
                                     [](const Direct& d, Ipv4Address a) { return d.address < a; });
    if (it == direct.end() || it->address != address) return std::nullopt;
    return it->port;
  }
  void set_up(PortId port, bool up);

 private:
  struct Direct {
    Ipv4Address address;
    PortId port;
  };
  void choose();

  std::vector<std::uint8_t> masks_;  ///< by PortId; bit by PortRole
  std::vector<bool> up_;             ///< by PortId
  std::vector<PortId> ports_[3];     ///< by PortRole
  std::vector<Direct> direct_[3];    ///< neighbours with an address, sorted; empty when the role has one port
  PortId current_[3]{};
};

}  // namespace kiriko::upf
