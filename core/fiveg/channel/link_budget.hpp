// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From transmit power and path loss to the ratio of signal to interference and noise.
#pragma once

#include <cmath>
#include <span>

namespace kiriko {

inline double milliwatts(double dbm) noexcept { return std::pow(10, dbm / 10); }
inline double decibels(double ratio) noexcept { return 10 * std::log10(ratio); }

/// Thermal noise at 290 K: -174 dBm/Hz, over `bandwidth_hz`, after a receiver with `noise_figure_db`; dBm.
inline double noise_dbm(double bandwidth_hz, double noise_figure_db) noexcept {
  return -174 + decibels(bandwidth_hz) + noise_figure_db;
}

/// A cell that disturbs: what of its power arrives, times the share of its resource blocks in use.
struct Interferer {
  double received_dbm{};
  double load{};  ///< 0 to 1
};

/// In dB. Interference counts as noise, averaged over the resource blocks that a neighbour uses.
inline double sinr_db(double received_dbm, double noise,
                      std::span<const Interferer> interferers = {}) noexcept {
  double disturbance = milliwatts(noise);
  for (const Interferer& each : interferers) disturbance += each.load * milliwatts(each.received_dbm);
  return received_dbm - decibels(disturbance);
}

/// Horizontal pattern of a sector antenna in dB against its boresight: -min(12 (φ/φ_3dB)², A_max), 65° and 30 dB (TR 38.901
/// Table 7.3-1, unverified). \param angle_deg from the boresight, any turn
inline double sector_gain_db(double angle_deg, double beamwidth_deg = 65,
                             double front_to_back_db = 30) noexcept {
  const double off = std::remainder(angle_deg, 360.0);
  return -std::fmin(12 * (off / beamwidth_deg) * (off / beamwidth_deg), front_to_back_db);
}

}  // namespace kiriko
