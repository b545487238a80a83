// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The control loop: which application answers what.
#include "controller/loop/controller.hpp"

#include <fmt/format.h>

#include <utility>

namespace kiriko {
namespace {

bool is_function(const NetworkView& view, NodeId node, std::string_view function) {
  return node.value < view.nodes.size() && view.nodes[node.value].kind == NodeKind::function &&
         view.nodes[node.value].function == function;
}

/// What happened, for the cause of a ChangeSet that answers it.
std::string describe(const NetworkEvent& event, const NetworkView& view) {
  if (const auto* link = std::get_if<LinkStateEvent>(&event))
    return fmt::format("link {} {}",
                       link->link.value < view.links.size() ? view.links[link->link.value].name : "?",
                       link->up ? "up" : "down");
  if (const auto* node = std::get_if<NodeStateEvent>(&event))
    return fmt::format("node {} {}",
                       node->node.value < view.nodes.size() ? view.nodes[node->node.value].name : "?",
                       node->running ? "runs again" : "failed");
  return "handover";
}

void append(ChangeSet& set, ChangeSet more) {
  if (more.changes.empty() && more.cause.empty()) return;
  if (set.author.empty()) set.author = std::move(more.author);
  set.cause += (set.cause.empty() ? "" : "; ") + more.cause;
  set.changes.insert(set.changes.end(), std::make_move_iterator(more.changes.begin()),
                     std::make_move_iterator(more.changes.end()));
}

}  // namespace

OptionTable controller_options() {
  return {
      {.key = "policy",
       .type = OptionType::choice,
       .default_value = "static",
       .sentence = "How slices share cells and links: static keeps the declared shares, reactive reallocates "
                   "them by SLA.",
       .choices = {"static", "reactive"}},
      {.key = "period",
       .type = OptionType::duration,
       .default_value = "20ms",
       .sentence = "Between two looks of the reactive policy.",
       .minimum = "1ms",
       .maximum = "1min"},
      {.key = "control_channel_delay",
       .type = OptionType::duration,
       .default_value = "1ms",
       .sentence = "From a decision to its effect in the data path.",
       .minimum = "0ns",
       .maximum = "10s"},
      {.key = "link_detection_delay",
       .type = OptionType::duration,
       .default_value = "10ms",
       .sentence = "From a change of a link's state until the controller knows it.",
       .minimum = "0ns",
       .maximum = "1min",
       .unverified = true},
      {.key = "node_detection_delay",
       .type = OptionType::duration,
       .default_value = "50ms",
       .sentence = "From a change of a node's state until the controller knows it.",
       .minimum = "0ns",
       .maximum = "1min",
       .unverified = true},
      {.key = "handover_release",
       .type = OptionType::duration,
       .default_value = "100ms",
       .sentence = "How long the source gNB of a handover goes on serving what it has (make before break).",
       .minimum = "0ns",
       .maximum = "10s",
       .unverified = true},
      {.key = "routing",
       .type = OptionType::boolean,
       .default_value = "true",
       .sentence = "Programs the switches by shortest path, and again after a failure."},
      {.key = "sessions",
       .type = OptionType::boolean,
       .default_value = "true",
       .sentence = "Establishes PDU sessions, and moves them at a handover or a UPF's failure."},
      {.key = "revert",
       .type = OptionType::boolean,
       .default_value = "true",
       .sentence = "Sessions go back to their wished anchor when it runs again."},
      {.key = "prepare",
       .type = OptionType::boolean,
       .default_value = "true",
       .sentence = "Reactive: installs slice schedulers with each slice's guaThpt before the first packet."},
      {.key = "headroom",
       .type = OptionType::number,
       .default_value = "1.5",
       .sentence = "Reactive: a protected slice's share is its demand times this.",
       .minimum = "1",
       .maximum = "10"},
      {.key = "load_up",
       .type = OptionType::number,
       .default_value = "0.8",
       .sentence = "Reactive: load of a cell or link above which slices contend.",
       .minimum = "0",
       .maximum = "1"},
      {.key = "load_down",
       .type = OptionType::number,
       .default_value = "0.5",
       .sentence = "Reactive: load below which a cell or link is calm.",
       .minimum = "0",
       .maximum = "1"},
      {.key = "delay_up",
       .type = OptionType::number,
       .default_value = "0.5",
       .sentence =
           "Reactive: share of a slice's latency bound that one queue may take before it is in danger.",
       .minimum = "0",
       .maximum = "1"},
      {.key = "delay_down",
       .type = OptionType::number,
       .default_value = "0.4",
       .sentence = "Reactive: share of a slice's latency bound below which its queue is calm.",
       .minimum = "0",
       .maximum = "1"},
      {.key = "minimum_change",
       .type = OptionType::number,
       .default_value = "0.05",
       .sentence = "Reactive: smaller differences of a share are left alone.",
       .minimum = "0",
       .maximum = "1"},
      {.key = "floor",
       .type = OptionType::number,
       .default_value = "0.05",
       .sentence = "Reactive: what a slice with a latency bound has at least under contention.",
       .minimum = "0",
       .maximum = "1"},
      {.key = "reserve",
       .type = OptionType::number,
       .default_value = "0.1",
       .sentence = "Reactive: what slices with an SLA leave to those without.",
       .minimum = "0",
       .maximum = "0.9"},
      {.key = "hold",
       .type = OptionType::duration,
       .default_value = "2s",
       .sentence = "Reactive: calm must last so long before shares are given back.",
       .minimum = "0ns",
       .maximum = "1h"},
  };
}

ControllerOptions ControllerOptions::from(const OptionValues& values) {
  ControllerOptions options;
  options.policy =
      values.get<std::string>("policy") == "reactive" ? SlicePolicyKind::reactive : SlicePolicyKind::fixed;
  options.period = values.get<Duration>("period");
  options.control_channel_delay = values.get<Duration>("control_channel_delay");
  options.link_detection_delay = values.get<Duration>("link_detection_delay");
  options.node_detection_delay = values.get<Duration>("node_detection_delay");
  options.handover_release = values.get<Duration>("handover_release");
  options.routing = values.get<bool>("routing");
  options.sessions = values.get<bool>("sessions");
  options.revert = values.get<bool>("revert");
  options.prepare = values.get<bool>("prepare");
  options.shares.headroom = values.get<double>("headroom");
  options.shares.load_up = values.get<double>("load_up");
  options.shares.load_down = values.get<double>("load_down");
  options.shares.delay_up = values.get<double>("delay_up");
  options.shares.delay_down = values.get<double>("delay_down");
  options.shares.minimum_change = values.get<double>("minimum_change");
  options.shares.floor = values.get<double>("floor");
  options.shares.reserve = values.get<double>("reserve");
  options.shares.hold = values.get<Duration>("hold");
  return options;
}

Controller::Controller(const ControllerOptions& options) : options_(options) {
  policy_.options = options_.shares;
}

void Controller::set_policy(SlicePolicyKind kind) { options_.policy = kind; }

Duration Controller::detection_delay(const NetworkEvent& event) const {
  if (std::holds_alternative<LinkStateEvent>(event)) return options_.link_detection_delay;
  if (std::holds_alternative<NodeStateEvent>(event)) return options_.node_detection_delay;
  return Duration{0};  // a handover is told, not detected
}

std::vector<ScheduledChangeSet> Controller::start(const NetworkView& view) {
  std::vector<ScheduledChangeSet> sets;
  const auto add = [&](ChangeSet set) {
    if (!set.changes.empty()) sets.push_back({Duration{0}, std::move(set)});
  };
  if (options_.sessions) add(plan_sessions(view, sessions_));
  if (options_.routing) {
    routes_ = compute_routes(view, sessions_.anchors());
    routes_known_ = true;
    add(plan_routes(view, sessions_.anchors()));
  }
  if (options_.policy == SlicePolicyKind::reactive && options_.prepare)
    add(plan_preparation(view, options_.shares));
  return sets;
}

std::vector<ScheduledChangeSet> Controller::on_tick(const NetworkView& view) {
  if (options_.policy != SlicePolicyKind::reactive) return {};
  ChangeSet set = plan_shares(view, policy_);
  if (set.changes.empty()) return {};
  return {schedule(std::move(set))};
}

/// The last step of a handover is a set of its own, since it comes later.
ChangeSet take_release(ChangeSet& handover) {
  ChangeSet release{
      .cause = handover.cause + ": release of the source", .author = handover.author, .changes = {}};
  const auto is_release = [](const Change& change) { return std::holds_alternative<DetachUe>(change); };
  std::copy_if(handover.changes.begin(), handover.changes.end(), std::back_inserter(release.changes),
               is_release);
  std::erase_if(handover.changes, is_release);
  return release;
}

std::vector<ScheduledChangeSet> Controller::on_event(ModelTime, const NetworkEvent& event,
                                                     const NetworkView& view) {
  ChangeSet set;
  if (options_.sessions) {
    if (const auto* handover = std::get_if<HandoverEvent>(&event)) {
      append(set, plan_handover(view, *handover, sessions_));
    } else if (const auto* node = std::get_if<NodeStateEvent>(&event)) {
      if (!node->running && is_function(view, node->node, "upf"))
        append(set, plan_anchor_failure(view, node->node, sessions_));
      if (node->running && is_function(view, node->node, "upf"))
        append(set, plan_anchor_recovery(view, node->node, options_.revert, sessions_));
      if (node->running && is_function(view, node->node, "gnb"))
        append(set, plan_gnb_recovery(view, node->node, sessions_));
    }
  }
  const bool told = !set.cause.empty();
  if (options_.routing && !std::holds_alternative<HandoverEvent>(event)) append_reroute(view, set);
  if (set.cause.empty()) return {};
  if (!told) set.cause = describe(event, view) + ": " + set.cause;
  ChangeSet release = take_release(set);
  std::vector<ScheduledChangeSet> sets{schedule(std::move(set))};
  if (!release.changes.empty())
    sets.push_back({options_.control_channel_delay + options_.handover_release, std::move(release)});
  return sets;
}

void Controller::on_rejected(const ChangeSet& set) {
  for (const Change& change : set.changes)
    if (std::holds_alternative<SetForwarding>(change)) routes_known_ = false;
  if (set.author == "controller.reactive") policy_.resources.clear();
}

void Controller::append_reroute(const NetworkView& view, ChangeSet& set) {
  ForwardingTables next = compute_routes(view, sessions_.anchors());
  append(set, routes_known_ ? plan_reroute(view, routes_, next) : plan_routes(view, sessions_.anchors()));
  routes_ = std::move(next);
  routes_known_ = true;
}

ScheduledChangeSet Controller::schedule(ChangeSet set) const {
  return {options_.control_channel_delay, std::move(set)};
}

}  // namespace kiriko
