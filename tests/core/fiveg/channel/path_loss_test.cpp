// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Path loss and line of sight of TR 38.901 against values computed from its tables by hand.
#include "core/fiveg/channel/path_loss.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

using namespace kiriko;
using P = PropagationScenario;

namespace {

/// As printed with two digits.
bool prints_as(double value, double printed) { return std::abs(value - printed) < 0.00501; }

double loss(P scenario, bool line_of_sight, double ground_m, double ghz) {
  const Surroundings at = default_surroundings(scenario);
  return path_loss_db(scenario, line_of_sight, radio_distance(ground_m, at), ghz, at);
}

}  // namespace

TEST_CASE(
    "when distance and frequency are those of the reference values, then path loss is theirs to 0.01 dB") {
  struct Row {
    P scenario;
    double ghz, ground_m, clear, obstructed;
  };
  constexpr std::array<Row, 7> rows{{{P::umi, 4.5, 100, 87.50, 106.97},
                                     {P::umi, 4.5, 200, 93.79, 117.55},
                                     {P::uma, 4.5, 200, 91.75, 116.64},
                                     {P::uma, 4.5, 500, 100.45, 132.10},
                                     {P::rma, 4.5, 200, 92.33, 105.83},
                                     {P::umi, 28, 100, 103.38, 123.88},
                                     {P::umi, 28, 200, 109.67, 134.46}}};
  for (const Row& row : rows) {
    INFO(to_string(row.scenario) << " " << row.ghz << " GHz " << row.ground_m
                                 << " m: " << loss(row.scenario, true, row.ground_m, row.ghz) << " "
                                 << loss(row.scenario, false, row.ground_m, row.ghz));
    CHECK(prints_as(loss(row.scenario, true, row.ground_m, row.ghz), row.clear));
    CHECK(prints_as(loss(row.scenario, false, row.ground_m, row.ghz), row.obstructed));
  }
  // What the table has beside the formulas.
  const Surroundings rural = default_surroundings(P::rma);
  CHECK(shadow_fading_db(P::rma, true, radio_distance(500, rural), 4.5, rural) == 4);
  CHECK(shadow_fading_db(P::rma, true, radio_distance(9000, rural), 4.5, rural) == 6);
  CHECK(shadow_fading_db(P::inf_dl, true, radio_distance(50, rural), 4.5, rural) == Approx(4.3));
  CHECK(shadow_fading_db(P::umi, false, radio_distance(50, rural), 4.5, rural) == Approx(7.82));
  CHECK(correlation_distance_m(P::uma, false) == 50);
  // A factory at d3D = 50 m, 4.7 GHz.
  const RadioDistance fifty{50, 50};
  const auto factory = [&](P scenario, bool line_of_sight) {
    return path_loss_db(scenario, line_of_sight, fifty, 4.7, default_surroundings(scenario));
  };
  CHECK(prints_as(factory(P::inf_sl, true), 81.14));
  CHECK(prints_as(factory(P::inf_sl, false), 89.77));
  CHECK(prints_as(factory(P::inf_dl, false), 92.70));
  CHECK(prints_as(factory(P::inf_sh, false), 84.92));
  CHECK(prints_as(factory(P::inf_dh, false), 84.28));
}

TEST_CASE("when the distance is that of the reference values, then so is the probability of line of sight") {
  const auto probability = [](P scenario, double ground_m) {
    const Surroundings at = default_surroundings(scenario);
    return line_of_sight_probability(scenario, radio_distance(ground_m, at), at);
  };
  const auto prints = [](double value, double printed) { return std::abs(value - printed) < 0.0000501; };
  CHECK(prints(probability(P::umi, 100), 0.2310));
  CHECK(prints(probability(P::uma, 100), 0.3477));
  CHECK(prints(probability(P::rma, 100), 0.9139));
  CHECK(prints(probability(P::umi, 200), 0.0935));
  CHECK(prints(probability(P::uma, 200), 0.1280));
  CHECK(prints(probability(P::rma, 200), 0.8270));
  for (const P scenario : {P::umi, P::uma, P::rma, P::inh, P::inf_sl, P::inf_dl, P::inf_sh, P::inf_dh}) {
    double before = 1;
    CHECK(probability(scenario, 0) > 0.3);
    for (double at = 1; at < 5000; at *= 1.1) {
      const double now = probability(scenario, at);
      CHECK(now >= 0);
      CHECK(now <= before + 1e-9);
      before = now;
    }
  }
}

TEST_CASE("when a UE goes away, then loss grows without a step, and never falls below line of sight's") {
  for (const P scenario : {P::umi, P::uma, P::rma, P::inh, P::inf_sl, P::inf_dl, P::inf_sh, P::inf_dh}) {
    CHECK(propagation_scenario(to_string(scenario)) == scenario);
    for (const double ghz : {0.7, 3.7, 28.0}) {
      double clear = loss(scenario, true, 10, ghz), obstructed = loss(scenario, false, 10, ghz);
      for (double at = 10; at < 5000; at *= 1.01) {
        const double farther_clear = loss(scenario, true, at * 1.01, ghz);
        const double farther_obstructed = loss(scenario, false, at * 1.01, ghz);
        CHECK(farther_obstructed >= farther_clear);
        CHECK(farther_clear >= clear - 0.01);
        CHECK(farther_clear - clear < 0.5);
        CHECK(farther_obstructed - obstructed < 0.5);
        clear = farther_clear, obstructed = farther_obstructed;
      }
    }
  }
  CHECK_FALSE(propagation_scenario("uni"));
}
