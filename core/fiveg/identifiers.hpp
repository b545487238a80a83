// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Identifiers of the 5G user plane (TS 29.244, TS 29.281, TS 23.501): none compiles in another's place.
#pragma once

#include <cstdint>

#include "core/base/ids.hpp"

namespace kiriko {

using Teid = StrongId<struct TeidTag>;  ///< tunnel endpoint identifier, TS 29.281 clause 5.1
using Seid =
    StrongId<struct SeidTag, std::uint64_t>;  ///< session endpoint identifier, TS 29.244 clause 7.2.2
using PdrId = StrongId<struct PdrTag, std::uint16_t>;  ///< TS 29.244 clause 8.2.36
using FarId = StrongId<struct FarTag>;                 ///< TS 29.244 clause 8.2.74
using QerId = StrongId<struct QerTag>;                 ///< TS 29.244 clause 8.2.75
using UrrId = StrongId<struct UrrTag>;                 ///< TS 29.244 clause 8.2.54
using BarId = StrongId<struct BarTag, std::uint8_t>;   ///< TS 29.244 clause 8.2.57
using Precedence = StrongId<struct PrecedenceTag>;     ///< of a PDR; the lowest value is looked at first
using Qfi = StrongId<struct QfiTag, std::uint8_t>;     ///< QoS flow identifier, 6 bits on the wire

inline constexpr Qfi highest_qfi{63};

}  // namespace kiriko
