// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DatapathControl on an emulation: a ChangeSet is prepared whole, then committed whole.
#include <algorithm>

#include "core/engine/emulation.hpp"

namespace kiriko {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

// A gNB counts resource blocks, bits and octets from its start; the view wants shares and rates since the last read.
void since(CellView& cell, const CellView* before, Duration span) {
  for (RadioSliceLoad& load : cell.slices) {
    RadioSliceLoad old;
    if (before != nullptr)
      for (const RadioSliceLoad& candidate : before->slices)
        if (candidate.slice == load.slice) old = candidate;
    load.offered_dl.count -= old.offered_dl.count;
    load.offered_ul.count -= old.offered_ul.count;
    load.dropped -= old.dropped;
    const auto direction = [&](double& share, double& efficiency, double old_blocks, double old_bits,
                               double per_second) {
      const double blocks = share - old_blocks;
      efficiency = blocks > 0 ? (efficiency - old_bits) / blocks : 0.0;
      const double available = per_second * span.seconds();
      share = available > 0 ? blocks / available : 0.0;
    };
    direction(load.prb_share_dl, load.efficiency_dl, old.prb_share_dl, old.efficiency_dl,
              cell.prbs_per_second_dl);
    direction(load.prb_share_ul, load.efficiency_ul, old.prb_share_ul, old.efficiency_ul,
              cell.prbs_per_second_ul);
  }
}

}  // namespace

Result<void> Emulation::check_link(LinkId link) const {
  if (link.value < graph_.links.size()) return {};
  return fail({.message = "no such link", .found = std::to_string(link.value)});
}

Result<void> Emulation::check_node(NodeId node) const {
  if (node.value < nodes_.size()) return {};
  return fail({.message = "no such node", .found = std::to_string(node.value)});
}

Result<Emulation::Action> Emulation::prepare(const Change& change) const {
  return std::visit(Overloaded{[&](const SetLinkProperties& c) { return prepare_link_properties(c); },
                               [&](const SetSliceShares& c) { return prepare_slice_shares(c); },
                               [&](const SetLinkState& c) { return prepare_link_state(c); },
                               [&](const SetNodeState& c) { return prepare_node_state(c); },
                               [&](const auto& c) { return prepare_function(c.node, change); }},
                    change);
}

Result<Emulation::Action> Emulation::prepare_link_properties(const SetLinkProperties& change) const {
  if (auto known = check_link(change.link); !known) return fail(known.error());
  LinkTransmitPort& target = port(change.link, change.direction);
  if (change.properties.delay.ns < 0 || change.properties.rate.value < 0)
    return fail({.message = "a link's delay or rate is negative", .where = target.name()});
  return Action{[this, &target, change] { target.set_properties(change.properties, now_); }};
}

Result<Emulation::Action> Emulation::prepare_slice_shares(const SetSliceShares& change) const {
  if (auto known = check_link(change.link); !known) return fail(known.error());
  LinkTransmitPort& target = port(change.link, change.direction);
  if (auto problem = check_shares(change.shares, target.properties().rate)) {
    problem->where = target.name();
    return fail(*problem);
  }
  return Action{[this, &target, change] { target.set_shares(change.shares, now_); }};
}

Result<Emulation::Action> Emulation::prepare_link_state(const SetLinkState& change) const {
  if (auto known = check_link(change.link); !known) return fail(known.error());
  auto* self = const_cast<Emulation*>(this);
  return Action{[self, change] {
    self->port(change.link, LinkDirection::forward).set_up(change.up, self->now_);
    self->port(change.link, LinkDirection::backward).set_up(change.up, self->now_);
    self->link_up_[change.link.value] = change.up;
    const GraphLink& link = self->graph_.links[change.link.value];
    for (const auto& [node, at] : {std::pair{link.a, link.a_port}, std::pair{link.b, link.b_port}}) {
      // Functions that do not care about a port's state say so; that is no fault.
      if (auto action = self->prepare_function(node, SetPortState{node, at, change.up})) (*action)();
    }
    self->publish(LinkStateEvent{change.link, change.up});
  }};
}

