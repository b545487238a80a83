// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The radio of a gNB: peak rates, latency by slots, HARQ, in-order delivery, slices.
#include "tests/vnf/gnb/cell_bench.hpp"

#include "core/base/random.hpp"
#include "core/fiveg/peak_rate.hpp"
#include "vnf/gnb/cell.hpp"

using namespace kiriko;
using namespace kiriko::gnb_test;

namespace {

using Texts = std::map<std::string, std::vector<std::string>>;

constexpr std::int64_t slot_ns = 500'000;
ModelTime at_slot(std::int64_t slot) { return ModelTime{slot * slot_ns}; }

/// No processing, no scheduling delay, no errors, on top of `texts`.
Texts ideal(Texts texts = {}) {
  texts.insert({{"bler", {"0"}},
                {"gnb_processing", {"0"}},
                {"ue_processing", {"0"}},
                {"dl_scheduling_delay", {"0"}},
                {"ul_grant_delay", {"0"}}});
  return texts;
}

/// Keeps every UE's buffer full for `slots` slots in both directions, or one.
void saturate(CellBench& bench, std::uint16_t ues, std::int64_t slots, int packets_a_slot, bool downlink,
              bool uplink, SliceId slice = SliceId{0}) {
  for (std::int64_t slot = bench.now.ns / slot_ns, end = slot + slots; slot < end; ++slot) {
    for (std::uint16_t ue = 1; ue <= ues; ++ue) {
      for (int i = 0; i < packets_a_slot; ++i) {
        if (downlink) bench.arrive(at_slot(slot), bench.downlink_packet(ue, 1400, slice));
        if (uplink) bench.arrive(at_slot(slot), bench.uplink_packet(ue, 1400, slice));
      }
    }
    bench.run(at_slot(slot + 1));
  }
}

}  // namespace

TEST_CASE("when a cell is saturated, then it carries TS 38.306's peak rate of its TDD share") {
  struct Case {
    const char* tdd;
    int mcs;
    int layers_dl;
    double dl_share, ul_share;
  };
  for (const Case& c :
       {Case{"DDDSU", 27, 4, (3 + 10.0 / 14) / 5, (1 + 2.0 / 14) / 5}, Case{"FDD", 27, 2, 1, 1}}) {
    INFO(c.tdd);
    CellBench bench{ideal({{"tdd", {c.tdd}},
                           {"mcs", {std::to_string(c.mcs)}},
                           {"layers_dl", {std::to_string(c.layers_dl)}},
                           {"layer2_overhead", {"0"}},
                           {"buffer", {"2 MB"}},
                           {"bandwidth", {"40"}}})};
    saturate(bench, 1, 500, 60, true, true);
    const double seconds = 500 * 0.5e-3;
    const double dl = static_cast<double>(bench.octets(1, ModelTime{0}, 14)) * 8 / seconds;
    const double ul = static_cast<double>(bench.octets(0, ModelTime{0}, 58)) * 8 / seconds;
    const Numerology mu1 = *Numerology::from_mu(1);
    const double peak_dl = static_cast<double>(peak_rate({.layers = c.layers_dl,
                                                          .modulation_order = 8,
                                                          .resource_blocks = 106,
                                                          .numerology = mu1,
                                                          .overhead = 0.14})
                                                   .value);
    const double peak_ul = static_cast<double>(
        peak_rate(
            {.layers = 1, .modulation_order = 8, .resource_blocks = 106, .numerology = mu1, .overhead = 0.08})
            .value);
    CHECK(dl == Approx(peak_dl * c.dl_share).epsilon(0.01));
    CHECK(ul == Approx(peak_ul * c.ul_share).epsilon(0.01));
    CHECK(bench.recorders[0]->in_order);
    CHECK(bench.recorders[1]->in_order);
    CHECK(bench.balanced());
  }
}

