// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The reactive slice policy: looks at each cell and link direction, allocates, and writes what changed.
#include "controller/apps/slice_policy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace kiriko {
namespace {

constexpr auto author = "controller.reactive";
constexpr std::size_t causes_shown = 6;
/// A backlog counts as demand over at least this time, so that a short look does not inflate it.
constexpr Duration shortest_drain = milliseconds(50);
/// Beyond its guarantee a protected slice goes before every other one: ARP levels are 1 to 15.
constexpr std::uint8_t first_unprotected_priority = 16;

std::optional<Duration> latency_bound_of(const SliceDescription& slice) {
  if (slice.dl_latency && slice.ul_latency) return std::min(*slice.dl_latency, *slice.ul_latency);
  return slice.dl_latency ? slice.dl_latency : slice.ul_latency;
}

BitsPerSecond guarantee_of(const SliceDescription& slice) {
  return std::max(slice.dl_guaranteed, slice.ul_guaranteed);
}

SliceDemand demand_of(const SliceDescription& slice) {
  SliceDemand demand;
  demand.slice = slice.id;
  demand.priority = slice.priority;
  demand.latency_bound = latency_bound_of(slice);
  return demand;
}

/// Bits a second that a slice asks for.
double asked_rate(Bytes offered, Bytes backlog, Duration window) {
  return 8.0 * (static_cast<double>(offered.count) / window.seconds() +
                static_cast<double>(backlog.count) / std::max(window, shortest_drain).seconds());
}

bool is_routed(const NetworkView& view, const LinkView& link) {
  return link.a.value < view.nodes.size() && link.b.value < view.nodes.size() &&
         view.nodes[link.a.value].kind != NodeKind::ue && view.nodes[link.b.value].kind != NodeKind::ue;
}

const SliceShare* find_share(const std::vector<SliceShare>& shares, SliceId slice) {
  const auto it =
      std::find_if(shares.begin(), shares.end(), [&](const SliceShare& s) { return s.slice == slice; });
  return it == shares.end() ? nullptr : &*it;
}

/// A cell's ratios, one a slice in the order of the view; undeclared ones have the defaults.
std::vector<RrmPolicyRatio> ratios_of(const NetworkView& view, const CellView& cell) {
  std::vector<RrmPolicyRatio> ratios;
  for (const SliceDescription& slice : view.slices) {
    const auto it = std::find_if(cell.shares.begin(), cell.shares.end(),
                                 [&](const RrmPolicyRatio& r) { return r.slice == slice.id; });
    ratios.push_back(it != cell.shares.end() ? *it : RrmPolicyRatio{.slice = slice.id});
  }
  return ratios;
}

std::uint8_t percent(double fraction) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(fraction * 100.0 + 1e-6), 0.0, 100.0));
}

/// Collects changes and what caused them.
class Plan {
 public:
  void add(Change change, const std::vector<std::string>& causes) {
    changes_.push_back(std::move(change));
    causes_.insert(causes_.end(), causes.begin(), causes.end());
  }
  ChangeSet take() {
    const std::size_t hidden = causes_.size() > causes_shown ? causes_.size() - causes_shown : 0;
    causes_.resize(causes_.size() - hidden);
    std::string cause = fmt::format("{}", fmt::join(causes_, "; "));
    if (hidden > 0) cause += fmt::format("; and {} more", hidden);
    return {.cause = std::move(cause), .author = author, .changes = std::move(changes_)};
  }

 private:
  std::vector<Change> changes_;
  std::vector<std::string> causes_;
};

/// The sentences for one resource.
std::vector<std::string> causes_of(const NetworkView& view, const ShareAllocationOptions& options,
                                   const std::string& where, const std::vector<SliceDemand>& demands,
                                   const ShareAllocation& outcome) {
  if (!outcome.contended)
    return {fmt::format("{} calm for {}: shares given back", where, to_string(options.hold))};
  std::vector<std::string> causes;
  for (std::size_t i = 0; i < demands.size(); ++i) {
    std::string text =
        describe_allocation(options, view.slices[i].name, where, demands[i], outcome.was[i], outcome.now[i]);
    if (!text.empty()) causes.push_back(std::move(text));
  }
  return causes;
}

