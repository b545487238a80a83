// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UEs that move: their ways are read, and what follows from them is added to the timeline.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "scenarios/loader/loading.hpp"
#include "scenarios/loader/mobility.hpp"

namespace kiriko {
namespace {

constexpr double kmh = 1 / 3.6;
constexpr double widest_m = 1e6;
constexpr double most_work = 2e7;
constexpr std::size_t most_events = 1'000'000;

RadioEnvironment read_environment(Loading& loading, const YamlNode& node) {
  const SectionValues values =
      read_section(node, radio_environment_section(), "the radio environment", loading.problems);
  for (const auto& option : radio_environment_section().options)
    if (option.unverified && !values.given(option.key))
      loading.unverified.insert("radio_environment: " + option.key + " = " + option.default_value);
  const auto number = [&](std::string_view key) { return values.get<double>(key).value_or(0); };
  const auto span = [&](std::string_view key) { return values.get<Duration>(key).value_or(Duration{}); };
  RadioEnvironment environment;
  environment.propagation =
      propagation_scenario(values.text("propagation")).value_or(PropagationScenario::uma);
  environment.surroundings = default_surroundings(environment.propagation);
  if (const auto height = values.get<double>("antenna_height"))
    environment.surroundings.base_station_m = *height;
  environment.surroundings.ue_m = values.get<double>("ue_height").value_or(1.5);
  environment.carrier_ghz = values.get<double>("carrier").value_or(1);
  environment.transmit_power_dbm = number("transmit_power");
  environment.noise_figure_db = number("noise_figure");
  environment.neighbour_load = number("neighbour_load");
  environment.measured_load = values.text("interference") == "measured";
  environment.ue_power_dbm = values.get<double>("ue_power");
  environment.uplink_bandwidth_hz = values.get<double>("uplink_bandwidth").value_or(1) * 1e6;
  environment.cell_noise_figure_db = number("cell_noise_figure");
  environment.uplink_interference_db = number("uplink_interference");
  environment.target_bler = values.get<double>("target_bler").value_or(0.1);
  environment.fading_diversity = static_cast<int>(values.integer("fading_diversity"));
  environment.blockage_share = number("blockage_share");
  environment.blockage_time = span("blockage_time");
  environment.blockage_loss_db = number("blockage_loss");
  environment.period = values.get<Duration>("period").value_or(milliseconds(100));
  environment.filter_coefficient = static_cast<int>(values.integer("filter_coefficient"));
  environment.a3 = {number("a3_offset"), number("hysteresis"), span("time_to_trigger")};
  environment.interruption = span("interruption");
  environment.preparation = span("preparation");
  environment.conditional = values.text("handover") == "conditional";
  environment.preparation_offset_db = number("preparation_offset");
  environment.reestablishment = values.get<Duration>("reestablishment").value_or(environment.interruption);
  // The controller hears of it, and its changes come back.
  if (const OptionValues& controller = loading.scenario.controller; controller.has("control_channel_delay"))
    environment.handover_delay = controller.get<Duration>("control_channel_delay") * 2 + nanoseconds(1);
  environment.out_of_sync_db = number("q_out");
  environment.t310 = span("t310");
  return environment;
}

/// Every gNB that the UE may be in needs a place.
bool has_positions(Loading& loading, const ScenarioUe& ue, const Position& at) {
  for (const NodeId cell : ue.cells) {
    const ScenarioNode& node = loading.scenario.nodes[cell.value];
    if (node.position) continue;
    loading.problems.add(at, {.message = "a cell of the moving UE has no position",
                              .found = node.name,
                              .hint = "position: \"250,35\" in its entry under functions"});
    return false;
  }
  return !ue.cells.empty();
}

class MobilityReader {
 public:
  MobilityReader(Loading& loading, const RadioEnvironment& environment)
      : loading_(loading), environment_(environment) {
    for (const TimelineEvent& event : loading.scenario.timeline)
      if (const auto* move = std::get_if<MoveUeEvent>(&event.action)) moved_by_timeline_.insert(move->ue);
  }

