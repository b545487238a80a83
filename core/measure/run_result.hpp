// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// RunResult: everything a run leaves behind, as passive data for the report. Nothing in it but
// `WallFacts`, `LinkFidelity` and `DeviceFidelity` depends on the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "core/measure/flow_measure.hpp"
#include "core/packet/ledger.hpp"

namespace kiriko {

struct FlowResult {
  std::string name, group, source, destination, slice, model;
  FlowTally tally;                 ///< whole run
  std::vector<FlowTally> windows;  ///< as declared by KPIs, same order as RunResult::windows
  std::vector<FlowSecond> seconds;
  std::vector<std::pair<std::string, std::uint64_t>> drops;  ///< reason@node, count
};

struct LinkDirectionResult {
  std::string link;  ///< "a → b"
  std::uint64_t packets{}, bytes{}, dropped{};
  std::optional<double> utilisation;   ///< 0…1 of the rate; none where unlimited
  Histogram queueing;                  ///< ns
  std::vector<double> seconds_mbit_s;  ///< carried per second
};

struct NodeResult {
  std::string name, kind;
  Ledger ledger;
  std::uint64_t held{};
  std::vector<std::pair<std::string, double>> metrics;
};

struct EventRecord {
  ModelTime at{};
  std::string kind;    ///< timeline, change, failure, note, kpi
  std::string author;  ///< timeline, controller.…
  std::string text;
  std::uint64_t packets_lost{};
};

struct KpiResult {
  std::string name, metric, scope, statistic, comparison, source;
  double threshold{}, measured{};
  std::string unit;
  std::uint64_t samples{};
  bool met{};
  bool enough_samples{true};  ///< a percentile needs samples beyond it: n ≥ 1/(1-q)
  MeasureWindow window{};
  std::string note;  ///< e.g. "95 % confidence needs 3e4 packets"
};

struct LinkFidelity {
  std::string link;
  std::uint64_t released{};
  Histogram lateness;  ///< real release minus model time, ns
};

/// What came from outside by a device, under the real clock.
struct DeviceFidelity {
  std::string device;
  std::uint64_t missed{};  ///< lost before the emulator took them
  Histogram unseen;        ///< the most that each frame can have waited before it was stamped, ns
};

/// Machine-dependent facts: kept out of results.json.
struct WallFacts {
  double wall_seconds{};
  double packets_per_second{};
  double speed{};  ///< model time / wall time
  std::uint32_t workers{1};
  std::vector<LinkFidelity> links;
  std::vector<DeviceFidelity> devices;
  Duration
      tolerance{};  ///< p99 lateness that the scenario allows (real clock), on links and of what devices received
  bool valid{true};
  std::string invalid_because;
};

enum class RunEnd : std::uint8_t { complete, interrupted, fault };

struct RunResult {
  std::string scenario, title, description, scenario_sha256, version, clock;
  std::string file;                    ///< the scenario's, as it was named; only in the report's command line
  std::vector<std::string> overrides;  ///< "path=value", in order
  std::uint64_t seed{};
  ModelTime until{}, ended_at{};
  bool until_asked{};  ///< `until` is not the scenario's duration but the command line's
  RunEnd end{RunEnd::complete};
  std::string fault;
  std::vector<MeasureWindow> windows;
  std::vector<FlowResult> flows;
  std::vector<LinkDirectionResult> links;
  std::vector<NodeResult> nodes;
  std::vector<EventRecord> events;
  std::vector<KpiResult> kpis;
  Ledger ledger;  ///< whole run
  std::uint64_t held{};
  std::uint64_t pool_in_use{};  ///< counted by the pool itself; must equal held
  std::uint64_t packet_hops{};
  std::vector<std::string> unverified;  ///< figures in use that nobody has checked against their source
  WallFacts wall;
};

}  // namespace kiriko
