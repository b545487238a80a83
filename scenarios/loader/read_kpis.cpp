// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// KPIs: metric, scope, statistic and threshold must fit each other; their windows are shared by all flows.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "scenarios/loader/loading.hpp"
#include "scenarios/loader/wild_card.hpp"

namespace kiriko {
namespace {

// Every flow keeps a tally a window.
constexpr std::size_t maximum_windows = 32;

std::size_t index_of_metric(std::string_view name) {
  const auto& kinds = metric_kinds();
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i].name == name) return i;
  return kinds.size();
}

std::optional<double> parse_plain(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// "p99.9" → 0.999.
std::optional<double> parse_quantile(std::string_view text) {
  if (text.size() < 2 || text.front() != 'p') return std::nullopt;
  const auto percent = parse_plain(text.substr(1));
  if (!percent || *percent <= 0 || *percent >= 100) return std::nullopt;
  return *percent / 100.0;
}

class KpiReader {
 public:
  explicit KpiReader(Loading& loading) : loading_(loading) {}

  void read(const SectionValues& values) {
    ScenarioKpi kpi{.name = values.text("name"),
                    .scope = values.text("scope"),
                    .metric_text = values.text("metric"),
                    .statistic_text = values.text("statistic"),
                    .comparison_text = values.text("comparison"),
                    .threshold_text = values.text("threshold"),
                    .source = values.text("source")};
    if (!kpi.name.empty() && !names_.insert(kpi.name).second)
      loading_.problems.add(values.at("name"), {.message = "two KPIs have the name " + in_quotes(kpi.name)});
    if (values.given("source") && values.values.has("source") && kpi.source.empty())
      loading_.problems.add(values.at("source"),
                            {.message = "'source' is empty", .allowed = "where the threshold comes from"});
    kpi.comparison = kpi.comparison_text == ">="  ? KpiComparison::greater_equal
                     : kpi.comparison_text == "<" ? KpiComparison::less
                     : kpi.comparison_text == ">" ? KpiComparison::greater
                                                  : KpiComparison::less_equal;
    kpi.window = read_window(values, "window");
    kpi.unloaded = read_window(values, "unloaded");
    const std::size_t index = index_of_metric(kpi.metric_text);
    if (index < metric_kinds().size()) {
      const MetricKind& kind = metric_kinds()[index];
      kpi.metric = static_cast<KpiMetric>(index);
      read_statistic(values, kind, kpi);
      read_threshold(values, kind, kpi);
      if (kind.of_links) {
        if (values.given("window"))
          loading_.problems.add(values.at("window"), {.message = "a link's metric has no window",
                                                      .found = in_quotes(kpi.metric_text)});
        find_links(values, kpi);
      } else {
        kpi.flows = find_flows(loading_, kpi.scope, values.at("scope"));
        check_calm(values, kpi);
        check_deadlines(values, kpi);
      }
    }
    loading_.scenario.kpis.push_back(std::move(kpi));
  }

 private:
  void read_statistic(const SectionValues& values, const MetricKind& kind, ScenarioKpi& kpi) {
    const std::string& text = kpi.statistic_text;
    if (text.empty() && !values.given("statistic")) return;
    const auto quantile = parse_quantile(text);
    const std::string_view name = quantile ? std::string_view("pXX") : std::string_view(text);
    if (std::find(kind.statistics.begin(), kind.statistics.end(), name) == kind.statistics.end()) {
      std::string allowed;
      for (const auto statistic : kind.statistics) {
        allowed += allowed.empty() ? "" : ", ";
        allowed += statistic == "pXX" ? "p50, p99.9 and other percentiles" : std::string(statistic);
      }
      loading_.problems.add(values.at("statistic"),
                            {.message = "the metric '" + kpi.metric_text + "' has no such statistic",
                             .found = in_quotes(text),
                             .allowed = allowed});
      return;
    }
    kpi.quantile = quantile.value_or(0.0);
    kpi.statistic = quantile          ? KpiStatistic::quantile
                    : text == "mean"  ? KpiStatistic::mean
                    : text == "min"   ? KpiStatistic::minimum
                    : text == "max"   ? KpiStatistic::maximum
                    : text == "total" ? KpiStatistic::total
                                      : KpiStatistic::ratio;
  }

  void read_threshold(const SectionValues& values, const MetricKind& kind, ScenarioKpi& kpi) {
    if (!values.given("threshold") || !values.values.has("threshold")) return;
    const std::string& text = kpi.threshold_text;
    const auto refuse = [&](const char* allowed) {
      loading_.problems.add(values.at("threshold"),
                            {.message = "the threshold does not fit the metric '" + kpi.metric_text + "'",
                             .found = in_quotes(text),
                             .allowed = allowed});
    };
    if (kind.unit == "duration") {
      kpi.unit = KpiUnit::nanoseconds;
      const auto duration = parse_duration(text);
      if (!duration || duration->ns < 0) return refuse("a duration, such as 10ms");
      kpi.threshold = static_cast<double>(duration->ns);
    } else if (kind.unit == "rate") {
      kpi.unit = KpiUnit::bits_per_second;
      const auto rate = parse_rate(text);
      if (!rate || text == "unlimited") return refuse("a rate, such as 25Mbit/s");
      kpi.threshold = static_cast<double>(rate->value);
    } else if (kind.unit == "ratio") {
      kpi.unit = KpiUnit::ratio;
      const bool percent = text.ends_with('%');
      const auto value = parse_plain(std::string_view(text).substr(0, text.size() - (percent ? 1 : 0)));
      if (!value) return refuse("a number from 0 to 1, such as 1e-4, or a percentage, such as 0.01%");
      kpi.threshold = percent ? *value / 100.0 : *value;
      if (kpi.threshold < 0 || kpi.threshold > 1)
        return refuse("a number from 0 to 1, such as 1e-4, or a percentage, such as 0.01%");
    } else if (kind.unit == "factor") {
      kpi.unit = KpiUnit::factor;
      const auto value = parse_plain(text);
      if (!value || *value < 0) return refuse("how many times as much, such as 1.05");
      kpi.threshold = *value;
    } else {
      kpi.unit = KpiUnit::packets;
      const auto value = parse_plain(text);
      if (!value || *value < 0) return refuse("a number of packets");
      kpi.threshold = *value;
    }
  }

  std::size_t read_window(const SectionValues& values, std::string_view key) {
    auto& windows = loading_.scenario.windows;
    if (!values.given(key) || !values.values.has(key)) return 0;
    const auto ends = values.values.list<Duration>(key);
    if (ends.size() != 2 || ends[1] <= ends[0]) {
      loading_.problems.add(values.at(key), {.message = "a window is not a beginning and a later end",
                                             .allowed = "such as " + std::string(key) + ": [10s, 20s]"});
      return 0;
    }
    const Duration duration = loading_.scenario.run.duration;
    if (duration.ns > 0 && ends[0] >= duration)
      loading_.problems.add(values.at(key), {.message = "the window begins after the run's end",
                                             .found = to_string(ends[0]),
                                             .allowed = "before " + to_string(duration)});
    const MeasureWindow window{ModelTime{ends[0].ns}, ModelTime{ends[1].ns}};
    const auto found = std::find(windows.begin(), windows.end(), window);
    if (found != windows.end()) return static_cast<std::size_t>(found - windows.begin());
    if (windows.size() > maximum_windows) {
      loading_.problems.add(values.at(key), {.message = "there are too many different windows",
                                             .allowed = "at most " + std::to_string(maximum_windows)});
      return 0;
    }
    windows.push_back(window);
    return windows.size() - 1;
  }

  void find_links(const SectionValues& values, ScenarioKpi& kpi) {
    constexpr std::string_view prefix = "link:";
    std::string pattern = kpi.scope == "all" ? "*" : "";
    if (kpi.scope.starts_with(prefix)) pattern = kpi.scope.substr(prefix.size());
    const auto cut = [&](std::string_view suffix) {
      if (!pattern.ends_with(suffix)) return false;
      pattern.resize(pattern.size() - suffix.size());
      return true;
    };
    if (cut("/forward"))
      kpi.backward = false;
    else if (cut("/backward"))
      kpi.forward = false;
    if (pattern.empty()) {
      loading_.problems.add(values.at("scope"),
                            {.message = "not a scope of links",
                             .found = in_quotes(kpi.scope),
                             .allowed = "all, link:NAME, link:NAME/forward, link:NAME/backward"});
      return;
    }
    const auto& names = loading_.links.names;
    if (!spend(loading_, names.size() + 1, values.at("scope"))) return;
    for (std::uint32_t i = 0; i < names.size(); ++i)
      if (matches(pattern, names[i])) kpi.links.push_back(LinkId{i});
    if (kpi.links.empty())
      loading_.problems.add(values.at("scope"), {.message = "no link is in the scope " + in_quotes(kpi.scope),
                                                 .allowed = join(names),
                                                 .hint = hint_for(pattern, names)});
  }

  void check_calm(const SectionValues& values, const ScenarioKpi& kpi) {
    const bool given = values.given("unloaded");
    if ((kpi.metric == KpiMetric::isolation_index) == given) return;
    loading_.problems.add(given ? values.at("unloaded") : values.at("metric"),
                          {.message = given ? "only isolation_index has an unloaded window"
                                            : "isolation_index needs an unloaded window to be held against",
                           .hint = given ? "" : "such as unloaded: [0s, 10s]"});
  }

  void check_deadlines(const SectionValues& values, const ScenarioKpi& kpi) {
    if (kpi.metric != KpiMetric::late_or_lost_ratio) return;
    for (const FlowId flow : kpi.flows) {
      const FlowSpec& spec = loading_.scenario.flows[flow.value].spec;
      if (spec.deadline) continue;
      loading_.problems.add(values.at("scope"),
                            {.message = "the flow '" + spec.name + "' has no deadline to be late for",
                             .hint = "give it a deadline or a 5QI"});
      return;
    }
  }

  Loading& loading_;
  std::set<std::string> names_;
};

}  // namespace

void read_kpis(Loading& loading, const YamlNode& list) {
  const EntryList entries = read_entries(loading, list, "kpis", kpi_section(), "a KPI");
  KpiReader reader(loading);
  for (const auto& values : entries.values) reader.read(values);
}

}  // namespace kiriko
