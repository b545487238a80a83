// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// AMBR: aggregate maximum bit rate of the Non-GBR QoS flows (TS 23.501 clause 5.7.2.6).
#pragma once

#include "core/base/units.hpp"

namespace kiriko {

/// Of a PDU session (Session-AMBR), a UE (UE-AMBR) or a slice (UE-Slice-MBR). Rate 0: no limit.
struct Ambr {
  BitsPerSecond uplink{};
  BitsPerSecond downlink{};
  friend constexpr auto operator<=>(const Ambr&, const Ambr&) = default;
};

}  // namespace kiriko
