// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Routing: paths, ECMP, failures, UE prefixes and differences.
#include "controller/apps/routing.hpp"

#include "tests/controller/ring_network.hpp"

using namespace kiriko;

namespace {

std::vector<PortId> ports_for(const ForwardingTables& tables, NodeId node, Ipv4Prefix prefix) {
  for (const auto& entry : tables.at(node))
    if (std::get<Ipv4Prefix>(entry.destination) == prefix) return entry.ports;
  return {};
}
Ipv4Prefix host(const RingNetwork& net, NodeId node) { return {*net.view.nodes[node.value].address, 32}; }

/// Applies one SetForwarding as a switch would.
void apply_to(ForwardingTables& tables, const SetForwarding& change) {
  auto& table = tables[change.node];
  if (change.clear_first) table.clear();
  const auto drop = [&](const ForwardingEntry& entry) {
    std::erase_if(table, [&](const auto& e) { return e.destination == entry.destination; });
  };
  for (const auto& entry : change.remove) drop(entry);
  for (const auto& entry : change.set) {
    drop(entry);
    table.push_back(entry);
  }
  std::sort(table.begin(), table.end(),
            [](const auto& x, const auto& y) { return x.destination < y.destination; });
}

}  // namespace

TEST_CASE("when the ring is whole, then each destination is reached by its shortest path") {
  RingNetwork net;
  const auto tables = compute_routes(net.view);
  REQUIRE(tables.size() == 4);
  struct Case {
    const char* what;
    NodeId at, to;
    std::vector<NodeId> via;
  };
  const std::vector<Case> cases{
      {"attached host", net.s1, net.h1, {net.h1}},
      {"one hop", net.s2, net.h1, {net.s1}},
      {"attached gNB", net.s2, net.gnb1, {net.gnb1}},
      {"opposite corner: both ways", net.s1, net.h2, {net.s2, net.s4}},
      {"gNB from the opposite corner", net.s4, net.gnb1, {net.s1, net.s3}},
      {"UPF N3 across one hop", net.s2, net.edge_upf, {net.s3}},
  };
  for (const auto& c : cases) {
    INFO(c.what);
    CHECK(ports_for(tables, c.at, host(net, c.to)) == net.ports_to(c.at, c.via));
  }
}

TEST_CASE("when traffic is for a UPF, then its own address enters by N3 and its prefix by N6") {
  RingNetwork net;
  net.add_sessions();
  const auto tables = compute_routes(net.view);
  const auto both = net.ports_to(net.s3, {net.edge_upf});
  REQUIRE(both.size() == 2);
  CHECK(ports_for(tables, net.s3, host(net, net.edge_upf)) == std::vector{both[0]});
  CHECK(ports_for(tables, net.s3, RingNetwork::pool()) == std::vector{both[1]});
}

TEST_CASE("when a UPF has no N6 port, then its prefix enters by port 0") {
  RingNetwork net;
  net.add_sessions();
  net.node(net.edge_upf).ports.pop_back();
  const LinkId n6{static_cast<std::uint32_t>(net.link(net.s1_s2).id.value + 11)};
  REQUIRE(net.link(n6).a == net.edge_upf);
  net.link(n6).up = false;
  const auto tables = compute_routes(net.view);
  CHECK(ports_for(tables, net.s3, RingNetwork::pool()) ==
        std::vector{net.ports_to(net.s3, {net.edge_upf})[0]});
}

TEST_CASE("when hosts, gNBs or UEs lie between, then no route leads through them") {
  RingNetwork net;
  net.connect(net.h1, net.s3, nanoseconds(1));  // h1 would be the fastest way from s1 to s3
  const auto tables = compute_routes(net.view);
  CHECK(ports_for(tables, net.s1, host(net, net.h2)) == net.ports_to(net.s1, {net.s2, net.s4}));
  for (const auto& entry : tables.at(net.s1))
    CHECK(std::get<Ipv4Prefix>(entry.destination) != host(net, net.ue1));
}

TEST_CASE("when a firewall joins two switches, then routes lead through it while it runs") {
  RingNetwork net;
  const NodeId fw = net.add_function("fw", "firewall");
  net.connect(net.s1, fw, microseconds(1));
  net.connect(fw, net.s3, microseconds(1));
  CHECK(ports_for(compute_routes(net.view), net.s1, host(net, net.h2)) == net.ports_to(net.s1, {fw}));
  net.node(fw).running = false;
  CHECK(ports_for(compute_routes(net.view), net.s1, host(net, net.h2)) ==
        net.ports_to(net.s1, {net.s2, net.s4}));
}