Result<Emulation::Action> Emulation::prepare_node_state(const SetNodeState& change) const {
  if (auto known = check_node(change.node); !known) return fail(known.error());
  auto* self = const_cast<Emulation*>(this);
  return Action{[self, change] {
    self->nodes_[change.node.value]->set_running(change.running, self->now_);
    self->graph_.nodes[change.node.value].view.running = change.running;
    // For what a function does beside packets, such as its control protocol; most have nothing of the kind and say so.
    if (auto action = self->prepare_function(change.node, change)) (*action)();
    self->publish(NodeStateEvent{change.node, change.running});
  }};
}

Result<Emulation::Action> Emulation::prepare_function(NodeId node, const Change& change) const {
  if (auto known = check_node(node); !known) return fail(known.error());
  EngineNode& target = *nodes_[node.value];
  auto commit = target.function().prepare(change);
  if (!commit) {
    Problem problem = commit.error();
    if (problem.where.empty()) problem.where = graph_.nodes[node.value].view.name;
    return fail(std::move(problem));
  }
  return Action{[this, &target, commit = std::move(*commit)] {
    commit(now_, target.exits());
    target.exits().flush_all();
  }};
}

Result<void> Emulation::validate(const ChangeSet& set) const {
  for (const Change& change : set.changes)
    if (auto action = prepare(change); !action) return fail(action.error());
  return {};
}

Result<ApplyReport> Emulation::apply(const ChangeSet& set) {
  const std::int64_t begin = wall_ns();
  std::vector<Action> actions;
  for (const Change& change : set.changes) {
    auto action = prepare(change);
    if (!action) return fail(action.error());
    actions.push_back(std::move(*action));
  }
  const std::uint64_t lost_before = drops();
  for (const Action& action : actions) {
    action();
    hand_over_all();
  }
  refresh();
  publish_told();
  return ApplyReport{now_, wall_ns() - begin, drops() - lost_before};
}

void Emulation::publish(const NetworkEvent& event) const {
  for (const auto& listener : listeners_) listener(now_, event);
}

NetworkView Emulation::read() {
  NetworkView view;
  view.time = now_;
  view.since_last = now_ - last_read_;
  last_read_ = now_;
  view.slices = graph_.slices;
  view.sessions = graph_.sessions;
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    view.nodes.push_back(graph_.nodes[i].view);
    if (graph_.nodes[i].view.function != "gnb") continue;
    Report report;
    nodes_[i]->function().report(report);
    if (!report.cell) continue;
    report.cell->node = NodeId{i};
    view.cells.push_back(std::move(*report.cell));
  }
  for (std::uint32_t i = 0; i < graph_.links.size(); ++i) {
    const GraphLink& link = graph_.links[i];
    LinkView& out = view.links.emplace_back();
    out.id = LinkId{i};
    out.name = link.name;
    out.a = link.a;
    out.b = link.b;
    out.a_port = link.a_port;
    out.b_port = link.b_port;
    out.up = link_up_[i];
    port(out.id, LinkDirection::forward).read(out.forward, now_);
    port(out.id, LinkDirection::backward).read(out.backward, now_);
  }
  std::vector<CellView> present = view.cells;
  for (CellView& cell : view.cells) {
    const auto before = std::find_if(last_cells_.begin(), last_cells_.end(),
                                     [&](const CellView& c) { return c.node == cell.node; });
    since(cell, before == last_cells_.end() ? nullptr : &*before, view.since_last);
  }
  last_cells_ = std::move(present);
  return view;
}

std::uint64_t Emulation::drops() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& node : nodes_) sum += node->exits().ledger().dropped_total();
  for (const auto& link : links_) sum += link->ledger().dropped_total();
  return sum;
}

}  // namespace kiriko
