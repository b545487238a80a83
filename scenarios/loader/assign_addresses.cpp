// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UPF pools, and the addresses of those that declare none.
#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

constexpr Ipv4Prefix host_pool{Ipv4Address{10, 0, 0, 0}, 16};
constexpr Ipv4Prefix n3_pool{Ipv4Address{10, 200, 0, 0}, 16};
constexpr std::uint8_t first_ue_pool = 45;  ///< 10.45.0.0/16
constexpr std::uint8_t beyond_ue_pools = 200;

bool overlap(const Ipv4Prefix& a, const Ipv4Prefix& b) {
  return a.contains(b.address) || b.contains(a.address);
}

class AddressPlan {
 public:
  explicit AddressPlan(Loading& loading) : loading_(loading) {}

  /// What is declared comes first, so that nobody is given it.
  void take_declared() {
    for (const auto& node : loading_.scenario.nodes) {
      if (!node.address) continue;
      const auto [found, is_new] = owner_.try_emplace(*node.address, node.id);
      if (!is_new)
        loading_.problems.add(
            at(node), {.message = "two nodes have the address " + to_string(*node.address),
                       .hint = "node '" + loading_.scenario.nodes[found->second.value].name + "' has it"});
    }
  }

  void give(ScenarioNode& node, const Ipv4Prefix& pool) {
    if (node.address) return;
    std::uint32_t& next = next_.try_emplace(pool, 1).first->second;
    const std::uint32_t size = ~pool.mask();
    while (next < size) {
      const Ipv4Address candidate{pool.address.value + next++};
      if (!owner_.try_emplace(candidate, node.id).second) continue;
      node.address = candidate;
      return;
    }
    loading_.problems.add(
        at(node), {.message = "no address is left for node '" + node.name + "'", .found = to_string(pool)});
  }

  Position at(const ScenarioNode& node) const { return loading_.nodes.at[node.id.value]; }

 private:
  Loading& loading_;
  std::map<Ipv4Address, NodeId> owner_;
  std::map<Ipv4Prefix, std::uint32_t> next_;
};

}  // namespace

void assign_pools(Loading& loading) {
  auto& nodes = loading.scenario.nodes;
  std::vector<const ScenarioNode*> serving;
  const auto overlapping = [&](const Ipv4Prefix& pool) -> const ScenarioNode* {
    for (const ScenarioNode* other : serving)
      if (overlap(*other->serves, pool)) return other;
    return nullptr;
  };
  for (auto& node : nodes) {
    if (!node.serves) continue;
    if (!spend(loading, serving.size() + 1, loading.nodes.at[node.id.value])) return;
    if (const ScenarioNode* other = overlapping(*node.serves))
      loading.problems.add(
          loading.nodes.at[node.id.value],
          {.message = "node '" + node.name + "' serves what node '" + other->name + "' serves",
           .found = to_string(*node.serves) + " and " + to_string(*other->serves)});
    serving.push_back(&node);
  }
  for (auto& node : nodes) {
    if (node.serves || !is_upf(node)) continue;
    for (std::uint8_t second = first_ue_pool; second < beyond_ue_pools && !node.serves; ++second) {
      const Ipv4Prefix pool{Ipv4Address{10, second, 0, 0}, 16};
      if (overlapping(pool) == nullptr) node.serves = pool;
    }
    if (!node.serves) {
      loading.problems.add(
          loading.nodes.at[node.id.value],
          {.message = "no pool is left for UPF '" + node.name + "'", .hint = "declare what it serves"});
      return;
    }
    serving.push_back(&node);
  }
}

void assign_addresses(Loading& loading) {
  AddressPlan plan(loading);
  plan.take_declared();
  auto& nodes = loading.scenario.nodes;
  for (auto& node : nodes) {
    if (node.kind == NodeKind::host) plan.give(node, host_pool);
    if (is_gnb(node) || is_upf(node)) plan.give(node, n3_pool);
  }
  for (auto& ue : loading.scenario.ues) {
    ScenarioNode& node = nodes[ue.node.value];
    if (ue.session.upf == no_node) continue;
    const ScenarioNode& upf = nodes[ue.session.upf.value];
    if (!upf.serves) continue;
    if (node.address && !upf.serves->contains(*node.address))
      loading.problems.add(plan.at(node),
                           {.message = "the address of UE '" + node.name + "' is not of its UPF's pool",
                            .found = to_string(*node.address),
                            .allowed = to_string(*upf.serves)});
    plan.give(node, *upf.serves);
    if (node.address) ue.session.ue_address = *node.address;
  }
  std::size_t upfs = 0;
  for (const auto& node : nodes) upfs += is_upf(node) ? 1U : 0U;
  for (const auto& node : nodes) {
    if (upfs == 0 || node.kind == NodeKind::ue || !node.address) continue;
    if (!spend(loading, nodes.size() / 64 + upfs, plan.at(node))) break;
    for (const auto& upf : nodes) {
      if (!is_upf(upf) || !upf.serves || !upf.serves->contains(*node.address)) continue;
      loading.problems.add(plan.at(node),
                           {.message = "the address of node '" + node.name + "' is of a pool of UE addresses",
                            .found = to_string(*node.address),
                            .hint = "UPF '" + upf.name + "' serves " + to_string(*upf.serves)});
      break;
    }
  }
  for (auto& ue : loading.scenario.ues) {
    for (auto& flow : ue.session.flows) {
      if (flow.peer.is_zero()) continue;
      const ScenarioNode& peer = nodes[flow.peer.value - 1];
      flow.peer = peer.address.value_or(Ipv4Address{});
      if (!peer.address)
        loading.problems.add(plan.at(peer), {.message = "node '" + peer.name +
                                                        "' is a peer of a QoS flow and has no address"});
    }
  }
}

}  // namespace kiriko
