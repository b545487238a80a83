// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The reactive slice policy on cells and link directions.
#include "controller/apps/slice_policy.hpp"

#include "tests/controller/ring_network.hpp"

using namespace kiriko;

namespace {

constexpr std::int64_t rate = 1'000'000'000;

RrmPolicyRatio ratio(std::uint16_t slice, std::uint8_t dedicated, std::uint8_t minimum,
                     std::uint8_t maximum) {
  return {SliceId{slice}, dedicated, minimum, maximum};
}

/// gnb1's cell: 10,000 PRBs in a look of 20 ms each way, 1,000 bits a PRB: 1.25 MB a look.
RingNetwork with_cell(double v2x_share, double embb_share, Bytes embb_backlog = {}) {
  RingNetwork net;
  net.add_sessions();
  CellView cell;
  cell.node = net.gnb1;
  cell.prbs_per_second_dl = cell.prbs_per_second_ul = 500'000;
  const auto load = [&](SliceId slice, double share, Bytes backlog) {
    RadioSliceLoad l;
    l.slice = slice;
    l.offered_ul = Bytes{static_cast<std::int64_t>(share * 1'250'000)};
    l.backlog_ul = backlog;
    l.prb_share_ul = std::min(share, 1.0);
    l.efficiency_ul = 1000;
    return l;
  };
  cell.slices = {load(SliceId{0}, v2x_share, {}), load(SliceId{1}, embb_share, embb_backlog)};
  net.view.cells = {cell};
  return net;
}

void load_link(LinkView& link, Bytes v2x, Bytes embb, Bytes carried_embb) {
  link.forward.properties.rate = BitsPerSecond{rate};
  link.forward.slices = {{.slice = SliceId{0}, .offered = v2x, .carried = v2x},
                         {.slice = SliceId{1}, .offered = embb, .carried = carried_embb}};
}

}  // namespace

TEST_CASE("when an eMBB burst fills a cell, then V2X gets its PRBs and eMBB the remainder") {
  auto net = with_cell(0.2, 0.8, Bytes{1'000'000});
  PolicyState state;
  const auto changes = all_of_type<SetRadioShares>(plan_shares(net.view, state));
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].node == net.gnb1);
  REQUIRE(changes[0].shares.size() == 2);
  CHECK(changes[0].shares[0] == ratio(0, 0, 30, 100));
  CHECK(changes[0].shares[1] == ratio(1, 0, 0, 70));
  CHECK(check(changes[0].shares));
  net.view.cells[0].shares = changes[0].shares;
  CHECK(plan_shares(net.view, state).changes.empty());
}

TEST_CASE("when a cell is calm again, then the declared ratios come back") {
  auto net = with_cell(0.2, 0.9);
  const std::vector<RrmPolicyRatio> declared{ratio(0, 5, 10, 100), ratio(1, 0, 20, 90)};
  net.view.cells[0].shares = declared;
  PolicyState state;
  const auto up = all_of_type<SetRadioShares>(plan_shares(net.view, state));
  REQUIRE(up.size() == 1);
  CHECK(up[0].shares[0] == ratio(0, 5, 30, 100));
  CHECK(up[0].shares[1] == ratio(1, 0, 20, 70));
  auto calm = with_cell(0.1, 0.1);
  calm.view.cells[0].shares = up[0].shares;
  std::vector<SetRadioShares> back;
  for (std::int64_t i = 1; i <= 150; ++i) {
    calm.view.time = ModelTime{i * 20'000'000};
    for (auto& change : all_of_type<SetRadioShares>(plan_shares(calm.view, state))) {
      calm.view.cells[0].shares = change.shares;
      back.push_back(std::move(change));
    }
  }
  REQUIRE_FALSE(back.empty());
  CHECK(back.back().shares == declared);
}

