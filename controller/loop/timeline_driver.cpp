// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The controller's queue on the engine's timeline.
#include "controller/loop/timeline_driver.hpp"

#include <algorithm>

namespace kiriko {

TimelineDriver::TimelineDriver(Controller controller, ChangeLogListener listener)
    : controller_(std::move(controller)), listener_(std::move(listener)) {
  push(ModelTime{0}, Start{});
}

ModelTime TimelineDriver::next_due() const {
  return queue_.empty() ? controller_.next_due()
                        : std::min(queue_.begin()->first.first, controller_.next_due());
}

void TimelineDriver::run_due(ModelTime now, DatapathControl& control) {
  view_.reset();
  while (next_due() <= now) {
    const ModelTime at = next_due();
    if (view_ && view_at_ != at) view_.reset();
    view_at_ = at;
    // What is queued first: an answer that comes when its timer ends was in time.
    if (queue_.empty() || queue_.begin()->first.first > at) {
      schedule(at, controller_.on_time(at));
      continue;
    }
    auto node = queue_.extract(queue_.begin());
    run(at, std::move(node.mapped()), control);
  }
}

void TimelineDriver::on_event(ModelTime at, const NetworkEvent& event) {
  push(at + controller_.detection_delay(at, event), Detected{at, event});
}

void TimelineDriver::set_policy(ModelTime at, SlicePolicyKind kind) {
  controller_.set_policy(kind);
  start_ticking(at);
}

void TimelineDriver::push(ModelTime at, Action action) {
  queue_.emplace(std::pair{at, sequence_++}, std::move(action));
}

void TimelineDriver::schedule(ModelTime from, std::vector<ScheduledChangeSet> sets) {
  for (auto& [after, set] : sets) push(from + after, std::move(set));
}

/// Ticks lie on multiples of the period, whenever they begin.
void TimelineDriver::start_ticking(ModelTime after) {
  if (ticking_ || !controller_.needs_ticks()) return;
  ticking_ = true;
  const std::int64_t period = controller_.options().period.ns;
  push(ModelTime{(after.ns / period + 1) * period}, Tick{});
}

void TimelineDriver::apply(ModelTime at, ChangeSet set, DatapathControl& control) {
  if (set.changes.empty()) {
    listener_({at, set, fail({.message = set.cause})});
    return;
  }
  const Result<ApplyReport> result = control.apply(set);
  view_.reset();
  if (!result) controller_.on_rejected(set);
  if (result && set.cause.empty()) return;
  listener_({at, std::move(set), result});
}

const NetworkView& TimelineDriver::view(DatapathControl& control) {
  if (!view_) view_ = control.read();
  return *view_;
}

void TimelineDriver::run(ModelTime at, Action action, DatapathControl& control) {
  if (std::holds_alternative<Start>(action)) {
    for (auto& [after, set] : controller_.start(view(control)))
      if (after == Duration{})
        apply(at, std::move(set), control);
      else
        push(at + after, std::move(set));
    start_ticking(at);
  } else if (std::holds_alternative<Tick>(action)) {
    ticking_ = false;
    if (!controller_.needs_ticks()) return;
    schedule(at, controller_.on_tick(view(control)));
    start_ticking(at);
  } else if (const auto* detected = std::get_if<Detected>(&action)) {
    if (const auto* message = std::get_if<ControlMessageEvent>(&detected->event))
      return schedule(at, controller_.on_message(at, *message));
    schedule(at, controller_.on_event(detected->at, detected->event, view(control)));
  } else {
    apply(at, std::get<ChangeSet>(std::move(action)), control);
  }
}

}  // namespace kiriko
