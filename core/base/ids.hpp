// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Strong identifiers: two kinds of id never compile in each other's place.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace kiriko {

template <class Tag, class Int = std::uint32_t>
struct StrongId {
  using Value = Int;
  Int value{};

  constexpr StrongId() = default;
  constexpr explicit StrongId(Int v) : value(v) {}
  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;
};

using NodeId = StrongId<struct NodeTag>;                   ///< index of a node in the emulation
using LinkId = StrongId<struct LinkTag>;                   ///< index of a (two-way) link
using PortId = StrongId<struct PortTag, std::uint16_t>;    ///< index of a port of one node
using FlowId = StrongId<struct FlowTag>;                   ///< index of a traffic flow
using SliceId = StrongId<struct SliceTag, std::uint16_t>;  ///< index in the scenario's slice list

inline constexpr FlowId no_flow{0xffffffffU};
inline constexpr SliceId no_slice{0xffffU};
inline constexpr NodeId no_node{0xffffffffU};

}  // namespace kiriko

template <class Tag, class Int>
struct std::hash<kiriko::StrongId<Tag, Int>> {
  std::size_t operator()(const kiriko::StrongId<Tag, Int>& id) const noexcept {
    return std::hash<Int>{}(id.value);
  }
};
