// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Bearers of one slice: deadlines, priorities, guaranteed bit rates, proportional fairness, RLC AM.
#include "tests/vnf/gnb/cell_bench.hpp"

using namespace kiriko;
using namespace kiriko::gnb_test;

namespace {

using Texts = std::map<std::string, std::vector<std::string>>;

constexpr std::int64_t slot_ns = 500'000;
constexpr std::uint32_t frame = 14;
ModelTime at_slot(std::int64_t slot) { return ModelTime{slot * slot_ns}; }

/// A small FDD cell without processing, delays or errors, on top of `texts`.
Texts ideal(Texts texts) {
  texts.insert({{"tdd", {"FDD"}},
                {"bandwidth", {"20"}},
                {"layers_dl", {"1"}},
                {"buffer", {"2 MB"}},
                {"bler", {"0"}},
                {"gnb_processing", {"0"}},
                {"ue_processing", {"0"}},
                {"dl_scheduling_delay", {"0"}},
                {"ul_grant_delay", {"0"}}});
  return texts;
}

/// The UE's QFI 5 is of this 5QI; all else is of its default, 9.
void give_flow(CellBench& bench, std::uint16_t ue, std::uint16_t five_qi, Ambr guaranteed = {}) {
  UeContext context = CellBench::context(ue);
  context.flows = {
      {.qfi = Qfi{5}, .slice = SliceId{0}, .five_qi = five_qi, .guaranteed_bit_rate = guaranteed}};
  bench.change(AttachUe{NodeId{0}, context});
}

/// UEs 2 to 9 offer 1.5 times the cell's rate (about 38 Mbit/s) in their default flow; UE 1 sends `packets` a slot in its QFI 5.
void overload(CellBench& bench, std::int64_t slots, int every, int packets = 1, std::uint16_t size = 200) {
  for (std::int64_t slot = bench.now.ns / slot_ns, end = slot + slots; slot < end; ++slot) {
    for (std::uint16_t ue = 2; ue <= 9; ++ue)
      if ((slot + ue) % 4 == 0) bench.arrive(at_slot(slot), bench.downlink_packet(ue, 1400, SliceId{0}, 9));
    if (slot % every == 0)
      for (int i = 0; i < packets; ++i)
        bench.arrive(at_slot(slot), bench.downlink_packet(1, size, SliceId{0}, 5));
    bench.run(at_slot(slot + 1));
  }
}

/// Of UE 1's packets of QFI 5.
Duration worst_delay(const CellBench& bench, std::int64_t every) {
  Duration worst{};
  std::int64_t seen = 0;
  for (const Sent& sent : bench.sent)
    if (sent.port == 1) worst = std::max(worst, sent.time - at_slot(every * seen++));
  REQUIRE(seen > 0);
  return worst;
}

}  // namespace

TEST_CASE(
    "when a cell is overloaded, then a short deadline or a high priority goes first, and a turn does not") {
  const auto worst = [](const char* order, std::uint16_t five_qi) {
    CellBench bench{ideal({{"bearer_order", {order}}, {"mcs", {"10"}}}), 9};
    give_flow(bench, 1, five_qi);
    // Within the 300 ms of 5QI 9: later on its old packets have the earlier deadlines.
    overload(bench, 500, 5);
    CHECK(bench.balanced());
    return worst_delay(bench, 5);
  };
  const Duration slot{slot_ns};
  CHECK(worst("earliest_deadline", 82) == slot);
  CHECK(worst("priority", 82) == slot);
  // Its QFI alone does not help.
  CHECK(worst("earliest_deadline", 9) > slot * 20);
  CHECK(worst("priority", 9) > slot * 20);
  CHECK(worst("oldest_first", 82) > slot * 20);
}

TEST_CASE("when a flow has a guaranteed bit rate, then it gets that and shares the rest") {
  // A 5QI of GBR with level 40, and the turn of nine bearers; both offer more than they can have.
  const auto rate = [](Ambr guaranteed) {
    CellBench bench{ideal({{"bearer_order", {"fair"}}, {"mcs", {"10"}}}), 9, {1, 8}, 7, 16383};
    give_flow(bench, 1, 2, guaranteed);
    constexpr std::int64_t before = 400, slots = 2000;
    for (std::int64_t slot = 0; slot < before + slots; ++slot) {
      for (std::uint16_t ue = 1; ue <= 9; ++ue)
        if (slot % 2 == 0 || ue == 1)
          bench.arrive(at_slot(slot), bench.downlink_packet(ue, 1400, SliceId{0}, ue == 1 ? 5 : 9));
      bench.run(at_slot(slot + 1));
    }
    CHECK(bench.balanced());
    return static_cast<double>(bench.octets(1, at_slot(before), frame)) * 8 /
           (static_cast<double>(slots) * slot_ns * 1e-3);
  };
  const double shared = rate({});
  CHECK(shared < 4.5);
  // The credit of an averaging window (2 s) has gone before.
  const double guaranteed = rate({.downlink = BitsPerSecond{12'000'000}});
  CHECK(guaranteed > 12.0);
  CHECK(guaranteed < 12.0 + shared);
  // It has its part of the rest beside its guarantee.
  const double little = rate({.downlink = BitsPerSecond{1'000'000}});
  CHECK(little > shared + 0.5);
  CHECK(little < shared + 2.0);
}

