// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RunSession: a scenario put together with functions, controller and timeline, run to a judged RunResult.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/emulation.hpp"
#include "core/measure/run_result.hpp"
#include "scenarios/run/builder.hpp"
#include "scenarios/run/link_captures.hpp"
#include "tools/kiriko/progress.hpp"
#include "tools/kiriko/run_schedule.hpp"

namespace kiriko {

/// What a run is told beside its scenario. `scenario.run` has workers, clock and seed.
struct RunOptions {
  std::optional<Catalogue> functions{};    ///< absent: vnf/catalogue
  std::optional<ModelTime> until{};        ///< absent: run.duration
  const std::atomic<bool>* stop{nullptr};  ///< ends the run early, marked interrupted
  std::function<void(const RunProgress&)> progress{};
  std::string captures{};                 ///< folder of the captures; empty: links are not captured
  std::string scenario_sha256{}, file{};  ///< for the result
  std::vector<std::string> overrides{};   ///< for the result
};

/// One run of one scenario, with a packet pool of its own. EAL must be up. Any number of sessions may
/// follow one another in a process.
class RunSession {
 public:
  /// Builds everything; a problem means that nothing ran.
  static Result<std::unique_ptr<RunSession>> create(Scenario scenario, RunOptions options);
  RunSession(const RunSession&) = delete;
  RunSession& operator=(const RunSession&) = delete;

  /// Once a session.
  RunResult run();

 private:
  RunSession(Scenario scenario, RunOptions options, PacketPool pool, LinkCaptures captures,
             BuiltScenario built);
  void finish_captures(RunResult& result);
  void identify(RunResult& result) const;
  void measure_fidelity(RunResult& result) const;

  Scenario scenario_;
  RunOptions options_;
  PacketPool pool_;        // outlives the emulation, which gives its packets back
  LinkCaptures captures_;  // likewise: its links are tapped
  std::vector<Host*> hosts_;
  std::unique_ptr<Emulation> emulation_;
};

/// Clock, workers, devices: what the scenario's own checks cannot see. Empty when it can run.
std::vector<Problem> check_runnable(const Scenario& scenario);

}  // namespace kiriko
