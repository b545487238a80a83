// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Axes and lines of charts.
#include <catch2/catch.hpp>
#include <cmath>

#include "scenarios/report/chart_scale.hpp"
#include "scenarios/report/figure_text.hpp"
#include "scenarios/report/line_chart.hpp"

using namespace kiriko;
using Catch::Contains;

TEST_CASE("when an axis is linear, then its ticks are round and enclose the values") {
  const auto scale = ChartScale::linear(0, 87);
  CHECK(scale.ticks().front() == 0);
  CHECK(scale.ticks().back() >= 87);
  CHECK(scale.ticks()[1] == 20);
  CHECK(scale.position(0) == 0);
  CHECK(scale.position(1000) == 1);
  CHECK(ChartScale::linear(0, 0).ticks().size() >= 2);
}

TEST_CASE("when an axis is logarithmic, then its ticks are 1, 2 or 5 times powers of ten around the values") {
  const auto scale = ChartScale::logarithmic(3, 140);
  CHECK(scale.ticks().front() == Approx(2));
  CHECK(scale.ticks().back() == Approx(200));
  CHECK(scale.position(20) == Approx(0.5));
  CHECK(ChartScale::logarithmic(7, 7).position(7) > 0);
  const auto wide = ChartScale::logarithmic(1, 1e9);
  CHECK(wide.ticks().size() == 10);
  CHECK(ChartScale::logarithmic(10, 10).ticks().size() >= 2);
}

TEST_CASE("when a value is missing, then the line breaks and a lone point is a dot") {
  LineChart chart;
  chart.title = "t";
  chart.series = {{"a", {{0, 1}, {1, 2}, {2, NAN}, {3, 4}}}};
  chart.x_high = 3;
  chart.x_text = chart.y_text = ratio_text;
  const std::string svg = to_svg(chart);
  CHECK_THAT(svg, Contains("<circle class=\"d0\""));
  CHECK_THAT(svg, !Contains("nan"));
}

TEST_CASE("when events crowd, then labels take rows of their own and those without room keep their line") {
  LineChart chart;
  chart.x_high = 100;
  chart.x_text = chart.y_text = ratio_text;
  for (int i = 0; i < 6; ++i) chart.events.push_back({50.0 + i * 0.1, "event " + std::to_string(i)});
  const std::string svg = to_svg(chart);
  CHECK_THAT(svg, Contains(">event 0</text>") && Contains(">event 3</text>") && !Contains(">event 4</text>"));
  CHECK_THAT(svg, Contains("<title>event 5</title>"));
}

TEST_CASE("when figures are told to people, then unit and digits fit") {
  CHECK(delay_text(1.23456e7) == "12.35 ms");
  CHECK(delay_text(999) == "999 ns");
  CHECK(delay_text(999'999) == "1 ms");
  CHECK(delay_text(0) == "0 ns");
  CHECK(rate_text(1.5e9) == "1.5 Gbit/s");
  CHECK(count_text(1234567) == "1\u00A0234\u00A0567");
  CHECK(value_text(1e-5, "") == "1e-05");
}