TEST_CASE("when channels change, then proportional fairness uses the better one and starves nobody") {
  // Two UEs whose channels are good by turns of 50 ms.
  const auto carried = [](const char* order) {
    CellBench bench{ideal({{"bearer_order", {order}}}), 2, {1, 8}, 7, 16383};
    for (std::int64_t slot = 0; slot < 2000; ++slot) {
      if (slot % 100 == 0)
        for (std::uint16_t ue = 1; ue <= 2; ++ue)
          bench.change(SetUeRadio{
              .node = NodeId{0}, .ue = NodeId{ue}, .radio = {.mcs = slot / 100 % 2 == ue - 1 ? 20 : 2}});
      for (std::uint16_t ue = 1; ue <= 2; ++ue)
        for (int i = 0; i < 2; ++i)
          bench.arrive(at_slot(slot), bench.downlink_packet(ue, 1400, SliceId{0}, 9));
      bench.run(at_slot(slot + 1));
    }
    return std::pair{static_cast<double>(bench.octets(1, ModelTime{0}, frame)),
                     static_cast<double>(bench.octets(2, ModelTime{0}, frame))};
  };
  const auto [fair_1, fair_2] = carried("fair");
  const auto [proportional_1, proportional_2] = carried("proportional_fair");
  CHECK(proportional_1 + proportional_2 > 1.3 * (fair_1 + fair_2));
  CHECK(proportional_1 == Approx(proportional_2).epsilon(0.1));
}

TEST_CASE("when two channels differ for good, then proportional fairness gives equal time") {
  CellBench bench{
      ideal({{"bearer_order", {"proportional_fair"}}, {"bandwidth", {"10"}}}), 2, {1, 8}, 7, 16383};
  bench.change(SetUeRadio{.node = NodeId{0}, .ue = NodeId{1}, .radio = {.mcs = 20}});
  bench.change(SetUeRadio{.node = NodeId{0}, .ue = NodeId{2}, .radio = {.mcs = 4}});
  for (std::int64_t slot = 0; slot < 2000; ++slot) {
    for (std::uint16_t ue = 1; ue <= 2; ++ue)
      for (int i = 0; i < 2; ++i) bench.arrive(at_slot(slot), bench.downlink_packet(ue, 1400, SliceId{0}, 9));
    bench.run(at_slot(slot + 1));
  }
  // TS 38.214 Table 5.1.3.1-2: MCS 20 carries 5.3320 bits a resource element, MCS 4 1.1758.
  CHECK(static_cast<double>(bench.octets(1, ModelTime{0}, frame)) /
            static_cast<double>(bench.octets(2, ModelTime{0}, frame)) ==
        Approx(5.3320 / 1.1758).epsilon(0.05));
}

TEST_CASE("when HARQ gives up, then UM loses the packets and AM delivers them later, in order") {
  const auto run = [](const char* mode, std::uint64_t& lost, Duration& worst) {
    CellBench bench{ideal({{"rlc_mode", {mode}},
                           {"rlc_retransmissions", {"32"}},
                           {"rlc_poll_retransmit", {"20ms"}},
                           {"bler", {"0.5"}},
                           {"retransmission_bler_factor", {"1"}},
                           {"harq_transmissions", {"2"}}})};
    constexpr int packets = 400;
    for (int i = 0; i < packets; ++i) bench.arrive(at_slot(4 * i), bench.downlink_packet(1, 200));
    bench.run(at_slot(4 * packets + 4000));
    CHECK(bench.balanced());
    CHECK(bench.recorders[1]->in_order);
    lost = bench.dropped(DropReason::harq_failed);
    CHECK(bench.sent.size() + lost == packets);
    worst = Duration{0};
    for (const Sent& sent : bench.sent)
      worst = std::max(worst, sent.time - at_slot(4 * static_cast<std::int64_t>(sent.sequence)));
  };
  std::uint64_t lost = 0;
  Duration worst{};
  run("UM", lost, worst);
  CHECK(lost == Approx(100).margin(30));
  CHECK(worst < milliseconds(10));
  run("AM", lost, worst);
  CHECK(lost == 0);
  CHECK(worst > milliseconds(40));
}
