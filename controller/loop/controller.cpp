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
      {.key = "data_forwarding",
       .type = OptionType::boolean,
       .default_value = "true",
       .sentence =
           "At a handover the source gNB sends what it has of the UE's downlink to the target (Xn, TS 38.300 "
           "clause 9.2.3.2.3); without it the source sends on until it is released, and drops the rest."},
      {.key = "revert",
       .type = OptionType::boolean,
       .default_value = "true",
       .sentence = "Sessions go back to their wished anchor when it runs again."},
      {.key = "prepare",
       .type = OptionType::boolean,
       .default_value = "true",
       .sentence = "Reactive: installs slice schedulers with each slice's guaThpt before the first packet."},
      {.key = "dscp_marking",
       .type = OptionType::choice,
       .default_value = "none",
       .sentence = "DSCP of the downlink tunnels' outer headers: none leaves it 0, by_five_qi follows the "
                   "QoS flow (TS 23.501 clause "
                   "5.8.2.7; which class for which 5QI is Kiriko's choice, unverified).",
       .choices = {"none", "by_five_qi"}},
      {.key = "n4",
       .type = OptionType::choice,
       .default_value = "direct",
       .sentence = "How UPFs get their rules: direct changes them in one step, pfcp has an SMF send PFCP (TS "
                   "29.244) over "
                   "the control channel and notice failures by heartbeat.",
       .choices = {"direct", "pfcp"}},
      {.key = "n4_heartbeat",
       .type = OptionType::duration,
       .default_value = "10s",
       .sentence = "From the answer to a heartbeat until the next one.",
       .minimum = "1ms",
       .maximum = "1h",
       .unverified = true,
       .only_with = {"n4", "pfcp"}},
      {.key = "n4_t1",
       .type = OptionType::duration,
       .default_value = "3s",
       .sentence = "How long a response is waited for before the request is sent again (T1).",
       .minimum = "1ms",
       .maximum = "1min",
       .unverified = true,
       .only_with = {"n4", "pfcp"}},
      {.key = "n4_n1",
       .type = OptionType::integer,
       .default_value = "3",
       .sentence = "How often a request is sent in all (N1).",
       .minimum = "1",
       .maximum = "20",
       .unverified = true,
       .only_with = {"n4", "pfcp"}},
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
  options.pfcp = values.get<std::string>("n4") == "pfcp";
  options.n4_heartbeat = values.get<Duration>("n4_heartbeat");
  options.n4_t1 = values.get<Duration>("n4_t1");
  options.n4_n1 = static_cast<unsigned>(values.get<std::int64_t>("n4_n1"));
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
  if (options_.sessions && options_.pfcp)
    n4_ = std::make_unique<N4Sessions>(N4SessionsOptions{.channel_delay = options_.control_channel_delay,
                                                         .heartbeat = options_.n4_heartbeat,
                                                         .t1 = options_.n4_t1,
                                                         .n1 = options_.n4_n1,
                                                         .revert = options_.revert});
}

void Controller::set_policy(SlicePolicyKind kind) { options_.policy = kind; }

Duration Controller::detection_delay(ModelTime at, const NetworkEvent& event) const {
  if (std::holds_alternative<ControlMessageEvent>(event))
    return at == ModelTime{} ? Duration{} : options_.control_channel_delay;
  if (std::holds_alternative<LinkStateEvent>(event)) return options_.link_detection_delay;
  if (std::holds_alternative<NodeStateEvent>(event)) return options_.node_detection_delay;
  return Duration{0};  // a handover is told, not detected
}

std::vector<ScheduledChangeSet> Controller::start(const NetworkView& view) {
  std::vector<ScheduledChangeSet> sets;
  const auto add = [&](ChangeSet set) {
    if (!set.changes.empty()) sets.push_back({Duration{0}, std::move(set)});
  };
  if (n4_)
    sets = n4_->start(view);
  else if (options_.sessions)
    add(plan_sessions(view, sessions_));
  if (options_.routing) {
    routes_ = compute_routes(view, anchors());
    routes_known_ = true;
    add(plan_routes(view, anchors()));
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

/// The last step of a handover is a set of its own, since it comes later. A source that forwards data begins when the UE
/// leaves, and releases it by the end marker.
ChangeSet take_release(ChangeSet& handover) {
  ChangeSet release{
      .cause = handover.cause + ": release of the source", .author = handover.author, .changes = {}};
  const auto is_release = [](const Change& change) {
    const auto* detach = std::get_if<DetachUe>(&change);
    return detach != nullptr && !detach->forward;
  };
  std::copy_if(handover.changes.begin(), handover.changes.end(), std::back_inserter(release.changes),
               is_release);
  std::erase_if(handover.changes, is_release);
  return release;
}

std::vector<ScheduledChangeSet> Controller::on_event(ModelTime, const NetworkEvent& event,
                                                     const NetworkView& view) {
  ChangeSet set;
  std::vector<ScheduledChangeSet> n4_sets;
  if (n4_) {
    n4_sets = n4_->on_event(event, view);
  } else if (options_.sessions) {
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
  std::vector<ScheduledChangeSet> sets;
  if (!set.cause.empty()) {
    if (!told) set.cause = describe(event, view) + ": " + set.cause;
    sets.push_back(schedule(std::move(set)));
  }
  sets.insert(sets.end(), std::make_move_iterator(n4_sets.begin()), std::make_move_iterator(n4_sets.end()));
  for (std::size_t i = 0, count = sets.size(); i < count; ++i)
    if (ChangeSet release = take_release(sets[i].set); !release.changes.empty())
      sets.push_back({sets[i].after + options_.handover_release, std::move(release)});
  return sets;
}

std::vector<ScheduledChangeSet> Controller::on_message(ModelTime now, const ControlMessageEvent& event) {
  if (!n4_) return {};
  return with_reroute(n4_->on_message(now, event.node, event.message));
}

std::vector<ScheduledChangeSet> Controller::on_time(ModelTime now) {
  if (!n4_) return {};
  return with_reroute(n4_->on_time(now));
}

ModelTime Controller::next_due() const { return n4_ ? n4_->next_due() : ModelTime::never(); }

std::vector<ScheduledChangeSet> Controller::with_reroute(std::vector<ScheduledChangeSet> sets) {
  if (!n4_->take_anchors_changed() || !options_.routing) return sets;
  ChangeSet reroute;
  append_reroute(n4_->view(), reroute);
  if (!reroute.changes.empty()) {
    reroute.cause = "sessions go to other UPFs: " + reroute.cause;
    sets.push_back(schedule(std::move(reroute)));
  }
  return sets;
}

void Controller::on_rejected(const ChangeSet& set) {
  for (const Change& change : set.changes)
    if (std::holds_alternative<SetForwarding>(change)) routes_known_ = false;
  if (set.author == "controller.reactive") policy_.resources.clear();
}

void Controller::append_reroute(const NetworkView& view, ChangeSet& set) {
  ForwardingTables next = compute_routes(view, anchors());
  append(set, routes_known_ ? plan_reroute(view, routes_, next) : plan_routes(view, anchors()));
  routes_ = std::move(next);
  routes_known_ = true;
}

ScheduledChangeSet Controller::schedule(ChangeSet set) const {
  return {options_.control_channel_delay, std::move(set)};
}

}  // namespace kiriko
