// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// LinkAdaptation: from a UE's SINR to its MCS and block error rate, with an outer loop on HARQ's first answers.
#pragma once

#include <cstdint>

#include "core/fiveg/mcs.hpp"

namespace kiriko {

/// SINR at which a spectral efficiency is carried with 10 % block errors: straight lines through the thresholds of -6.7 to 22.7 dB
/// that are in common use for the 15 CQIs of Table 5.2.2.1-2 (unverified), continued beyond both ends.
double required_sinr_db(double spectral_efficiency) noexcept;
/// Its inverse; 0 at the least.
double carried_efficiency(double sinr_db) noexcept;

/// Block error rate of a first transmission: a logistic curve through 10 % at the required SINR, a decade each `decade_db` beyond it.
double block_error_rate(double spectral_efficiency, double sinr_db) noexcept;

/// CQI index 0 (out of range) to 15 that a UE reports (TS 38.214 clause 5.2.2.1): the highest whose efficiency its SINR carries.
int cqi_for(CqiTable table, double sinr_db) noexcept;

/// What link adaptation makes of an SINR without an outer loop, in steps of 0.5 dB, so that a small change is none.
struct AdaptedRadio {
  int mcs{};
  double bler{};
  friend bool operator==(const AdaptedRadio&, const AdaptedRadio&) = default;
};
AdaptedRadio adapted_radio(McsTable table, double target_bler, double sinr_db) noexcept;

/// One direction of one UE. The inner loop takes the MCS for the estimated SINR; the outer one moves that estimate by each first
/// transmission's HARQ answer, so that the target block error rate holds whatever the estimate's bias.
class LinkAdaptation {
 public:
  /// \param target_bler 0.1, or 1e-5 with Table 5.1.3.1-3
  LinkAdaptation(McsTable table, double target_bler, double step_db = 0.5) noexcept
      : table_(table),
        down_db_(step_db),
        up_db_(step_db * target_bler / (1 - target_bler)),
        bias_db_(first_bias(target_bler)) {}

  /// Highest MCS that the corrected SINR carries; 0 when none is low enough.
  int mcs_for(double sinr_db) const noexcept;
  void acknowledged(bool received) noexcept;
  double offset_db() const noexcept { return offset_db_; }

 private:
  static double first_bias(double target_bler) noexcept;

  McsTable table_;
  double down_db_, up_db_;
  double bias_db_;      ///< SINR that a target other than 10 % needs more
  double offset_db_{};  ///< of the outer loop
};

}  // namespace kiriko
