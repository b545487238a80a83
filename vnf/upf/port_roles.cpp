// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The choice of port roles from options and neighbours.
#include "vnf/upf/port_roles.hpp"

#include <array>
#include <optional>
#include <string>

namespace kiriko::upf {
namespace {

constexpr std::array<const char*, 3> option_keys{"n3_ports", "n6_ports", "n9_ports"};

std::optional<PortRole> role_by_neighbour(const FunctionSetup& setup, std::size_t port) {
  if (port >= setup.neighbours.size()) return std::nullopt;
  const NodeView& peer = setup.neighbours[port];
  if (peer.kind == NodeKind::host) return PortRole::n6;
  if (peer.kind == NodeKind::function && peer.function == "gnb") return PortRole::n3;
  if (peer.kind == NodeKind::function && peer.function == "upf") return PortRole::n9;
  return std::nullopt;
}

}  // namespace

Result<PortRoles> PortRoles::create(const FunctionSetup& setup) {
  PortRoles roles;
  const std::size_t count = setup.ports.size();
  roles.masks_.resize(count);
  roles.up_.assign(count, true);
  const auto add = [&roles](PortRole role, std::size_t port) {
    auto& list = roles.ports_[static_cast<std::size_t>(role)];
    const PortId id{static_cast<std::uint16_t>(port)};
    if (std::find(list.begin(), list.end(), id) == list.end()) list.push_back(id);
    roles.masks_[port] = static_cast<std::uint8_t>(roles.masks_[port] | 1U << static_cast<unsigned>(role));
  };

  for (std::size_t role = 0; role < option_keys.size(); ++role)
    for (const std::int64_t port : setup.options.list<std::int64_t>(option_keys[role])) {
      if (port < 0 || static_cast<std::size_t>(port) >= count)
        return fail({.message = "the UPF '" + setup.name + "' has no such port",
                     .where = option_keys[role],
                     .found = std::to_string(port),
                     .allowed = count == 0 ? "none: it has no ports" : "0 to " + std::to_string(count - 1)});
      add(static_cast<PortRole>(role), static_cast<std::size_t>(port));
    }

  if (count == 1)
    for (const auto role : {PortRole::n3, PortRole::n6, PortRole::n9}) add(role, 0);
  auto& n3 = roles.ports_[0];
  auto& n6 = roles.ports_[1];
  auto& n9 = roles.ports_[2];
  for (std::size_t port = 0; port < count; ++port)
    if (const auto role = role_by_neighbour(setup, port); role && roles.masks_[port] == 0) add(*role, port);
  for (std::size_t port = 0; port < count; ++port) {
    if (roles.masks_[port] != 0) continue;
    if (n3.empty())
      add(PortRole::n3, port);
    else
      add(PortRole::n6, port);
  }
  // A transport network reaches other UPFs as well as gNBs; a lone port on either side serves both.
  const auto fill = [&add](const std::vector<PortId>& empty, PortRole role, std::vector<PortId> from) {
    if (empty.empty())
      for (const PortId port : from) add(role, port.value);
  };
  fill(n3, PortRole::n3, n9.empty() ? n6 : n9);
  fill(n9, PortRole::n9, n3);
  fill(n6, PortRole::n6, n3);

  for (std::size_t role = 0; role < 3; ++role) {
    auto& direct = roles.direct_[role];
    if (roles.ports_[role].size() > 1)
      for (const PortId port : roles.ports_[role])
        if (port.value < setup.neighbours.size() && setup.neighbours[port.value].address)
          direct.push_back({*setup.neighbours[port.value].address, port});
    std::stable_sort(direct.begin(), direct.end(),
                     [](const Direct& a, const Direct& b) { return a.address < b.address; });
  }
  roles.choose();
  return roles;
}

void PortRoles::set_up(PortId port, bool up) {
  if (port.value < up_.size()) up_[port.value] = up;
  choose();
}

void PortRoles::choose() {
  for (std::size_t role = 0; role < 3; ++role) {
    if (ports_[role].empty()) continue;
    current_[role] = ports_[role].front();
    for (const PortId port : ports_[role])
      if (up_[port.value]) {
        current_[role] = port;
        break;
      }
  }
}

}  // namespace kiriko::upf