// Cells.

const RadioSliceLoad* find_load(const CellView& cell, SliceId slice) {
  const auto it =
      std::find_if(cell.slices.begin(), cell.slices.end(), [&](const auto& l) { return l.slice == slice; });
  return it == cell.slices.end() ? nullptr : &*it;
}

/// Remembers what a PRB carries; a slice never seen takes the mean of the others, 0 if there are none.
double efficiency_of(std::vector<double>& known, std::size_t slice, double seen) {
  if (seen > 0.0) known[slice] = seen;
  if (known[slice] > 0.0) return known[slice];
  double sum = 0.0;
  int count = 0;
  for (const double value : known)
    if (value > 0.0) {
      sum += value;
      ++count;
    }
  return count == 0 ? 0.0 : sum / count;
}

void plan_cell(const NetworkView& view, const CellView& cell, PolicyState& state, Plan& plan) {
  using Kind = PolicyState::ResourceKind;
  auto& resource = state.resources[{Kind::cell, cell.node.value, LinkDirection::forward}];
  if (!resource.seen) {
    resource.seen = true;
    resource.base_ratios = ratios_of(view, cell);
    resource.efficiency_dl.resize(view.slices.size());
    resource.efficiency_ul.resize(view.slices.size());
  }
  std::vector<SliceDemand> demands;
  double load_dl = 0.0;
  double load_ul = 0.0;
  for (std::size_t i = 0; i < view.slices.size(); ++i) {
    SliceDemand demand = demand_of(view.slices[i]);
    demand.base_minimum = resource.base_ratios[i].minimum / 100.0;
    demand.base_maximum = resource.base_ratios[i].maximum / 100.0;
    const RadioSliceLoad* load = find_load(cell, view.slices[i].id);
    const double bits_dl =
        cell.prbs_per_second_dl * efficiency_of(resource.efficiency_dl, i, load ? load->efficiency_dl : 0.0);
    const double bits_ul =
        cell.prbs_per_second_ul * efficiency_of(resource.efficiency_ul, i, load ? load->efficiency_ul : 0.0);
    const auto fraction = [](double rate, double of) { return of > 0.0 ? rate / of : 0.0; };
    demand.guaranteed =
        std::min(1.0, std::max(fraction(static_cast<double>(view.slices[i].dl_guaranteed.value), bits_dl),
                               fraction(static_cast<double>(view.slices[i].ul_guaranteed.value), bits_ul)));
    demand.demand = 0.0;
    if (load != nullptr) {
      load_dl += load->prb_share_dl;
      load_ul += load->prb_share_ul;
      const double asked_dl = asked_rate(load->offered_dl, load->backlog_dl, view.since_last);
      const double asked_ul = asked_rate(load->offered_ul, load->backlog_ul, view.since_last);
      if ((asked_dl > 0.0 && bits_dl <= 0.0) || (asked_ul > 0.0 && bits_ul <= 0.0))
        demand.demand.reset();
      else
        demand.demand = std::max(fraction(asked_dl, bits_dl), fraction(asked_ul, bits_ul));
      demand.backlog = Bytes{load->backlog_dl.count + load->backlog_ul.count};
      demand.delay = load->delay_max;
      demand.dropped = load->dropped;
    }
    demands.push_back(demand);
  }
  const auto outcome =
      allocate_shares(state.options, view.time, std::max(load_dl, load_ul), demands, resource.allocation);
  if (!outcome) return;
  SetRadioShares change{.node = cell.node, .shares = resource.base_ratios};
  for (std::size_t i = 0; i < change.shares.size(); ++i) {
    RrmPolicyRatio& ratio = change.shares[i];
    ratio.minimum = std::max(percent(outcome->now[i].minimum), ratio.dedicated);
    ratio.maximum = std::max(percent(outcome->now[i].maximum), ratio.minimum);
  }
  if (change.shares == ratios_of(view, cell)) return;
  const std::string where = cell.node.value < view.nodes.size() ? view.nodes[cell.node.value].name : "a cell";
  plan.add(std::move(change), causes_of(view, state.options, where, demands, *outcome));
}

