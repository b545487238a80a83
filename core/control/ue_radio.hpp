// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// UeRadio: how good a UE's channel is, as link adaptation made of it.
#pragma once

#include <cstdint>
#include <optional>

namespace kiriko {

/// What is absent is the cell's; of the uplink it is the downlink's.
struct UeRadio {
  std::optional<std::int64_t> mcs{};  ///< index in the cell's table
  std::optional<double> bler{};       ///< block error rate of a first transmission, 0 to 1
  std::optional<std::int64_t> uplink_mcs{};
  std::optional<double> uplink_bler{};

  /// What `later` says replaces what was.
  void update(const UeRadio& later) {
    if (later.mcs) mcs = later.mcs;
    if (later.bler) bler = later.bler;
    if (later.uplink_mcs) uplink_mcs = later.uplink_mcs;
    if (later.uplink_bler) uplink_bler = later.uplink_bler;
  }
  friend bool operator==(const UeRadio&, const UeRadio&) = default;
};

}  // namespace kiriko
