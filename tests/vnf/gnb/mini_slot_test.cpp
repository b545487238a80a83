// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Mini-slots: latency by formula, pre-emption of slots under way, TDD, and the ledger under errors and detachments.
#include "tests/vnf/gnb/cell_bench.hpp"

#include <cmath>

#include "core/base/random.hpp"

using namespace kiriko;
using namespace kiriko::gnb_test;

namespace {

using Texts = std::map<std::string, std::vector<std::string>>;

constexpr std::int64_t slot_ns = 500'000;

/// On top of `texts` an FDD cell with mini-slots of 2 symbols and no delays of its own.
Texts mini(Texts texts = {}) {
  texts.insert({{"mini_slot", {"2"}},
                {"tdd", {"FDD"}},
                {"bandwidth", {"20"}},
                {"layers_dl", {"1"}},
                {"bler", {"0"}},
                {"gnb_processing", {"0"}},
                {"ue_processing", {"0"}},
                {"dl_scheduling_delay", {"0"}},
                {"ul_grant_delay", {"4"}}});
  return texts;
}

/// UE 1's default QoS flow is of 5QI 82, delay-critical.
void make_critical(CellBench& bench) {
  UeContext context = CellBench::context(1);
  context.default_five_qi = 82;
  bench.change(AttachUe{NodeId{0}, context});
}

double metric(const CellBench& bench, std::string_view name) {
  for (const auto& [key, value] : bench.report().metrics)
    if (key == name) return value;
  FAIL("no metric " << name);
  return 0;
}

struct Outcome {
  Duration worst{};      ///< of UE 1
  std::uint64_t embb{};  ///< octets that UE 2 got
  double preempted{};
  std::uint64_t arrived{};
};

/// UE 2 keeps the cell full; UE 1 gets 200 octets at random phases.
Outcome contend(const Texts& texts, const std::vector<RrmPolicyRatio>& shares = {}, bool critical = true) {
  CellBench bench{mini(texts), 2, {1, 8}, 7, 16383};
  if (critical) make_critical(bench);
  if (!shares.empty()) bench.set_shares(shares);
  RandomStream random(3, "mini", "phases");
  std::vector<ModelTime> asked;
  constexpr std::int64_t slots = 2000;
  for (std::int64_t slot = 0; slot < slots; ++slot) {
    const ModelTime begin{slot * slot_ns};
    for (int i = 0; i < 4; ++i) bench.arrive(begin, bench.downlink_packet(2, 1400, SliceId{1}, 9));
    if (slot % 5 == 3) {
      asked.push_back(begin + Duration{random.between(1, slot_ns - 1)});
      bench.arrive(asked.back(), bench.downlink_packet(1, 200, SliceId{0}, 9));
    }
    bench.run(begin + Duration{slot_ns});
  }
  CHECK(bench.balanced());
  CHECK(bench.recorders[1]->in_order);
  CHECK(bench.recorders[2]->in_order);
  CHECK(bench.dropped(DropReason::harq_failed) == 0);
  Outcome out;
  for (const Sent& sent : bench.sent)
    if (sent.port == 1) out.worst = std::max(out.worst, sent.time - asked.at(out.arrived++));
  out.embb = bench.octets(2, ModelTime{0}, 14);
  out.preempted = metric(bench, "preempted_dl");
  return out;
}

}  // namespace

TEST_CASE(
    "when a cell has mini-slots, then a lone critical packet waits for the next one, not for the slot") {
  for (const bool downlink : {true, false}) {
    CellBench bench{mini()};
    make_critical(bench);
    std::vector<ModelTime> asked;
    for (std::int64_t i = 0; i < 700; ++i) {
      asked.push_back(ModelTime{i * 20 * slot_ns + (2 * i + 1) * slot_ns / 1400});
      bench.arrive(asked.back(), downlink ? bench.downlink_packet(1, 60) : bench.uplink_packet(1, 60));
    }
    bench.run(ModelTime{700 * 20 * slot_ns});
    REQUIRE(bench.sent.size() == asked.size());
    double sum = 0, worst = 0;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto delay = static_cast<double>((bench.sent[i].time - asked[i]).ns);
      sum += delay;
      worst = std::max(worst, delay);
    }
    // Half a mini-slot until the next and one for itself; the uplink's grant is configured.
    const double length = slot_ns / 7.0;
    CHECK(sum / static_cast<double>(asked.size()) == Approx(1.5 * length).epsilon(0.005));
    CHECK(worst == Approx(2 * length).epsilon(0.005));
  }
}

TEST_CASE("when a slot is full, then a mini-slot takes its blocks, and only what was hit goes again") {
  const Duration two_mini_slots{slot_ns * 2 / 7 + 2};
  const Outcome taken = contend({});
  CHECK(taken.arrived == 400);
  CHECK(taken.worst <= two_mini_slots);
  CHECK(taken.preempted > 10);
  // In a slot of its own kind it waits for what is before it.
  const Outcome alike = contend({}, {}, false);
  CHECK(alike.worst > two_mini_slots * 3);
  CHECK(alike.preempted == 0);
  // What was pre-empted costs the others about as much as was taken, and nothing is lost.
  CHECK(static_cast<double>(taken.embb) > 0.97 * static_cast<double>(alike.embb));
}

