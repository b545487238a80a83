// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The controller on the engine's timeline (virtual clock) or on its own thread (real clock).
#include "tools/kiriko/run_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "controller/loop/asio_driver.hpp"
#include "controller/loop/timeline_driver.hpp"
#include "scenarios/run/timeline.hpp"

namespace kiriko {
namespace {

std::string text_of(const ChangeSet& set) {
  std::map<std::string_view, std::size_t> counts;
  for (const Change& change : set.changes) ++counts[name_of(change)];
  std::string changes;
  for (const auto& [name, count] : counts)
    changes +=
        (changes.empty() ? "" : ", ") + std::string(name) + (count > 1 ? fmt::format(" x{}", count) : "");
  return changes.empty() ? set.cause : set.cause + " [" + changes + "]";
}

ChangeLogListener recorder(std::vector<EventRecord>& log) {
  return [&log](const ChangeLog& entry) {
    if (entry.result) {
      log.push_back({entry.at, "change", entry.set.author, text_of(entry.set), entry.result->packets_lost});
    } else if (entry.set.changes.empty()) {
      log.push_back({entry.at, "note", entry.set.author, entry.set.cause, 0});
    } else {
      log.push_back({entry.at, "failure", entry.set.author,
                     text_of(entry.set) + ": " + to_string(entry.result.error()), 0});
    }
  };
}

class VirtualSchedule final : public RunSchedule {
 public:
  VirtualSchedule(const Scenario& scenario, Emulation& emulation, std::vector<EventRecord>& log)
      : emulation_(emulation),
        driver_(Controller(ControllerOptions::from(scenario.controller)), recorder(log)),
        timeline_(scenario, log, [this](ModelTime at, const OptionValues& values) {
          driver_.set_policy(at, ControllerOptions::from(values).policy);
        }) {
    emulation.subscribe([this](ModelTime at, const NetworkEvent& event) { driver_.on_event(at, event); });
  }

  void start() override { timeline_.prepare(emulation_); }
  void stop() override {}
  ModelTime next_due() override { return std::min(timeline_.next_due(), driver_.next_due()); }
  void run_due(ModelTime now) override {
    timeline_.run_due(now, emulation_);
    driver_.run_due(now, emulation_);
  }

 private:
  Emulation& emulation_;
  TimelineDriver driver_;
  ScenarioTimeline timeline_;
};

class RealSchedule final : public RunSchedule {
 public:
  RealSchedule(const Scenario& scenario, Emulation& emulation, std::vector<EventRecord>& log)
      : emulation_(emulation),
        driver_(Controller(ControllerOptions::from(scenario.controller)), recorder(log)),
        timeline_(scenario, log, [this](ModelTime, const OptionValues& values) {
          driver_.set_policy(ControllerOptions::from(values).policy);
        }) {
    emulation.subscribe([this](ModelTime at, const NetworkEvent& event) { driver_.on_event(at, event); });
  }

  void start() override {
    timeline_.prepare(emulation_);
    driver_.start(emulation_);
  }
  void stop() override { driver_.stop(); }
  ModelTime next_due() override { return timeline_.next_due(); }
  void run_due(ModelTime now) override {
    timeline_.run_due(now, emulation_);
    driver_.drain(now, emulation_);
  }
  int wait_descriptor() const override { return driver_.wait_descriptor(); }

 private:
  Emulation& emulation_;
  AsioDriver driver_;
  ScenarioTimeline timeline_;
};

}  // namespace

std::unique_ptr<RunSchedule> make_schedule(const Scenario& scenario, Emulation& emulation,
                                           std::vector<EventRecord>& log) {
  if (scenario.run.clock == ClockKind::real_time)
    return std::make_unique<RealSchedule>(scenario, emulation, log);
  return std::make_unique<VirtualSchedule>(scenario, emulation, log);
}

}  // namespace kiriko
