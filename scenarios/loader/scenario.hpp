// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Scenario: the typed, checked and fully expanded form of a scenario file, as passive data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/options.hpp"
#include "core/base/units.hpp"
#include "core/control/link_properties.hpp"
#include "core/control/network_view.hpp"
#include "core/fiveg/mcs.hpp"
#include "core/fiveg/mobility/route.hpp"
#include "core/fiveg/rrm_policy.hpp"
#include "core/measure/flow_measure.hpp"
#include "core/net/ipv4_address.hpp"
#include "core/time/clock.hpp"
#include "core/traffic/flow.hpp"

namespace kiriko {

struct RunSettings {
  Duration duration{};
  std::uint64_t seed{1};
  ClockKind clock{ClockKind::virtual_time};
  Duration tolerance{};                     ///< p99 lateness that a real-time run may have
  Duration spin_window{milliseconds(100)};  ///< after the last frame of a device, in real time
  std::uint32_t packets{131072};            ///< size of the packet pool
  std::uint32_t workers{1};
};

/// Index in Scenario::nodes = NodeId: hosts, UEs, functions, devices, each in the file's order; names are unique
/// over all of them.
struct ScenarioNode {
  NodeId id{};
  std::string name;
  NodeKind kind{};
  std::string function{};  ///< catalogue name (function) or device kind (device); else empty
  OptionValues options{};  ///< by the function's table, or device_options() for a device
  std::string site;
  std::optional<Ipv4Address> address{};  ///< hosts and UEs always; gNBs and UPFs: N3; devices: as declared
  std::optional<PlanePoint> position{};  ///< gNB: of its antenna
  std::optional<Ipv4Prefix> serves{};    ///< UPF: UE address pool; device: the network behind it
};

struct ScenarioUe {
  NodeId node{};
  std::vector<NodeId> cells{};        ///< candidate gNBs; the first serves at the start
  std::vector<LinkId> radio_links{};  ///< by cell, to Scenario::links
  SessionView session{};              ///< complete, QoS flows derived from traffic included
  std::uint16_t five_qi{9};           ///< of the default QoS flow
  UeRadio radio{};
};

/// Index in Scenario::links = LinkId. The radio links of UEs follow the declared links.
struct ScenarioLink {
  LinkId id{};
  std::string name;
  NodeId a{no_node}, b{no_node};  ///< radio: a = UE, b = gNB
  LinkProperties forward{}, backward{};
  std::vector<SliceShare> forward_shares{}, backward_shares{};  ///< empty = one FIFO queue
  bool capture{false};
  bool radio{false};
};

/// Index in Scenario::flows = FlowId. `spec` is complete, addresses, ports, QFI and windows included.
struct ScenarioFlow {
  FlowSpec spec{};
  std::uint16_t five_qi{0};  ///< 0: none declared and no UE at either end
};

// Timeline. Flow and link lists are resolved; link changes hold the whole properties after the change.
struct LinkDownEvent {
  LinkId link;
};
struct LinkUpEvent {
  LinkId link;
};
struct LinkChangeEvent {
  LinkId link;
  LinkProperties forward{}, backward{};
};
struct BurstOnEvent {
  std::vector<FlowId> flows;
  double scale{10.0};
};
struct BurstOffEvent {
  std::vector<FlowId> flows;
};  ///< back to each flow's declared scale
struct TrafficScaleEvent {
  std::vector<FlowId> flows;
  double scale{1.0};
};
struct NodeFailEvent {
  NodeId node;
};
struct NodeRecoverEvent {
  NodeId node;
};
struct MoveUeEvent {
  NodeId ue;
  NodeId target_gnb;
  UeRadio radio{};          ///< in the new cell; what is absent stays
  Duration interruption{};  ///< so long it reaches neither cell
};
/// The UE's radio in its serving cell has changed; of the section `mobility`, not of the timeline in the file.
struct UeRadioEvent {
  NodeId ue;
  NodeId gnb;
  UeRadio radio{};
  /// Where the downlink's interference follows from what the other cells carry at that time: what the UE receives, in dBm.
  struct Received {
    double serving{}, noise{};
    std::vector<std::pair<NodeId, double>> others{};
  };
  std::optional<Received> received{};  ///< radio's downlink is then made of it
  McsTable mcs_table{};
  double target_bler{};
};
struct PolicyChangeEvent {
  OptionValues options;
};  ///< by the controller's table, whole
struct NoteEvent {};
using TimelineAction =
    std::variant<LinkDownEvent, LinkUpEvent, LinkChangeEvent, BurstOnEvent, BurstOffEvent, TrafficScaleEvent,
                 NodeFailEvent, NodeRecoverEvent, MoveUeEvent, PolicyChangeEvent, NoteEvent, UeRadioEvent>;

/// Sorted by time, then by the file's order.
struct TimelineEvent {
  ModelTime at{};
  std::string kind;  ///< link_down, …, as in the file
  std::string text;  ///< for the event log: the declared text, or made from the arguments
  TimelineAction action{NoteEvent{}};
};

enum class KpiMetric : std::uint8_t {
  delay,
  jitter,
  loss_ratio,
  late_or_lost_ratio,
  duplicates,
  reordered_ratio,
  throughput,
  received,
  interruption,
  packets_lost,
  isolation_index,  ///< a statistic of delay in the window over the same in the unloaded one
  utilisation,
  dropped,
  queueing
};
enum class KpiStatistic : std::uint8_t { quantile, mean, minimum, maximum, total, ratio };
enum class KpiComparison : std::uint8_t { less_equal, greater_equal, less, greater };
/// What `Kpi::threshold` counts.
enum class KpiUnit : std::uint8_t { nanoseconds, ratio, bits_per_second, packets, factor };

struct ScenarioKpi {
  std::string name;
  KpiMetric metric{};
  std::string scope;                   ///< "group:platoon_control", as in the file
  std::vector<FlowId> flows{};         ///< for flow metrics: never empty
  std::vector<LinkId> links{};         ///< for link metrics: never empty
  bool forward{true}, backward{true};  ///< for link metrics: the directions meant
  KpiStatistic statistic{};
  double quantile{};  ///< 0.9999 for p99.99
  KpiComparison comparison{};
  double threshold{};  ///< in `unit`
  KpiUnit unit{};
  std::string metric_text, statistic_text, comparison_text, threshold_text;  ///< as in the file
  std::string source;       ///< where the threshold comes from
  std::size_t window{0};    ///< index in Scenario::windows
  std::size_t unloaded{0};  ///< isolation_index: that of the window it is held against
};

struct Scenario {
  std::string name, title, description;
  RunSettings run{};
  std::vector<SliceDescription> slices;  ///< index = SliceId
  std::vector<RrmPolicyRatio>
      radio_shares;                 ///< by SliceId, for every gNB at the start; empty = none declared
  std::vector<ScenarioNode> nodes;  ///< index = NodeId: hosts, UEs, functions, devices
  std::vector<ScenarioUe> ues;
  std::vector<ScenarioLink> links;  ///< index = LinkId
  std::vector<ScenarioFlow> flows;  ///< index = FlowId
  OptionValues controller;          ///< by the controller's table
  std::vector<TimelineEvent> timeline;
  std::vector<ScenarioKpi> kpis;
  std::vector<MeasureWindow> windows;   ///< the first is the whole run; every FlowSpec has the same
  std::vector<std::string> unverified;  ///< figures in use that nobody has checked against their source
};

}  // namespace kiriko
