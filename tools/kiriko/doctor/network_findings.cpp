// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Network interfaces, cards, and who may open them.
#include <fmt/format.h>

#include <algorithm>

#include "tools/kiriko/doctor/findings.hpp"

namespace kiriko::doctor {
namespace {

constexpr std::size_t most_named = 6;

constexpr const char* in_namespace =
    "an ordinary user may, in a namespace of their own: scenarios/examples/namespaces.sh run bash";

/// The first few, then how many more.
template <class T, class Text>
std::string listed(const std::vector<T>& all, const Text& text) {
  std::string out;
  for (std::size_t i = 0; i < std::min(all.size(), most_named); ++i)
    out += (i == 0 ? "" : ", ") + text(all[i]);
  if (all.size() > most_named) out += fmt::format(" and {} more", all.size() - most_named);
  return out.empty() ? "none" : out;
}

Finding interfaces(const NetworkFacts& facts) {
  std::vector<InterfaceFacts> up;
  for (const InterfaceFacts& each : facts.interfaces)
    if (each.state != "down") up.push_back(each);
  Finding out{.name = "interfaces", .text = listed(up, [](const InterfaceFacts& each) {
                                      return fmt::format("{} ({}{})", each.name,
                                                         each.driver.value_or("virtual"),
                                                         each.mtu ? fmt::format(", MTU {}", *each.mtu) : "");
                                    })};
  if (const std::size_t down = facts.interfaces.size() - up.size(); down > 0)
    out.text += fmt::format("; {} more down", down);
  return out;
}

Finding cards(const NetworkFacts& facts) {
  Finding out{.name = "network cards", .text = listed(facts.cards, [](const NetworkCardFacts& each) {
                                         return fmt::format("{} ({}:{}, {})", each.address, each.vendor,
                                                            each.device, each.driver.value_or("no driver"));
                                       })};
  const bool any_bound = std::any_of(facts.cards.begin(), facts.cards.end(),
                                     [](const NetworkCardFacts& card) { return card.bound_for_dpdk(); });
  if (!facts.cards.empty() && !any_bound)
    out.text += "; none bound to vfio-pci, so there are no `pci` devices";
  return out;
}

}  // namespace

std::vector<Finding> network_findings(const NetworkFacts& facts, const Permissions& permissions) {
  std::vector<Finding> out{interfaces(facts), cards(facts)};
  const auto add = [&](const char* name, bool may, const char* yes, const char* no, std::string hint) {
    out.push_back({name, may ? Mark::good : Mark::fair, may ? yes : no, may ? "" : std::move(hint)});
  };
  add("af_packet", permissions.packet_socket, "allowed", "not allowed to this user",
      permissions.user_namespaces ? in_namespace : "as root");
  add("af_xdp", permissions.xdp_socket && permissions.xdp_program, "allowed",
      permissions.xdp_socket ? "sockets are allowed, XDP programs are not"
                             : "not allowed to this user, or not in this kernel",
      permissions.root ? "the kernel or the container refuses it: use af_packet"
                       : "as root; else use af_packet");
  add("tap", permissions.tap, "allowed", "not allowed to this user, or no /dev/net/tun",
      permissions.root ? "the container refuses it: af_packet on a veth pair does the same"
                       : "as root; af_packet on a veth pair does the same");
  add("namespaces", permissions.namespaces || permissions.user_namespaces,
      permissions.namespaces
          ? (permissions.user_namespaces ? "allowed, with or without a user namespace" : "allowed")
          : "allowed inside a user namespace (unshare -Urn)",
      "not allowed",
      permissions.root ? "the container refuses them"
                       : "as root; or as root allow them: sysctl user.max_user_namespaces=10000, and on "
                         "Ubuntu kernel.apparmor_restrict_unprivileged_userns=0");
  return out;
}

}  // namespace kiriko::doctor
