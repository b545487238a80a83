// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Recording of packets into windows and seconds.
#include "core/traffic/flow_meter.hpp"

#include <algorithm>
#include <cstdlib>

namespace kiriko {
namespace {

// About 28 hours of charts; longer runs keep their tallies but chart no further.
constexpr std::int64_t charted_seconds = 100'000;

std::vector<MeasureWindow> windows_of(const FlowSpec& spec) {
  return spec.windows.empty() ? std::vector<MeasureWindow>{MeasureWindow{}} : spec.windows;
}

FlowSecond* second_at(std::vector<FlowSecond>& list, ModelTime time) noexcept {
  const std::int64_t index = time.ns / 1'000'000'000;
  if (index < 0 || index >= charted_seconds) return nullptr;
  if (static_cast<std::size_t>(index) >= list.size()) list.resize(static_cast<std::size_t>(index) + 1);
  return &list[static_cast<std::size_t>(index)];
}

}  // namespace

SentMeter::SentMeter(const FlowSpec& spec) : windows_(windows_of(spec)) {
  measure_.flow = spec.id;
  measure_.tallies.resize(windows_.size());
}

void SentMeter::sent(ModelTime birth, std::uint32_t payload_bytes) noexcept {
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    if (!windows_[i].contains(birth)) continue;
    FlowTally& tally = measure_.tallies[i];
    if (tally.sent == 0) tally.first_sent = birth;
    tally.last_sent = birth;
    ++tally.sent;
    tally.sent_bytes += payload_bytes;
  }
  if (FlowSecond* second = second_at(measure_.seconds, birth)) ++second->sent;
}

void SentMeter::unmade(ModelTime birth) noexcept {
  for (std::size_t i = 0; i < windows_.size(); ++i)
    if (windows_[i].contains(birth)) ++measure_.tallies[i].unmade;
}

ReceivedMeter::ReceivedMeter(const FlowSpec& spec) : windows_(windows_of(spec)), deadline_(spec.deadline) {
  measure_.flow = spec.id;
  measure_.tallies.resize(windows_.size());
}

void ReceivedMeter::received(const Arrival& arrival) noexcept {
  const std::int64_t delay = (arrival.time - arrival.birth).ns;
  const bool consecutive = previous_delay_ >= 0 && arrival.sequence == previous_sequence_ + 1;
  const std::int64_t variation = consecutive ? std::abs(delay - previous_delay_) : 0;
  const bool late = deadline_.has_value() && delay > deadline_->ns;

  for (std::size_t i = 0; i < windows_.size(); ++i) {
    if (!windows_[i].contains(arrival.birth)) continue;
    FlowTally& tally = measure_.tallies[i];
    if (tally.received != 0)
      tally.longest_gap = std::max(tally.longest_gap, arrival.time - tally.last_received);
    tally.last_received = arrival.time;
    tally.first_received = std::min(tally.first_received, arrival.birth);
    ++tally.received;
    tally.received_bytes += arrival.payload_bytes;
    tally.reordered += arrival.reordered ? 1U : 0U;
    tally.late += late ? 1U : 0U;
    tally.delay.record(delay);
    if (consecutive) tally.jitter.record(variation);
  }
  previous_sequence_ = arrival.sequence;
  previous_delay_ = delay;

  if (FlowSecond* second = second_at(measure_.seconds, arrival.time)) {
    ++second->received;
    second->received_bytes += arrival.payload_bytes;
    second->delay_sum_ns += delay;
    second->delay_max_ns = std::max(second->delay_max_ns, delay);
  }
}

void ReceivedMeter::duplicate(ModelTime birth) noexcept {
  for (std::size_t i = 0; i < windows_.size(); ++i)
    if (windows_[i].contains(birth)) ++measure_.tallies[i].duplicates;
}

}  // namespace kiriko
