// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Controller: the control loop without input or output: views and events in, ChangeSets with a delay out.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "controller/apps/routing.hpp"
#include "controller/apps/sessions.hpp"
#include "controller/apps/slice_policy.hpp"
#include "controller/loop/n4_sessions.hpp"
#include "controller/loop/scheduled_change_set.hpp"
#include "core/base/options.hpp"
#include "core/control/datapath_control.hpp"

namespace kiriko {

struct ControllerOptions {
  SlicePolicyKind policy{SlicePolicyKind::fixed};
  Duration period{milliseconds(20)};
  Duration control_channel_delay{milliseconds(1)};
  Duration link_detection_delay{milliseconds(10)};
  Duration node_detection_delay{milliseconds(50)};
  Duration handover_release{milliseconds(100)};
  bool routing{true};
  bool sessions{true};
  bool revert{true};
  bool prepare{true};
  bool pfcp{false};  ///< sessions by way of an SMF and N4
  Duration n4_heartbeat{seconds(10)};
  Duration n4_t1{seconds(3)};
  unsigned n4_n1{3};
  ShareAllocationOptions shares{};

  static ControllerOptions from(const OptionValues& values);
};

/// Keys under `controller:` in a scenario.
OptionTable controller_options();

/// One entry of the event log. A set without changes was not applied: its result is a Problem that repeats the cause.
struct ChangeLog {
  ModelTime at{};
  ChangeSet set;
  Result<ApplyReport> result;
};
using ChangeLogListener = std::function<void(const ChangeLog&)>;

/// Thread: one at a time. The same object behaves the same behind either driver.
class Controller {
 public:
  explicit Controller(const ControllerOptions& options);

  const ControllerOptions& options() const { return options_; }
  /// Changes the policy while running (a timeline event); takes effect at the next tick.
  void set_policy(SlicePolicyKind kind);
  /// Whether on_tick() does anything: a driver need not tick otherwise.
  bool needs_ticks() const { return options_.policy == SlicePolicyKind::reactive; }
  /// How long after an event at `at` the controller learns of it. Messages take the control channel's delay, but none at
  /// model time 0: what the start leads to is done before the first packet.
  Duration detection_delay(ModelTime at, const NetworkEvent& event) const;

  /// Routes, sessions and preparation, in the order in which to apply them, without delay.
  std::vector<ScheduledChangeSet> start(const NetworkView& view);
  std::vector<ScheduledChangeSet> on_tick(const NetworkView& view);
  /// `time`: when it happened. `view`: as it is now, detection_delay() later.
  std::vector<ScheduledChangeSet> on_event(ModelTime time, const NetworkEvent& event,
                                           const NetworkView& view);
  /// A ControlMessageEvent wants no look at the data path, and goes here instead. `now`: after detection_delay().
  std::vector<ScheduledChangeSet> on_message(ModelTime now, const ControlMessageEvent& event);
  /// Timers of its own: next_due() says when.
  std::vector<ScheduledChangeSet> on_time(ModelTime now);
  ModelTime next_due() const;
  /// The data path refused the set: routing starts from cleared tables at the next event.
  void on_rejected(const ChangeSet& set);

 private:
  SessionAnchors anchors() const { return n4_ ? n4_->anchors() : sessions_.anchors(); }
  void append_reroute(const NetworkView& view, ChangeSet& set);
  /// Routes follow sessions that go elsewhere.
  std::vector<ScheduledChangeSet> with_reroute(std::vector<ScheduledChangeSet> sets);
  ScheduledChangeSet schedule(ChangeSet set) const;

  ControllerOptions options_;
  PolicyState policy_;
  SessionsState sessions_;
  std::unique_ptr<N4Sessions> n4_;  ///< none: sessions are changed directly
  ForwardingTables routes_;
  bool routes_known_{};
};

}  // namespace kiriko
