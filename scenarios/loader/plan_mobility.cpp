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

constexpr double sinr_step_db = 0.5;
constexpr double bler_step = 0.001;

struct Radio {
  std::int64_t mcs{};
  double bler{};
  friend bool operator==(const Radio&, const Radio&) = default;
};

McsTable table_of(const OptionValues& gnb) {
  const auto& name = gnb.get<std::string>("mcs_table");
  for (const McsTable table : {McsTable::qam64, McsTable::qam64_low_se})
    if (to_string(table) == name) return table;
  return McsTable::qam256;
}

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
  }

  void plan() {
    measure(ModelTime{});
    filtered_ = received_;
    told_ = radio(sinr_db_of(serving_));
    ue_.mcs = told_->mcs;
    ue_.bler = told_->bler;
    for (ModelTime now = ModelTime{} + environment_.period; now.ns <= scenario_.run.duration.ns;
         now = now + environment_.period) {
      measure(now);
      const double weight = layer3_filter_weight(environment_.filter_coefficient);
      for (std::size_t i = 0; i < received_.size(); ++i)
        filtered_[i] += weight * (received_[i] - filtered_[i]);
      if (const auto target = a3_.measured(now, serving_, filtered_))
        hand_over(
            now, *target,
            fmt::format("event A3, {:.1f} dBm against {:.1f} dBm", filtered_[*target], filtered_[serving_]));
      else
        stay(now);
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

  double sinr_db_of(std::size_t cell) const {
    std::vector<Interferer> others;
    for (std::size_t i = 0; i < received_.size(); ++i)
      if (i != cell) others.push_back({received_[i], environment_.neighbour_load});
    const OptionValues& options = gnb(cell);
    const double bandwidth_hz = static_cast<double>(options.get<std::int64_t>("bandwidth")) * 1e6;
    return sinr_db(received_[cell], noise_dbm(bandwidth_hz, environment_.noise_figure_db), others);
  }
  const OptionValues& gnb(std::size_t cell) const { return scenario_.nodes[ue_.cells[cell].value].options; }

  /// What link adaptation makes of this SINR, in steps so that a small change is none.
  Radio radio(double sinr_db) const {
    const McsTable table = table_of(gnb(serving_));
    const double stepped = std::floor(sinr_db / sinr_step_db) * sinr_step_db;
    const int mcs = LinkAdaptation(table, environment_.target_bler).mcs_for(stepped);
    const double efficiency = mcs_table(table)[static_cast<std::size_t>(mcs)].spectral_efficiency;
    return {mcs, std::round(block_error_rate(efficiency, stepped) / bler_step) * bler_step};
  }

  void hand_over(ModelTime now, std::size_t target, const std::string& why) {
    const std::string from = name_of(ue_.cells[serving_]);
    const LinkId source_link = ue_.radio_links[serving_], target_link = ue_.radio_links[target];
    serving_ = target;
    out_of_sync_since_.reset();
    const Radio there = radio(sinr_db_of(serving_));
    told_.reset();  // so that it is told once more, whatever came between
    const std::string ue = name_of(ue_.node), to = name_of(ue_.cells[target]);
    const bool waits = ue_.session.data_forwarding;
    add(now, "move_ue", fmt::format("UE {} from {} to {}: {}", ue, from, to, why),
        MoveUeEvent{ue_.node, ue_.cells[target], there.mcs, there.bler,
                    waits ? environment_.interruption : Duration{}});
    quiet_until_ = now + environment_.handover_delay;
    if (environment_.interruption.ns <= 0 || waits) return;
    // Nothing holds what is sent meanwhile.
    const ModelTime end = now + environment_.interruption;
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
      if (now - *out_of_sync_since_ >= environment_.t310 && best != serving_)
        return hand_over(now, best, fmt::format("radio link failure at {:.1f} dB", sinr));
    }
    if (now < quiet_until_) return;
    const Radio next = radio(sinr);
    if (next == told_) return;
    told_ = next;
    add(now, "radio", fmt::format("radio of {}: MCS {}, BLER {:.3f}", name_of(ue_.node), next.mcs, next.bler),
        UeRadioEvent{ue_.node, ue_.cells[serving_], next.mcs, next.bler});
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
  std::size_t serving_{0};
  std::optional<Radio> told_{};
  std::optional<ModelTime> out_of_sync_since_{};
  ModelTime quiet_until_{};
};

}  // namespace

double work_of(const Scenario& scenario, const RadioEnvironment& environment, const MovingUe& moving) {
  constexpr double draws_a_metre = 5, draws_a_path = 0.2;
  const double looks_a_period =
      8 + draws_a_path * environment.fading_diversity +
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
