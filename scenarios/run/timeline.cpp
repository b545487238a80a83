// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Timeline events as ChangeSets.
#include "scenarios/run/timeline.hpp"

#include <algorithm>

#include "core/fiveg/channel/link_adaptation.hpp"
#include "core/fiveg/channel/link_budget.hpp"

namespace kiriko {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

void ScenarioTimeline::prepare(Emulation& emulation) {
  ChangeSet set{.cause = "the scenario's radio at the start", .author = "scenario", .changes = {}};
  for (const ScenarioNode& node : scenario_.nodes)
    if (node.function == "gnb" && !scenario_.radio_shares.empty())
      set.changes.push_back(SetRadioShares{node.id, scenario_.radio_shares});
  if (set.changes.empty()) return;
  if (const auto applied = emulation.apply(set); !applied)
    log_.push_back({emulation.now(), "failure", "scenario", to_string(applied.error()), 0});
}

void ScenarioTimeline::run_due(ModelTime now, Emulation& emulation) {
  while (next_due() <= now) run(scenario_.timeline[next_++], emulation);
}

void ScenarioTimeline::run(const TimelineEvent& event, Emulation& emulation) {
  const auto scale = [&](const std::vector<FlowId>& flows, std::optional<double> factor) {
    std::vector<Change> changes;
    for (const FlowId flow : flows) {
      const FlowSpec& spec = scenario_.flows[flow.value].spec;
      changes.push_back(SetTraffic{spec.source, flow, factor.value_or(spec.scale)});
    }
    apply(event, std::move(changes), emulation);
  };
  std::visit(Overloaded{[&](const LinkDownEvent& e) {
                          apply(event, {SetLinkState{e.link, false}}, emulation);
                        },
                        [&](const LinkUpEvent& e) {
                          apply(event, {SetLinkState{e.link, true}}, emulation);
                        },
                        [&](const LinkChangeEvent& e) {
                          apply(event,
                                {SetLinkProperties{e.link, LinkDirection::forward, e.forward},
                                 SetLinkProperties{e.link, LinkDirection::backward, e.backward}},
                                emulation);
                        },
                        [&](const BurstOnEvent& e) { scale(e.flows, e.scale); },
                        [&](const BurstOffEvent& e) { scale(e.flows, std::nullopt); },
                        [&](const TrafficScaleEvent& e) { scale(e.flows, e.scale); },
                        [&](const NodeFailEvent& e) {
                          apply(event, {SetNodeState{e.node, false}}, emulation);
                        },
                        [&](const NodeRecoverEvent& e) {
                          apply(event, {SetNodeState{e.node, true}}, emulation);
                        },
                        [&](const MoveUeEvent& e) {
                          log_.push_back({event.at, "timeline", "timeline", event.text, 0});
                          emulation.publish(HandoverEvent{e.ue, e.target_gnb, e.radio, e.interruption});
                        },
                        [&](const UeRadioEvent& e) { set_radio(event, e, emulation); },
                        [&](const PolicyChangeEvent& e) {
                          log_.push_back({event.at, "timeline", "timeline", event.text, 0});
                          policy_change_(event.at, e.options);
                        },
                        [&](const NoteEvent&) {
                          log_.push_back({event.at, "note", "timeline", event.text, 0});
                        }},
             event.action);
}

std::optional<double> CellLoad::look(ModelTime now, const CellUse& use) {
  if (at_ == now) return load_;
  if (at_) {
    const double could = use.blocks_per_second_dl * (now - *at_).seconds();
    load_ = could > 0 ? std::clamp((use.blocks_dl - blocks_) / could, 0.0, 1.0) : 0.0;
  }
  at_ = now;
  blocks_ = use.blocks_dl;
  return load_;
}

UeRadio ScenarioTimeline::present_radio(ModelTime now, const UeRadioEvent& radio,
                                        const Emulation& emulation) {
  UeRadio present = radio.radio;
  if (!radio.received) return present;
  std::vector<Interferer> others;
  for (const auto& [gnb, dbm] : radio.received->others)
    if (const auto use = emulation.cell_use(gnb))
      if (const auto load = loads_[gnb].look(now, *use)) others.push_back({dbm, *load});
  if (others.size() != radio.received->others.size()) return present;
  const double sinr = sinr_db(radio.received->serving, radio.received->noise, others);
  const auto [mcs, bler] = adapted_radio(radio.mcs_table, radio.target_bler, sinr);
  present.mcs = mcs;
  present.bler = bler;
  return present;
}

/// Too many to be told one by one; the cell's report has what comes of them.
void ScenarioTimeline::set_radio(const TimelineEvent& event, const UeRadioEvent& radio,
                                 Emulation& emulation) {
  const UeRadio now = present_radio(event.at, radio, emulation);
  const auto applied = emulation.apply(
      {.cause = event.text, .author = "timeline", .changes = {SetUeRadio{radio.gnb, radio.ue, now}}});
  if (!applied)
    log_.push_back({event.at, "failure", "timeline", event.text + ": " + to_string(applied.error()), 0});
}

void ScenarioTimeline::apply(const TimelineEvent& event, std::vector<Change> changes, Emulation& emulation) {
  const auto applied =
      emulation.apply({.cause = event.text, .author = "timeline", .changes = std::move(changes)});
  if (applied)
    log_.push_back({event.at, "timeline", "timeline", event.text, applied->packets_lost});
  else
    log_.push_back({event.at, "failure", "timeline", event.text + ": " + to_string(applied.error()), 0});
}

}  // namespace kiriko
