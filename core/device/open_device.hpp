// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// open_device(): from a node's options to a device that is open.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/options.hpp"
#include "core/device/device_function.hpp"

namespace kiriko {

struct DeviceSetup {
  std::string name;         ///< the node's
  std::string kind;         ///< pci, tap, af_packet, af_xdp, memif, pcap, ring, null, udp_tunnel, tun
  OptionValues options;     ///< by the kind's table
  std::uint32_t packets{};  ///< of its own receive pool
};

/// Opens and starts it. EAL must be up. The problem names the kernel interface, file or address that could not be
/// used.
Result<std::unique_ptr<DeviceFunction>> open_device(const DeviceSetup& setup);

/// Those that are DPDK ports. The problem does not say yet whose it is.
Result<std::unique_ptr<DeviceFunction>> open_ethdev(const DeviceSetup& setup);
/// A kernel UDP socket.
Result<std::unique_ptr<DeviceFunction>> open_udp_tunnel(const DeviceSetup& setup);
/// A TUN device of the kernel's.
Result<std::unique_ptr<DeviceFunction>> open_tun(const DeviceSetup& setup);

}  // namespace kiriko