// Link directions.

SliceShare neutral_share(SliceId slice, const LinkProperties& properties) {
  SliceShare share;
  share.slice = slice;
  share.limit_bytes = properties.limit_bytes;
  share.limit_packets = properties.limit_packets;
  return share;
}

std::vector<SliceShare> shares_for(const NetworkView& view, const LinkProperties& properties,
                                   const std::vector<SliceShare>& base,
                                   const std::vector<SliceDemand>& demands, const ShareAllocation& outcome) {
  // Guarantees in whole kbit/s, rounded down: together they never exceed the rate.
  const auto rate_of = [&](double fraction) {
    return BitsPerSecond{
        static_cast<std::int64_t>(fraction * static_cast<double>(properties.rate.value) / 1e3) * 1000};
  };
  std::vector<SliceShare> shares;
  for (std::size_t i = 0; i < demands.size(); ++i) {
    const SliceShare* declared = find_share(base, demands[i].slice);
    SliceShare share = declared ? *declared : neutral_share(demands[i].slice, properties);
    if (outcome.contended) {
      share.guaranteed = rate_of(outcome.now[i].minimum);
      share.maximum = outcome.now[i].maximum >= 1.0 ? BitsPerSecond{} : rate_of(outcome.now[i].maximum);
      const auto level = std::min<std::uint8_t>(view.slices[i].priority, 15);
      share.priority =
          demands[i].is_protected() ? level : static_cast<std::uint8_t>(first_unprotected_priority + level);
    }
    shares.push_back(share);
  }
  // Traffic of no slice keeps what it was declared.
  for (const SliceShare& declared : base)
    if (declared.slice.value >= view.slices.size()) shares.push_back(declared);
  return shares;
}

void plan_link_direction(const NetworkView& view, const LinkView& link, LinkDirection direction,
                         PolicyState& state, Plan& plan) {
  const LinkDirectionView& side = direction == LinkDirection::forward ? link.forward : link.backward;
  const double rate = static_cast<double>(side.properties.rate.value);
  if (rate <= 0.0) return;
  auto& resource = state.resources[{PolicyState::ResourceKind::link_direction, link.id.value, direction}];
  if (!resource.seen) {
    resource.seen = true;
    resource.base_shares = side.shares;
  }
  const bool sliced = !side.shares.empty();
  double carried = 0.0;
  for (const SliceLoad& load : side.slices) carried += static_cast<double>(load.carried.count);
  const double used = 8.0 * carried / view.since_last.seconds() / rate;

  std::vector<SliceDemand> demands;
  for (const SliceDescription& slice : view.slices) {
    SliceDemand demand = demand_of(slice);
    demand.guaranteed = std::min(1.0, static_cast<double>(guarantee_of(slice).value) / rate);
    if (const SliceShare* declared = find_share(resource.base_shares, slice.id)) {
      demand.base_minimum = std::min(1.0, static_cast<double>(declared->guaranteed.value) / rate);
      if (declared->maximum.value > 0)
        demand.base_maximum = std::min(1.0, static_cast<double>(declared->maximum.value) / rate);
    }
    if (sliced) demand.demand = 0.0;
    for (const SliceLoad& load : side.slices) {
      if (sliced ? load.slice != slice.id : load.slice != no_slice) continue;
      // In one FIFO every slice waits as long as the longest.
      if (sliced) demand.demand = asked_rate(load.offered, load.backlog, view.since_last) / rate;
      demand.backlog = load.backlog;
      demand.delay = load.delay_max;
      demand.dropped = load.dropped;
    }
    demands.push_back(demand);
  }
  const auto outcome = allocate_shares(state.options, view.time, used, demands, resource.allocation);
  if (!outcome) return;
  SetSliceShares change{.link = link.id,
                        .direction = direction,
                        .shares = shares_for(view, side.properties, resource.base_shares, demands, *outcome)};
  if (change.shares == side.shares) return;
  const auto name = [&](NodeId node) { return view.nodes[node.value].name; };
  const bool forward = direction == LinkDirection::forward;
  const std::string where = fmt::format("{} ({} to {})", link.name, name(forward ? link.a : link.b),
                                        name(forward ? link.b : link.a));
  plan.add(std::move(change), causes_of(view, state.options, where, demands, *outcome));
}

