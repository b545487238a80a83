// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Shortest paths from every switch to every destination (Dijkstra from the destination), and table differences.
#include "controller/apps/routing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <queue>
#include <utility>

namespace kiriko {
namespace {

constexpr std::int64_t unreachable = std::numeric_limits<std::int64_t>::max();

bool is_switch(const NodeView& node) { return node.kind == NodeKind::function && node.function == "switch"; }

/// Functions that pass packets on between two transport ports; hosts, UEs, gNBs and UPFs do not transit.
bool forwards(const NodeView& node) {
  return node.running &&
         (is_switch(node) || (node.kind == NodeKind::function &&
                              (node.function == "firewall" || node.function == "rate_limiter")));
}

/// Where a destination hangs in the transport network: one of its ports, or any.
struct Attachment {
  NodeId node{};
  std::optional<std::size_t> port{};
  friend auto operator<=>(const Attachment&, const Attachment&) = default;
};

/// The ports of each node id's switch on shortest paths to one attachment.
using NextHops = std::map<NodeId, std::vector<PortId>>;

class ShortestPaths {
 public:
  explicit ShortestPaths(const NetworkView& view) : view_(view) {}

  const NextHops& to(const Attachment& attachment) {
    const auto found = known_.find(attachment);
    return found != known_.end() ? found->second
                                 : known_.emplace(attachment, compute(attachment)).first->second;
  }

 private:
  /// The link of a port if routes may use it.
  const LinkView* usable(const PortView& port) const {
    if (port.radio || port.peer.value >= view_.nodes.size() || port.link.value >= view_.links.size())
      return nullptr;
    const LinkView& link = view_.links[port.link.value];
    return link.up ? &link : nullptr;
  }

  /// Cost of the link of `node`'s `port`, out of the node.
  static std::int64_t cost_out(const LinkView& link, NodeId node, std::size_t port) {
    const bool forward = link.a == node && link.a_port.value == port;
    return (forward ? link.forward : link.backward).properties.delay.ns + routing_hop_cost.ns;
  }

  NextHops compute(const Attachment& destination) const {
    std::vector<std::int64_t> distance(view_.nodes.size(), unreachable);
    // By (distance, node id): equal distances settle in a fixed order.
    using Candidate = std::pair<std::int64_t, std::uint32_t>;
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> open;
    if (view_.nodes[destination.node.value].running) {
      distance[destination.node.value] = 0;
      open.emplace(0, destination.node.value);
    }
    while (!open.empty()) {
      const auto [reached, id] = open.top();
      open.pop();
      if (reached != distance[id]) continue;
      const NodeView& node = view_.nodes[id];
      for (std::size_t p = 0; p < node.ports.size(); ++p) {
        if (node.id == destination.node && destination.port && *destination.port != p) continue;
        const PortView& port = node.ports[p];
        const LinkView* link = usable(port);
        if (link == nullptr || !forwards(view_.nodes[port.peer.value])) continue;
        const std::int64_t through = reached + cost_out(*link, port.peer, port.peer_port.value);
        if (through >= distance[port.peer.value]) continue;
        distance[port.peer.value] = through;
        open.emplace(through, port.peer.value);
      }
    }
    return next_hops(destination, distance);
  }

  NextHops next_hops(const Attachment& destination, const std::vector<std::int64_t>& distance) const {
    NextHops hops;
    for (const NodeView& node : view_.nodes) {
      if (!is_switch(node) || distance[node.id.value] == unreachable) continue;
      std::vector<PortId> ports;
      for (std::size_t p = 0; p < node.ports.size(); ++p) {
        const PortView& port = node.ports[p];
        const LinkView* link = usable(port);
        if (link == nullptr || distance[port.peer.value] == unreachable) continue;
        if (port.peer == destination.node && destination.port && *destination.port != port.peer_port.value)
          continue;
        if (distance[port.peer.value] + cost_out(*link, node.id, p) == distance[node.id.value])
          ports.emplace_back(static_cast<std::uint16_t>(p));
      }
      if (!ports.empty()) hops.emplace(node.id, std::move(ports));
    }
    return hops;
  }