  void read(const SectionValues& values) {
    std::vector<PlanePoint> points;
    for (const auto& text : values.values.list<std::string>("path"))
      if (const auto point = read_point(loading_, text, values.at("path"))) points.push_back(*point);
    const auto ues = find_nodes(loading_, values, "ues", "a UE",
                                [](const ScenarioNode& n) { return n.kind == NodeKind::ue; });
    if (points.empty()) {
      if (values.given("path")) loading_.problems.add(values.at("path"), {.message = "'path' has no point"});
      return;
    }
    const Route route(points, values.get<double>("speed").value_or(0) * kmh);
    const ModelTime start{values.get<Duration>("start").value_or(Duration{}).ns};
    for (const NodeId node : ues) move(values, {loading_.ue_of_node.at(node.value), route, start});
  }

 private:
  void move(const SectionValues& values, const MovingUe& moving) {
    const Position at = values.at("ues");
    const ScenarioUe& ue = loading_.scenario.ues[moving.ue];
    const std::string& name = loading_.scenario.nodes[ue.node.value].name;
    if (!moving_.insert(ue.node).second)
      return loading_.problems.add(at, {.message = "the UE moves already", .found = name});
    if (moved_by_timeline_.contains(ue.node))
      return loading_.problems.add(at, {.message = "a UE that moves cannot be moved by the timeline too",
                                        .found = name,
                                        .hint = "leave out its 'move_ue'"});
    if (ue.radio != UeRadio{})
      return loading_.problems.add(at, {.message = "a UE that moves has its radio from where it is",
                                        .found = name,
                                        .hint = "leave out its 'radio'"});
    if (!has_positions(loading_, ue, at)) return;
    work_ += work_of(loading_.scenario, environment_, moving);
    if (work_ > most_work) {
      if (!too_many_)
        loading_.problems.add(at, {.message = "the UEs' ways are too much to plan",
                                   .found = name,
                                   .allowed = "20 million: 8 a period and 5 a metre, of each UE and cell",
                                   .hint = "a longer period in radio_environment, or fewer cells"});
      too_many_ = true;
      return;
    }
    // What has no links and no cells to plan with is refused anyway.
    if (loading_.problems.empty() && loading_.scenario.timeline.size() < most_events)
      plan_mobility(loading_.scenario, environment_, moving);
  }

  Loading& loading_;
  const RadioEnvironment& environment_;
  std::set<NodeId> moving_{}, moved_by_timeline_{};
  double work_{};
  bool too_many_{false};
};

}  // namespace

std::optional<PlanePoint> read_point(Loading& loading, const std::string& text, const Position& at) {
  PlanePoint point;
  const char* const end = text.data() + text.size();
  const auto x = std::from_chars(text.data(), end, point.x_m);
  if (x.ec == std::errc{} && x.ptr != end && *x.ptr == ',') {
    const char* from = x.ptr + 1;
    while (from != end && *from == ' ') ++from;
    const auto y = std::from_chars(from, end, point.y_m);
    if (y.ec == std::errc{} && y.ptr == end && std::abs(point.x_m) <= widest_m &&
        std::abs(point.y_m) <= widest_m)
      return point;
  }
  loading.problems.add(at, {.message = "not a point",
                            .found = in_quotes(text),
                            .allowed = "two numbers in metres, such as \"250,35\", at most 1000 km away"});
  return std::nullopt;
}

void read_mobility(Loading& loading, const SectionValues& root) {
  const YamlNode* environment_node = root.part("radio_environment");
  const YamlNode* list = root.part("mobility");
  if (environment_node == nullptr && list == nullptr) return;
  YamlNode nothing{.kind = YamlNode::Kind::mapping};
  nothing.at = root.node->at;
  const RadioEnvironment environment =
      read_environment(loading, environment_node == nullptr ? nothing : *environment_node);
  if (list == nullptr) return;
  const EntryList entries = read_entries(loading, *list, "mobility", mobility_section(), "a way");
  MobilityReader reader(loading, environment);
  for (const auto& values : entries.values) reader.read(values);
  std::stable_sort(loading.scenario.timeline.begin(), loading.scenario.timeline.end(),
                   [](const TimelineEvent& a, const TimelineEvent& b) { return a.at < b.at; });
}

}  // namespace kiriko
