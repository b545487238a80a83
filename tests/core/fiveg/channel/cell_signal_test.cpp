// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// One cell as a UE on its way hears it: how often it is in sight, and that its loss is that of the tables around the mean.
#include "core/fiveg/channel/cell_signal.hpp"

#include <catch2/catch.hpp>

using namespace kiriko;

TEST_CASE(
    "when many UEs stand at a distance, then as many have line of sight as TR 38.901 Table 7.4.2-1 says") {
  const Surroundings around = default_surroundings(PropagationScenario::umi);
  constexpr int ues = 4000;
  for (const double distance : {10.0, 50.0, 150.0}) {
    CAPTURE(distance);
    int in_sight = 0;
    double clear = 0, obstructed = 0;
    for (std::uint64_t ue = 0; ue < ues; ++ue) {
      CellSignal signal(PropagationScenario::umi, 3.5, around, 1, ue, 9);
      const double loss = signal.loss_db(distance, 0);
      in_sight += signal.line_of_sight();
      (signal.line_of_sight() ? clear : obstructed) += loss;
    }
    const RadioDistance range = radio_distance(distance, around);
    const double wanted = line_of_sight_probability(PropagationScenario::umi, range, around);
    CHECK(in_sight / double{ues} == Approx(wanted).margin(0.025));
    CHECK(clear / in_sight ==
          Approx(path_loss_db(PropagationScenario::umi, true, range, 3.5, around)).margin(0.4));
    if (in_sight < ues - 500)
      CHECK(obstructed / (ues - in_sight) ==
            Approx(path_loss_db(PropagationScenario::umi, false, range, 3.5, around)).margin(0.6));
  }
}

TEST_CASE(
    "when a way is measured in other steps, then the loss at its end is the same, and other keys give "
    "another") {
  const Surroundings around = default_surroundings(PropagationScenario::uma);
  CellSignal often(PropagationScenario::uma, 3.5, around, 4, 5, 6), once = often;
  CellSignal other(PropagationScenario::uma, 3.5, around, 4, 5, 7);
  for (double way = 0; way < 300; way += 1.5) often.loss_db(400 - way, way);
  CHECK(often.loss_db(100, 300) == Approx(once.loss_db(100, 300)).margin(1e-9));
  CHECK(other.loss_db(100, 300) != Approx(once.loss_db(100, 300)).margin(1e-3));
}
