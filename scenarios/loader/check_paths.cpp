// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Whether what talks to each other is joined by links at all; only functions forward, never a host.
#include <numeric>

#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

/// The groups of functions that links join, by union-find; an end system belongs to its neighbours' groups.
class Reachability {
 public:
  explicit Reachability(const Scenario& scenario)
      : parent_(scenario.nodes.size()), beside_(scenario.nodes.size()) {
    std::iota(parent_.begin(), parent_.end(), 0U);
    const auto forwards = [&](NodeId id) { return scenario.nodes[id.value].kind == NodeKind::function; };
    for (const auto& link : scenario.links)
      if (forwards(link.a) && forwards(link.b)) parent_[root(link.a.value)] = root(link.b.value);
    for (const auto& link : scenario.links) {
      if (!forwards(link.a)) beside_[link.a.value].push_back(link.b.value);
      if (!forwards(link.b)) beside_[link.b.value].push_back(link.a.value);
    }
    for (const auto& node : scenario.nodes)
      if (forwards(node.id)) beside_[node.id.value].push_back(node.id.value);
    for (const auto& node : scenario.nodes) {
      if (forwards(node.id)) continue;
      for (const std::uint32_t neighbour : beside_[node.id.value])
        groups_[node.id.value].insert(forwards(NodeId{neighbour}) ? root(neighbour) : neighbour);
    }
  }

  bool joined(NodeId from, NodeId to) {
    for (const std::uint32_t neighbour : beside_[from.value])
      if (neighbour == to.value) return true;
    const auto a = groups_of(from.value), b = groups_of(to.value);
    for (const std::uint32_t group : a)
      if (b.count(group) != 0) return true;
    return false;
  }

 private:
  std::uint32_t root(std::uint32_t node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }
  std::set<std::uint32_t> groups_of(std::uint32_t node) {
    const auto found = groups_.find(node);
    return found == groups_.end() ? std::set<std::uint32_t>{root(node)} : found->second;
  }

  std::vector<std::uint32_t> parent_;
  std::vector<std::vector<std::uint32_t>> beside_;
  std::map<std::uint32_t, std::set<std::uint32_t>> groups_;
};

}  // namespace

void check_paths(Loading& loading) {
  const Scenario& scenario = loading.scenario;
  Reachability reachability(scenario);
  const auto name = [&](NodeId id) { return "'" + scenario.nodes[id.value].name + "'"; };
  std::set<std::pair<NodeId, NodeId>> said;
  const auto require = [&](NodeId from, NodeId to, const Position& at, std::string_view what) {
    if (from == no_node || to == no_node || !said.insert({from, to}).second) return;
    if (!spend(loading, 1, at) || reachability.joined(from, to)) return;
    loading.problems.add(
        at, {.message = "no path of links leads from " + name(from) + " to " + name(to) + std::string(what)});
  };
  for (const auto& ue : scenario.ues)
    require(ue.session.serving_gnb, ue.session.upf, loading.nodes.at[ue.node.value],
            ", the PDU session's way");
  for (const auto& flow : scenario.flows)
    require(flow.spec.source, flow.spec.destination, loading.flows.at[flow.spec.id.value], "");
}

}  // namespace kiriko
