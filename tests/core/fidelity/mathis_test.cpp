// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The TCP source's throughput under random loss, against the formula of Mathis and others.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/core/engine/engine_bed.hpp"
#include "tests/core/traffic/host_bench.hpp"

using namespace kiriko;
using namespace kiriko::test;

// M. Mathis, J. Semke, J. Mahdavi, T. Ott, "The macroscopic behavior of the TCP congestion avoidance algorithm",
// ACM Computer Communication Review 27(3), 1997:
//   throughput = MSS / RTT × C / √p
// with p the loss probability, where losses are rare enough to come one a window; timeouts are left out, so at 2 %
// the formula is near its end.
// Kiriko's source is NewReno whose receiver acknowledges every segment at once; for that and losses that are
// independent of each other C = 1.31 (periodic losses: √(3/2) = 1.22; delayed ACKs: 0.93 and 0.87).

TEST_CASE(
    "when a TCP flow loses packets at random, then its throughput is within 10 % of the Mathis formula") {
  constexpr double mss = 100;
  for (const double loss : {0.001, 0.003, 0.01, 0.02}) {
    const Duration delay = milliseconds(50);  // the round trip stays below the least timeout, 200 ms
    const double round_trip = 2 * delay.seconds();
    FlowSpec flow = flow_of(0, "tcp", {{"mss", {"100"}}});
    HostSetup from{.name = "a", .address = address_a, .seed = 4, .sends = {flow}};
    HostSetup to{.node = NodeId{1}, .name = "b", .address = address_b, .seed = 4, .receives = {flow}};
    GraphMaker maker;
    maker.graph.seed = 4;
    const Host* source = maker.add("a", Host::create(from).value(), true);
    const Host* sink = maker.add("b", Host::create(to).value(), true);
    maker.link(0, 1, {.delay = delay});
    maker.graph.links.back().forward.loss = loss;
    PacketPool pool = make_pool();
    Emulation emulation({std::move(maker.graph), &pool});
    // About 1000 losses.
    const double length = 1000 / loss / (1.31 / std::sqrt(loss) / round_trip);
    test::run(emulation, ModelTime{static_cast<std::int64_t>(length * 1e9)});
    CHECK(emulation.check_conservation().problems.empty());

    Report report;
    source->report(report);
    std::map<std::string, double> metrics(report.metrics.begin(), report.metrics.end());
    const double sent = static_cast<double>(source->sent().at(0).tallies.at(0).sent);
    const double got = static_cast<double>(sink->received().at(0).tallies.at(0).received_bytes) / length;
    const double expected = mss / round_trip * 1.31 / std::sqrt(loss);
    INFO("loss " << 100 * loss << " %: " << sent << " segments, " << metrics["tcp_fast_retransmits"]
                 << " fast retransmits, " << metrics["tcp_timeouts"] << " timeouts; formula " << expected
                 << " octets/s, got " << got << ", error " << 100 * (got / expected - 1) << " %");
    CHECK(got == Approx(expected).epsilon(0.1));
  }
}
