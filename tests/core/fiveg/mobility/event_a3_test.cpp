// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Event A3: offset, hysteresis and time to trigger of TS 38.331 clause 5.5.4.4.
#include "core/fiveg/mobility/event_a3.hpp"

#include <catch2/catch.hpp>

using namespace kiriko;

namespace {

constexpr ModelTime at(std::int64_t ms) { return ModelTime{} + milliseconds(ms); }
using Levels = std::vector<double>;

}  // namespace

TEST_CASE(
    "when a neighbour is better by more than offset and hysteresis for the time to trigger, then A3 tells") {
  EventA3 a3({.offset_db = 3, .hysteresis_db = 1, .time_to_trigger = milliseconds(160)}, 2);
  CHECK(!a3.measured(at(0), 0, Levels{-90, -86}));  // just not more than 4 dB
  CHECK(!a3.measured(at(40), 0, Levels{-90, -85.9}));
  CHECK(!a3.measured(at(199), 0, Levels{-90, -85.9}));
  CHECK(a3.measured(at(200), 0, Levels{-90, -85.9}) == 1U);
  CHECK(!a3.measured(at(201), 1, Levels{-90, -85.9}));
}

TEST_CASE("when the neighbour falls back once, then the time to trigger begins anew") {
  EventA3 a3({.offset_db = 3, .hysteresis_db = 1, .time_to_trigger = milliseconds(100)}, 2);
  CHECK(!a3.measured(at(0), 0, Levels{-90, -80}));
  CHECK(!a3.measured(at(60), 0, Levels{-90, -88}));
  CHECK(!a3.measured(at(120), 0, Levels{-90, -80}));
  CHECK(!a3.measured(at(219), 0, Levels{-90, -80}));
  CHECK(a3.measured(at(220), 0, Levels{-90, -80}) == 1U);
}

TEST_CASE("when several neighbours trigger, then the strongest is told, and all begin anew") {
  EventA3 a3({.offset_db = 0, .hysteresis_db = 0, .time_to_trigger = {}}, 4);
  CHECK(a3.measured(at(0), 1, Levels{-80, -90, -70, -75}) == 2U);
  EventA3 patient({.offset_db = 0, .hysteresis_db = 0, .time_to_trigger = milliseconds(10)}, 3);
  CHECK(!patient.measured(at(0), 0, Levels{-90, -80, -85}));
  CHECK(patient.measured(at(10), 0, Levels{-90, -80, -85}) == 1U);
  CHECK(!patient.measured(at(11), 0, Levels{-90, -80, -85}));
}

TEST_CASE("when the filter coefficient is 4, then a new measurement weighs one half") {
  CHECK(layer3_filter_weight(0) == 1.0);
  CHECK(layer3_filter_weight(4) == 0.5);
  CHECK(layer3_filter_weight(8) == 0.25);
}