TEST_CASE("when delays differ by direction, then the delay towards the destination counts") {
  RingNetwork net;
  net.link(net.s1_s2).forward.properties.delay = milliseconds(5);  // s1 to s2 is slow, s2 to s1 is not
  const auto tables = compute_routes(net.view);
  CHECK(ports_for(tables, net.s1, host(net, net.gnb1)) == net.ports_to(net.s1, {net.s4}));
  CHECK(ports_for(tables, net.s2, host(net, net.h1)) == net.ports_to(net.s2, {net.s1}));
}

TEST_CASE("when a ring link fails, then only differences are sent and they give the new tables") {
  RingNetwork net;
  net.add_sessions();
  const auto before = compute_routes(net.view);
  CHECK(plan_reroute(net.view, before).changes.empty());

  net.link(net.s2_s3).up = false;
  const auto after = compute_routes(net.view);
  const ChangeSet set = plan_reroute(net.view, before);
  CHECK(ports_for(after, net.s2, host(net, net.h2)) == net.ports_to(net.s2, {net.s1}));

  std::size_t sent = 0;
  ForwardingTables applied = before;
  for (const auto& change : all_of_type<SetForwarding>(set)) {
    CHECK_FALSE(change.clear_first);
    sent += change.set.size() + change.remove.size();
    apply_to(applied, change);
  }
  CHECK(applied == after);
  std::size_t total = 0;
  for (const auto& [node, table] : after) total += table.size();
  CHECK(sent > 0);
  CHECK(sent < total);
}

TEST_CASE("when a destination is cut off, then its entries are removed") {
  RingNetwork net;
  const auto before = compute_routes(net.view);
  net.node(net.h2).running = false;
  const auto changes = all_of_type<SetForwarding>(plan_reroute(net.view, before));
  REQUIRE(changes.size() == 4);
  for (const auto& change : changes) {
    CHECK(change.set.empty());
    REQUIRE(change.remove.size() == 1);
    CHECK(std::get<Ipv4Prefix>(change.remove[0].destination) == host(net, net.h2));
  }
}

TEST_CASE("when a switch runs again, then it is programmed from scratch") {
  RingNetwork net;
  net.node(net.s3).running = false;
  const auto without = compute_routes(net.view);
  CHECK(without.count(net.s3) == 0);
  net.node(net.s3).running = true;
  bool found = false;
  for (const auto& change : all_of_type<SetForwarding>(plan_reroute(net.view, without)))
    if (change.node == net.s3) found = change.clear_first && !change.set.empty();
  CHECK(found);
}

TEST_CASE("when sessions of one prefix are at two UPFs, then the minority gets host routes") {
  RingNetwork net;
  net.add_sessions();
  net.view.sessions.push_back(net.view.sessions[0]);
  net.view.sessions[2].ue_address = Ipv4Address{10, 60, 0, 3};
  const SessionAnchors anchors{net.edge_upf, net.core_upf, net.core_upf};
  const auto tables = compute_routes(net.view, anchors);
  CHECK(ports_for(tables, net.s1, RingNetwork::pool()) ==
        std::vector{net.ports_to(net.s1, {net.core_upf})[1]});
  CHECK(ports_for(tables, net.s3, {Ipv4Address{10, 60, 0, 1}, 32}) ==
        std::vector{net.ports_to(net.s3, {net.edge_upf})[1]});
  CHECK(ports_for(tables, net.s3, {Ipv4Address{10, 60, 0, 2}, 32}).empty());
}

TEST_CASE("when routes are planned twice, then the sets are the same and clear what was there") {
  RingNetwork net;
  net.add_sessions();
  const auto first = all_of_type<SetForwarding>(plan_routes(net.view));
  const auto second = all_of_type<SetForwarding>(plan_routes(net.view));
  REQUIRE(first.size() == 4);
  REQUIRE(second.size() == 4);
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].clear_first);
    CHECK(first[i].node == second[i].node);
    CHECK(first[i].set == second[i].set);
  }
}
