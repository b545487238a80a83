// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The page from top to bottom: verdict, KPIs, charts, slices, losses, links, events, ledger, what to know, how to repeat.
#include "scenarios/report/report_html.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/report/command_line.hpp"
#include "scenarios/report/figure_text.hpp"
#include "scenarios/report/flow_merge.hpp"
#include "scenarios/report/html_table.hpp"
#include "scenarios/report/report_charts.hpp"
#include "scenarios/report/report_style.hpp"
#include "scenarios/report/utf8.hpp"

namespace kiriko {
namespace {

constexpr std::size_t shown_links = 100, shown_events = 400, shown_drops = 60, shown_nodes = 400;

std::string section(std::string_view title, const std::string& content, std::string_view intro = "") {
  if (content.empty()) return "";
  return fmt::format("<section><h2>{}</h2>\n{}{}</section>\n", xml_escaped(title),
                     intro.empty() ? "" : fmt::format("<p class=\"dim\">{}</p>\n", xml_escaped(intro)),
                     content);
}

std::string more_note(std::size_t all, std::size_t shown) {
  return all <= shown ? "" : fmt::format("<p class=\"note\">{} more are in results.json</p>\n", all - shown);
}

std::string verdict(const RunResult& result) {
  const auto met = static_cast<std::size_t>(
      std::count_if(result.kpis.begin(), result.kpis.end(), [](const KpiResult& kpi) { return kpi.met; }));
  std::string text =
      result.kpis.empty() ? "No KPIs declared" : fmt::format("{} of {} KPIs met", met, result.kpis.size());
  bool good = met == result.kpis.size();
  if (result.end == RunEnd::fault)
    text = "Fault of the run: " + result.fault, good = false;
  else if (result.end == RunEnd::interrupted)
    text = fmt::format("Interrupted at {} of {}: partial, {}", seconds_text(result.ended_at),
                       seconds_text(result.until), text),
    good = false;
  else if (!result.wall.valid)
    text = "Invalid: " + result.wall.invalid_because, good = false;
  return fmt::format("<p class=\"verdict {}\">{} {}</p>\n", good ? "good" : "bad", good ? "✓" : "✗",
                     xml_escaped(text));
}

std::string facts(const RunResult& result) {
  std::string out = "<dl class=\"facts\">";
  const auto fact = [&](std::string_view name, const std::string& value) {
    out += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", name, xml_escaped(value));
  };
  fact("Scenario", result.scenario);
  fact("Model time", seconds_text(result.ended_at));
  fact("Clock", result.clock);
  fact("Seed", std::to_string(result.seed));
  fact("Packet-hops", count_text(result.packet_hops));
  fact("Took",
       fmt::format("{:.2f} s with {} {} ({:.1f} × real time)", result.wall.wall_seconds, result.wall.workers,
                   result.wall.workers == 1 ? "worker" : "workers", result.wall.speed));
  fact("Kiriko", result.version);
  fact("Scenario's SHA-256",
       result.scenario_sha256.substr(0, 16) + (result.scenario_sha256.size() > 16 ? "…" : ""));
  for (const std::string& set : result.overrides) fact("Changed by --set", set);
  return out + "</dl>\n";
}

std::string kpis(const RunResult& result) {
  HtmlTable table({{""},
                   {"KPI"},
                   {"Scope"},
                   {"Required"},
                   {"Measured", true},
                   {"Samples", true},
                   {"Source of the figure"}});
  for (const KpiResult& kpi : result.kpis) {
    table.row(kpi.met ? "" : "missed").cell(kpi.met ? "✓ met" : "✗ missed", kpi.met ? "met" : "missed");
    table.cell(kpi.name).cell(kpi.scope);
    std::string required = xml_escaped(requirement_text(kpi));
    if (kpi.window.from > ModelTime{0} || kpi.window.to < ModelTime::never())
      required +=
          fmt::format("<div class=\"note\">packets sent from {} to {}</div>", seconds_text(kpi.window.from),
                      kpi.window.to < ModelTime::never() ? seconds_text(kpi.window.to) : "the end");
    table.html_cell(required).cell(measured_text(kpi)).cell(count_text(kpi.samples));
    table.html_cell(xml_escaped(kpi.source) +
                    (kpi.note.empty() ? "" : "<div class=\"note\">" + xml_escaped(kpi.note) + "</div>"));
  }
  return table.empty() ? "" : table.text();
}

std::string merged_table(const std::vector<MergedFlows>& all, ModelTime ended_at) {
  HtmlTable table({{"Name"},
                   {"Flows", true},
                   {"Throughput", true},
                   {"Sent", true},
                   {"Lost", true},
                   {"Loss ratio", true},
                   {"Late", true},
                   {"Delay mean", true},
                   {"p50", true},
                   {"p99", true},
                   {"p99.99", true},
                   {"max", true},
                   {"Jitter p99", true},
                   {"Gap max", true}});
  for (const MergedFlows& merged : all) {
    const FlowTally& tally = merged.tally;
    const auto quantile = [](const Histogram& histogram, double q) {
      return histogram.count() == 0 ? std::string("-")
                                    : delay_text(static_cast<double>(histogram.quantile(q)));
    };
    table.row()
        .cell(merged.name)
        .cell(std::to_string(merged.flows))
        .cell(rate_text(throughput(tally, ended_at)));
    table.cell(count_text(tally.sent))
        .cell(count_text(tally.lost()))
        .cell(ratio_text(loss_ratio(tally)))
        .cell(count_text(tally.late));
    table.cell(tally.delay.count() == 0 ? "-" : delay_text(tally.delay.mean()))
        .cell(quantile(tally.delay, 0.5))
        .cell(quantile(tally.delay, 0.99));
    table.cell(quantile(tally.delay, 0.9999))
        .cell(quantile(tally.delay, 1))
        .cell(quantile(tally.jitter, 0.99));
    table.cell(delay_text(static_cast<double>(tally.longest_gap.ns)));
  }
  return table.empty() ? "" : table.text();
}

std::string drops(const RunResult& result) {
  const auto all = drops_by_place(result);
  HtmlTable table({{"Packets", true}, {"Reason @ place"}, {"What it means"}});
  for (std::size_t i = 0; i < std::min(all.size(), shown_drops); ++i)
    table.row().cell(count_text(all[i].second)).cell(all[i].first).cell(drop_sentence(all[i].first));
  return table.empty() ? "<p>No measured flow lost a packet.</p>\n"
                       : table.text() + more_note(all.size(), shown_drops);
}

std::string links(const RunResult& result) {
  std::vector<const LinkDirectionResult*> all;
  for (const auto& link : result.links)
    if (link.packets + link.dropped > 0) all.push_back(&link);
  std::stable_sort(all.begin(), all.end(), [](const auto* a, const auto* b) {
    return std::pair(a->utilisation.value_or(0), a->bytes) > std::pair(b->utilisation.value_or(0), b->bytes);
  });
  HtmlTable table({{"Link"},
                   {"Utilisation"},
                   {"Packets", true},
                   {"Bytes", true},
                   {"Busiest second", true},
                   {"Dropped", true},
                   {"Queueing mean", true},
                   {"p99", true},
                   {"max", true}});
  for (std::size_t i = 0; i < std::min(all.size(), shown_links); ++i) {
    const LinkDirectionResult& link = *all[i];
    const double percent = std::clamp(link.utilisation.value_or(0), 0.0, 1.0) * 100;
    const double peak = link.seconds_mbit_s.empty()
                            ? 0
                            : *std::max_element(link.seconds_mbit_s.begin(), link.seconds_mbit_s.end());
    table.row().cell(link.link);
    table.html_cell(
        link.utilisation
            ? fmt::format(
                  "<span class=\"share\"><span class=\"bar\"><i style=\"width:{:.1f}%\"></i></span>{}</span>",
                  percent, percent_text(*link.utilisation))
            : "-");
    table.cell(count_text(link.packets))
        .cell(count_text(link.bytes))
        .cell(rate_text(peak * 1e6))
        .cell(count_text(link.dropped));
    table.cell(delay_text(link.queueing.mean()))
        .cell(delay_text(static_cast<double>(link.queueing.quantile(0.99))));
    table.cell(delay_text(static_cast<double>(link.queueing.maximum())));
  }
  return table.empty() ? "" : table.text() + more_note(all.size(), shown_links);
}

std::string events(const RunResult& result) {
  HtmlTable table(
      {{"Model time", true}, {"Kind"}, {"Author"}, {"What happened"}, {"Packets lost by it", true}});
  for (std::size_t i = 0; i < std::min(result.events.size(), shown_events); ++i) {
    const EventRecord& event = result.events[i];
    table.row(event.kind == "failure" ? "missed" : "")
        .cell(seconds_text(event.at))
        .cell(event.kind)
        .cell(event.author);
    table.cell(event.text).cell(count_text(event.packets_lost));
  }
  if (table.empty()) return "";
  return table.text() + (result.events.size() <= shown_events
                             ? ""
                             : fmt::format("<p class=\"note\">{} more are in events.ndjson</p>\n",
                                           result.events.size() - shown_events));
}

std::string ledger(const RunResult& result) {
  std::string out = fmt::format(
      "<p>{} created = {} delivered + {} dropped + {} held at the end. The packet pool counts {} in "
      "use.</p>\n",
      count_text(result.ledger.created), count_text(result.ledger.consumed),
      count_text(result.ledger.dropped_total()), count_text(result.held), count_text(result.pool_in_use));
  HtmlTable table({{"Node"},
                   {"Kind"},
                   {"In", true},
                   {"Created", true},
                   {"Out", true},
                   {"Delivered", true},
                   {"Dropped", true},
                   {"Held", true}});
  for (std::size_t i = 0; i < std::min(result.nodes.size(), shown_nodes); ++i) {
    const NodeResult& node = result.nodes[i];
    table.row()
        .cell(node.name)
        .cell(node.kind)
        .cell(count_text(node.ledger.in))
        .cell(count_text(node.ledger.created));
    table.cell(count_text(node.ledger.out))
        .cell(count_text(node.ledger.consumed))
        .cell(count_text(node.ledger.dropped_total()));
    table.cell(count_text(node.held));
  }
  if (table.empty()) return out;
  return out + "<details><summary>By node</summary>" + table.text() +
         more_note(result.nodes.size(), shown_nodes) + "</details>\n";
}

std::string fidelity(const RunResult& result) {
  if (result.clock != "real") return "";
  HtmlTable table(
      {{"Link"}, {"Released", true}, {"Lateness p50", true}, {"p99", true}, {"p99.9", true}, {"max", true}});
  for (const LinkFidelity& link : result.wall.links) {
    table.row().cell(link.link).cell(count_text(link.released));
    for (const double q : {0.5, 0.99, 0.999, 1.0})
      table.cell(delay_text(static_cast<double>(link.lateness.quantile(q))));
  }
  if (result.wall.devices.empty()) return table.text();
  HtmlTable arrivals({{"Device"},
                      {"Received", true},
                      {"Missed", true},
                      {"Unseen for up to, p50", true},
                      {"p99", true},
                      {"p99.9", true},
                      {"max", true}});
  for (const DeviceFidelity& device : result.wall.devices) {
    arrivals.row()
        .cell(device.device)
        .cell(count_text(device.unseen.count()))
        .cell(count_text(device.missed));
    for (const double q : {0.5, 0.99, 0.999, 1.0})
      arrivals.cell(delay_text(static_cast<double>(device.unseen.quantile(q))));
  }
  return table.text() + arrivals.text();
}

std::string unverified(const RunResult& result) {
  if (result.unverified.empty()) return "";
  std::string out = "<ul>";
  for (const std::string& figure : result.unverified) out += "<li>" + xml_escaped(figure) + "</li>";
  return out + "</ul>\n";
}

}  // namespace

std::string report_html(const RunResult& result) {
  const std::string title = xml_escaped(result.title.empty() ? result.scenario : result.title);
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>{}</title>\n<style>{}</style></"
      "head>\n<body><main>\n",
      title, report_style);
  out +=
      fmt::format("<header><h1>{}</h1>\n<p class=\"lead\">{}</p>\n", title, xml_escaped(result.description));
  out += verdict(result) + facts(result) + "</header>\n";
  out += section("KPIs", kpis(result)) + section("Over time", report_charts(result));
  out += section("Slices", merged_table(by_slice(result), result.ended_at));
  out += section("Traffic groups", merged_table(by_group(result), result.ended_at));
  out += section("Why packets were lost", drops(result),
                 "Of the measured flows, by named reason and place. TCP makes good what it loses.");
  out +=
      section("Links", links(result), "Each direction by itself, the busiest first; idle ones are left out.");
  out += section("Events", events(result), "The timeline and every change that the controller applied.");
  out += section("Fidelity", fidelity(result),
                 fmt::format("How late packets left by the real clock; p99 may be {}.",
                             to_string(result.wall.tolerance)));
  out += section("Ledger", ledger(result), "Every packet is accounted for.");
  out += section("Figures not verified", unverified(result),
                 "In use here, but nobody has checked them against their source.");
  out += section("Run it again", "<pre>" + xml_escaped(command_line(result)) + "</pre>\n");
  return out + "</main></body></html>\n";
}

}  // namespace kiriko
