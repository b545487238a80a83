// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Sums of tallies and of per-second figures.
#include "scenarios/report/flow_merge.hpp"

#include <algorithm>
#include <map>

namespace kiriko {
namespace {

void add(MergedFlows& into, const FlowResult& flow) {
  ++into.flows;
  into.tally.merge(flow.tally);
  if (into.seconds.size() < flow.seconds.size()) into.seconds.resize(flow.seconds.size());
  for (std::size_t i = 0; i < flow.seconds.size(); ++i) {
    FlowSecond& second = into.seconds[i];
    second.sent += flow.seconds[i].sent;
    second.received += flow.seconds[i].received;
    second.received_bytes += flow.seconds[i].received_bytes;
    second.delay_sum_ns += flow.seconds[i].delay_sum_ns;
    second.delay_max_ns = std::max(second.delay_max_ns, flow.seconds[i].delay_max_ns);
  }
}

std::vector<MergedFlows> merge_by(const RunResult& result, std::string FlowResult::*name) {
  std::vector<MergedFlows> out;
  std::map<std::string_view, std::size_t> index;
  for (const FlowResult& flow : result.flows) {
    const std::string& key = flow.*name;
    if (key.empty()) continue;
    const auto [it, is_new] = index.try_emplace(key, out.size());
    if (is_new) out.emplace_back().name = key;
    add(out[it->second], flow);
  }
  return out;
}

}  // namespace

std::vector<MergedFlows> by_group(const RunResult& result) { return merge_by(result, &FlowResult::group); }
std::vector<MergedFlows> by_slice(const RunResult& result) { return merge_by(result, &FlowResult::slice); }

std::vector<std::pair<std::string, std::uint64_t>> drops_by_place(const RunResult& result) {
  std::map<std::string, std::uint64_t> sums;
  for (const FlowResult& flow : result.flows)
    for (const auto& [place, count] : flow.drops) sums[place] += count;
  std::vector<std::pair<std::string, std::uint64_t>> out(sums.begin(), sums.end());
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return out;
}

std::string_view drop_sentence(std::string_view reason_at_place) {
  for (const DropReasonText& text : drop_reason_texts)
    if (reason_at_place.starts_with(text.name) &&
        (reason_at_place.size() == text.name.size() ||
         reason_at_place.substr(text.name.size()).starts_with(" @")))
      return text.sentence;
  return "";
}

double loss_ratio(const FlowTally& tally) {
  const std::uint64_t finished = tally.sent - std::min(tally.sent, tally.held_at_end);
  return finished == 0 ? 0.0 : static_cast<double>(tally.lost()) / static_cast<double>(finished);
}

double throughput(const FlowTally& tally, ModelTime ended_at) {
  return ended_at.ns <= 0 ? 0.0 : static_cast<double>(tally.received_bytes) * 8.0 / ended_at.seconds();
}

}  // namespace kiriko
