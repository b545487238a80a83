// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A way along straight lines.
#include "core/fiveg/mobility/route.hpp"

#include <catch2/catch.hpp>

using namespace kiriko;

TEST_CASE(
    "when a UE goes along its route, then its place follows from speed and time, and it stays at the end") {
  const Route route({{0, 0}, {30, 40}, {30, 40}, {130, 40}}, 10);
  CHECK(route.travelled_m(Duration{-5}) == 0);
  CHECK(route.at(0) == PlanePoint{0, 0});
  const PlanePoint half = route.at(route.travelled_m(milliseconds(2500)));
  CHECK(half.x_m == Approx(15));
  CHECK(half.y_m == Approx(20));
  const PlanePoint corner = route.at(route.travelled_m(seconds(5)));
  CHECK(corner.x_m == Approx(30));
  CHECK(corner.y_m == Approx(40));
  CHECK(route.at(route.travelled_m(seconds(10))).x_m == Approx(80));
  CHECK(route.travelled_m(seconds(100)) == Approx(150));
  CHECK(route.at(route.travelled_m(seconds(100))) == PlanePoint{130, 40});
}

TEST_CASE("when a route is one point or its speed 0, then the UE stands still") {
  CHECK(Route({{7, 8}}, 10).at(Route({{7, 8}}, 10).travelled_m(seconds(9))) == PlanePoint{7, 8});
  const Route parked({{1, 2}, {3, 4}}, 0);
  CHECK(parked.at(parked.travelled_m(seconds(9))) == PlanePoint{1, 2});
}