  const NetworkView& view_;
  std::map<Attachment, NextHops> known_;
};

bool is_upf(const NodeView& node) { return node.kind == NodeKind::function && node.function == "upf"; }

/// Downlink traffic enters a UPF by N6 (port 1) where that is connected, else by its only port.
Attachment n6_of(const NodeView& upf) {
  const bool has_n6 = upf.ports.size() > 1 && upf.ports[1].peer != no_node;
  return {upf.id, has_n6 ? 1U : 0U};
}

/// Destinations of UE addresses: prefixes to the UPF that anchors most of their sessions, host routes for the rest.
std::map<Ipv4Prefix, Attachment> ue_destinations(const NetworkView& view, const SessionAnchors& anchors) {
  std::map<Ipv4Prefix, std::map<NodeId, std::size_t>> sessions_at;  // prefix → UPF → sessions
  for (const NodeView& node : view.nodes)
    if (is_upf(node) && node.serves) {
      auto& at = sessions_at[node.serves->network()];
      if (node.running) at[node.id];
    }

  const auto prefix_of = [&](Ipv4Address address) {
    const Ipv4Prefix* longest = nullptr;
    for (const auto& [prefix, at] : sessions_at)
      if (prefix.contains(address) && (longest == nullptr || prefix.length > longest->length))
        longest = &prefix;
    return longest;
  };
  const auto anchor_of = [&](std::size_t i) -> const NodeView* {
    const NodeId anchor = i < anchors.size() ? anchors[i] : view.sessions[i].upf;
    if (anchor.value >= view.nodes.size() || !view.nodes[anchor.value].running) return nullptr;
    return &view.nodes[anchor.value];
  };
  for (std::size_t i = 0; i < view.sessions.size(); ++i) {
    const NodeView* anchor = anchor_of(i);
    const Ipv4Prefix* prefix = prefix_of(view.sessions[i].ue_address);
    if (anchor != nullptr && prefix != nullptr) ++sessions_at[*prefix][anchor->id];
  }

  std::map<Ipv4Prefix, Attachment> destinations;
  std::map<Ipv4Prefix, NodeId> owners;
  for (const auto& [prefix, at] : sessions_at) {
    const auto most = std::max_element(at.begin(), at.end(),
                                       [](const auto& x, const auto& y) { return x.second < y.second; });
    if (most == at.end()) continue;
    owners.emplace(prefix, most->first);
    destinations.emplace(prefix, n6_of(view.nodes[most->first.value]));
  }
  for (std::size_t i = 0; i < view.sessions.size(); ++i) {
    const NodeView* anchor = anchor_of(i);
    if (anchor == nullptr) continue;
    const Ipv4Prefix* prefix = prefix_of(view.sessions[i].ue_address);
    if (prefix == nullptr || owners.at(*prefix) != anchor->id)
      destinations.emplace(Ipv4Prefix{view.sessions[i].ue_address, 32}, n6_of(*anchor));
  }
  return destinations;
}

std::string name_list(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > shown ? text + fmt::format(" and {} more", names.size() - shown) : text;
}

}  // namespace

bool is_reachable(const NetworkView& view, NodeId from, NodeId to) {
  std::vector<bool> seen(view.nodes.size());
  std::vector<NodeId> open{from};
  seen[from.value] = true;
  while (!open.empty()) {
    const NodeView& node = view.nodes[open.back().value];
    open.pop_back();
    for (const PortView& port : node.ports) {
      if (port.radio || port.peer.value >= view.nodes.size() || seen[port.peer.value] ||
          port.link.value >= view.links.size() || !view.links[port.link.value].up)
        continue;
      if (port.peer == to) return true;
      seen[port.peer.value] = true;
      if (forwards(view.nodes[port.peer.value])) open.push_back(port.peer);
    }
  }
  return from == to;
}

ForwardingTables compute_routes(const NetworkView& view, const SessionAnchors& anchors) {
  std::map<Ipv4Prefix, Attachment> destinations = ue_destinations(view, anchors);
  for (const NodeView& node : view.nodes)
    if (node.address && node.kind != NodeKind::ue && !is_switch(node))
      destinations[Ipv4Prefix{*node.address, 32}] =
          is_upf(node) ? Attachment{node.id, 0U} : Attachment{node.id, std::nullopt};

  ForwardingTables tables;
  for (const NodeView& node : view.nodes)
    if (is_switch(node) && node.running) tables[node.id];
  ShortestPaths paths(view);
  for (const auto& [prefix, attachment] : destinations)
    for (const auto& [node, ports] : paths.to(attachment))
      tables[node].push_back({.destination = prefix, .ports = ports});
  return tables;
}

ChangeSet plan_routes(const NetworkView& view, const SessionAnchors& anchors) {
  ChangeSet set{.cause = {}, .author = "controller.routing", .changes = {}};
  std::size_t entries = 0;
  ForwardingTables tables = compute_routes(view, anchors);
  for (auto& [node, table] : tables) {
    entries += table.size();
    set.changes.push_back(
        SetForwarding{.node = node, .set = std::move(table), .remove = {}, .clear_first = true});
  }
  set.cause = fmt::format("routes by shortest path: {} entries in {} switches", entries, tables.size());
  return set;
}

ChangeSet plan_reroute(const NetworkView& view, const ForwardingTables& previous,
                       const ForwardingTables& next) {
  ChangeSet set{.cause = {}, .author = "controller.routing", .changes = {}};
  std::size_t changed = 0;
  std::size_t removed = 0;
  std::vector<std::string> names;
  for (const auto& [node, table] : next) {
    SetForwarding change{.node = node, .set = {}, .remove = {}, .clear_first = false};
    const auto before = previous.find(node);
    if (before == previous.end()) {
      // A switch that runs again: whatever it kept is out of date.
      change.clear_first = true;
      change.set = table;
    } else {
      auto old = before->second.begin();
      const auto old_end = before->second.end();
      for (const ForwardingEntry& entry : table) {
        while (old != old_end && old->destination < entry.destination) change.remove.push_back(*old++);
        const bool same_destination = old != old_end && old->destination == entry.destination;
        if (!same_destination || !(*old == entry)) change.set.push_back(entry);
        if (same_destination) ++old;
      }
      change.remove.insert(change.remove.end(), old, old_end);
    }
    if (change.set.empty() && change.remove.empty() && !change.clear_first) continue;
    changed += change.set.size();
    removed += change.remove.size();
    names.push_back(view.nodes[node.value].name);
    set.changes.push_back(std::move(change));
  }
  if (!names.empty())
    set.cause = fmt::format("routes: {} entries set, {} removed in {}", changed, removed, name_list(names));
  return set;
}

}  // namespace kiriko
