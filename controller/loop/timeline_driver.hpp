// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TimelineDriver: runs a Controller on the engine's timeline (virtual time): a deterministic queue by (time, sequence).
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "controller/loop/controller.hpp"

namespace kiriko {

/// Thread: the engine's, between steps. The first run_due() at time 0 applies the start sets.
/// Subscribe on_event() to the DatapathControl; it only queues, so apply() may call it.
class TimelineDriver {
 public:
  TimelineDriver(Controller controller, ChangeLogListener listener);

  /// When run_due() has something to do next: never before the last run_due()'s time.
  ModelTime next_due() const;
  /// Does all that is due up to `now`, what it leads to at once included.
  void run_due(ModelTime now, DatapathControl& control);
  void on_event(ModelTime at, const NetworkEvent& event);
  void set_policy(ModelTime at, SlicePolicyKind kind);

  const Controller& controller() const { return controller_; }

 private:
  struct Start {};
  struct Tick {};
  struct Detected {
    ModelTime at;
    NetworkEvent event;
  };
  using Action = std::variant<Start, Tick, Detected, ChangeSet>;

  void push(ModelTime at, Action action);
  void schedule(ModelTime from, std::vector<ScheduledChangeSet> sets);
  void start_ticking(ModelTime after);
  void apply(ModelTime at, ChangeSet set, DatapathControl& control);
  const NetworkView& view(DatapathControl& control);
  void run(ModelTime at, Action action, DatapathControl& control);

  Controller controller_;
  ChangeLogListener listener_;
  std::map<std::pair<ModelTime, std::uint64_t>, Action> queue_;
  std::uint64_t sequence_{};
  bool ticking_{};
  std::optional<NetworkView> view_;  ///< as at `view_at_`, until something is applied
  ModelTime view_at_{};
};

}  // namespace kiriko
