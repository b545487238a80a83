// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From merged flows to chart series. Long runs are put in bins of whole seconds.
#include "scenarios/report/report_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>

#include "scenarios/report/figure_text.hpp"
#include "scenarios/report/flow_merge.hpp"
#include "scenarios/report/line_chart.hpp"

namespace kiriko {
namespace {

constexpr std::size_t most_bins = 600, most_labels = 12;
constexpr double nines_step = 0.02;

/// One bin of a chart's line, from the seconds in it.
FlowSecond bin(const std::vector<FlowSecond>& seconds, std::size_t begin, std::size_t size) {
  FlowSecond out;
  for (std::size_t i = begin; i < std::min(begin + size, seconds.size()); ++i) {
    out.received += seconds[i].received;
    out.received_bytes += seconds[i].received_bytes;
    out.delay_sum_ns += seconds[i].delay_sum_ns;
    out.delay_max_ns = std::max(out.delay_max_ns, seconds[i].delay_max_ns);
  }
  return out;
}

/// Handovers, where there are many events, are ticks: their labels would hide the others'.
std::vector<ChartEvent> chart_events(const RunResult& result) {
  const auto labelled = [](const EventRecord& event) {
    return event.author == "timeline" || event.kind == "failure";
  };
  const auto count =
      static_cast<std::size_t>(std::count_if(result.events.begin(), result.events.end(), labelled));
  std::vector<ChartEvent> out;
  for (const EventRecord& event : result.events) {
    const bool handover = event.text.starts_with("UE ") || event.text.starts_with("move_ue");
    const bool label = labelled(event) && (count <= most_labels || !handover);
    out.push_back({event.at.seconds(), label ? event.text : ""});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const ChartEvent& a, const ChartEvent& b) { return a.x < b.x; });
  return out;
}

using BinValue = std::function<double(const FlowSecond&, double seconds)>;

LineChart over_time(const RunResult& result, const std::vector<MergedFlows>& flows, const BinValue& value) {
  LineChart chart;
  chart.x_high = result.ended_at.seconds();
  chart.x_text = [](double x) { return fmt::format("{:g} s", x); };
  chart.events = chart_events(result);
  const auto seconds = static_cast<std::size_t>(std::ceil(result.ended_at.seconds()));
  const std::size_t size = std::max<std::size_t>(1, (seconds + most_bins - 1) / most_bins);
  for (const MergedFlows& merged : flows) {
    ChartSeries& series = chart.series.emplace_back();
    series.name = merged.name;
    for (std::size_t begin = 0; begin < seconds; begin += size) {
      const double end = std::min(static_cast<double>(begin + size), result.ended_at.seconds());
      const double span = end - static_cast<double>(begin);
      series.points.emplace_back(static_cast<double>(begin) + span / 2,
                                 value(bin(merged.seconds, begin, size), span));
    }
  }
  return chart;
}

/// The q of "p99.99", or a negative number.
double quantile_of(const std::string& statistic) {
  if (statistic.size() < 2 || statistic[0] != 'p') return -1;
  double percent = 0;
  const char* end = statistic.data() + statistic.size();
  const auto [rest, error] = std::from_chars(statistic.data() + 1, end, percent);
  return error == std::errc{} && rest == end && percent < 100 ? percent / 100 : -1;
}

double nines_of(double quantile) { return -std::log10(1 - quantile); }

LineChart by_percentile(const RunResult& result, const std::vector<MergedFlows>& groups) {
  LineChart chart;
  chart.title = "Delay by percentile";
  chart.caption = "one-way, per group; each step to the right is one more nine; triangles are KPI limits";
  chart.logarithmic = true;
  chart.y_text = delay_text;
  double high = 2;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Histogram& delay = groups[g].tally.delay;
    ChartSeries& series = chart.series.emplace_back();
    series.name = groups[g].name;
    if (delay.count() == 0) continue;
    const double last = std::log10(static_cast<double>(delay.count()));
    for (double x = 0; x <= last; x += nines_step)
      series.points.emplace_back(x,
                                 std::max(1.0, static_cast<double>(delay.quantile(1 - std::pow(10.0, -x)))));
    series.points.emplace_back(last, std::max(1.0, static_cast<double>(delay.maximum())));
    high = std::max(high, last);
    for (const KpiResult& kpi : result.kpis)
      if (const double q = quantile_of(kpi.statistic);
          q >= 0 && kpi.metric == "delay" && kpi.scope == "group:" + groups[g].name)
        chart.limits.push_back({g, nines_of(q), kpi.threshold, kpi.name + ": " + requirement_text(kpi)});
  }
  chart.x_high = high;
  const char* names[] = {"0 %",      "90 %",      "99 %",       "99.9 %",     "99.99 %",
                         "99.999 %", "99.9999 %", "99.99999 %", "99.999999 %"};
  for (std::size_t i = 0; i < std::size(names) && static_cast<double>(i) <= high; ++i)
    chart.x_ticks.emplace_back(static_cast<double>(i), names[i]);
  chart.x_ticks.emplace_back(nines_of(0.5), "50 %");
  return chart;
}

/// The largest, in the order in which they were declared.
std::vector<MergedFlows> drawable(std::vector<MergedFlows> flows) {
  std::erase_if(flows, [](const MergedFlows& merged) { return merged.tally.received == 0; });
  if (flows.size() > chart_series_limit)
    flows.erase(flows.begin() + static_cast<std::ptrdiff_t>(chart_series_limit), flows.end());
  return flows;
}

}  // namespace

std::string report_charts(const RunResult& result) {
  auto slices = by_slice(result);
  const bool has_slices = !slices.empty();
  if (!has_slices) slices = by_group(result);
  slices = drawable(std::move(slices));
  const auto all_groups = by_group(result);
  const auto groups = drawable(all_groups);
  if (slices.empty() || result.ended_at <= ModelTime{0}) return "";
  const std::string per_group =
      all_groups.size() > groups.size()
          ? fmt::format("per group (the first {} of {})", groups.size(), all_groups.size())
          : "per group";

  LineChart rate = over_time(result, slices, [](const FlowSecond& f, double s) {
    return s > 0 ? static_cast<double>(f.received_bytes) * 8 / s : 0;
  });
  rate.title = "Throughput";
  rate.caption = has_slices ? "received by applications, per slice; vertical lines are timeline events, "
                              "small ticks changes and handovers"
                            : "received by applications, per group";
  rate.y_text = rate_text;
  LineChart mean = over_time(result, groups, [](const FlowSecond& f, double) {
    return f.received == 0
               ? NAN
               : std::max(1.0, static_cast<double>(f.delay_sum_ns) / static_cast<double>(f.received));
  });
  mean.title = "Mean delay";
  mean.caption = "one-way, " + per_group;
  LineChart maximum = over_time(result, groups, [](const FlowSecond& f, double) {
    return f.received == 0 ? NAN : std::max(1.0, static_cast<double>(f.delay_max_ns));
  });
  maximum.title = "Longest delay";
  maximum.caption = "one-way, of each second, " + per_group;
  for (LineChart* chart : {&mean, &maximum}) {
    chart->logarithmic = true;
    chart->y_text = delay_text;
  }
  return to_svg(rate) + to_svg(mean) + to_svg(maximum) + to_svg(by_percentile(result, groups));
}

}  // namespace kiriko
