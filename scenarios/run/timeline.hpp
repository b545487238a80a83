// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ScenarioTimeline: the scenario's events, applied between steps at their model times.
#pragma once

#include <functional>
#include <vector>

#include "core/engine/emulation.hpp"
#include "core/measure/run_result.hpp"
#include "scenarios/loader/scenario.hpp"

namespace kiriko {

/// Applies events in order of time, then of the file. What an event cannot do is recorded, not hidden.
class ScenarioTimeline {
 public:
  using PolicyChange = std::function<void(ModelTime, const OptionValues&)>;

  ScenarioTimeline(const Scenario& scenario, std::vector<EventRecord>& log, PolicyChange policy_change)
      : scenario_(scenario), log_(log), policy_change_(std::move(policy_change)) {}

  ModelTime next_due() const noexcept {
    return next_ < scenario_.timeline.size() ? scenario_.timeline[next_].at : ModelTime::never();
  }
  /// Before the first packet: what the scenario sets by itself (radio shares, UEs' radio).
  void prepare(Emulation& emulation);
  void run_due(ModelTime now, Emulation& emulation);

 private:
  void run(const TimelineEvent& event, Emulation& emulation);
  void set_radio(const TimelineEvent& event, const UeRadioEvent& radio, Emulation& emulation);
  void apply(const TimelineEvent& event, std::vector<Change> changes, Emulation& emulation);

  const Scenario& scenario_;
  std::vector<EventRecord>& log_;
  PolicyChange policy_change_;
  std::size_t next_{0};
};

}  // namespace kiriko
