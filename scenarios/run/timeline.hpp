// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// ScenarioTimeline: the scenario's events, applied between steps at their model times.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/engine/emulation.hpp"
#include "core/measure/run_result.hpp"
#include "scenarios/loader/scenario.hpp"

namespace kiriko {

/// How busy a cell's downlink was between two looks at it.
class CellLoad {
 public:
  /// The share of its resource blocks used since the look before, 0 to 1; of looks at one instant the same. nullopt at
  /// the first.
  std::optional<double> look(ModelTime now, const CellUse& use);

 private:
  std::optional<ModelTime> at_{};
  double blocks_{};
  std::optional<double> load_{};
};

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
  /// Interference of the other cells' present load, where the event asks for it and the load is known.
  UeRadio present_radio(ModelTime now, const UeRadioEvent& radio, const Emulation& emulation);
  void set_radio(const TimelineEvent& event, const UeRadioEvent& radio, Emulation& emulation);
  void apply(const TimelineEvent& event, std::vector<Change> changes, Emulation& emulation);

  const Scenario& scenario_;
  std::vector<EventRecord>& log_;
  PolicyChange policy_change_;
  std::size_t next_{0};
  std::map<NodeId, CellLoad> loads_{};  ///< by gNB
};

}  // namespace kiriko
