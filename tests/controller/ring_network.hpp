// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A hand-built view for controller tests: a ring of four switches, two gNBs, two UPFs, two hosts, two UEs.
//
//        h1, core UPF          gnb2
//             │                 │
//            s1 ────────────── s4
//             │                 │
//            s2 ────────────── s3
//             │                 │
//            gnb1          h2, edge UPF
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/control/datapath_control.hpp"

namespace kiriko {

struct RingNetwork {
  NetworkView view;
  NodeId s1{}, s2{}, s3{}, s4{}, h1{}, h2{}, gnb1{}, gnb2{}, core_upf{}, edge_upf{}, ue1{}, ue2{};
  LinkId s1_s2{}, s2_s3{}, s3_s4{}, s4_s1{};

  RingNetwork() {
    s1 = add_function("s1", "switch");
    s2 = add_function("s2", "switch");
    s3 = add_function("s3", "switch");
    s4 = add_function("s4", "switch");
    h1 = add("h1", NodeKind::host, "", Ipv4Address{10, 0, 0, 1});
    h2 = add("h2", NodeKind::host, "", Ipv4Address{10, 0, 0, 2});
    gnb1 = add("gnb1", NodeKind::function, "gnb", Ipv4Address{10, 1, 0, 1});
    gnb2 = add("gnb2", NodeKind::function, "gnb", Ipv4Address{10, 1, 0, 2});
    core_upf = add("core", NodeKind::function, "upf", Ipv4Address{10, 2, 0, 1});
    edge_upf = add("edge", NodeKind::function, "upf", Ipv4Address{10, 2, 0, 2});
    ue1 = add("ue1", NodeKind::ue, "", Ipv4Address{10, 60, 0, 1});
    ue2 = add("ue2", NodeKind::ue, "", Ipv4Address{10, 60, 0, 2});
    view.nodes[core_upf.value].serves = view.nodes[edge_upf.value].serves = pool();
    s1_s2 = connect(s1, s2);
    s2_s3 = connect(s2, s3);
    s3_s4 = connect(s3, s4);
    s4_s1 = connect(s4, s1);
    connect(h1, s1);
    connect(h2, s3);
    connect(gnb1, s2);
    connect(gnb2, s4);
    connect(core_upf, s1);  // port 0: N3
    connect(core_upf, s1);  // port 1: N6
    connect(edge_upf, s3);
    connect(edge_upf, s3);
    for (const NodeId ue : {ue1, ue2})
      for (const NodeId gnb : {gnb1, gnb2}) connect(ue, gnb, Duration{0}, true);
    view.since_last = milliseconds(20);
  }

  static Ipv4Prefix pool() { return {Ipv4Address{10, 60, 0, 0}, 16}; }

  NodeId add(std::string name, NodeKind kind, std::string function, Ipv4Address address) {
    const NodeId id = add_function(std::move(name), std::move(function));
    view.nodes[id.value].kind = kind;
    view.nodes[id.value].address = address;
    return id;
  }
  NodeId add_function(std::string name, std::string function) {
    NodeView node;
    node.id = NodeId{static_cast<std::uint32_t>(view.nodes.size())};
    node.name = std::move(name);
    node.kind = NodeKind::function;
    node.function = std::move(function);
    view.nodes.push_back(node);
    return node.id;
  }
  LinkId connect(NodeId a, NodeId b, Duration delay = microseconds(100), bool radio = false) {
    LinkView link;
    link.id = LinkId{static_cast<std::uint32_t>(view.links.size())};
    link.a = a;
    link.b = b;
    link.name = view.nodes[a.value].name + "-" + view.nodes[b.value].name;
    link.a_port = PortId{static_cast<std::uint16_t>(view.nodes[a.value].ports.size())};
    link.b_port = PortId{static_cast<std::uint16_t>(view.nodes[b.value].ports.size())};
    link.forward.properties.delay = link.backward.properties.delay = delay;
    view.nodes[a.value].ports.push_back(
        {.link = link.id, .peer = b, .peer_port = link.b_port, .radio = radio});
    view.nodes[b.value].ports.push_back(
        {.link = link.id, .peer = a, .peer_port = link.a_port, .radio = radio});
    view.links.push_back(link);
    return link.id;
  }
  /// A V2X (latency 10 ms) and an eMBB slice, and a session of each UE at the edge, standby core, served by gnb1.
  void add_sessions() {
    SliceDescription v2x;
    v2x.id = SliceId{0};
    v2x.name = "v2x";
    v2x.dl_latency = v2x.ul_latency = milliseconds(10);
    v2x.priority = 1;
    SliceDescription embb;
    embb.id = SliceId{1};
    embb.name = "embb";
    view.slices = {v2x, embb};
    for (const NodeId ue : {ue1, ue2}) {
      SessionView session;
      session.ue = ue;
      session.ue_address = *view.nodes[ue.value].address;
      session.slice = SliceId{1};
      session.default_qfi = Qfi{9};
      session.upf = edge_upf;
      session.standby_upfs = {core_upf};
      session.serving_gnb = gnb1;
      session.ambr = {BitsPerSecond{50'000'000}, BitsPerSecond{100'000'000}};
      SessionView::QosFlow control;
      control.qfi = Qfi{1};
      control.slice = SliceId{0};
      control.five_qi = 86;
      control.port = 5000;
      control.peer = *view.nodes[(ue == ue1 ? ue2 : ue1).value].address;
      SessionView::QosFlow video;
      video.qfi = Qfi{2};
      video.slice = SliceId{0};
      video.five_qi = 9;
      video.port = 6000;
      video.peer = *view.nodes[h2.value].address;
      session.flows = {control, video};
      view.sessions.push_back(session);
    }
  }

  NodeView& node(NodeId id) { return view.nodes[id.value]; }
  LinkView& link(LinkId id) { return view.links[id.value]; }
  std::vector<PortId> ports_to(NodeId from, const std::vector<NodeId>& peers) const {
    std::vector<PortId> ports;
    const auto& all = view.nodes[from.value].ports;
    for (std::size_t p = 0; p < all.size(); ++p)
      if (std::find(peers.begin(), peers.end(), all[p].peer) != peers.end())
        ports.emplace_back(static_cast<std::uint16_t>(p));
    return ports;
  }
};

template <class T>
std::vector<T> all_of_type(const ChangeSet& set) {
  std::vector<T> found;
  for (const Change& change : set.changes)
    if (const auto* wanted = std::get_if<T>(&change)) found.push_back(*wanted);
  return found;
}

inline std::vector<std::string> names_of(const ChangeSet& set) {
  std::vector<std::string> names;
  for (const Change& change : set.changes) names.emplace_back(name_of(change));
  return names;
}

/// Records what it is asked; its view is the test's.
class FakeDatapath final : public DatapathControl {
 public:
  explicit FakeDatapath(NetworkView& view) : view_(view) {}
  Result<void> validate(const ChangeSet&) const override { return {}; }
  Result<ApplyReport> apply(const ChangeSet& set) override {
    if (refuse) return fail({.message = "refused"});
    applied.push_back(set);
    return ApplyReport{};
  }
  NetworkView read() override {
    ++reads;
    return view_;
  }
  void subscribe(std::function<void(ModelTime, const NetworkEvent&)>) override {}

  std::vector<ChangeSet> applied;
  int reads{};
  bool refuse{};

 private:
  NetworkView& view_;
};

}  // namespace kiriko
