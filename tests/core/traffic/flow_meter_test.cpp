// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of what the ends of a flow measure: duplicates, order, jitter, lateness, gaps, windows, seconds.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "core/traffic/agenda.hpp"
#include "core/traffic/flow_index.hpp"
#include "core/traffic/flow_meter.hpp"

using namespace kiriko;

namespace {

using Verdict = SequenceWindow::Verdict;

std::string take_all(const std::vector<std::uint64_t>& sequences) {
  SequenceWindow window;
  std::string verdicts;
  for (const auto sequence : sequences) {
    const Verdict verdict = window.take(sequence);
    verdicts += verdict == Verdict::in_order ? '.' : verdict == Verdict::reordered ? 'r' : 'd';
  }
  return verdicts;
}

}  // namespace

TEST_CASE("when sequence numbers arrive, then each is in order, reordered or a duplicate") {
  struct Case {
    std::string description;
    std::vector<std::uint64_t> sequences;
    std::string verdicts;
  };
  const std::vector<Case> cases{
      {"in order", {0, 1, 2, 3}, "...."},
      {"a loss is not reordering", {0, 2, 3, 5}, "...."},
      {"two exchanged", {0, 2, 1, 3}, "..r."},
      {"a duplicate at once", {0, 1, 1, 2}, "..d."},
      {"a duplicate of an old one", {0, 1, 2, 3, 0}, "....d"},
      {"a reordered one and its duplicate", {0, 2, 1, 1}, "..rd"},
      {"the oldest in the window", {0, 4095, 0}, "..d"},
      {"the oldest in the window, not seen before", {1, 4096, 1, 2}, "..dr"},
      {"older than the window", {0, 5000, 0}, "..r"},
      {"a jump clears what it skips", {0, 4096, 4095, 4095, 4097}, "..rd."},
      {"a jump of many windows", {7, 1'000'000, 999'999, 999'999}, "..rd"},
      {"the largest numbers", {~0ULL - 1, 0, ~0ULL - 1}, ".rd"},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    CHECK(take_all(c.sequences) == c.verdicts);
  }
}

TEST_CASE("when packets arrive, then the receiver's tallies say so, window by window of birth") {
  FlowSpec spec;
  spec.id = FlowId{4};
  spec.deadline = milliseconds(10);
  spec.windows = {MeasureWindow{}, MeasureWindow{ModelTime{0} + seconds(1), ModelTime{0} + seconds(2)}};
  ReceivedMeter meter(spec);
  const auto arrive = [&](std::uint64_t sequence, std::int64_t birth_ms, std::int64_t delay_ms,
                          bool reordered = false) {
    const ModelTime birth{birth_ms * 1'000'000};
    meter.received({.sequence = sequence,
                    .birth = birth,
                    .time = birth + milliseconds(delay_ms),
                    .payload_bytes = 100,
                    .reordered = reordered});
  };
  arrive(0, 0, 10);     // on the deadline is not late
  arrive(1, 100, 12);   // late; |12 - 10| = 2 ms of jitter
  arrive(3, 998, 5);    // not consecutive: no jitter; received at 1.003 s
  arrive(4, 1000, 8);   // in the second window; jitter 3 ms
  arrive(5, 1999, 8);   // jitter 0; the gap of 999 ms is the second window's longest
  arrive(6, 2000, 20);  // back in the first only; late
  arrive(2, 200, 1900, true);
  meter.duplicate(ModelTime{1'500'000'000});

  const FlowEndMeasure& measure = meter.measure();
  CHECK(measure.flow == FlowId{4});
  REQUIRE(measure.tallies.size() == 2);
  const FlowTally& run = measure.tallies[0];
  CHECK(run.received == 7);
  CHECK(run.received_bytes == 700);
  CHECK(run.late == 3);
  CHECK(run.reordered == 1);
  CHECK(run.duplicates == 1);
  CHECK(run.delay.count() == 7);
  CHECK(run.delay.maximum() == 1'900'000'000);
  CHECK(run.jitter.count() == 4);  // 0-1, 3-4, 4-5, 5-6
  CHECK(run.jitter.maximum() == 12'000'000);
  CHECK(run.longest_gap == milliseconds(999));
  const FlowTally& second = measure.tallies[1];
  CHECK(second.received == 2);
  CHECK(second.late == 0);
  CHECK(second.duplicates == 1);
  CHECK(second.longest_gap == milliseconds(999));
  CHECK(second.jitter.count() == 2);

  REQUIRE(measure.seconds.size() == 3);
  CHECK(measure.seconds[0].received == 2);
  CHECK(measure.seconds[1].received == 2);
  CHECK(measure.seconds[2].received == 3);
  CHECK(measure.seconds[0].delay_sum_ns == 22'000'000);
  CHECK(measure.seconds[2].delay_max_ns == 1'900'000'000);
}

TEST_CASE("when packets are sent, then the sender's tallies count them by birth") {
  FlowSpec spec;
  spec.windows = {MeasureWindow{}, MeasureWindow{ModelTime{1'000'000'000}, ModelTime::never()}};
  SentMeter meter(spec);
  meter.sent(ModelTime{0}, 10);
  meter.sent(ModelTime{1'000'000'000}, 20);
  meter.sent(ModelTime{1'999'999'999}, 30);
  CHECK(meter.measure().tallies[0].sent == 3);
  CHECK(meter.measure().tallies[0].sent_bytes == 60);
  CHECK(meter.measure().tallies[1].sent == 2);
  CHECK(meter.measure().tallies[1].sent_bytes == 50);
  REQUIRE(meter.measure().seconds.size() == 2);
  CHECK(meter.measure().seconds[1].sent == 2);
}

TEST_CASE("when slots of an agenda move, then the earliest is first, and equal times go by slot") {
  Agenda agenda(20);
  CHECK(agenda.earliest() == ModelTime::never());
  for (std::uint32_t i = 0; i < 20; ++i) agenda.set(i, ModelTime{1000 - (i * 7) % 20});
  agenda.set(13, ModelTime{5});
  CHECK(agenda.first() == 13);
  agenda.set(13, ModelTime::never());
  agenda.set(6, ModelTime{4});
  agenda.set(2, ModelTime{4});
  std::vector<std::uint32_t> order;
  ModelTime previous{0};
  while (agenda.earliest() != ModelTime::never()) {
    CHECK(previous <= agenda.earliest());
    previous = agenda.earliest();
    order.push_back(agenda.first());
    agenda.set(agenda.first(), ModelTime::never());
  }
  REQUIRE(order.size() == 19);
  CHECK(order[0] == 2);
  CHECK(order[1] == 6);
  CHECK(Agenda(0).earliest() == ModelTime::never());
}

TEST_CASE("when flows are indexed, then known ones are found, others are not, and none is added twice") {
  FlowIndex index(100);
  for (std::uint32_t i = 0; i < 100; ++i) CHECK(index.add(FlowId{i * 64}, i));
  CHECK_FALSE(index.add(FlowId{64}, 5));
  for (std::uint32_t i = 0; i < 100; ++i) CHECK(index.find(FlowId{i * 64}) == i);
  CHECK(index.find(FlowId{1}) == FlowIndex::absent);
  CHECK(index.find(no_flow) == FlowIndex::absent);
}
