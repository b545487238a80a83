// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Tests of flow tallies: merging and loss.
#include <catch2/catch.hpp>

#include "core/measure/flow_measure.hpp"

using namespace kiriko;

namespace {

FlowTally tally_of(std::uint64_t n) {
  FlowTally tally;
  tally.sent = 10 * n;
  tally.sent_bytes = 1000 * n;
  tally.received = 7 * n;
  tally.received_bytes = 700 * n;
  tally.duplicates = 2 * n;
  tally.reordered = 3 * n;
  tally.late = 4 * n;
  tally.held_at_end = n;
  tally.delay.record(static_cast<std::int64_t>(100 * n));
  tally.jitter.record(static_cast<std::int64_t>(10 * n));
  tally.longest_gap = milliseconds(static_cast<std::int64_t>(n));
  return tally;
}

}  // namespace

TEST_CASE("when tallies are merged, then counts add, histograms join and the longest gap stays") {
  FlowTally merged = tally_of(1);
  merged.merge(tally_of(2));
  CHECK(merged.sent == 30);
  CHECK(merged.sent_bytes == 3000);
  CHECK(merged.received == 21);
  CHECK(merged.received_bytes == 2100);
  CHECK(merged.duplicates == 6);
  CHECK(merged.reordered == 9);
  CHECK(merged.late == 12);
  CHECK(merged.held_at_end == 3);
  CHECK(merged.delay.count() == 2);
  CHECK(merged.delay.maximum() == 200);
  CHECK(merged.jitter.minimum() == 10);
  CHECK(merged.longest_gap == milliseconds(2));
  CHECK(merged.lost() == 30 - 21 - 3);
}

TEST_CASE("when more was received than sent, then nothing counts as lost") {
  FlowTally tally;
  tally.sent = 5;
  tally.received = 6;
  CHECK(tally.lost() == 0);
  tally.received = 3;
  tally.held_at_end = 1;
  CHECK(tally.lost() == 1);
}

TEST_CASE("when an outage begins or ends a flow, then it is a gap like one between two receptions") {
  const auto ms = [](std::int64_t n) { return ModelTime{n * 1'000'000}; };
  FlowTally tally;
  tally.sent = 100;
  tally.received = 50;
  tally.longest_gap = milliseconds(20);
  tally.first_sent = ms(0);
  tally.last_sent = ms(990);
  tally.first_received = ms(0);
  tally.last_received = ms(985);
  FlowTally end = tally, begin = tally, silent = tally, nothing;
  tally.close_gaps();
  CHECK(tally.longest_gap == milliseconds(20));
  end.last_received = ms(510);
  end.close_gaps();
  CHECK(end.longest_gap == milliseconds(480));
  begin.first_received = ms(300);
  begin.close_gaps();
  CHECK(begin.longest_gap == milliseconds(300));
  silent.received = 0;
  silent.close_gaps();
  CHECK(silent.longest_gap == milliseconds(990));
  nothing.close_gaps();
  CHECK(nothing.longest_gap == Duration{});
  // Both ends of a flow come together before.
  FlowTally sender, receiver;
  sender.sent = 3;
  sender.first_sent = ms(10);
  sender.last_sent = ms(700);
  sender.unmade = 1;
  receiver.received = 1;
  receiver.first_received = ms(40);
  receiver.last_received = ms(45);
  sender.merge(receiver);
  sender.close_gaps();
  CHECK(sender.longest_gap == milliseconds(655));
  CHECK(sender.unmade == 1);
}

TEST_CASE("when a window is asked, then it holds its start and not its end") {
  const MeasureWindow window{ModelTime{10}, ModelTime{20}};
  CHECK_FALSE(window.contains(ModelTime{9}));
  CHECK(window.contains(ModelTime{10}));
  CHECK(window.contains(ModelTime{19}));
  CHECK_FALSE(window.contains(ModelTime{20}));
}
