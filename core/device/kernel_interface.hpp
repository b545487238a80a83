// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// KernelInterface: what the kernel says of a network interface that a device opens.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.hpp"

namespace kiriko {

struct KernelInterface {
  std::uint32_t mtu{};
  bool promiscuous{false};  ///< set by its owner: not for the device to take away
};

/// A problem when there is no such interface, or when it is down.
Result<KernelInterface> read_kernel_interface(const std::string& name);

}  // namespace kiriko
