// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RunSchedule: the scenario's timeline, then the controller, at each instant; under either clock.
#pragma once

#include <memory>
#include <vector>

#include "core/engine/emulation.hpp"
#include "core/measure/run_result.hpp"
#include "scenarios/loader/scenario.hpp"

namespace kiriko {

class RunSchedule : public Schedule {
 public:
  /// Before the first packet.
  virtual void start() = 0;
  /// After the last step: nothing is applied any more.
  virtual void stop() = 0;
};

/// `log` gets timeline events and the controller's changes in the order in which they took effect.
std::unique_ptr<RunSchedule> make_schedule(const Scenario& scenario, Emulation& emulation,
                                           std::vector<EventRecord>& log);

}  // namespace kiriko
