// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Mean waiting times on a link with Poisson arrivals, against Pollaczek and Khinchine's formula.
#include <catch2/catch.hpp>

#include <optional>

#include "tests/core/fidelity/bottleneck.hpp"
#include "tests/core/fidelity/controlled_mean.hpp"
#include "tests/core/traffic/host_bench.hpp"

using namespace kiriko;
using namespace kiriko::test;

// M/G/1, first come, first served, arrivals at rate λ, service time S, ρ = λ E[S] (Pollaczek 1930, Khinchine
// 1932; L. Kleinrock, Queueing Systems I, 1975, chapter 5):
//   mean wait in the queue W = λ E[S²] / (2 (1 - ρ))
// With constant S (M/D/1) that is ρ E[S] / (2 (1 - ρ)), with exponential S (M/M/1) ρ E[S] / (1 - ρ).

namespace {

constexpr BitsPerSecond rate{100'000'000};
constexpr double ns_per_octet = 80;
constexpr double tolerance = 0.01;
constexpr double largest_standard_error = 0.0033;
constexpr std::size_t warm_up = 20'000;
constexpr std::size_t batch = 5'000;

/// What waiting times depend on: λ in 1/ns, and moments of the service time.
struct Load {
  double arrival_rate;
  double mean, square;
  std::function<double(double)> transform;  ///< E[e^(-θS)]

  static Load of(const Sizes& sizes, double utilisation) {
    const double mean = sizes.mean() * ns_per_octet;
    return {utilisation / mean, mean,
            sizes.mean_of([](double octets) { return octets * ns_per_octet * octets * ns_per_octet; }),
            [sizes](double theta) {
              return sizes.mean_of([&](double octets) { return std::exp(-theta * octets * ns_per_octet); });
            }};
  }
  double utilisation() const { return arrival_rate * mean; }
  double wait() const { return arrival_rate * square / (2 * (1 - utilisation())); }
};

/// Estimates the mean wait. Packet n's wait W is settled before its own service time S and the gap A to the
/// next arrival are drawn, so with X = S - A these have mean zero whatever W does: W (X - E[X]),
/// (W + X)⁺ - E[(W + X)⁺ | W], X - E[X] and X² - E[X²].
class WaitMeter {
 public:
  explicit WaitMeter(const Load& load)
      : load_(load),
        drift_(load.mean - 1 / load.arrival_rate),
        transform_(load.transform(load.arrival_rate)) {
    const double gap = 1 / load.arrival_rate;
    square_ = load.square - 2 * load.mean * gap + 2 * gap * gap;
  }
  void started(std::uint32_t wire_octets, ModelTime start, Duration queued) {
    const ModelTime arrival = start - queued;
    if (last_) settle(static_cast<double>((arrival - last_->arrival).ns));
    last_ = {arrival, static_cast<double>(queued.ns), wire_octets * ns_per_octet};
  }
  ControlledMean<4>::Estimate estimate() const { return mean_.estimate(); }
  double plain_mean() const { return mean_.plain_mean(); }

 private:
  struct Visit {
    ModelTime arrival;
    double wait, service;
  };
  void settle(double gap) {
    if (++visits_ <= warm_up) return;
    const double unit = load_.mean;
    const double wait = last_->wait;
    const double x = last_->service - gap;
    const double lambda = load_.arrival_rate;
    const double left = wait + load_.mean - (1 - std::exp(-lambda * wait) * transform_) / lambda;
    mean_.add(wait, {wait * (x - drift_) / unit, std::max(wait + x, 0.0) - left, x - drift_,
                     (x * x - square_) / unit});
  }

  Load load_;
  double drift_, transform_, square_;
  std::optional<Visit> last_;
  std::size_t visits_{};
  ControlledMean<4> mean_{batch};
};

void check_wait(const WaitMeter& meter, const Load& load) {
  const auto got = meter.estimate();
  const double expected = load.wait();
  INFO("utilisation " << load.utilisation() << ": formula " << expected << " ns, got " << got.mean
                      << " ns, error " << 100 * (got.mean / expected - 1) << " %, standard error "
                      << 100 * got.standard_error / expected << " %, plain mean " << meter.plain_mean()
                      << " ns");
  CHECK(got.standard_error < largest_standard_error * expected);
  CHECK(got.mean == Approx(expected).epsilon(tolerance));
}

}  // namespace

TEST_CASE(
    "when a host sends equal packets at Poisson times over a link, then their mean wait is that of M/D/1") {
  for (const double utilisation : {0.3, 0.6, 0.9}) {
    constexpr std::uint32_t overhead = 24;
    constexpr std::uint32_t wire = 1000;  // 80 µs
    constexpr std::uint32_t headers = 14 + 20 + 8;
    const Load load = Load::of(Sizes::fixed(wire), utilisation);
    FlowSpec flow = flow_of(0, "poisson",
                            {{"size", {std::to_string(wire - overhead - headers)}},
                             {"packets_per_second", {std::to_string(load.arrival_rate * 1e9)}}});
    HostSetup from{.name = "a", .address = address_a, .seed = 4, .sends = {flow}};
    HostSetup to{.node = NodeId{1}, .name = "b", .address = address_b, .seed = 4, .receives = {flow}};
    GraphMaker maker;
    maker.add("a", Host::create(from).value(), true);
    const Host* sink = maker.add("b", Host::create(to).value(), true);
    const Duration delay = milliseconds(1);
    maker.link(0, 1, {.rate = rate, .delay = delay, .limit_packets = 0});
    WaitMeter meter(load);
    double waits = 0;
    StartWatch watch([&](const Packet* packet, ModelTime start, Duration queued) {
      meter.started(size_of(packet) + overhead, start, queued);
      waits += static_cast<double>(queued.ns);
    });
    maker.graph.links.back().taps.forward = &watch;
    PacketPool pool = make_pool();
    Emulation emulation({std::move(maker.graph), &pool});
    test::run(emulation, ModelTime{static_cast<std::int64_t>(600'000 / load.arrival_rate)});
    CHECK(emulation.check_conservation().problems.empty());
    check_wait(meter, load);
    // The sink's own figure says the same: delay = wait + service + propagation.
    const FlowTally tally = sink->received().at(0).tallies.at(0);
    const auto sent = static_cast<double>(tally.received);
    CHECK(tally.delay.mean() ==
          Approx(waits / sent + load.mean + static_cast<double>(delay.ns)).epsilon(0.0001));
  }
}

TEST_CASE(
    "when packets of exponentially distributed sizes come at Poisson times to a link, then their mean wait "
    "is that of M/M/1") {
  const Sizes sizes = Sizes::exponential(100, 1500);
  for (const double utilisation : {0.3, 0.6, 0.9}) {
    const Load load = Load::of(sizes, utilisation);
    // Whole octets and the bound change the exponential distribution's moments by 0.5 %.
    CHECK(load.wait() == Approx(utilisation * load.mean / (1 - utilisation)).epsilon(0.006));
    WaitMeter meter(load);
    Bottleneck bottleneck{.seed = 6, .streams = {{sizes, 1 / load.arrival_rate}}, .rate = rate};
    bottleneck.started = [&](const Packet* packet, ModelTime start, Duration queued) {
      meter.started(size_of(packet), start, queued);
    };
    bottleneck.run(
        Duration{static_cast<std::int64_t>((utilisation > 0.8 ? 1'400'000 : 500'000) / load.arrival_rate)});
    check_wait(meter, load);
  }
}
