// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NetworkFacts: network interfaces of the kernel and network cards on the PCI bus, with their drivers.
#pragma once

#include "tools/kiriko/doctor/kernel_files.hpp"

namespace kiriko::doctor {

struct InterfaceFacts {
  std::string name{};
  std::optional<std::string> driver{};  ///< absent: made by the kernel itself (veth, bridge)
  std::optional<std::string> state{};   ///< "up", "down", "unknown"
  std::optional<std::uint64_t> mtu{};
};

struct NetworkCardFacts {
  std::string address{};                ///< 0000:00:03.0
  std::string vendor{}, device{};       ///< 0x8086
  std::optional<std::string> driver{};  ///< absent: bound to none

  /// DPDK can take it as a `pci` device.
  bool bound_for_dpdk() const {
    return driver == "vfio-pci" || driver == "uio_pci_generic" || driver == "igb_uio";
  }
};

struct NetworkFacts {
  std::vector<InterfaceFacts> interfaces{};  ///< without lo
  std::vector<NetworkCardFacts> cards{};
};

NetworkFacts read_network_facts(const KernelFiles& files);

}  // namespace kiriko::doctor
