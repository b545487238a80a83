// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Share allocation: how one resource (a cell's PRBs, a link direction's rate) is shared among slices, with hysteresis.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/control/network_view.hpp"

namespace kiriko {

struct ShareAllocationOptions {
  double headroom{1.5};         ///< a protected slice's share is its demand times this
  double load_up{0.8};          ///< of the resource; above it slices contend
  double load_down{0.5};        ///< of the resource; below it, for `hold`, all is given back
  double delay_up{0.5};         ///< of a slice's latency bound; above it the slice is in danger
  double delay_down{0.4};       ///< of a slice's latency bound; below it the slice is calm
  double minimum_change{0.05};  ///< of the resource; smaller differences are left alone
  double floor{0.05};           ///< of the resource; what a protected slice has at least under contention
  double reserve{0.1};          ///< of the resource; what protected slices leave to the others
  Duration hold{seconds(2)};    ///< calm must last so long before anything is given back
};

/// One slice's use of the resource since the last look. Fractions are of the resource.
struct SliceDemand {
  SliceId slice{no_slice};
  std::uint8_t priority{8};  ///< 1 highest
  std::optional<Duration> latency_bound{};
  double guaranteed{};    ///< what its SLA promises; 0 = nothing
  double base_minimum{};  ///< declared, before the policy
  double base_maximum{1.0};
  std::optional<double> demand{};  ///< may exceed 1; absent: cannot be seen yet
  Bytes backlog{};
  Duration delay{};  ///< longest since the last look
  std::uint64_t dropped{};

  /// Protected: an SLA with a latency bound or a guarantee. The others share what is left.
  bool is_protected() const { return latency_bound.has_value() || guaranteed > 0.0; }
};

/// What a slice gets, as fractions of the resource.
struct SliceAllocation {
  SliceId slice{no_slice};
  double minimum{};
  double maximum{1.0};
  friend bool operator==(const SliceAllocation&, const SliceAllocation&) = default;
};

/// Memory of one resource; vectors by index of its demands, whose order must not change.
struct ShareAllocationState {
  struct PerSlice {
    double target{};    ///< minimum in force
    double peak{};      ///< highest wish since `lower_since`
    double boost{1.0};  ///< grows while the bound is missed although the demand is met
    std::optional<ModelTime> lower_since{};
  };
  bool contended{};
  std::optional<ModelTime> calm_since{};
  std::vector<PerSlice> slices{};
  std::vector<SliceAllocation> in_force{};
};

/// Shares that should come into force now.
struct ShareAllocation {
  bool contended{};  ///< else all is given back: the base shares
  std::vector<SliceAllocation> was{};
  std::vector<SliceAllocation> now{};
};

/// Nothing if what is in force may stay. `load`: of the whole resource since the last look, 0…1.
std::optional<ShareAllocation> allocate_shares(const ShareAllocationOptions& options, ModelTime time,
                                               double load, const std::vector<SliceDemand>& demands,
                                               ShareAllocationState& state);

/// "slice v2x in gnb3: backlog 12 kB, delay 8.1 ms > 5 ms: min 10 % → 30 %"; "" if nothing differs.
std::string describe_allocation(const ShareAllocationOptions& options, std::string_view slice,
                                std::string_view where, const SliceDemand& demand, const SliceAllocation& was,
                                const SliceAllocation& now);

}  // namespace kiriko
