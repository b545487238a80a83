// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Share allocation among slices with hysteresis: raised at once, given back only after a calm hold time.
#include "controller/apps/share_allocation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace kiriko {
namespace {

constexpr double boost_step = 1.5;
constexpr double boost_limit = 4.0;
constexpr double rounding = 1e-9;

bool misses_bound(const SliceDemand& demand, double share_of_bound) {
  if (!demand.latency_bound) return false;
  return demand.dropped > 0 || static_cast<double>(demand.delay.ns) >
                                   share_of_bound * static_cast<double>(demand.latency_bound->ns);
}

/// Indices of the protected slices, highest priority first.
std::vector<std::size_t> protected_by_priority(const std::vector<SliceDemand>& demands) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < demands.size(); ++i)
    if (demands[i].is_protected()) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t x, std::size_t y) { return demands[x].priority < demands[y].priority; });
  return order;
}

/// The minimum a protected slice should have under contention.
double wish_of(const ShareAllocationOptions& options, const SliceDemand& demand, double boost) {
  double wish = std::max(demand.guaranteed, demand.latency_bound ? options.floor : 0.0);
  if (demand.demand) {
    if (*demand.demand <= 0.0)
      wish = 0.0;
    else if (demand.latency_bound)
      wish = std::max(*demand.demand * options.headroom * boost, options.floor);
    else
      wish = std::min(demand.guaranteed, std::max(*demand.demand * options.headroom, options.floor));
  }
  return std::max(wish, demand.base_minimum);
}

std::vector<SliceAllocation> base_allocation(const std::vector<SliceDemand>& demands) {
  std::vector<SliceAllocation> base;
  base.reserve(demands.size());
  for (const SliceDemand& demand : demands)
    base.push_back({.slice = demand.slice, .minimum = demand.base_minimum, .maximum = demand.base_maximum});
  return base;
}

/// Grants by slice: every base minimum, then the wishes in order of priority while the budget lasts.
std::vector<double> grant(const ShareAllocationOptions& options, const std::vector<SliceDemand>& demands,
                          const std::vector<std::size_t>& order, const ShareAllocationState& state) {
  double others = 0.0;
  double spent = 0.0;
  for (const SliceDemand& demand : demands) (demand.is_protected() ? spent : others) += demand.base_minimum;
  const double reserve = order.size() < demands.size() ? std::max(options.reserve, others) : 0.0;
  double left = std::max(0.0, 1.0 - reserve - spent);
  std::vector<double> granted(demands.size());
  for (std::size_t i = 0; i < demands.size(); ++i) granted[i] = demands[i].base_minimum;
  for (const std::size_t i : order) {
    const double extra =
        std::clamp(wish_of(options, demands[i], state.slices[i].boost) - granted[i], 0.0, left);
    granted[i] += extra;
    left -= extra;
  }
  return granted;
}

/// Moves each target towards its grant: up at once if the difference matters, down to the peak of a whole hold time.
void follow(const ShareAllocationOptions& options, ModelTime time, const std::vector<std::size_t>& order,
            const std::vector<double>& granted, ShareAllocationState& state) {
  double total = 0.0;
  for (const std::size_t i : order) {
    auto& slice = state.slices[i];
    if (granted[i] >= slice.target) {
      slice.lower_since.reset();
      if (granted[i] - slice.target >= options.minimum_change - rounding) slice.target = granted[i];
    } else if (!slice.lower_since) {
      slice.lower_since = time;
      slice.peak = granted[i];
    } else {
      slice.peak = std::max(slice.peak, granted[i]);
      if (time - *slice.lower_since >= options.hold) {
        if (slice.target - slice.peak >= options.minimum_change - rounding) slice.target = slice.peak;
        slice.lower_since.reset();
      }
    }
    total += slice.target;
  }
  // A raise may need what a lower priority still holds.
  const double granted_total = std::accumulate(order.begin(), order.end(), 0.0,
                                               [&](double sum, std::size_t i) { return sum + granted[i]; });
  const double limit = std::max(granted_total, 1.0 - options.reserve);
  for (auto it = order.rbegin(); it != order.rend() && total > limit + rounding; ++it) {
    auto& slice = state.slices[*it];
    const double given = std::min(std::max(0.0, slice.target - granted[*it]), total - limit);
    slice.target -= given;
    total -= given;
  }
}

