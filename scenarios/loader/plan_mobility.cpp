// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A UE's way, measured cell by cell in steps of the period, as timeline events.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "core/fiveg/channel/cell_signal.hpp"
#include "core/fiveg/channel/fading.hpp"
#include "core/fiveg/channel/link_adaptation.hpp"
#include "core/fiveg/channel/link_budget.hpp"
#include "scenarios/loader/mobility.hpp"

namespace kiriko {
namespace {

McsTable table_of(const OptionValues& gnb) {
  const auto& name = gnb.get<std::string>("mcs_table");
  for (const McsTable table : {McsTable::qam64, McsTable::qam64_low_se})
    if (to_string(table) == name) return table;
  return McsTable::qam256;
}

struct Command {
  std::size_t target{};
  ModelTime at{};
  std::string why{};
  bool by_itself{};  ///< the UE does not need to be told
};

class Walk {
 public:
  Walk(Scenario& scenario, const RadioEnvironment& environment, const MovingUe& moving)
      : scenario_(scenario),
        environment_(environment),
        moving_(moving),
        ue_(scenario.ues[moving.ue]),
        a3_(environment.a3, ue_.cells.size()) {
    const std::uint64_t own = stream_key(scenario.nodes[ue_.node.value].name);
    for (const NodeId cell : ue_.cells) {
      const std::uint64_t seed = scenario.run.seed, other = stream_key(name_of(cell));
      signals_.emplace_back(environment.propagation, environment.carrier_ghz, environment.surroundings, seed,
                            own, other);
      fadings_.emplace_back(seed, own, other, environment.fading_diversity,
                            rician_k_db(environment.propagation));
      blockages_.emplace_back(seed, own, other, environment.blockage_share,
                              environment.blockage_time.seconds());
    }
    received_.resize(signals_.size());
    filtered_.resize(signals_.size());
    prepared_.resize(signals_.size());
  }

  void plan() {
    measure(ModelTime{});
    filtered_ = received_;
    told_ = radio();
    ue_.radio = *told_;
    for (ModelTime now = ModelTime{} + environment_.period; now.ns <= scenario_.run.duration.ns;
         now = now + environment_.period) {
      carry_out(now);
      measure(now);
      const double weight = layer3_filter_weight(environment_.filter_coefficient);
      for (std::size_t i = 0; i < received_.size(); ++i)
        filtered_[i] += weight * (received_[i] - filtered_[i]);
      if (environment_.conditional) prepare(now);
      if (const auto target = a3_.measured(now, serving_, filtered_)) decide(now, *target);
      if (!carry_out(now)) stay(now);
    }
  }

 private:
  const std::string& name_of(NodeId node) const { return scenario_.nodes[node.value].name; }
  void measure(ModelTime now) {
    const double travelled = moving_.route.travelled_m(now - moving_.start);
    const PlanePoint here = moving_.route.at(travelled);
    for (std::size_t i = 0; i < signals_.size(); ++i) {
      const double distance = distance_m(here, *scenario_.nodes[ue_.cells[i].value].position);
      received_[i] = environment_.transmit_power_dbm - signals_[i].loss_db(distance, travelled);
      if (environment_.fading_diversity > 0) received_[i] += fadings_[i].next_db(signals_[i].line_of_sight());
      if (blockages_[i].blocked(Duration{now.ns}.seconds())) received_[i] -= environment_.blockage_loss_db;
    }
  }

