// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Route: where a UE is that goes along straight lines at a constant speed.
#pragma once

#include <vector>

#include "core/base/units.hpp"

namespace kiriko {

/// Metres on a plane.
struct PlanePoint {
  double x_m{}, y_m{};
  friend bool operator==(const PlanePoint&, const PlanePoint&) = default;
};
double distance_m(const PlanePoint& a, const PlanePoint& b) noexcept;

class Route {
 public:
  /// \param points at least one; it begins at the first and stays at the last
  Route(std::vector<PlanePoint> points, double metres_per_second);

  /// How far it has come, in metres.
  double travelled_m(Duration since_start) const noexcept;
  PlanePoint at(double travelled_m) const noexcept;

 private:
  std::vector<PlanePoint> points_;
  std::vector<double> reached_m_;  ///< by point: from the first one
  double metres_per_second_;
};

}  // namespace kiriko
