// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// How UEs move and how well they hear the cells, as declared; and the timeline that follows from it.
#pragma once

#include <vector>

#include "core/fiveg/channel/path_loss.hpp"
#include "core/fiveg/mobility/event_a3.hpp"
#include "core/fiveg/mobility/route.hpp"
#include "scenarios/loader/scenario.hpp"

namespace kiriko {

/// The section `radio_environment`. The same for all cells.
struct RadioEnvironment {
  PropagationScenario propagation{PropagationScenario::uma};
  Surroundings surroundings{};
  double carrier_ghz{};
  double transmit_power_dbm{};  ///< antenna gain included
  double noise_figure_db{};
  double neighbour_load{};  ///< 0 to 1
  bool measured_load{};     ///< the other cells' own load instead, where their interference is meant
  std::optional<double> ue_power_dbm{};  ///< absent: the uplink is as good as the downlink
  double uplink_bandwidth_hz{}, cell_noise_figure_db{}, uplink_interference_db{};
  double target_bler{};
  int fading_diversity{};    ///< independent paths that fast fading is the mean of; 0: no fast fading
  double blockage_share{};   ///< of the time, 0 to below 1
  Duration blockage_time{};  ///< mean
  double blockage_loss_db{};
  Duration period{};  ///< between two measurements
  int filter_coefficient{};
  EventA3Configuration a3{};
  Duration interruption{};         ///< at a handover; 0: make before break
  Duration preparation{};          ///< from the report until the target is prepared and the UE told
  bool conditional{};              ///< conditional handover
  double preparation_offset_db{};  ///< at which a neighbour is prepared for it
  Duration reestablishment{};      ///< interruption where a UE must re-establish
  Duration handover_delay{};       ///< until the target cell knows the UE
  double out_of_sync_db{};         ///< Q_out as an SINR
  Duration t310{};
};

/// An entry of the section `mobility` for one UE.
struct MovingUe {
  std::size_t ue{};  ///< index in Scenario::ues
  Route route;
  ModelTime start{};
};

/// How much a plan takes: for each cell its measurements, and the draws of shadowing along the way.
double work_of(const Scenario& scenario, const RadioEnvironment& environment, const MovingUe& moving);

/// Adds to the timeline what the UE's way brings: its radio whenever it changes, handovers by event A3 (TS 38.331 clause
/// 5.5.4.4), commanded or conditional (clause 5.3.5.13), re-establishment after a radio link failure (clauses 5.3.10.3 and
/// 5.3.7). A report and a command need the source's radio link: out of sync they are lost. Its radio at the start is the UE's. The same
/// scenario gives the same plan. The timeline is not sorted.
void plan_mobility(Scenario& scenario, const RadioEnvironment& environment, const MovingUe& moving);

}  // namespace kiriko
