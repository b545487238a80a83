// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A TUN interface's making: MTU, addresses, and bringing it up, as ip-link and ip-address would.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace kiriko {

struct TunInterface {
  std::string name;  ///< 1 to 15 characters; "%d" in it stands for the first number that is free
  std::vector<std::string> addresses{};  ///< "10.45.0.1/16", "fd45::1/48"
  std::uint32_t mtu{1500};
};

/// The descriptor that is the interface: it is gone when this is closed, however the process ends. Does not block.
Result<int> make_tun_interface(const TunInterface& wanted);

}  // namespace kiriko
