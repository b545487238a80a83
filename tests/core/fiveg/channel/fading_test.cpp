// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Fading's distribution and blockage's share of the time.
#include "core/fiveg/channel/fading.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace kiriko;

TEST_CASE(
    "when a tone fades without sight, then its power is exponential; in sight and over more paths it varies "
    "less") {
  constexpr int draws = 20'000;
  const auto spread = [](int diversity, bool line_of_sight, double& below_tenth) {
    FastFading fading(1, 2, 3, diversity, rician_k_db(PropagationScenario::uma));
    double sum = 0, squares = 0;
    int deep = 0;
    for (int i = 0; i < draws; ++i) {
      const double power = std::pow(10, fading.next_db(line_of_sight) / 10);
      sum += power;
      squares += power * power;
      deep += power < 0.1;
    }
    below_tenth = static_cast<double>(deep) / draws;
    const double mean = sum / draws;
    CHECK(mean == Approx(1).margin(0.03));
    return squares / draws - mean * mean;
  };
  double deep = 0;
  CHECK(spread(1, false, deep) == Approx(1).epsilon(0.05));
  CHECK(deep == Approx(1 - std::exp(-0.1)).epsilon(0.05));
  // Var |h|^2 = (2K + 1) / (K + 1)^2.
  const double k = std::pow(10, 0.9);
  CHECK(spread(1, true, deep) == Approx((2 * k + 1) / ((k + 1) * (k + 1))).epsilon(0.05));
  CHECK(deep < 0.01);
  CHECK(spread(16, false, deep) == Approx(1.0 / 16).epsilon(0.05));
}

TEST_CASE("when a way is blocked now and then, then its share and mean stay are those asked for") {
  Blockage blockage(1, 2, 3, 0.2, 2);
  int blocked = 0, times = 0;
  bool before = false;
  constexpr int steps = 1'000'000;
  for (int i = 0; i < steps; ++i) {
    const bool now = blockage.blocked(i * 0.05);
    blocked += now;
    times += now && !before;
    before = now;
  }
  CHECK(static_cast<double>(blocked) / steps == Approx(0.2).epsilon(0.05));
  CHECK(blocked * 0.05 / times == Approx(2).epsilon(0.06));
  Blockage never(1, 2, 3, 0, 2);
  CHECK(!never.blocked(1e9));
}
