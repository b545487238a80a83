// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// KPIs judged on what was measured.
#include <cmath>

#include "scenarios/run/collect.hpp"

namespace kiriko {
namespace {

struct Measured {
  double value{};
  std::uint64_t samples{};
};

double statistic_of(const ScenarioKpi& kpi, const Histogram& histogram) {
  switch (kpi.statistic) {
    case KpiStatistic::quantile: return static_cast<double>(histogram.quantile(kpi.quantile));
    case KpiStatistic::mean: return histogram.mean();
    case KpiStatistic::minimum: return static_cast<double>(histogram.minimum());
    case KpiStatistic::maximum: return static_cast<double>(histogram.maximum());
    case KpiStatistic::total: return static_cast<double>(histogram.count());
    case KpiStatistic::ratio: return 0;
  }
  return 0;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

// Throughput of one flow over the part of the window in which it ran.
double bits_per_second(const FlowTally& tally, const FlowSpec& spec, const MeasureWindow& window,
                       ModelTime ended_at) {
  const ModelTime from = std::max(window.from, spec.start);
  const ModelTime to = std::min({window.to, spec.stop, ended_at});
  return to <= from ? 0.0 : static_cast<double>(tally.received_bytes) * 8.0 / (to - from).seconds();
}

Measured measure_flows(const Scenario& scenario, const ScenarioKpi& kpi, const RunResult& result) {
  FlowTally merged;
  double rate = 0;
  for (const FlowId flow : kpi.flows) {
    const FlowTally& tally = result.flows[flow.value].windows[kpi.window];
    merged.merge(tally);
    const double one =
        bits_per_second(tally, scenario.flows[flow.value].spec, result.windows[kpi.window], result.ended_at);
    switch (kpi.statistic) {
      case KpiStatistic::minimum: rate = flow == kpi.flows.front() ? one : std::min(rate, one); break;
      case KpiStatistic::maximum: rate = std::max(rate, one); break;
      default: rate += one; break;
    }
  }
  const std::uint64_t finished = merged.sent - std::min(merged.sent, merged.held_at_end);
  // Where packets were sent, none received is a measurement.
  const std::uint64_t counted = std::max(merged.received, finished);
  switch (kpi.metric) {
    case KpiMetric::delay: return {statistic_of(kpi, merged.delay), merged.delay.count()};
    case KpiMetric::jitter: return {statistic_of(kpi, merged.jitter), merged.jitter.count()};
    case KpiMetric::loss_ratio: return {share(merged.lost(), finished), finished};
    case KpiMetric::late_or_lost_ratio: return {share(merged.lost() + merged.late, finished), finished};
    case KpiMetric::duplicates: return {static_cast<double>(merged.duplicates), counted};
    case KpiMetric::reordered_ratio: return {share(merged.reordered, merged.received), merged.received};
    case KpiMetric::throughput: return {rate, counted};
    case KpiMetric::received: return {static_cast<double>(merged.received), counted};
    case KpiMetric::interruption: return {static_cast<double>(merged.longest_gap.ns), counted};
    case KpiMetric::packets_lost: return {static_cast<double>(merged.lost()), finished};
    default: return {};
  }
}

// How much the load of others makes of a flow's delay: 1 is perfect isolation.
Measured isolation(const ScenarioKpi& kpi, const RunResult& result) {
  Histogram loaded, unloaded;
  for (const FlowId flow : kpi.flows) {
    loaded.merge(result.flows[flow.value].windows[kpi.window].delay);
    unloaded.merge(result.flows[flow.value].windows[kpi.unloaded].delay);
  }
  const double calm = statistic_of(kpi, unloaded);
  return {calm > 0 ? statistic_of(kpi, loaded) / calm : 0,
          calm > 0 ? std::min(loaded.count(), unloaded.count()) : 0};
}

Measured measure_links(const ScenarioKpi& kpi, const RunResult& result) {
  Histogram queueing;
  std::vector<double> values;
  std::uint64_t packets = 0;
  for (const LinkId link : kpi.links) {
    for (std::size_t direction = 0; direction < 2; ++direction) {
      if (direction == 0 ? !kpi.forward : !kpi.backward) continue;
      const LinkDirectionResult& one = result.links[link.value * 2 + direction];
      queueing.merge(one.queueing);
      packets += one.packets + one.dropped;
      if (kpi.metric != KpiMetric::utilisation) {
        values.push_back(static_cast<double>(one.dropped));
      } else if (one.utilisation) {
        values.push_back(*one.utilisation);
      }
    }
  }
  if (kpi.metric == KpiMetric::utilisation) {
    if (values.empty()) return {};
    packets = std::max<std::uint64_t>(packets, 1);  // an idle line is a measurement
  }
  if (kpi.metric == KpiMetric::queueing) return {statistic_of(kpi, queueing), queueing.count()};
  double sum = 0;
  for (const double v : values) sum += v;
  switch (kpi.statistic) {
    case KpiStatistic::maximum: return {*std::max_element(values.begin(), values.end()), packets};
    case KpiStatistic::minimum: return {*std::min_element(values.begin(), values.end()), packets};
    case KpiStatistic::mean: return {sum / static_cast<double>(values.size()), packets};
    case KpiStatistic::ratio: return {packets == 0 ? 0.0 : sum / static_cast<double>(packets), packets};
    default: return {sum, packets};
  }
}

bool compare(double measured, KpiComparison comparison, double threshold) {
  switch (comparison) {
    case KpiComparison::less_equal: return measured <= threshold;
    case KpiComparison::greater_equal: return measured >= threshold;
    case KpiComparison::less: return measured < threshold;
    case KpiComparison::greater: return measured > threshold;
  }
  return false;
}

std::string_view unit_name(KpiUnit unit) {
  switch (unit) {
    case KpiUnit::nanoseconds: return "ns";
    case KpiUnit::ratio: return "";
    case KpiUnit::bits_per_second: return "bit/s";
    case KpiUnit::packets: return "packets";
    case KpiUnit::factor: return "times";
  }
  return "";
}

// How many samples a statement needs before it says anything: beyond a quantile there must be one, and a
// ratio of zero supports r with 95 % confidence only from 3/r samples on (rule of three).
void note_samples(const ScenarioKpi& kpi, KpiResult& out) {
  if (out.samples == 0) {
    out.met = kpi.metric == KpiMetric::packets_lost || kpi.metric == KpiMetric::dropped ? out.met : false;
    out.enough_samples = false;
    out.note = kpi.metric == KpiMetric::utilisation ? "its links have no rate" : "nothing was measured";
    return;
  }
  double needed = 0;
  if (kpi.statistic == KpiStatistic::quantile && kpi.quantile < 1.0) needed = 1.0 / (1.0 - kpi.quantile);
  if (kpi.unit == KpiUnit::ratio && kpi.threshold > 0 && kpi.threshold < 1 &&
      kpi.metric != KpiMetric::utilisation)
    needed = 3.0 / kpi.threshold;
  if (static_cast<double>(out.samples) + 0.5 >= std::floor(needed)) return;
  out.enough_samples = false;
  out.note = "few samples: " + std::to_string(out.samples) + " of the " +
             std::to_string(static_cast<std::int64_t>(std::ceil(needed))) + " that the statement needs";
}

}  // namespace

std::vector<KpiResult> judge(const Scenario& scenario, const RunResult& result) {
  std::vector<KpiResult> out;
  for (const ScenarioKpi& kpi : scenario.kpis) {
    const Measured measured = kpi.metric == KpiMetric::isolation_index ? isolation(kpi, result)
                              : kpi.flows.empty()                      ? measure_links(kpi, result)
                                                                       : measure_flows(scenario, kpi, result);
    KpiResult& judged = out.emplace_back();
    judged.name = kpi.name;
    judged.metric = kpi.metric_text;
    judged.scope = kpi.scope;
    judged.statistic = kpi.statistic_text;
    judged.comparison = kpi.comparison_text;
    judged.source = kpi.source;
    judged.threshold = kpi.threshold;
    judged.unit = unit_name(kpi.unit);
    judged.measured = measured.value;
    judged.samples = measured.samples;
    judged.window = scenario.windows[kpi.window];
    judged.met = compare(measured.value, kpi.comparison, kpi.threshold);
    note_samples(kpi, judged);
  }
  return out;
}

}  // namespace kiriko
