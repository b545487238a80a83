// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Controller: the control loop without input or output: views and events in, ChangeSets with a delay out.
#pragma once

#include <functional>
#include <vector>

#include "controller/apps/routing.hpp"
#include "controller/apps/sessions.hpp"
#include "controller/apps/slice_policy.hpp"
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
  ShareAllocationOptions shares{};

  static ControllerOptions from(const OptionValues& values);
};

/// Keys under `controller:` in a scenario.
OptionTable controller_options();

/// To be applied `after` the moment it was planned.
struct ScheduledChangeSet {
  Duration after{};
  ChangeSet set;
};

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
  /// How long after an event the controller learns of it.
  Duration detection_delay(const NetworkEvent& event) const;

  /// Routes, sessions and preparation, in the order in which to apply them, without delay.
  std::vector<ScheduledChangeSet> start(const NetworkView& view);
  std::vector<ScheduledChangeSet> on_tick(const NetworkView& view);
  /// `time`: when it happened. `view`: as it is now, detection_delay() later.
  std::vector<ScheduledChangeSet> on_event(ModelTime time, const NetworkEvent& event,
                                           const NetworkView& view);
  /// The data path refused the set: routing starts from cleared tables at the next event.
  void on_rejected(const ChangeSet& set);

 private:
  void append_reroute(const NetworkView& view, ChangeSet& set);
  ScheduledChangeSet schedule(ChangeSet set) const;

  ControllerOptions options_;
  PolicyState policy_;
  SessionsState sessions_;
  ForwardingTables routes_;
  bool routes_known_{};
};

}  // namespace kiriko