/// Minima from the targets. A slice may use all but what those of higher priority are promised.
std::vector<SliceAllocation> contended_allocation(const ShareAllocationOptions& options,
                                                  const std::vector<SliceDemand>& demands,
                                                  const std::vector<std::size_t>& order,
                                                  const ShareAllocationState& state) {
  std::vector<SliceAllocation> allocation = base_allocation(demands);
  double promised = 0.0;
  const auto cap = [&](SliceAllocation& share) {
    const double remainder = std::max(1.0 - promised, options.reserve);
    share.maximum = std::max(share.minimum, std::min(share.maximum, remainder));
  };
  double same_priority = 0.0;
  std::optional<std::uint8_t> priority;
  for (const std::size_t i : order) {
    if (priority != demands[i].priority) {
      promised += same_priority;
      same_priority = 0.0;
      priority = demands[i].priority;
    }
    allocation[i].minimum = state.slices[i].target;
    cap(allocation[i]);
    same_priority += state.slices[i].target;
  }
  promised += same_priority;
  for (std::size_t i = 0; i < demands.size(); ++i)
    if (!demands[i].is_protected()) cap(allocation[i]);
  return allocation;
}

std::optional<ShareAllocation> bring_into_force(std::vector<SliceAllocation> allocation,
                                                ShareAllocationState& state) {
  if (allocation == state.in_force) return std::nullopt;
  ShareAllocation outcome{.contended = state.contended, .was = std::move(state.in_force), .now = allocation};
  state.in_force = std::move(allocation);
  return outcome;
}

}  // namespace

std::optional<ShareAllocation> allocate_shares(const ShareAllocationOptions& options, ModelTime time,
                                               double load, const std::vector<SliceDemand>& demands,
                                               ShareAllocationState& state) {
  const std::vector<std::size_t> order = protected_by_priority(demands);
  if (order.empty()) return std::nullopt;
  if (state.slices.size() != demands.size()) {
    state = {};
    state.slices.resize(demands.size());
    state.in_force = base_allocation(demands);
    for (std::size_t i = 0; i < demands.size(); ++i) state.slices[i].target = demands[i].base_minimum;
  }

  double demanded = 0.0;
  bool in_danger = false;
  bool calm = true;
  for (const SliceDemand& demand : demands) {
    demanded += demand.demand.value_or(0.0);
    in_danger = in_danger || misses_bound(demand, options.delay_up);
    calm = calm && !misses_bound(demand, options.delay_down);
  }
  const double pressure = std::max(load, demanded);
  calm = calm && pressure < options.load_down;

  if (!state.contended) {
    if (pressure <= options.load_up && !in_danger) return std::nullopt;
    state.contended = true;
    state.calm_since.reset();
  } else {
    for (const std::size_t i : order)
      if (misses_bound(demands[i], options.delay_up))
        state.slices[i].boost = std::min(boost_limit, state.slices[i].boost * boost_step);
    if (!calm) {
      state.calm_since.reset();
    } else if (!state.calm_since) {
      state.calm_since = time;
    } else if (time - *state.calm_since >= options.hold) {
      state.contended = false;
      for (std::size_t i = 0; i < demands.size(); ++i)
        state.slices[i] = ShareAllocationState::PerSlice{.target = demands[i].base_minimum};
      return bring_into_force(base_allocation(demands), state);
    }
  }
  follow(options, time, order, grant(options, demands, order, state), state);
  return bring_into_force(contended_allocation(options, demands, order, state), state);
}

std::string describe_allocation(const ShareAllocationOptions& options, std::string_view slice,
                                std::string_view where, const SliceDemand& demand, const SliceAllocation& was,
                                const SliceAllocation& now) {
  const auto percent = [](double fraction) { return fmt::format("{:.3g} %", fraction * 100.0); };
  const bool minimum = percent(was.minimum) != percent(now.minimum);
  const bool maximum = percent(was.maximum) != percent(now.maximum);
  if (!minimum && !maximum) return {};
  std::vector<std::string> reasons;
  if (demand.backlog.count > 0)
    reasons.push_back(fmt::format("backlog {:.3g} kB", static_cast<double>(demand.backlog.count) / 1e3));
  if (demand.dropped > 0) reasons.push_back(fmt::format("{} dropped", demand.dropped));
  if (demand.latency_bound &&
      static_cast<double>(demand.delay.ns) > options.delay_up * static_cast<double>(demand.latency_bound->ns))
    reasons.push_back(fmt::format("delay {:.3g} ms > {:.3g} ms", demand.delay.milliseconds(),
                                  demand.latency_bound->milliseconds() * options.delay_up));
  if (demand.demand) reasons.push_back("demand " + percent(*demand.demand));
  std::string text = fmt::format("slice {} in {}: ", slice, where);
  if (!reasons.empty()) text += fmt::format("{}: ", fmt::join(reasons, ", "));
  if (minimum) text += fmt::format("min {} → {}", percent(was.minimum), percent(now.minimum));
  if (maximum)
    text += fmt::format("{}max {} → {}", minimum ? ", " : "", percent(was.maximum), percent(now.maximum));
  return text;
}

}  // namespace kiriko
