// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Positions by the way travelled.
#include "core/fiveg/mobility/route.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kiriko {

double distance_m(const PlanePoint& a, const PlanePoint& b) noexcept {
  return std::hypot(a.x_m - b.x_m, a.y_m - b.y_m);
}

Route::Route(std::vector<PlanePoint> points, double metres_per_second)
    : points_(std::move(points)), metres_per_second_(metres_per_second) {
  reached_m_.push_back(0);
  for (std::size_t i = 1; i < points_.size(); ++i)
    reached_m_.push_back(reached_m_.back() + distance_m(points_[i - 1], points_[i]));
}

double Route::travelled_m(Duration since_start) const noexcept {
  const double seconds = static_cast<double>(std::max<std::int64_t>(since_start.ns, 0)) * 1e-9;
  return std::min(seconds * metres_per_second_, reached_m_.back());
}

PlanePoint Route::at(double travelled_m) const noexcept {
  const auto next = std::upper_bound(reached_m_.begin(), reached_m_.end(), travelled_m);
  if (next == reached_m_.end()) return points_.back();
  const auto to = static_cast<std::size_t>(next - reached_m_.begin());
  if (to == 0) return points_.front();
  const PlanePoint &a = points_[to - 1], &b = points_[to];
  const double part = (travelled_m - reached_m_[to - 1]) / (reached_m_[to] - reached_m_[to - 1]);
  return {std::lerp(a.x_m, b.x_m, part), std::lerp(a.y_m, b.y_m, part)};
}

}  // namespace kiriko
