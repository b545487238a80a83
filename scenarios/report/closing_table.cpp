// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Columns as wide as their content needs, cut to the terminal.
#include "scenarios/report/closing_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/report/figure_text.hpp"
#include "scenarios/report/flow_merge.hpp"
#include "scenarios/report/utf8.hpp"

namespace kiriko {
namespace {

constexpr std::size_t total_width = 110;
constexpr std::size_t busiest_links = 5;
constexpr std::size_t shown_drops = 5;
constexpr std::size_t shown_failures = 5;

struct Ink {
  bool colour;
  std::string good(const std::string& text) const { return paint("32", text); }
  std::string bad(const std::string& text) const { return paint("31;1", text); }
  std::string head(const std::string& text) const { return paint("1", text); }
  std::string faint(const std::string& text) const { return paint("2", text); }
  std::string paint(const char* code, const std::string& text) const {
    return colour ? std::string("\033[") + code + "m" + text + "\033[0m" : text;
  }
};

/// Names come from files: no control characters reach the terminal.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return out;
}

std::string padded(const std::string& text, std::size_t width, bool right = false) {
  const std::string cut = cut_to(text, width);
  const std::string space(width - std::min(width, character_count(cut)), ' ');
  return right ? space + cut : cut + space;
}

struct Column {
  std::string head;
  std::size_t limit;  ///< never wider
  bool right{false};
};

using Row = std::vector<std::string>;

/// The last column takes what is left of the width.
std::string table(const std::vector<Column>& columns, const std::vector<Row>& rows, const Ink& ink) {
  std::vector<std::size_t> widths;
  std::size_t used = 2;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::size_t width = character_count(columns[c].head);
    for (const Row& row : rows) width = std::max(width, character_count(row[c]));
    width = std::min(width, columns[c].limit);
    if (c + 1 == columns.size()) width = std::min(width, total_width - std::min(total_width - 1, used));
    widths.push_back(width);
    used += width + 2;
  }
  const auto line = [&](const Row& row) {
    std::string text = " ";
    for (std::size_t c = 0; c < row.size(); ++c)
      text += " " + padded(row[c], widths[c], columns[c].right) + " ";
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  };
  Row heads;
  for (const Column& column : columns) heads.push_back(column.head);
  std::string out = ink.faint(line(heads)) + "\n";
  for (const Row& row : rows) {
    std::string text = line(row);
    if (row[0] == "✓") text = text.replace(2, row[0].size(), ink.good(row[0]));
    if (row[0] == "✗") text = text.replace(2, row[0].size(), ink.bad(row[0]));
    out += text + "\n";
  }
  return out;
}

std::string kpi_part(const RunResult& result, const Ink& ink) {
  if (result.kpis.empty()) return "";
  std::vector<Row> rows;
  for (const KpiResult& kpi : result.kpis)
    rows.push_back({kpi.met ? "✓" : "✗", plain(kpi.name), plain(requirement_text(kpi)),
                    plain(measured_text(kpi)) + (kpi.enough_samples ? "" : " *"), plain(kpi.source)});
  std::string out =
      ink.head("KPIs") + "\n" +
      table({{"", 1}, {"name", 34}, {"required", 34}, {"measured", 16, true}, {"source", 60}}, rows, ink);
  for (const KpiResult& kpi : result.kpis)
    if (!kpi.note.empty())
      out += ink.faint("  * " + cut_to(plain(kpi.name + ": " + kpi.note), total_width - 4)) + "\n";
  return out + "\n";
}

std::string slice_part(const RunResult& result, const Ink& ink) {
  auto slices = by_slice(result);
  const bool has_slices = !slices.empty();
  if (!has_slices) slices = by_group(result);
  if (slices.empty()) return "";
  std::vector<Row> rows;
  for (const MergedFlows& merged : slices) {
    const Histogram& delay = merged.tally.delay;
    rows.push_back({plain(merged.name), std::to_string(merged.flows),
                    rate_text(throughput(merged.tally, result.ended_at)), count_text(merged.tally.sent),
                    count_text(merged.tally.lost()), delay.count() == 0 ? "-" : delay_text(delay.mean()),
                    delay.count() == 0 ? "-" : delay_text(static_cast<double>(delay.quantile(0.99))),
                    delay.count() == 0 ? "-" : delay_text(static_cast<double>(delay.maximum()))});
  }
  return ink.head(has_slices ? "Slices" : "Traffic") + "\n" +
         table({{"name", 30},
                {"flows", 6, true},
                {"throughput", 13, true},
                {"sent", 14, true},
                {"lost", 12, true},
                {"delay mean", 10, true},
                {"p99", 10, true},
                {"max", 10, true}},
               rows, ink) +
         "\n";
}

