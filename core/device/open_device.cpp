// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The kinds of device, and whose a problem is.
#include "core/device/open_device.hpp"

namespace kiriko {
namespace {

std::string what_was_named(const DeviceSetup& setup) {
  for (const auto* key : {"interface", "socket", "receive", "transmit", "pci", "local_address"})
    if (setup.options.has(key)) return setup.kind + " '" + setup.options.get<std::string>(key) + "'";
  return setup.kind;
}

}  // namespace

Result<std::unique_ptr<DeviceFunction>> open_device(const DeviceSetup& setup) {
  auto device = setup.kind == "udp_tunnel" ? open_udp_tunnel(setup)
                : setup.kind == "tun"      ? open_tun(setup)
                                           : open_ethdev(setup);
  if (device) return device;
  Problem problem = device.error();
  problem.message += ": " + what_was_named(setup);
  if (problem.hint.empty())
    problem.hint =
        "af_packet needs CAP_NET_RAW and CAP_NET_ADMIN (root, or a user namespace), af_xdp needs root";
  return fail(std::move(problem));
}

}  // namespace kiriko
