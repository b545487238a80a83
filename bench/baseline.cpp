// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reading of a baseline and the comparison with it.
#include "bench/baseline.hpp"

#include <fmt/format.h>

#include <boost/json/src.hpp>
#include <fstream>
#include <sstream>

namespace kiriko::bench {
namespace {

constexpr double most_loss = 0.10;

}  // namespace

Result<std::map<std::string, double>> read_ratios(const std::string& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) return fail({.message = "cannot be read", .where = file});
  boost::json::error_code error;
  const auto parsed = boost::json::parse(text.str(), error);
  const auto* object = error ? nullptr : parsed.if_object();
  const auto* ratios = object == nullptr ? nullptr : object->if_contains("ratios");
  if (ratios == nullptr || !ratios->is_object())
    return fail({.message = "is not a results file", .where = file, .hint = "tools/bench --json writes one"});
  std::map<std::string, double> out;
  for (const auto& [name, value] : ratios->get_object())
    if (value.is_number()) out[name] = value.to_number<double>();
  return out;
}

bool print_comparison(const std::map<std::string, double>& baseline,
                      const std::map<std::string, double>& now) {
  bool kept = true;
  fmt::print("\n{:<34} {:>9} {:>9} {:>8}\n", "ratio", "baseline", "now", "change");
  for (const auto& [name, before] : baseline) {
    const auto it = now.find(name);
    if (it == now.end() || before <= 0) continue;
    const double change = it->second / before - 1;
    const bool judged = name.find("_vs_") != std::string::npos;
    const bool lost = judged && change < -most_loss;
    kept = kept && !lost;
    fmt::print("{:<34} {:>9.3f} {:>9.3f} {:>+7.1f}%{}\n", name, before, it->second, change * 100,
               lost ? "  LOST" : (judged ? "" : "  (not judged)"));
  }
  return kept;
}

}  // namespace kiriko::bench