std::string link_part(const RunResult& result, const Ink& ink) {
  std::vector<const LinkDirectionResult*> links;
  for (const auto& link : result.links)
    if (link.packets > 0) links.push_back(&link);
  std::stable_sort(links.begin(), links.end(), [](const auto* a, const auto* b) {
    return std::pair(a->utilisation.value_or(0), a->bytes) > std::pair(b->utilisation.value_or(0), b->bytes);
  });
  if (links.size() > busiest_links) links.resize(busiest_links);
  if (links.empty()) return "";
  std::vector<Row> rows;
  for (const LinkDirectionResult* link : links)
    rows.push_back({plain(link->link), link->utilisation ? percent_text(*link->utilisation) : "-",
                    count_text(link->packets), count_text(link->dropped),
                    delay_text(static_cast<double>(link->queueing.quantile(0.99))),
                    delay_text(static_cast<double>(link->queueing.maximum()))});
  return ink.head("Busiest links") + "\n" +
         table({{"link", 44},
                {"used", 10, true},
                {"packets", 13, true},
                {"dropped", 11, true},
                {"queue p99", 10, true},
                {"queue max", 10, true}},
               rows, ink) +
         "\n";
}

std::string drop_part(const RunResult& result, const Ink& ink) {
  const auto drops = drops_by_place(result);
  if (drops.empty()) return "";
  std::string out = ink.head("Why packets were lost") + "\n";
  for (std::size_t i = 0; i < std::min(drops.size(), shown_drops); ++i)
    out += "  " + padded(count_text(drops[i].second), 12, true) + "  " +
           cut_to(plain(drops[i].first), total_width - 16) + "\n";
  if (drops.size() > shown_drops)
    out += fmt::format("  {:>12}  more in the report\n", drops.size() - shown_drops);
  return out + "\n";
}

/// What went wrong on the way, though the run went on.
std::string failure_part(const RunResult& result, const Ink& ink) {
  std::string out;
  std::size_t failures = 0;
  for (const EventRecord& event : result.events) {
    if (event.kind != "failure" || ++failures > shown_failures) continue;
    out += "  " +
           cut_to(seconds_text(event.at) + "  " + plain(event.author + ": " + event.text), total_width - 2) +
           "\n";
  }
  if (failures == 0) return "";
  if (failures > shown_failures) out += fmt::format("  {} more in the report\n", failures - shown_failures);
  return ink.bad("Failures") + "\n" + out + "\n";
}

/// A text at full length, in lines of the table's width.
std::string wrapped(const std::string& text, const Ink& ink) {
  std::string out;
  for (std::size_t from = 0; from < text.size();) {
    std::size_t to = text.size();
    if (to - from > total_width) {
      to = text.rfind(' ', from + total_width);
      if (to == std::string::npos || to <= from) to = std::min(text.find(' ', from), text.size());
    }
    out += (out.empty() ? "" : "\n  ") + ink.bad(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

std::string verdict(const RunResult& result, const Ink& ink) {
  const auto met = static_cast<std::size_t>(
      std::count_if(result.kpis.begin(), result.kpis.end(), [](const KpiResult& kpi) { return kpi.met; }));
  const std::string kpis =
      result.kpis.empty() ? "no KPIs" : fmt::format("{} of {} KPIs met", met, result.kpis.size());
  if (result.end == RunEnd::fault) return wrapped("FAULT: " + plain(result.fault), ink);
  if (result.end == RunEnd::interrupted)
    return ink.bad(fmt::format("INTERRUPTED at {} of {}: partial report, {}", seconds_text(result.ended_at),
                               seconds_text(result.until), kpis));
  if (!result.wall.valid) return wrapped("INVALID: " + plain(result.wall.invalid_because), ink);
  return met == result.kpis.size() ? ink.good("✓ " + kpis) : ink.bad("✗ " + kpis);
}

}  // namespace

std::string closing_table(const RunResult& result, const std::string& folder, bool colour) {
  const Ink ink{colour};
  const std::string title = result.title.empty() ? result.scenario : result.scenario + ": " + result.title;
  std::string out = "\n" + ink.head(cut_to(plain(title), total_width)) + "\n";
  out += ink.faint(fmt::format("{} clock, seed {}, {} in {:.2f} s ({:.1f} x real time), {} packet-hops",
                               result.clock, result.seed, seconds_text(result.ended_at),
                               result.wall.wall_seconds, result.wall.speed, count_text(result.packet_hops))) +
         "\n\n";
  out += kpi_part(result, ink) + slice_part(result, ink) + link_part(result, ink) + drop_part(result, ink) +
         failure_part(result, ink);
  const Ledger& ledger = result.ledger;
  out += ink.head("Ledger") + fmt::format("  {} created = {} delivered + {} dropped + {} held\n",
                                          count_text(ledger.created), count_text(ledger.consumed),
                                          count_text(ledger.dropped_total()), count_text(result.held));
  if (!result.unverified.empty())
    out += ink.faint(
        fmt::format("{} figures in use are not verified against their source; the report lists them\n",
                    result.unverified.size()));
  out += "\n" + verdict(result, ink) + "\n";
  return out + "Report: " + plain(folder) + "/report.html\n";
}

}  // namespace kiriko
