// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Stacks, breadth-first columns, then rows by the mean row of the neighbours in the column before.
#include "scenarios/report/topology_layout.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace kiriko {
namespace {

constexpr std::size_t largest_without_stack = 6;
constexpr std::size_t unplaced = static_cast<std::size_t>(-1);

std::vector<bool> drawn_links(const Scenario& scenario) {
  std::vector<bool> drawn(scenario.links.size(), true);
  for (const ScenarioLink& link : scenario.links) drawn[link.id.value] = !link.radio;
  for (const ScenarioUe& ue : scenario.ues)
    if (!ue.radio_links.empty()) drawn[ue.radio_links.front().value] = true;
  return drawn;
}

bool is_end_system(const ScenarioNode& node) {
  return node.kind == NodeKind::ue || node.kind == NodeKind::host;
}

/// For each node of the scenario, its place in layout.nodes; end systems of one kind behind one neighbour are stacked.
std::vector<std::size_t> make_nodes(const Scenario& scenario, const std::vector<bool>& drawn,
                                    TopologyLayout& layout) {
  std::vector<std::vector<std::uint32_t>> neighbours(scenario.nodes.size());
  for (const ScenarioLink& link : scenario.links) {
    if (!drawn[link.id.value]) continue;
    neighbours[link.a.value].push_back(link.b.value);
    neighbours[link.b.value].push_back(link.a.value);
  }
  using Key = std::pair<NodeKind, std::uint32_t>;
  std::map<Key, std::size_t> sizes, stacks;
  const auto key_of = [&](const ScenarioNode& node) {
    return Key{node.kind, neighbours[node.id.value].front()};
  };
  const auto may_stack = [&](const ScenarioNode& node) {
    return is_end_system(node) && neighbours[node.id.value].size() == 1;
  };
  for (const ScenarioNode& node : scenario.nodes)
    if (may_stack(node)) ++sizes[key_of(node)];

  std::vector<std::size_t> place;
  for (const ScenarioNode& node : scenario.nodes) {
    if (may_stack(node) && sizes[key_of(node)] > largest_without_stack) {
      const auto [it, is_new] = stacks.try_emplace(key_of(node), layout.nodes.size());
      if (is_new) layout.nodes.push_back({node.id, 0, node.name, unplaced, 0});
      PlacedNode& stack = layout.nodes[it->second];
      if (++stack.count == sizes[key_of(node)]) stack.name += " … " + node.name;
      place.push_back(it->second);
    } else {
      place.push_back(layout.nodes.size());
      layout.nodes.push_back({node.id, 1, node.name, unplaced, 0});
    }
  }
  return place;
}

void make_links(const Scenario& scenario, const std::vector<bool>& drawn,
                const std::vector<std::size_t>& place, TopologyLayout& layout) {
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> between;
  for (const ScenarioLink& link : scenario.links) {
    if (!drawn[link.id.value]) continue;
    const std::size_t a = place[link.a.value], b = place[link.b.value];
    const std::size_t parallel = between[std::minmax(a, b)]++;
    const bool in_stack = layout.nodes[a].count > 1 || layout.nodes[b].count > 1;
    if (parallel == 0 || !in_stack) layout.links.push_back({a, b, link.id, parallel});
  }
}

void place_columns(const Scenario& scenario, const std::vector<std::vector<std::size_t>>& neighbours,
                   TopologyLayout& layout) {
  std::deque<std::size_t> queue;
  const auto start = [&](std::size_t node) {
    layout.nodes[node].column = 0;
    queue.push_back(node);
  };
  const auto spread = [&] {
    for (; !queue.empty(); queue.pop_front())
      for (const std::size_t next : neighbours[queue.front()]) {
        if (layout.nodes[next].column != unplaced) continue;
        layout.nodes[next].column = layout.nodes[queue.front()].column + 1;
        queue.push_back(next);
      }
  };
  for (std::size_t i = 0; i < layout.nodes.size(); ++i)
    if (scenario.nodes[layout.nodes[i].first.value].kind == NodeKind::ue) start(i);
  spread();
  // Without UEs, and for what they do not reach: from the first node not placed yet.
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    if (layout.nodes[i].column != unplaced) continue;
    start(i);
    spread();
  }
}

void place_rows(const std::vector<std::vector<std::size_t>>& neighbours, TopologyLayout& layout) {
  for (const PlacedNode& node : layout.nodes) layout.columns = std::max(layout.columns, node.column + 1);
  for (std::size_t column = 0; column < layout.columns; ++column) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
      if (layout.nodes[i].column != column) continue;
      double sum = 0, count = 0;
      for (const std::size_t n : neighbours[i])
        if (layout.nodes[n].column + 1 == column) sum += static_cast<double>(layout.nodes[n].row), count += 1;
      order.emplace_back(count > 0 ? sum / count : 0.0, i);
    }
    std::sort(order.begin(), order.end());
    for (std::size_t row = 0; row < order.size(); ++row) layout.nodes[order[row].second].row = row;
    layout.rows = std::max(layout.rows, order.size());
  }
}

}  // namespace

TopologyLayout place_topology(const Scenario& scenario) {
  TopologyLayout layout;
  const auto drawn = drawn_links(scenario);
  const auto place = make_nodes(scenario, drawn, layout);
  make_links(scenario, drawn, place, layout);
  std::vector<std::vector<std::size_t>> neighbours(layout.nodes.size());
  for (const PlacedLink& link : layout.links) {
    neighbours[link.a].push_back(link.b);
    neighbours[link.b].push_back(link.a);
  }
  place_columns(scenario, neighbours, layout);
  place_rows(neighbours, layout);
  return layout;
}

}  // namespace kiriko