TEST_CASE("when mini-slots may not pre-empt, then a dedicated share keeps blocks free for them") {
  const Outcome starved = contend({{"preemption", {"false"}}});
  CHECK(starved.arrived < 40);
  CHECK(starved.preempted == 0);
  const Outcome kept =
      contend({{"preemption", {"false"}}}, {{SliceId{0}, 20, 20, 100}, {SliceId{1}, 0, 0, 80}});
  CHECK(kept.arrived == 400);
  // Ten blocks of it carry the packet in two mini-slots.
  CHECK(kept.worst <= Duration{slot_ns * 3 / 7 + 2});
  CHECK(kept.preempted == 0);
}

TEST_CASE(
    "when a guaranteed flow's packets come in the middle of slots, then each counts against its credit "
    "once") {
  // UE 1 uses 1 of its 5 Mbit/s for a second among nine UEs that fill the cell: a burst of what it saved goes at once.
  CellBench bench{mini({{"mcs", {"10"}}, {"buffer", {"1 MB"}}}), 10, {1, 8}, 7, 16383};
  UeContext context = CellBench::context(1);
  context.flows = {{.qfi = Qfi{5},
                    .slice = SliceId{0},
                    .five_qi = 4,
                    .guaranteed_bit_rate = {.downlink = BitsPerSecond{5'000'000}}}};
  bench.change(AttachUe{NodeId{0}, context});
  const auto pass = [&bench](std::int64_t slot) {
    const ModelTime begin{slot * slot_ns};
    if (slot % 2 == 0)
      for (std::uint16_t ue = 2; ue <= 10; ++ue)
        bench.arrive(begin, bench.downlink_packet(ue, 1400, SliceId{0}, 9));
    if (slot < 2000 && slot % 2 == 1)
      bench.arrive(begin + Duration{slot_ns / 3}, bench.downlink_packet(1, 116, SliceId{0}, 5));
    bench.run(begin + Duration{slot_ns});
  };
  for (std::int64_t slot = 0; slot < 2000; ++slot) pass(slot);
  constexpr int burst = 320;  // 3.6 of 4 Mbit
  for (int i = 0; i < burst; ++i)
    bench.arrive(ModelTime{2000 * slot_ns}, bench.downlink_packet(1, 1400, SliceId{0}, 5));
  for (std::int64_t slot = 2000; slot < 2210; ++slot) pass(slot);
  CHECK(bench.octets(1, ModelTime{2000 * slot_ns + slot_ns}, 14) >= std::uint64_t{burst} * 1400);
  CHECK(bench.balanced());
}

TEST_CASE("when a cell has TDD, then mini-slots keep to the symbols of their direction") {
  CellBench bench{mini({{"tdd", {"DSU"}}, {"special_slot", {"6:4:4"}}})};
  make_critical(bench);
  RandomStream random(5, "mini", "tdd");
  ModelTime at{};
  for (int i = 0; i < 1000; ++i) {
    at = at + Duration{random.between(1, 3 * slot_ns)};
    bench.arrive(at, i % 2 == 0 ? bench.downlink_packet(1, 60) : bench.uplink_packet(1, 60));
  }
  bench.run(at + milliseconds(10));
  CHECK(bench.sent.size() == 1000);
  for (const Sent& sent : bench.sent) {
    // A mini-slot of 2 symbols ends here; begins of mini-slots are rounded down to nanoseconds.
    const double symbol = static_cast<double>(sent.time.ns % (3 * slot_ns)) * 14 / slot_ns;
    const auto end = std::lround(symbol) == 0 ? 42 : std::lround(symbol);
    if (sent.port == 1)
      CHECK(end <= 14 + 6);
    else
      CHECK(end >= 28 - 4 + 2);
  }
}

TEST_CASE(
    "when blocks fail and UEs come and go in the middle of a slot, then every packet is accounted for") {
  CellBench bench{
      mini({{"bler", {"0.3"}}, {"harq_transmissions", {"3"}}, {"retransmission_bler_factor", {"0.8"}}}), 3};
  make_critical(bench);
  RandomStream random(9, "mini", "churn");
  ModelTime at{};
  for (int i = 0; i < 6000; ++i) {
    at = at + Duration{random.between(1, 60'000)};
    const auto ue = static_cast<std::uint16_t>(random.between(1, 3));
    const auto size = static_cast<std::uint16_t>(random.between(40, 1400));
    const SliceId slice{static_cast<std::uint16_t>(random.between(0, 1))};
    bench.arrive(at, random.chance(0.5) ? bench.downlink_packet(ue, size, slice)
                                        : bench.uplink_packet(ue, size, slice));
    bench.run(at + Duration{1});
    if (random.chance(0.01)) {
      bench.change(DetachUe{NodeId{0}, NodeId{ue}});
      UeContext context = CellBench::context(ue);
      if (ue == 1) context.default_five_qi = 82;
      bench.change(AttachUe{NodeId{0}, context});
    }
    if (random.chance(0.01)) bench.set_shares({{SliceId{0}, 10, 20, 100}, {SliceId{1}, 0, 0, 90}});
    REQUIRE(bench.balanced());
  }
  bench.run(at + milliseconds(500));
  CHECK(bench.balanced());
  CHECK(bench.report().held == 0);
  for (const auto& recorder : bench.recorders) CHECK(recorder->in_order);
}
