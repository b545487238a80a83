// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Impairments: rates within their confidence interval, jitter's moments, exactness of serialisation.
#include <catch2/catch.hpp>

#include <cmath>

#include "core/link/impairment.hpp"
#include "core/link/transmitter.hpp"

using namespace kiriko;

namespace {

constexpr int draws = 400'000;

// 99 % confidence half width of a share p over n draws.
double half_width(double p, double n) { return 2.576 * std::sqrt(p * (1 - p) / n); }

}  // namespace

TEST_CASE("when loss is independent, then its share lies in the 99 % confidence interval") {
  for (const double p : {0.001, 0.01, 0.1, 0.5}) {
    Impairment impairment(11, "a → b");
    LinkProperties properties;
    properties.loss = p;
    int lost = 0;
    for (int i = 0; i < draws; ++i) lost += impairment.loses(properties) ? 1 : 0;
    CHECK(lost / double{draws} == Approx(p).margin(half_width(p, draws)));
  }
}

TEST_CASE("when loss follows Gilbert-Elliott, then mean loss and mean burst are those of the chain") {
  // pi_B = p / (p + r) = 1/21, loss 1 in the bad state: mean burst 1/r = 5 packets.
  LinkProperties properties;
  properties.gemodel = {.p = 0.01, .r = 0.2};
  Impairment impairment(12, "a → b");
  int lost = 0;
  int bursts = 0;
  bool before = false;
  for (int i = 0; i < draws; ++i) {
    const bool loses = impairment.loses(properties);
    lost += loses ? 1 : 0;
    bursts += loses && !before ? 1 : 0;
    before = loses;
  }
  CHECK(lost / double{draws} == Approx(1.0 / 21).epsilon(0.05));
  CHECK(lost / double(bursts) == Approx(5.0).epsilon(0.05));
}

TEST_CASE("when delay jitters, then mean and deviation are as asked and no delay is below the lookahead") {
  for (const auto distribution :
       {JitterDistribution::uniform, JitterDistribution::normal, JitterDistribution::pareto}) {
    LinkProperties properties;
    properties.delay = milliseconds(10);
    properties.jitter = {.deviation = milliseconds(1), .distribution = distribution};
    Impairment impairment(13, "a → b");
    const Duration least = minimum_delay(properties);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; ++i) {
      const Duration delay = impairment.delay(properties);
      REQUIRE(delay >= least);
      sum += static_cast<double>(delay.ns);
      squares += static_cast<double>(delay.ns) * static_cast<double>(delay.ns);
    }
    const double mean = sum / draws;
    const double deviation = std::sqrt(squares / draws - mean * mean);
    CHECK(mean == Approx(10e6).epsilon(0.01));
    // A uniform offset of half width d has the standard deviation d / sqrt(3).
    const double expected = distribution == JitterDistribution::uniform ? 1e6 / std::sqrt(3.0) : 1e6;
    CHECK(deviation == Approx(expected).epsilon(distribution == JitterDistribution::pareto ? 0.1 : 0.02));
  }
}

TEST_CASE("when packets go back to back at any rate, then no rounding error adds up") {
  for (const std::int64_t rate :
       {9'600LL, 1'000'000LL, 999'999'937LL, 100'000'000'000LL, 400'000'000'000LL}) {
    Transmitter transmitter;
    transmitter.set_rate(BitsPerSecond{rate});
    ModelTime end;
    constexpr int packets = 100'000;
    for (int i = 0; i < packets; ++i) end = transmitter.send(ModelTime{}, 88).end;
    const auto exact = static_cast<__int128>(packets) * 88 * 8 * 1'000'000'000;
    CHECK(end.ns == static_cast<std::int64_t>((exact + rate - 1) / rate));
  }
}

TEST_CASE("when the same seed and name are given, then the same packets are lost; with another seed others") {
  LinkProperties properties;
  properties.loss = 0.5;
  const auto pattern = [&](std::uint64_t seed, const char* name) {
    Impairment impairment(seed, name);
    std::uint64_t bits = 0;
    for (int i = 0; i < 64; ++i) bits = bits * 2 + (impairment.loses(properties) ? 1 : 0);
    return bits;
  };
  CHECK(pattern(1, "a → b") == pattern(1, "a → b"));
  CHECK(pattern(1, "a → b") != pattern(2, "a → b"));
  CHECK(pattern(1, "a → b") != pattern(1, "b → a"));
}
