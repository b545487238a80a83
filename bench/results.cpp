// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Writing of the table and of the JSON.
#include "bench/results.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bench/statistics.hpp"

namespace kiriko::bench {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += ' ';
    else
      out += c;
  }
  return out + '"';
}

std::string numbers(const std::vector<double>& values) {
  std::string out = "[";
  for (const double v : values) out += fmt::format("{}{:.6g}", out.size() > 1 ? ", " : "", v);
  return out + "]";
}

/// TSC cycles a packet or an operation.
double cycles(const Results& results, const BenchResult& bench) {
  const double figure = median(bench.samples);
  const double ns = bench.unit == Unit::mpps ? 1e3 / figure : figure;
  return ns * results.machine.tsc_ghz;
}

std::string ratio_text(const std::vector<double>& ratios) {
  return ratios.empty() ? "" : fmt::format("{:.3f}", median(ratios));
}

std::string share_text(const BenchResult& bench) {
  return bench.shares.empty() ? "" : fmt::format("; {:.3f} of {}", median(bench.shares), bench.beside);
}

std::string target_text(const BenchResult& bench) {
  const auto met = target_met(bench);
  if (!met) return "";
  return fmt::format("{} {:g}{}", *met ? "met" : "MISSED", bench.target->at_least,
                     bench.target->of == BenchEntry::Target::Of::figure ? "" : "x");
}

}  // namespace

std::map<std::string, double> ratios(const Results& results) {
  std::map<std::string, double> out;
  for (const BenchResult& bench : results.benches) {
    for (std::size_t r = 0; r < reference_names.size(); ++r)
      if (!bench.ratios[r].empty()) out[bench.name + "_vs_" + reference_names[r]] = median(bench.ratios[r]);
    if (!bench.shares.empty()) out[bench.share_name] = median(bench.shares);
    if (bench.unit == Unit::mpps && !bench.samples.empty()) out[bench.name + "_mpps"] = median(bench.samples);
  }
  // The slower direction stands for both.
  if (const auto uplink = out.find("upf_100k_uplink_vs_macswap"),
      downlink = out.find("upf_100k_downlink_vs_macswap");
      uplink != out.end() && downlink != out.end())
    out["upf_100k_vs_macswap"] = std::min(uplink->second, downlink->second);
  return out;
}

std::optional<bool> target_met(const BenchResult& bench) {
  if (!bench.target) return std::nullopt;
  using Of = BenchEntry::Target::Of;
  const auto& values = bench.target->of == Of::figure    ? bench.samples
                       : bench.target->of == Of::macswap ? bench.ratios[0]
                                                         : bench.shares;
  if (values.empty()) return std::nullopt;
  return median(values) >= bench.target->at_least;
}

void print_table(const Results& results) {
  const Machine& machine = results.machine;
  fmt::print("{}; {} cores, Linux {}, {}, g++ {}, {}; load {:.2f} at the start\n", machine.processor,
             machine.cores, machine.kernel, machine.dpdk, machine.compiler,
             machine.hugepages ? "hugepages" : "no hugepages", machine.load);
  fmt::print("medians of {} rounds, {:g} s a measurement; spread = (largest - smallest) / median{}\n\n",
             results.runs, results.seconds, results.quick ? "; quick: a smoke test, not figures" : "");
  fmt::print("{:<22} {:>9} {:<4} {:>8} {:>7} {:>9} {:>7} {:<13} {}\n", "bench", "median", "", "cycles",
             "spread", "xmacswap", "xcopy", "target", "what");
  for (const BenchResult& bench : results.benches) {
    if (bench.samples.empty()) {
      fmt::print("{:<22} {:>9} {}\n", bench.name, "-", bench.problem);
      continue;
    }
    fmt::print("{:<22} {:>9.2f} {:<4} {:>8.0f} {:>6.1f}% {:>9} {:>7} {:<13} {}{}{}{}\n", bench.name,
               median(bench.samples), bench.unit == Unit::mpps ? "Mpps" : "ns", cycles(results, bench),
               spread(bench.samples) * 100, ratio_text(bench.ratios[0]), ratio_text(bench.ratios[1]),
               target_text(bench), bench.sentence, share_text(bench),
               bench.note.empty() ? "" : "; " + bench.note,
               bench.problem.empty() ? "" : "; a round failed: " + bench.problem);
  }
}

std::string to_json(const Results& results) {
  const Machine& machine = results.machine;
  std::string out = fmt::format(
      "{{\n  \"machine\": {{\"processor\": {}, \"cores\": {}, \"kernel\": {}, \"dpdk\": {}, \"compiler\": "
      "{}, \"hugepages\": {}, "
      "\"tsc_ghz\": {:.6g}, \"load\": {:.3g}}},\n  \"runs\": {},\n  \"seconds\": {:g},\n  \"quick\": {},\n  "
      "\"benches\": [",
      quoted(machine.processor), machine.cores, quoted(machine.kernel), quoted(machine.dpdk),
      quoted(machine.compiler), machine.hugepages, machine.tsc_ghz, machine.load, results.runs,
      results.seconds, results.quick);
  bool first = true;
  for (const BenchResult& bench : results.benches) {
    out += fmt::format("{}\n    {{\"name\": {}, \"what\": {}, \"unit\": {}", first ? "" : ",",
                       quoted(bench.name), quoted(bench.sentence),
                       bench.unit == Unit::mpps ? "\"Mpps\"" : "\"ns\"");
    first = false;
    if (!bench.samples.empty())
      out += fmt::format(
          ", \"median\": {:.6g}, \"smallest\": {:.6g}, \"largest\": {:.6g}, \"spread\": {:.4g}, \"cycles\": "
          "{:.4g}, "
          "\"samples\": {}",
          median(bench.samples), smallest(bench.samples), largest(bench.samples), spread(bench.samples),
          cycles(results, bench), numbers(bench.samples));
    for (std::size_t r = 0; r < reference_names.size(); ++r)
      if (!bench.ratios[r].empty())
        out += fmt::format(", \"vs_{}\": {{\"median\": {:.4g}, \"samples\": {}}}", reference_names[r],
                           median(bench.ratios[r]), numbers(bench.ratios[r]));
    if (!bench.shares.empty())
      out += fmt::format(", {}: {{\"median\": {:.4g}, \"samples\": {}}}", quoted(bench.share_name),
                         median(bench.shares), numbers(bench.shares));
    if (const auto met = target_met(bench))
      out += fmt::format(", \"target\": {:g}, \"target_met\": {}", bench.target->at_least, *met);
    if (!bench.grows_with.empty())
      out += fmt::format(", \"grows_with\": {}, \"size\": {}", quoted(bench.grows_with), bench.size);
    if (!bench.note.empty()) out += ", \"note\": " + quoted(bench.note);
    if (!bench.problem.empty()) out += ", \"problem\": " + quoted(bench.problem);
    out += "}";
  }
  out += "\n  ],\n  \"ratios\": {";
  first = true;
  for (const auto& [name, value] : ratios(results)) {
    out += fmt::format("{}\n    {}: {:.4g}", first ? "" : ",", quoted(name), value);
    first = false;
  }
  return out + "\n  }\n}\n";
}

}  // namespace kiriko::bench