TEST_CASE("when a link with slices is overloaded, then V2X is guaranteed and first, eMBB limited") {
  RingNetwork net;
  net.add_sessions();
  auto& link = net.link(net.s1_s2);
  load_link(link, Bytes{250'000}, Bytes{5'000'000}, Bytes{2'250'000});  // of 2.5 MB a look: 10 % and 200 %
  link.forward.shares = {{.slice = SliceId{0}}, {.slice = SliceId{1}}};
  PolicyState state;
  const ChangeSet set = plan_shares(net.view, state);
  const auto changes = all_of_type<SetSliceShares>(set);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].link == net.s1_s2);
  CHECK(changes[0].direction == LinkDirection::forward);
  REQUIRE(changes[0].shares.size() == 2);
  CHECK(changes[0].shares[0].guaranteed.value == Approx(rate * 0.15).margin(2000));
  CHECK(changes[0].shares[0].maximum.value == 0);
  CHECK(changes[0].shares[1].maximum.value == Approx(rate * 0.85).margin(2000));
  CHECK(changes[0].shares[0].priority < changes[0].shares[1].priority);
  CHECK(set.cause.find("slice v2x in s1-s2 (s1 to s2): demand 10 %: min 0 % → 15 %") != std::string::npos);
  CHECK(set.author == "controller.reactive");
}

TEST_CASE(
    "when an overloaded link is one queue, then slices appear with the floor, and shares follow once seen") {
  RingNetwork net;
  net.add_sessions();
  auto& link = net.link(net.s1_s2);
  link.forward.properties.rate = BitsPerSecond{rate};
  link.forward.slices = {
      {.offered = Bytes{5'000'000}, .carried = Bytes{2'500'000}, .delay_max = milliseconds(9)}};
  PolicyState state;
  const auto first = all_of_type<SetSliceShares>(plan_shares(net.view, state));
  REQUIRE(first.size() == 1);
  CHECK(first[0].shares[0].guaranteed.value == Approx(rate * 0.05).margin(2000));
  link.forward.shares = first[0].shares;
  load_link(link, Bytes{500'000}, Bytes{5'000'000}, Bytes{2'000'000});
  net.view.time = ModelTime{20'000'000};
  const auto second = all_of_type<SetSliceShares>(plan_shares(net.view, state));
  REQUIRE(second.size() == 1);
  CHECK(second[0].shares[0].guaranteed.value == Approx(rate * 0.3).margin(2000));
}

TEST_CASE("when links are unrated, down or radio, then they are left alone") {
  RingNetwork net;
  net.add_sessions();
  load_link(net.link(net.s1_s2), Bytes{250'000}, Bytes{5'000'000}, Bytes{2'250'000});
  load_link(net.view.links.back(), Bytes{250'000}, Bytes{5'000'000}, Bytes{2'250'000});
  PolicyState state;
  SECTION("down") { net.link(net.s1_s2).up = false; }
  SECTION("unrated") { net.link(net.s1_s2).forward.properties.rate = {}; }
  CHECK(plan_shares(net.view, state).changes.empty());
}

TEST_CASE("when the same views come twice, then the plans are the same") {
  const auto run = [] {
    auto net = with_cell(0.2, 0.8, Bytes{1'000'000});
    load_link(net.link(net.s1_s2), Bytes{250'000}, Bytes{5'000'000}, Bytes{2'250'000});
    PolicyState state;
    std::string causes;
    for (int i = 0; i < 10; ++i) causes += plan_shares(net.view, state).cause;
    return causes;
  };
  CHECK_FALSE(run().empty());
  CHECK(run() == run());
}

TEST_CASE(
    "when reactive prepares, then rated links get guarantees within their rate and cells their floors") {
  auto net = with_cell(0.0, 0.0);
  net.view.slices[0].dl_guaranteed = BitsPerSecond{600'000'000};
  net.view.slices[1].dl_guaranteed = BitsPerSecond{900'000'000};
  net.link(net.s1_s2).forward.properties.rate = BitsPerSecond{rate};
  net.link(net.s2_s3).forward.properties.rate = BitsPerSecond{rate};
  net.link(net.s2_s3).forward.shares = {{.slice = SliceId{0}}};
  const ChangeSet set = plan_preparation(net.view, {});
  const auto links = all_of_type<SetSliceShares>(set);
  REQUIRE(links.size() == 1);
  CHECK(links[0].link == net.s1_s2);
  CHECK(links[0].shares[0].guaranteed == BitsPerSecond{600'000'000});
  CHECK(links[0].shares[1].guaranteed == BitsPerSecond{300'000'000});
  CHECK(links[0].shares[0].priority == links[0].shares[1].priority);
  const auto cells = all_of_type<SetRadioShares>(set);
  REQUIRE(cells.size() == 1);
  CHECK(cells[0].shares == std::vector<RrmPolicyRatio>{ratio(0, 0, 5, 100), ratio(1, 0, 0, 100)});
}
