// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Layout of a chart: labels of events in rows above, the plot, the axes, the legend.
#include "scenarios/report/line_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/report/utf8.hpp"

namespace kiriko {
namespace {

constexpr double width = 1080, plot_left = 84, plot_right = 1064, plot_height = 230;
constexpr double row_height = 15, character_width = 5.9;
constexpr std::size_t label_rows = 4, label_characters = 34;

double x_of(const LineChart& chart, double x) {
  const double span = chart.x_high > 0 ? chart.x_high : 1;
  return plot_left + (plot_right - plot_left) * std::clamp(x / span, 0.0, 1.0);
}

ChartScale y_scale(const LineChart& chart) {
  double low = INFINITY, high = 0;
  const auto see = [&](double y) {
    if (!std::isfinite(y)) return;
    low = std::min(low, y);
    high = std::max(high, y);
  };
  for (const ChartSeries& series : chart.series)
    for (const auto& [x, y] : series.points) see(y);
  for (const ChartLimit& limit : chart.limits) see(limit.y);
  return chart.logarithmic && low > 0 && low <= high ? ChartScale::logarithmic(low, high)
                                                     : ChartScale::linear(0, high);
}

struct PlacedLabel {
  double x;
  std::size_t row;
  bool leftward;
  std::string text;
};

/// Each label in the first row where it does not touch the one before; those without room keep only their line.
std::vector<PlacedLabel> place_labels(const LineChart& chart) {
  std::vector<PlacedLabel> placed;
  double row_end[label_rows] = {};
  for (const ChartEvent& event : chart.events) {
    if (event.label.empty()) continue;
    const std::string text = cut_to(valid_utf8(event.label), label_characters);
    const double length = character_width * static_cast<double>(character_count(text)) + 10;
    const double x = x_of(chart, event.x);
    const bool leftward = x + length > width;
    const double begin = leftward ? x - length : x;
    for (std::size_t row = 0; row < label_rows; ++row) {
      if (row_end[row] > begin) continue;
      row_end[row] = begin + length;
      placed.push_back({x, row, leftward, text});
      break;
    }
  }
  return placed;
}

std::string draw_events(const LineChart& chart, double top, double bottom,
                        const std::vector<PlacedLabel>& labels) {
  std::string out;
  double last_tick = -1;
  for (const ChartEvent& event : chart.events) {
    const double x = x_of(chart, event.x);
    if (!event.label.empty()) {
      out += fmt::format(
          "<line class=\"event\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" "
          "y2=\"{2:.1f}\"><title>{3}</title></line>",
          x, top, bottom, xml_escaped(event.label));
    } else if (x - last_tick >= 1) {
      last_tick = x;
      out += fmt::format("<line class=\"tick\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>",
                         x, bottom - 6, bottom);
    }
  }
  for (const PlacedLabel& label : labels) {
    const double y = 12 + row_height * static_cast<double>(label.row);
    out += fmt::format("<line class=\"event\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>",
                       label.x, y - 8, top);
    out += fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>",
                       label.x + (label.leftward ? -4 : 4), y, label.leftward ? " text-anchor=\"end\"" : "",
                       xml_escaped(label.text));
  }
  return out;
}

std::string draw_axes(const LineChart& chart, const ChartScale& scale, double top, double bottom) {
  std::string out;
  for (const double tick : scale.ticks()) {
    const double y = bottom - (bottom - top) * scale.position(tick);
    out += fmt::format("<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>",
                       plot_left, plot_right, y, y);
    out += fmt::format("<text class=\"axis\" text-anchor=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>",
                       plot_left - 8, y + 4, xml_escaped(chart.y_text(tick)));
  }
  auto ticks = chart.x_ticks;
  if (ticks.empty()) {
    const ChartScale x_scale = ChartScale::linear(0, chart.x_high);
    for (const double tick : x_scale.ticks())
      if (tick <= chart.x_high * (1 + 1e-9)) ticks.emplace_back(tick, chart.x_text(tick));
  }
  for (const auto& [tick, text] : ticks) {
    const double x = x_of(chart, tick);
    out += fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>",
                       x, top, bottom);
    out += fmt::format("<text class=\"axis\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x,
                       bottom + 17, xml_escaped(text));
  }
  return out;
}

std::string draw_line(const LineChart& chart, const ChartSeries& series, std::size_t index,
                      const ChartScale& scale, double top, double bottom) {
  std::string path, dots;
  bool pen_down = false;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const auto& [x, y] = series.points[i];
    if (!std::isfinite(y)) {
      pen_down = false;
      continue;
    }
    const double px = x_of(chart, x), py = bottom - (bottom - top) * scale.position(y);
    path += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", px, py);
    const bool alone =
        !pen_down && (i + 1 == series.points.size() || !std::isfinite(series.points[i + 1].second));
    if (alone)
      dots += fmt::format("<circle class=\"d{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2\"/>",
                          index % chart_series_limit, px, py);
    pen_down = true;
  }
  return fmt::format("<path class=\"line s{}\" d=\"{}\"><title>{}</title></path>{}",
                     index % chart_series_limit, path, xml_escaped(series.name), dots);
}

std::string draw_limits(const LineChart& chart, const ChartScale& scale, double top, double bottom) {
  std::string out;
  for (const ChartLimit& limit : chart.limits) {
    const double x = x_of(chart, limit.x), y = bottom - (bottom - top) * scale.position(limit.y);
    out += fmt::format("<path class=\"limit d{}\" d=\"M{:.1f} {:.1f}h14l-7 9z\"><title>{}</title></path>",
                       limit.series % chart_series_limit, x - 7, y - 9, xml_escaped(limit.label));
  }
  return out;
}

std::string legend(const LineChart& chart) {
  std::string out = "<div class=\"legend\">";
  for (std::size_t i = 0; i < chart.series.size(); ++i)
    out += fmt::format(
        "<span><svg width=\"26\" height=\"10\" aria-hidden=\"true\"><path class=\"line s{}\" d=\"M1 "
        "5H25\"/></svg>{}</span>",
        i % chart_series_limit, xml_escaped(chart.series[i].name));
  return out + "</div>";
}

}  // namespace

std::string to_svg(const LineChart& chart) {
  const auto labels = place_labels(chart);
  std::size_t rows = 0;
  for (const PlacedLabel& label : labels) rows = std::max(rows, label.row + 1);
  const double top = 10 + row_height * static_cast<double>(rows), bottom = top + plot_height;
  const ChartScale scale = y_scale(chart);
  std::string out = fmt::format("<figure><figcaption><b>{}</b> {}</figcaption>", xml_escaped(chart.title),
                                xml_escaped(chart.caption));
  out += fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {:.0f}\" role=\"img\" aria-label=\"{}\">", width,
                     bottom + 26, xml_escaped(chart.title));
  out += draw_axes(chart, scale, top, bottom) + draw_events(chart, top, bottom, labels);
  for (std::size_t i = 0; i < chart.series.size(); ++i)
    out += draw_line(chart, chart.series[i], i, scale, top, bottom);
  out += draw_limits(chart, scale, top, bottom);
  return out + "</svg>" + legend(chart) + "</figure>\n";
}

}  // namespace kiriko
