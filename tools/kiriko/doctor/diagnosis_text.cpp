// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The diagnosis as lines, wrapped to the width of a page.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "scenarios/report/figure_text.hpp"
#include "scenarios/report/utf8.hpp"
#include "tools/kiriko/doctor/diagnosis.hpp"

namespace kiriko::doctor {
namespace {

constexpr std::size_t page_width = 110;
constexpr std::size_t name_width = 15;
constexpr std::size_t indent = 5 + name_width;

std::string painted(const char* code, const std::string& text, bool colour) {
  return colour ? std::string("\033[") + code + "m" + text + "\033[0m" : text;
}

std::string sign(Mark mark, bool colour) {
  switch (mark) {
    case Mark::good: return painted("32", "✓", colour);
    case Mark::fair: return painted("33", "!", colour);
    case Mark::bad: return painted("31;1", "✗", colour);
    case Mark::unknown: break;
  }
  return painted("33", "?", colour);
}

/// The kernel's names may hold anything: no control characters reach the terminal.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return out;
}

/// Broken at spaces; lines after the first begin at `margin`.
std::string wrapped(std::string_view text, std::size_t margin) {
  std::string out;
  std::size_t column = margin;
  for (const std::string& word : words_of(plain(text))) {
    const std::size_t length = character_count(word);
    if (column > margin && column + 1 + length > page_width) {
      out += "\n" + std::string(margin, ' ');
      column = margin;
    } else if (column > margin) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
  }
  return out + "\n";
}

std::string line(const std::string& mark, std::string_view name, std::string_view text) {
  const std::string shown = cut_to(plain(name), name_width);
  return "  " + mark + "  " + shown + std::string(name_width - character_count(shown), ' ') +
         wrapped(text, indent);
}

std::string hops_text(double per_second) {
  return per_second < 1e6 ? fmt::format("{:.3g} k", per_second * 1e-3)
                          : fmt::format("{:.3g} M", per_second * 1e-6);
}

std::string lateness_text(const Histogram& lateness) {
  const auto at = [&](double quantile) {
    return delay_text(static_cast<double>(lateness.quantile(quantile)));
  };
  return fmt::format("p50 {}, p99 {}, p99.9 {}, max {}", at(0.5), at(0.99), at(0.999),
                     delay_text(static_cast<double>(lateness.maximum())));
}

std::string measured_text(const Measures& measures) {
  const auto rate = [](const PacketRate& each) {
    return fmt::format("{} packet-hops/s, {} in the slowest tenth of the time", hops_text(each.median),
                       hops_text(each.low));
  };
  std::string out = line(" ", "packet rate", "virtual time, one worker: " + rate(measures.one_worker));
  if (measures.two_workers) out += line(" ", "", "virtual time, two workers: " + rate(*measures.two_workers));
  if (measures.step) {
    const Histogram& step = measures.step->nanoseconds;
    out += line(" ", "step",
                fmt::format("two workers meet: p50 {}, p99 {}, max {}",
                            delay_text(static_cast<double>(step.quantile(0.5))),
                            delay_text(static_cast<double>(step.quantile(0.99))),
                            delay_text(static_cast<double>(step.maximum()))));
  }
  const auto late = [&](const char* name, const RealTimeTrial& trial) {
    return line(" ", name,
                fmt::format("real time, {} packet-hops/s: {}", hops_text(trial.packet_hops_per_second),
                            lateness_text(trial.lateness)));
  };
  return out + late("lateness", measures.light) + late("", measures.loaded);
}

std::string advice_text(const Measures& measures, const Advice& advice) {
  std::string virtual_time =
      fmt::format("{} packet-hops a second with one worker", hops_text(advice.virtual_rate));
  if (advice.workers > 1)
    virtual_time += fmt::format("; --workers 2 is {:.1f} times as fast where a scenario is large enough",
                                measures.two_workers->median / std::max(1.0, measures.one_worker.median));
  std::string out = line(" ", "virtual time", virtual_time + "; results do not depend on it");
  std::int64_t late = measures.light.lateness.quantile(0.999);
  if (advice.real_rate_is_tried) late = std::max(late, measures.loaded.lateness.quantile(0.999));
  out +=
      line(" ", "real time",
           fmt::format(
               "up to {} packet-hops a second between hosts (devices cost more); of 1000 packets one is more "
               "than {} late",
               hops_text(advice.real_rate), delay_text(static_cast<double>(late))));
  std::string tolerance = fmt::format("run: {{clock: real, tolerance: {}}}", to_string(advice.tolerance));
  if (advice.tolerance > milliseconds(1))
    tolerance +=
        "; with the usual 1 ms a run here may well end INVALID (4): quieten the machine where 1 ms matters";
  else if (advice.tolerance < milliseconds(1))
    tolerance += "; 1 ms, which holds where nothing is declared, has room to spare";
  return out + line(" ", "declare", tolerance);
}

}  // namespace

std::vector<Finding> findings(const Diagnosis& diagnosis) {
  std::vector<Finding> all = processor_findings(diagnosis.machine);
  const auto add = [&](std::vector<Finding> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(memory_findings(diagnosis.machine, diagnosis.permissions));
  add(network_findings(diagnosis.network, diagnosis.permissions));
  add(priority_findings(diagnosis.permissions));
  if (diagnosis.measures && diagnosis.advice)
    add(measured_findings(diagnosis.machine, *diagnosis.measures, *diagnosis.advice));
  return all;
}

std::string findings_text(const std::vector<Finding>& findings, bool colour) {
  std::string out;
  for (const Finding& finding : findings) out += line(sign(finding.mark, colour), finding.name, finding.text);
  return out;
}

std::string conclusion_text(const Diagnosis& diagnosis, bool colour) {
  const auto head = [&](const char* text) { return "\n" + painted("1", text, colour) + "\n"; };
  std::string out;
  if (diagnosis.measures && diagnosis.advice) {
    const std::vector<Finding> measured =
        measured_findings(diagnosis.machine, *diagnosis.measures, *diagnosis.advice);
    out += head("Measured") + measured_text(*diagnosis.measures) + findings_text(measured, colour);
    out += head("A run here can count on") + advice_text(*diagnosis.measures, *diagnosis.advice);
  } else {
    out += head("Nothing could be measured") + line(sign(Mark::bad, colour), "start", diagnosis.fault);
  }
  // What stops a run comes first.
  std::string urgent, others;
  for (const Finding& finding : findings(diagnosis))
    if (!finding.hint.empty())
      (finding.mark == Mark::bad ? urgent : others) += line("·", finding.name, finding.hint);
  if (!(urgent + others).empty()) out += head("What would help") + urgent + others;
  return out;
}

}  // namespace kiriko::doctor