  double noise_of(std::size_t cell) const {
    const double bandwidth_hz = static_cast<double>(gnb(cell).get<std::int64_t>("bandwidth")) * 1e6;
    return noise_dbm(bandwidth_hz, environment_.noise_figure_db);
  }
  double sinr_db_of(std::size_t cell) const {
    std::vector<Interferer> others;
    for (std::size_t i = 0; i < received_.size(); ++i)
      if (i != cell) others.push_back({received_[i], environment_.neighbour_load});
    return sinr_db(received_[cell], noise_of(cell), others);
  }
  /// The same loss upwards, the UE's power over its part of the band.
  double uplink_sinr_db() const {
    const double loss_db = environment_.transmit_power_dbm - received_[serving_];
    const double noise = noise_dbm(environment_.uplink_bandwidth_hz, environment_.cell_noise_figure_db);
    return *environment_.ue_power_dbm - loss_db - noise - environment_.uplink_interference_db;
  }
  const OptionValues& gnb(std::size_t cell) const { return scenario_.nodes[ue_.cells[cell].value].options; }

  UeRadio radio() const {
    const McsTable table = table_of(gnb(serving_));
    const auto [mcs, bler] = adapted_radio(table, environment_.target_bler, sinr_db_of(serving_));
    UeRadio radio{.mcs = mcs, .bler = bler};
    if (!environment_.ue_power_dbm) return radio;
    const auto up = adapted_radio(table, environment_.target_bler, uplink_sinr_db());
    radio.uplink_mcs = up.mcs;
    radio.uplink_bler = up.bler;
    return radio;
  }

  bool in_sync() const { return sinr_db_of(serving_) >= environment_.out_of_sync_db; }
  bool prepared(std::size_t cell, ModelTime now) const { return prepared_[cell] && *prepared_[cell] <= now; }

  /// Reports each neighbour once it is good enough to be prepared. A report that is lost is made again.
  void prepare(ModelTime now) {
    if (!in_sync()) return;
    for (std::size_t cell = 0; cell < filtered_.size(); ++cell)
      if (cell != serving_ && !prepared_[cell] &&
          filtered_[cell] > filtered_[serving_] + environment_.preparation_offset_db)
        prepared_[cell] = now + environment_.preparation;
  }

  /// What follows from event A3: the UE goes by itself, or reports and waits for the command.
  void decide(ModelTime now, std::size_t target) {
    const std::string levels =
        fmt::format("{:.1f} dBm against {:.1f} dBm", filtered_[target], filtered_[serving_]);
    if (environment_.conditional && prepared(target, now))
      command_ = {target, now, "conditional handover, " + levels, true};
    else if (!command_ && in_sync())
      command_ = {target, now + environment_.preparation, "event A3, " + levels, false};
  }

  /// Whether a command came by now and was not lost on its way.
  bool carry_out(ModelTime now) {
    if (!command_ || command_->at > now) return false;
    const Command command = *command_;
    command_.reset();
    if (!command.by_itself && !in_sync()) return false;
    hand_over(command.at, command.target, command.why, environment_.interruption);
    return true;
  }

  void hand_over(ModelTime now, std::size_t target, const std::string& why, Duration interruption) {
    prepared_.assign(prepared_.size(), std::nullopt);
    command_.reset();
    const std::string from = name_of(ue_.cells[serving_]);
    const LinkId source_link = ue_.radio_links[serving_], target_link = ue_.radio_links[target];
    serving_ = target;
    out_of_sync_since_.reset();
    const UeRadio there = radio();
    told_.reset();  // so that it is told once more, whatever came between
    const std::string ue = name_of(ue_.node), to = name_of(ue_.cells[target]);
    const bool waits = ue_.session.data_forwarding;
    add(now, "move_ue", fmt::format("UE {} from {} to {}: {}", ue, from, to, why),
        MoveUeEvent{ue_.node, ue_.cells[target], there, waits ? interruption : Duration{}});
    quiet_until_ = now + environment_.handover_delay;
    if (interruption.ns <= 0 || waits) return;
    // Nothing holds what is sent meanwhile.
    const ModelTime end = now + interruption;
    for (const LinkId link : {source_link, target_link}) {
      const std::string& name = scenario_.links[link.value].name;
      add(now, "link_down", "interruption of " + name, LinkDownEvent{link});
      add(end, "link_up", "end of interruption of " + name, LinkUpEvent{link});
    }
    quiet_until_ = std::max(quiet_until_, end);
  }

