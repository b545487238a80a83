// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// SourceInterface and DestinationInterface: from where and whereto packets go (TS 29.244 clauses 8.2.2 and 8.2.24).
#pragma once

#include <cstdint>
#include <type_traits>

#include "core/pfcp/octet_io.hpp"

namespace kiriko::pfcp {

enum class SourceInterface : std::uint8_t {
  access = 0,
  core = 1,
  sgi_lan_n6_lan = 2,
  cp_function = 3,
  vn_internal_5g = 4
};

/// Its values are not those of SourceInterface from 4 on.
enum class DestinationInterface : std::uint8_t {
  access = 0,
  core = 1,
  sgi_lan_n6_lan = 2,
  cp_function = 3,
  li_function = 4,
  vn_internal_5g = 5
};

template <>
struct HalfOctet<SourceInterface> : std::true_type {
  static constexpr SourceInterface highest = SourceInterface::vn_internal_5g;
};
template <>
struct HalfOctet<DestinationInterface> : std::true_type {
  static constexpr DestinationInterface highest = DestinationInterface::vn_internal_5g;
};

}  // namespace kiriko::pfcp
