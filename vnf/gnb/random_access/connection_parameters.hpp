// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What a cell asks of a device before its first grant.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "vnf/gnb/random_access/access_barring.hpp"
#include "vnf/gnb/random_access/random_access.hpp"

namespace kiriko {

/// DRX of a connected device (TS 38.321 clause 5.7, long cycle): what comes for it after so long without a packet waits for its on-duration.
struct ConnectedDrx {
  Duration cycle{};  ///< 0: it always listens
  Duration on_duration{};
  Duration inactivity{};
};

struct ConnectionParameters {
  bool needed{false};  ///< false: every device is connected for ever
  RandomAccessParameters random_access{};
  AccessBarring barring{};
  /// By slice name, instead of `barring`: operator-defined access categories (TS 24.501 clause 4.5.3).
  std::vector<std::pair<std::string, AccessBarring>> slice_barring{};
  Duration setup{};       ///< RRC set-up and service request, from Msg4 to the first grant
  Duration inactivity{};  ///< without a packet for so long, a device is released
  Duration inactive{};    ///< to RRC_INACTIVE for so long, then to idle
  Duration resume{};      ///< instead of `setup` for a device in RRC_INACTIVE
  Duration
      paging_cycle{};  ///< DRX cycle of devices that are not connected: a downlink packet waits for the next paging occasion
  ConnectedDrx drx{};
  std::uint64_t buffer{};  ///< octets that may wait for one device
};

}  // namespace kiriko