  void stay(ModelTime now) {
    const double sinr = sinr_db_of(serving_);
    if (sinr >= environment_.out_of_sync_db) {
      out_of_sync_since_.reset();
    } else {
      if (!out_of_sync_since_) out_of_sync_since_ = now;
      const auto best =
          static_cast<std::size_t>(std::max_element(filtered_.begin(), filtered_.end()) - filtered_.begin());
      if (now - *out_of_sync_since_ >= environment_.t310 && best != serving_) {
        // A prepared cell takes the UE as in a handover (TS 38.331 clause 5.3.7.3).
        const bool known = prepared(best, now);
        return hand_over(
            now, best,
            fmt::format("radio link failure at {:.1f} dB{}", sinr, known ? ", to a prepared cell" : ""),
            known ? environment_.interruption : environment_.reestablishment);
      }
    }
    if (now < quiet_until_) return;
    const UeRadio next = radio();
    if (next == told_ && !environment_.measured_load) return;
    told_ = next;
    tell(now, next);
  }

  void tell(ModelTime now, const UeRadio& radio) {
    UeRadioEvent event{.ue = ue_.node, .gnb = ue_.cells[serving_], .radio = radio};
    std::string text = fmt::format("radio of {}", name_of(ue_.node));
    if (environment_.measured_load) {
      event.mcs_table = table_of(gnb(serving_));
      event.target_bler = environment_.target_bler;
      event.received = UeRadioEvent::Received{.serving = received_[serving_], .noise = noise_of(serving_)};
      for (std::size_t i = 0; i < received_.size(); ++i)
        if (i != serving_) event.received->others.emplace_back(ue_.cells[i], received_[i]);
    } else {
      text += fmt::format(": MCS {}, BLER {:.3f}", *radio.mcs, *radio.bler);
    }
    add(now, "radio", std::move(text), std::move(event));
  }

  void add(ModelTime at, const char* kind, std::string text, TimelineAction action) {
    if (at.ns > scenario_.run.duration.ns) return;
    scenario_.timeline.push_back({at, kind, std::move(text), std::move(action)});
  }

  Scenario& scenario_;
  const RadioEnvironment& environment_;
  const MovingUe& moving_;
  ScenarioUe& ue_;
  EventA3 a3_;
  std::vector<CellSignal> signals_{};            ///< by cell of the UE
  std::vector<FastFading> fadings_{};            ///< likewise
  std::vector<Blockage> blockages_{};            ///< likewise
  std::vector<double> received_{}, filtered_{};  ///< dBm, likewise
  std::vector<std::optional<ModelTime>>
      prepared_{};  ///< likewise: from when on the UE may go there by itself
  std::optional<Command> command_{};
  std::size_t serving_{0};
  std::optional<UeRadio> told_{};
  std::optional<ModelTime> out_of_sync_since_{};
  ModelTime quiet_until_{};
};

}  // namespace

double work_of(const Scenario& scenario, const RadioEnvironment& environment, const MovingUe& moving) {
  constexpr double draws_a_metre = 5, draws_a_path = 0.2, told_signal = 24;
  const double looks_a_period =
      8 + (environment.measured_load ? told_signal : 0) + draws_a_path * environment.fading_diversity +
      environment.period.seconds() / std::max(environment.blockage_time.seconds(), 1e-3);
  const Duration duration = scenario.run.duration;
  const double periods = static_cast<double>(duration.ns) / static_cast<double>(environment.period.ns);
  const double way = moving.route.travelled_m(ModelTime{duration.ns} - moving.start);
  return static_cast<double>(scenario.ues[moving.ue].cells.size()) *
         (looks_a_period * (1 + periods) + draws_a_metre * way);
}

void plan_mobility(Scenario& scenario, const RadioEnvironment& environment, const MovingUe& moving) {
  Walk(scenario, environment, moving).plan();
}

}  // namespace kiriko
