// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Slice policies: static leaves the declared shares; reactive reallocates PRB and link shares by SLA.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "controller/apps/share_allocation.hpp"
#include "core/control/network_view.hpp"

namespace kiriko {

enum class SlicePolicyKind : std::uint8_t { fixed, reactive };  ///< "static", "reactive"

std::string_view to_string(SlicePolicyKind kind);

/// What the reactive policy remembers between looks.
struct PolicyState {
  enum class ResourceKind : std::uint8_t { cell, link_direction };
  struct ResourceKey {
    ResourceKind kind{};
    std::uint32_t id{};  ///< of the gNB or the link
    LinkDirection direction{};
    friend auto operator<=>(const ResourceKey&, const ResourceKey&) = default;
  };
  struct Resource {
    bool seen{};
    ShareAllocationState allocation{};
    std::vector<RrmPolicyRatio> base_ratios{};  ///< as they were at the first look, by slice
    std::vector<SliceShare> base_shares{};
    std::vector<double> efficiency_dl{};  ///< bits a PRB, last known, by slice; 0 = never seen
    std::vector<double> efficiency_ul{};
  };
  ShareAllocationOptions options{};
  std::map<ResourceKey, Resource> resources{};
};

/// Before the first packet: a slice scheduler on every rated link direction that has none, with each slice's guaThpt
/// and equal priority, so that each slice's load can be seen; in each cell the floor for slices with a latency bound.
ChangeSet plan_preparation(const NetworkView& view, const ShareAllocationOptions& options);

/// Each period. No changes if nothing differs materially.
ChangeSet plan_shares(const NetworkView& view, PolicyState& state);

}  // namespace kiriko