TEST_CASE("when a lone packet arrives, then its delay is the wait for its slot, the slot, and processing") {
  struct Case {
    const char* description;
    bool uplink;
    std::int64_t arrival_ns;
    Texts texts;
    std::int64_t leaves_ns;
  };
  const std::vector<Case> cases{
      {"downlink at a slot's start goes in it", false, 0, ideal(), slot_ns},
      {"downlink just after a slot's start waits for the next", false, 1, ideal(), 2 * slot_ns},
      {"downlink in the special slot", false, 2 * slot_ns + 1, ideal(), 4 * slot_ns},
      {"downlink after the special slot's start waits for the uplink slot to pass", false, 3 * slot_ns + 1,
       ideal(), 6 * slot_ns},
      {"uplink waits for the special slot", true, 1, ideal(), 4 * slot_ns},
      {"uplink in the uplink slot", true, 3 * slot_ns + 1, ideal(), 5 * slot_ns},
      {"uplink that misses it waits a period", true, 4 * slot_ns + 1, ideal(), 9 * slot_ns},
      {"a special slot without uplink symbols", true, 1, ideal({{"special_slot", {"12:2:0"}}}), 5 * slot_ns},
      {"a grant delay", true, 1, ideal({{"ul_grant_delay", {"4"}}}), 9 * slot_ns},
      {"a scheduling delay", false, 0, ideal({{"dl_scheduling_delay", {"1"}}}), 2 * slot_ns},
      {"processing at both ends of the downlink",
       false,
       0,
       {{"bler", {"0"}},
        {"gnb_processing", {"100us"}},
        {"ue_processing", {"300us"}},
        {"dl_scheduling_delay", {"0"}}},
       2 * slot_ns + 300'000},
  };
  for (const Case& c : cases) {
    INFO(c.description);
    CellBench bench{c.texts};
    bench.arrive(ModelTime{c.arrival_ns},
                 c.uplink ? bench.uplink_packet(1, 300) : bench.downlink_packet(1, 300));
    bench.run(at_slot(40));
    REQUIRE(bench.sent.size() == 1);
    CHECK(bench.sent[0].time.ns == c.leaves_ns);
    CHECK(bench.sent[0].port == (c.uplink ? 0 : 1));
    CHECK(bench.exits.wake_request() == ModelTime::never());
    CHECK(bench.wakes <= 2);
  }
}

TEST_CASE("when nothing is buffered, then the gNB asks for no wake-up") {
  CellBench bench{{}};
  bench.run(at_slot(1000));
  CHECK(bench.wakes == 0);
  CHECK(bench.exits.wake_request() == ModelTime::never());
}

TEST_CASE(
    "when transport blocks fail, then HARQ repeats them a round trip later and at last drops their packets") {
  SECTION("every transmission fails") {
    for (const int transmissions : {1, 2, 4}) {
      CellBench bench{ideal({{"tdd", {"FDD"}},
                             {"bler", {"1"}},
                             {"retransmission_bler_factor", {"1"}},
                             {"harq_transmissions", {std::to_string(transmissions)}},
                             {"harq_round_trip", {"8"}}})};
      bench.arrive(ModelTime{0}, bench.downlink_packet(1, 300));
      const std::int64_t last = 8 * (transmissions - 1);
      bench.run(at_slot(last));
      CHECK(bench.dropped(DropReason::harq_failed) == 0);
      CHECK(bench.report().held == (transmissions > 1 ? 1 : 0));
      bench.run(at_slot(last) + nanoseconds(1));
      CHECK(bench.dropped(DropReason::harq_failed) == 1);
      CHECK(bench.report().held == 0);
      CHECK(bench.sent.empty());
      CHECK(bench.balanced());
    }
  }
  SECTION("the first fails, the second never") {
    CellBench bench{ideal({{"tdd", {"FDD"}},
                           {"bler", {"1"}},
                           {"retransmission_bler_factor", {"0"}},
                           {"harq_round_trip", {"8"}}})};
    bench.arrive(ModelTime{0}, bench.uplink_packet(1, 300));
    bench.arrive(at_slot(3), bench.uplink_packet(1, 300));
    bench.run(at_slot(40));
    REQUIRE(bench.sent.size() == 2);
    CHECK(bench.sent[0].time == at_slot(9));
    CHECK(bench.sent[1].time == at_slot(12));
  }
  SECTION("the share of failures is the BLER") {
    CellBench bench{ideal({{"tdd", {"FDD"}}, {"bler", {"0.1"}}, {"buffer", {"2 MB"}}})};
    saturate(bench, 1, 4000, 1, true, false);
    const Report report = bench.report();
    double blocks = 0, again = 0;
    for (const auto& [name, value] : report.metrics) {
      if (name == "transport_blocks_dl") blocks = value;
      if (name == "harq_retransmissions_dl") again = value;
    }
    CHECK(blocks >= 3900);
    CHECK(again / blocks == Approx(0.101).margin(0.02));
  }
}

TEST_CASE("when all HARQ processes wait, then nothing new is sent") {
  const auto sent = [](const char* processes) {
    CellBench bench{ideal({{"tdd", {"FDD"}},
                           {"bler", {"1"}},
                           {"retransmission_bler_factor", {"1"}},
                           {"harq_transmissions", {"16"}},
                           {"harq_round_trip", {"8"}},
                           {"harq_processes", {processes}},
                           {"bandwidth", {"20"}},
                           {"buffer", {"2 MB"}}})};
    saturate(bench, 1, 100, 30, true, false);
    CHECK(bench.balanced());
    for (const auto& [name, value] : bench.report().metrics)
      if (name == "transport_blocks_dl") return value;
    return -1.0;
  };
  CHECK(sent("4") == 4);
  // Retransmissions of eight processes fill every slot of a round trip.
  CHECK(sent("32") == 8);
}

TEST_CASE("when a packet is behind a retransmission, then it waits and order holds") {
  CellBench bench{{{"bler", {"0.3"}}, {"buffer", {"4 MB"}}}, 2};
  saturate(bench, 2, 600, 3, true, true);
  bench.run(at_slot(2000));
  std::map<std::uint16_t, std::uint64_t> newest;
  std::map<std::pair<std::uint16_t, std::uint64_t>, std::uint64_t> by_ue;
  for (const Sent& s : bench.sent) {
    if (s.port == 0) continue;  // two UEs' uplinks interleave there
    REQUIRE((newest.count(s.port) == 0 || s.sequence > newest[s.port]));
    newest[s.port] = s.sequence;
  }
  for (const auto& recorder : bench.recorders) CHECK(recorder->in_order);
  CHECK(bench.balanced());
  CHECK(bench.report().held == 0);
}

TEST_CASE("when a packet is larger than a slot carries, then it spans several and leaves after the last") {
  // MCS 0, one layer, 11 blocks at 5 MHz: 11·12·14·0.2344·0.86 = 372 bits = 46 octets a slot.
  CellBench bench{ideal({{"tdd", {"FDD"}},
                         {"mcs", {"0"}},
                         {"layers_dl", {"1"}},
                         {"bandwidth", {"5"}},
                         {"layer2_overhead", {"0"}}})};
  bench.arrive(ModelTime{0}, bench.downlink_packet(1, 460));
  bench.run(at_slot(100));
  REQUIRE(bench.sent.size() == 1);
  CHECK(bench.sent[0].time == at_slot(10));
}

TEST_CASE("when a UE's radio changes, then its rate follows") {
  CellBench bench{ideal({{"tdd", {"FDD"}}, {"mcs", {"27"}}, {"bandwidth", {"20"}}, {"buffer", {"500 kB"}}})};
  saturate(bench, 1, 100, 60, true, false);
  const auto fast = bench.octets(1, ModelTime{0}, 14);
  bench.change(SetUeRadio{.node = NodeId{0}, .ue = NodeId{1}, .radio = {.mcs = 0}});
  const ModelTime from = bench.now + Duration{slot_ns};
  saturate(bench, 1, 100, 60, true, false);
  const auto slow = bench.octets(1, from, 14);
  CHECK(static_cast<double>(fast) / static_cast<double>(slow) == Approx(7.4063 / 0.2344).epsilon(0.03));
}

TEST_CASE("when the uplink has an MCS of its own, then the downlink keeps its rate") {
  CellBench bench{ideal({{"tdd", {"FDD"}}, {"mcs", {"27"}}, {"bandwidth", {"20"}}, {"buffer", {"500 kB"}}})};
  const auto octets = [&](bool downlink, std::uint32_t headers) {
    const ModelTime from = bench.now + Duration{slot_ns};
    saturate(bench, 1, 100, 60, downlink, !downlink);
    return static_cast<double>(bench.octets(downlink ? 1 : 0, from, headers));
  };
  const double down = octets(true, 14), up = octets(false, 14);
  bench.change(SetUeRadio{.node = NodeId{0}, .ue = NodeId{1}, .radio = {.uplink_mcs = 0}});
  CHECK(octets(true, 14) / down == Approx(1).epsilon(0.03));
  CHECK(up / octets(false, 14) > 20);
}

TEST_CASE("when one slice bursts, then shares protect the other and one pool does not") {
  // UE 1 sends a small packet in slice 0 each 10 ms; UEs 2 to 9 overload the uplink in slice 1.
  const auto worst_delay = [](const std::vector<RrmPolicyRatio>& shares) {
    CellBench bench{ideal({{"buffer", {"200 kB"}}, {"bandwidth", {"20"}}}), 9};
    if (!shares.empty()) bench.set_shares(shares);
    Duration worst{};
    for (std::int64_t slot = 0; slot < 1000; ++slot) {
      for (std::uint16_t ue = 2; ue <= 9; ++ue)
        for (int i = 0; i < 2; ++i) bench.arrive(at_slot(slot), bench.uplink_packet(ue, 1400, SliceId{1}));
      if (slot % 20 == 7)
        bench.arrive(at_slot(slot) + nanoseconds(1), bench.uplink_packet(1, 300, SliceId{0}));
      bench.run(at_slot(slot + 1));
    }
    const CellView cell = *bench.report().cell;
    CHECK(bench.balanced());
    for (const RadioSliceLoad& load : cell.slices)
      if (load.slice == SliceId{0}) worst = load.delay_max;
    return worst;
  };
  const Duration pooled = worst_delay({});
  const Duration minimum = worst_delay({{SliceId{0}, 0, 20, 100}, {SliceId{1}, 0, 0, 100}});
  const Duration dedicated = worst_delay({{SliceId{0}, 20, 20, 100}, {SliceId{1}, 0, 0, 80}});
  CHECK(minimum <= milliseconds(3));
  CHECK(dedicated <= milliseconds(3));
  CHECK(pooled >= milliseconds(10));
}

TEST_CASE("when two slices saturate the cell, then their rates follow their ratios") {
  CellBench bench{
      ideal({{"tdd", {"FDD"}}, {"bandwidth", {"20"}}, {"buffer", {"300 kB"}}, {"layers_dl", {"1"}}}),
      2,
      {8, 8}};
  bench.set_shares({{SliceId{0}, 0, 70, 70}, {SliceId{1}, 10, 30, 100}});
  for (std::int64_t slot = 0; slot < 400; ++slot) {
    for (int i = 0; i < 5; ++i) {
      bench.arrive(at_slot(slot), bench.downlink_packet(1, 1400, SliceId{0}));
      bench.arrive(at_slot(slot), bench.downlink_packet(2, 1400, SliceId{1}));
    }
    bench.run(at_slot(slot + 1));
  }
  const auto first = static_cast<double>(bench.octets(1, ModelTime{0}, 14));
  const auto second = static_cast<double>(bench.octets(2, ModelTime{0}, 14));
  CHECK(first / second == Approx(35.0 / 16.0).epsilon(0.03));  // of 51 blocks
  const CellView cell = *bench.report().cell;
  REQUIRE(cell.slices.size() == 2);
  CHECK(cell.prbs_per_second_dl == Approx(51 * 2000.0));
  CHECK(cell.slices[0].prb_share_dl == Approx(35 * 400.0).epsilon(0.01));
  CHECK(cell.slices[0].efficiency_dl / cell.slices[0].prb_share_dl ==
        Approx(12 * 14 * 5.3320 * 0.86).epsilon(0.01));
  CHECK(cell.shares.size() == 2);
}

TEST_CASE("when bearers of one slice are saturated, then every order gives them equal rates") {
  for (const char* order :
       {"fair", "round_robin", "oldest_first", "priority", "earliest_deadline", "proportional_fair"}) {
    INFO(order);
    CellBench bench{
        ideal({{"tdd", {"FDD"}}, {"bandwidth", {"20"}}, {"buffer", {"100 kB"}}, {"bearer_order", {order}}}),
        3};
    saturate(bench, 3, 300, 20, true, false);
    const auto one = static_cast<double>(bench.octets(1, ModelTime{0}, 14));
    CHECK(static_cast<double>(bench.octets(2, ModelTime{0}, 14)) == Approx(one).epsilon(0.03));
    CHECK(static_cast<double>(bench.octets(3, ModelTime{0}, 14)) == Approx(one).epsilon(0.03));
  }
}

TEST_CASE("when a bearer's buffer is full, then packets drop as radio_buffer_full") {
  CellBench bench{ideal({{"buffer", {"3 kB"}}, {"layer2_overhead", {"0"}}})};
  for (int i = 0; i < 4; ++i) bench.arrive(ModelTime{1}, bench.uplink_packet(1, 1400));
  bench.run(at_slot(20));
  CHECK(bench.sent.size() == 2);
  CHECK(bench.dropped(DropReason::radio_buffer_full) == 2);
}
