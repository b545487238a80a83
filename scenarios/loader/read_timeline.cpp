// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Timeline events, put in order of time and resolved one after another, so that changes build on each other.
#include <algorithm>
#include <cmath>

#include "scenarios/loader/loading.hpp"

namespace kiriko {
namespace {

const TimelineKind* find_kind(std::string_view name) {
  for (const auto& kind : timeline_kinds())
    if (kind.name == name) return &kind;
  return nullptr;
}

std::string_view bare(std::string_view key) {
  return key.ends_with('!') ? key.substr(0, key.size() - 1) : key;
}

/// Keys that the event does not take, and those it needs.
bool check_keys(Loading& loading, const SectionValues& values, const TimelineKind& kind) {
  std::vector<std::string> allowed{"at", "do", "text", "count", "first"};
  for (const auto key : kind.keys) allowed.emplace_back(bare(key));
  bool changes = !kind.link_properties;
  if (kind.link_properties) {
    for (const auto& option : link_direction_section().options) allowed.push_back(option.key);
    for (const std::string_view key : {"jitter", "gemodel", "forward", "backward"}) allowed.emplace_back(key);
  }
  for (const auto& key : values.node->keys) {
    const bool known = find_option(timeline_section().options, key.text) != nullptr ||
                       std::any_of(timeline_section().parts.begin(), timeline_section().parts.end(),
                                   [&](const SectionPart& part) { return part.key == key.text; });
    const bool fits = std::find(allowed.begin(), allowed.end(), key.text) != allowed.end();
    if (known && !fits)
      loading.problems.add(key.at,
                           {.message = "an event '" + std::string(kind.name) + "' has no '" + key.text + "'",
                            .allowed = join(allowed)});
    changes = changes || (fits && key.text != "at" && key.text != "do" && key.text != "text" &&
                          key.text != "link" && key.text != "count" && key.text != "first");
  }
  bool complete = true;
  for (const auto key : kind.keys) {
    if (!key.ends_with('!') || values.given(bare(key))) continue;
    loading.problems.add(values.node->at,
                         {.message = "'" + std::string(bare(key)) + "' is missing in an event '" +
                                     std::string(kind.name) + "'"});
    complete = false;
  }
  if (!changes)
    loading.problems.add(values.node->at,
                         {.message = "the event changes nothing of the link", .allowed = join(allowed)});
  return complete;
}

class TimelineReader {
 public:
  explicit TimelineReader(Loading& loading) : loading_(loading), options_(loading.scenario.controller) {}

  void read(const SectionValues& values) {
    const TimelineKind* kind = find_kind(values.text("do"));
    const Duration duration = loading_.scenario.run.duration;
    TimelineEvent event{.at = ModelTime{values.get<Duration>("at").value_or(Duration{}).ns},
                        .kind = values.text("do"),
                        .text = values.text("text")};
    if (duration.ns > 0 && event.at.ns > duration.ns)
      loading_.problems.add(values.at("at"), {.message = "the event is after the run's end",
                                              .found = to_string(event.at),
                                              .allowed = "up to " + to_string(duration)});
    if (kind == nullptr || !check_keys(loading_, values, *kind)) return;
    if (!resolve(values, event)) return;
    loading_.scenario.timeline.push_back(std::move(event));
  }

 private:
  struct Changed {
    LinkProperties forward, backward;
  };