/// Shares before the first look: guaThpt in order of priority while 90 % of the rate lasts, otherwise equal.
std::vector<SliceShare> prepared_shares(const NetworkView& view, const LinkProperties& properties,
                                        double reserve) {
  std::vector<SliceShare> shares;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < view.slices.size(); ++i) {
    shares.push_back(neutral_share(view.slices[i].id, properties));
    order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return view.slices[x].priority < view.slices[y].priority;
  });
  auto left = static_cast<std::int64_t>(static_cast<double>(properties.rate.value) * (1.0 - reserve));
  for (const std::size_t i : order) {
    shares[i].guaranteed = std::min(guarantee_of(view.slices[i]), BitsPerSecond{left});
    left -= shares[i].guaranteed.value;
  }
  return shares;
}

}  // namespace

std::string_view to_string(SlicePolicyKind kind) {
  return kind == SlicePolicyKind::fixed ? "static" : "reactive";
}

ChangeSet plan_preparation(const NetworkView& view, const ShareAllocationOptions& options) {
  ChangeSet set{.cause = {}, .author = author, .changes = {}};
  if (view.slices.empty()) return set;
  for (const LinkView& link : view.links) {
    if (!is_routed(view, link)) continue;
    for (const auto direction : {LinkDirection::forward, LinkDirection::backward}) {
      const LinkDirectionView& side = direction == LinkDirection::forward ? link.forward : link.backward;
      if (side.properties.rate.value <= 0 || !side.shares.empty()) continue;
      set.changes.push_back(
          SetSliceShares{.link = link.id,
                         .direction = direction,
                         .shares = prepared_shares(view, side.properties, options.reserve)});
    }
  }
  const std::size_t directions = set.changes.size();
  for (const CellView& cell : view.cells) {
    SetRadioShares change{.node = cell.node, .shares = ratios_of(view, cell)};
    int total = 0;
    for (const RrmPolicyRatio& ratio : change.shares) total += ratio.minimum;
    const std::uint8_t floor = percent(options.floor);
    bool raised = false;
    for (std::size_t i = 0; i < view.slices.size(); ++i) {
      RrmPolicyRatio& ratio = change.shares[i];
      if (!latency_bound_of(view.slices[i]) || ratio.minimum >= floor || ratio.maximum < floor) continue;
      const int more = floor - ratio.minimum;
      if (total + more > percent(1.0 - options.reserve)) break;
      ratio.minimum = floor;
      total += more;
      raised = true;
    }
    if (raised) set.changes.push_back(std::move(change));
  }
  if (!set.changes.empty())
    set.cause = fmt::format("slice schedulers by guaThpt on {} link directions, floors in {} cells",
                            directions, set.changes.size() - directions);
  return set;
}

ChangeSet plan_shares(const NetworkView& view, PolicyState& state) {
  Plan plan;
  if (view.since_last.ns > 0 && !view.slices.empty()) {
    for (const CellView& cell : view.cells) plan_cell(view, cell, state, plan);
    for (const LinkView& link : view.links) {
      if (!link.up || !is_routed(view, link)) continue;
      plan_link_direction(view, link, LinkDirection::forward, state, plan);
      plan_link_direction(view, link, LinkDirection::backward, state, plan);
    }
  }
  return plan.take();
}

}  // namespace kiriko
