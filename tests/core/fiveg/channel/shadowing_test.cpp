// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Shadow fading along a way: its spread, its correlation over distance, its independence of how it is asked.
#include "core/fiveg/channel/shadowing.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace kiriko;

TEST_CASE("when many UEs go their ways, then shadowing is standard normal and correlated as exp(-x / d)") {
  constexpr int ues = 20'000;
  constexpr double correlation_m = 37;
  double sum = 0, squares = 0, near = 0, far = 0;
  for (std::uint64_t ue = 0; ue < ues; ++ue) {
    Shadowing shadowing{1, ue, 0, correlation_m};
    shadowing.advance(1000);
    const double start = shadowing.value();
    shadowing.advance(1000 + correlation_m / 2);
    near += start * shadowing.value();
    shadowing.advance(1000 + 2 * correlation_m);
    far += start * shadowing.value();
    sum += start;
    squares += start * start;
  }
  CHECK(sum / ues == Approx(0).margin(0.03));
  CHECK(squares / ues == Approx(1).epsilon(0.05));
  CHECK(near / ues == Approx(std::exp(-0.5)).margin(0.04));
  CHECK(far / ues == Approx(std::exp(-2.0)).margin(0.04));
}

TEST_CASE("when the way is asked for in other steps, then the value at a place is the same") {
  Shadowing often{3, 5, 7, 10}, once{3, 5, 7, 10}, other{3, 6, 7, 10};
  for (double at = 0; at <= 500; at += 0.25) often.advance(at);
  once.advance(500);
  other.advance(500);
  CHECK(often.value() == Approx(once.value()).margin(1e-12));
  CHECK(often.value() != other.value());
  const double before = once.value();
  once.advance(20);  // nobody goes back
  CHECK(once.value() == before);
}