  bool resolve(const SectionValues& values, TimelineEvent& event) {
    std::string made;
    const auto tell = [&](const std::string& text) { made = text; };
    if (event.kind == "link_down" || event.kind == "link_up" || event.kind == "link_change") {
      const auto index = find_name(loading_, loading_.links, values.text("link"), values.at("link"), "link");
      if (!index) return false;
      const LinkId link{*index};
      tell("link " + values.text("link"));
      if (event.kind == "link_down") event.action = LinkDownEvent{link};
      if (event.kind == "link_up") event.action = LinkUpEvent{link};
      if (event.kind == "link_change") event.action = change(values, link);
    } else if (event.kind == "burst_on" || event.kind == "burst_off" || event.kind == "traffic_scale") {
      auto flows = find_flows(loading_, values.text("flows"), values.at("flows"));
      if (flows.empty()) return false;
      const double scale = values.get<double>("scale").value_or(BurstOnEvent{}.scale);
      std::string number = std::to_string(scale);
      number.erase(number.find_last_not_of('0') + 1);
      if (number.ends_with('.')) number.pop_back();
      tell(values.text("flows") + (event.kind == "burst_off" ? "" : " x" + number));
      if (event.kind == "burst_on")
        event.action = BurstOnEvent{std::move(flows), scale};
      else if (event.kind == "burst_off")
        event.action = BurstOffEvent{std::move(flows)};
      else
        event.action = TrafficScaleEvent{std::move(flows), scale};
    } else if (event.kind == "node_fail" || event.kind == "node_recover") {
      const auto index = find_name(loading_, loading_.nodes, values.text("node"), values.at("node"), "node");
      if (!index) return false;
      tell("node " + values.text("node"));
      if (event.kind == "node_fail")
        event.action = NodeFailEvent{NodeId{*index}};
      else
        event.action = NodeRecoverEvent{NodeId{*index}};
    } else if (event.kind == "move_ue") {
      const auto move = move_ue(values);
      if (!move) return false;
      tell("UE " + values.text("ue") + " to " + values.text("to"));
      event.action = *move;
    } else if (event.kind == "policy_change") {
      event.action = policy_change(values);
      tell("controller");
    }
    if (event.text.empty()) event.text = event.kind + ": " + made;
    return true;
  }

  LinkChangeEvent change(const SectionValues& values, LinkId link) {
    const ScenarioLink& declared = loading_.scenario.links[link.value];
    Changed& now = changed_.try_emplace(link, Changed{declared.forward, declared.backward}).first->second;
    apply_both_directions(loading_, values, now.forward, now.backward);
    return {link, now.forward, now.backward};
  }

  std::optional<MoveUeEvent> move_ue(const SectionValues& values) {
    const auto ue = find_node(loading_, values.text("ue"), values.at("ue"), "a UE",
                              [](const ScenarioNode& n) { return n.kind == NodeKind::ue; });
    const auto target = find_node(loading_, values.text("to"), values.at("to"), "a gNB", is_gnb);
    if (!ue || !target) return std::nullopt;
    const ScenarioUe& moving = loading_.scenario.ues[loading_.ue_of_node.at(ue->value)];
    if (std::find(moving.cells.begin(), moving.cells.end(), *target) == moving.cells.end()) {
      std::vector<std::string> cells;
      for (const NodeId cell : moving.cells) cells.push_back(loading_.scenario.nodes[cell.value].name);
      loading_.problems.add(values.at("to"), {.message = "the gNB is not a candidate cell of the UE",
                                              .found = in_quotes(values.text("to")),
                                              .allowed = join(cells)});
      return std::nullopt;
    }
    return MoveUeEvent{
        .ue = *ue, .target_gnb = *target, .interruption = *values.get<Duration>("interruption")};
  }

  PolicyChangeEvent policy_change(const SectionValues& values) {
    const YamlNode* with = values.part("with");
    if (loading_.tables.controller == nullptr) {
      loading_.problems.add(values.at("with"), {.message = "there is no controller to change"});
    } else if (with == nullptr || with->keys.empty()) {
      loading_.problems.add(values.at("with"), {.message = "the event changes nothing of the controller"});
    } else {
      options_ = read_section(*with, {.options = *loading_.tables.controller}, "the controller's options",
                              loading_.problems, &options_)
                     .values;
    }
    return {options_};
  }

  Loading& loading_;
  OptionValues options_;
  std::map<LinkId, Changed> changed_;
};

}  // namespace

void read_timeline(Loading& loading, const YamlNode& list) {
  const EntryList entries = read_entries(loading, list, "timeline", timeline_section(), "an event");
  std::vector<const SectionValues*> ordered;
  for (const auto& values : entries.values) ordered.push_back(&values);
  std::stable_sort(ordered.begin(), ordered.end(), [](const SectionValues* a, const SectionValues* b) {
    return a->get<Duration>("at").value_or(Duration{}) < b->get<Duration>("at").value_or(Duration{});
  });
  TimelineReader reader(loading);
  for (const SectionValues* values : ordered) reader.read(*values);
}

}  // namespace kiriko
