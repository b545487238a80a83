// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Shapes and colours by kind of node; links with rate and delay.
#include "scenarios/report/topology_svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/report/topology_layout.hpp"
#include "scenarios/report/utf8.hpp"

namespace kiriko {
namespace {

constexpr double column_step = 240, row_step = 84, box_width = 144, box_height = 46, margin = 30, head = 46,
                 key_height = 40;
constexpr double widest_spread = 2.5;
constexpr std::size_t name_characters = 20;

constexpr std::string_view style = R"css(
text{font:12px system-ui,"DejaVu Sans",sans-serif;fill:#1a1d21}.small{font-size:10.5px;fill:#5b6470}.title{font-size:17px;font-weight:600}
.bg{fill:#fff}.link{fill:none;stroke:#7b8794;stroke-width:1.6}.radio{stroke-dasharray:5 4}
.halo{stroke:#fff;stroke-width:4px;paint-order:stroke;stroke-linejoin:round}
.node{stroke:#1a1d21;stroke-width:1.3}.ue{fill:#cfe6f5}.host{fill:#e8eaee}.function{fill:#f6e3b4}.gnb{fill:#f8d2b8}.upf{fill:#c8ead9}.switch{fill:#e4d5ee}.device{fill:#fff;stroke-dasharray:4 3}
@media(prefers-color-scheme:dark){text{fill:#e8eaed}.small{fill:#9aa4b0}.bg{fill:#14171b}.halo{stroke:#14171b}.link{stroke:#8a95a1}.node{stroke:#aab3bd}
.ue{fill:#1d4a66}.host{fill:#333b44}.function{fill:#5c4a14}.gnb{fill:#6b3a1c}.upf{fill:#1b5240}.switch{fill:#4a3560}.device{fill:#14171b}}
)css";

struct Point {
  double x, y;
};

/// The kinds with a shape or colour of their own.
std::string_view css_class(const ScenarioNode& node) {
  switch (node.kind) {
    case NodeKind::ue: return "ue";
    case NodeKind::host: return "host";
    case NodeKind::device: return "device";
    case NodeKind::function: break;
  }
  for (const std::string_view known : {"gnb", "upf", "switch"})
    if (node.function == known) return known;
  return "function";
}

std::string shape(std::string_view kind, Point c, double w, double h) {
  const double l = c.x - w / 2, r = c.x + w / 2, t = c.y - h / 2, b = c.y + h / 2, cut = h / 3;
  if (kind == "gnb")
    return fmt::format("<path class=\"node gnb\" d=\"M{:.1f} {:.1f}H{:.1f}L{:.1f} {:.1f}H{:.1f}Z\"/>",
                       l + cut, t, r - cut, r, b, l);
  if (kind == "upf")
    return fmt::format(
        "<path class=\"node upf\" d=\"M{:.1f} {:.1f}H{:.1f}L{:.1f} {:.1f}L{:.1f} {:.1f}H{:.1f}L{:.1f} "
        "{:.1f}Z\"/>",
        l + cut, t, r - cut, r, c.y, r - cut, b, l + cut, l, c.y);
  const double radius = kind == "ue" ? h / 2 : kind == "host" ? 9 : 2;
  return fmt::format(
      "<rect class=\"node {}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"{:.1f}\"/>",
      kind, l, t, w, h, radius);
}

std::string direction_text(const LinkProperties& properties) {
  return (properties.rate.value == 0 ? "" : to_string(properties.rate) + ", ") + to_string(properties.delay);
}

std::string link_text(const ScenarioLink& link) {
  if (link.radio) return "";
  const std::string forward = direction_text(link.forward), backward = direction_text(link.backward);
  return forward == backward ? forward : forward + " / " + backward;
}

class Drawing {
 public:
  explicit Drawing(const Scenario& scenario)
      : scenario_(scenario), layout_(place_topology(scenario)), rows_in_column_(layout_.columns) {
    for (const PlacedNode& node : layout_.nodes) ++rows_in_column_[node.column];
  }

  std::string text() const {
    const double width =
        std::max(640.0, 2 * margin + box_width +
                            column_step * static_cast<double>(std::max<std::size_t>(layout_.columns, 1) - 1));
    const double height =
        head + key_height + margin + row_step * static_cast<double>(std::max<std::size_t>(layout_.rows, 1));
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\">\n<style>{2}</style>\n",
        width, height, style);
    out += "<rect class=\"bg\" width=\"100%\" height=\"100%\"/>\n";
    out += fmt::format("<text class=\"title\" x=\"{}\" y=\"30\">{}</text>\n", margin,
                       xml_escaped(scenario_.title.empty() ? scenario_.name : scenario_.title));
    std::string labels;
    for (const PlacedLink& link : layout_.links) draw_link(link, out, labels);
    for (const PlacedNode& node : layout_.nodes) out += draw_node(node);
    return out + labels + key(height - key_height / 2 - 4) + "</svg>\n";
  }

 private:
  Point centre(const PlacedNode& node) const {
    // Short columns spread out, so that their links do not bundle.
    const auto rows = static_cast<double>(rows_in_column_[node.column]);
    const double all = row_step * static_cast<double>(layout_.rows);
    const double step = std::min(all / rows, widest_spread * row_step);
    return {margin + box_width / 2 + column_step * static_cast<double>(node.column),
            head + all / 2 + step * (static_cast<double>(node.row) - (rows - 1) / 2)};
  }

  void draw_link(const PlacedLink& placed, std::string& lines, std::string& labels) const {
    const ScenarioLink& link = scenario_.links[placed.link.value];
    Point a = centre(layout_.nodes[placed.a]), b = centre(layout_.nodes[placed.b]);
    const bool same_column = layout_.nodes[placed.a].column == layout_.nodes[placed.b].column;
    const double bow = same_column ? 34 + 14 * std::abs(a.y - b.y) / row_step : 0;
    const double shift = 18 * static_cast<double>(placed.parallel);
    if (!same_column && a.x > b.x) std::swap(a, b);
    if (same_column)
      a.x += box_width / 2, b.x += box_width / 2;
    else
      a.x += box_width / 2, b.x -= box_width / 2;
    const Point control{(a.x + b.x) / 2 + bow + (same_column ? shift : 0),
                        (a.y + b.y) / 2 + (same_column ? 0 : shift)};
    lines += fmt::format(
        "<path class=\"link{}\" d=\"M{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}\"><title>{}</title></path>\n",
        link.radio ? " radio" : "", a.x, a.y, control.x, control.y, b.x, b.y, xml_escaped(link.name));
    // The middle of the curve.
    const Point middle{(a.x + 2 * control.x + b.x) / 4, (a.y + 2 * control.y + b.y) / 4};
    if (const std::string text = link_text(link); !text.empty())
      labels += fmt::format(
          "<text class=\"small halo\" text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", middle.x,
          middle.y - 3, xml_escaped(text));
  }

  std::string draw_node(const PlacedNode& placed) const {
    const ScenarioNode& node = scenario_.nodes[placed.first.value];
    const Point c = centre(placed);
    std::string out;
    if (placed.count > 1) out += shape(css_class(node), {c.x + 5, c.y - 5}, box_width, box_height);
    out += shape(css_class(node), c, box_width, box_height);
    std::string what = node.kind == NodeKind::function || node.kind == NodeKind::device
                           ? node.function
                           : std::string(css_class(node));
    if (placed.count > 1) what = fmt::format("{} × {}", placed.count, what);
    if (!node.site.empty()) what += " at " + node.site;
    const auto line = [&](const char* css, double y, const std::string& text) {
      return fmt::format("<text{} text-anchor=\"middle\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", css, c.x, y,
                         xml_escaped(cut_to(valid_utf8(text), name_characters)));
    };
    return out + line("", c.y - 2, placed.name) + line(" class=\"small\"", c.y + 13, what) + "\n";
  }

  static std::string key(double y) {
    std::string out;
    double x = margin + 14;
    for (const std::string_view kind : {"ue", "gnb", "switch", "upf", "function", "host", "device"}) {
      out += shape(kind, {x, y}, 26, 15) +
             fmt::format("<text class=\"small\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x + 18, y + 4, kind);
      x += 84;
    }
    return out + "\n";
  }

  const Scenario& scenario_;
  TopologyLayout layout_;
  std::vector<std::size_t> rows_in_column_;
};

}  // namespace

std::string topology_svg(const Scenario& scenario) { return Drawing(scenario).text(); }

}  // namespace kiriko
