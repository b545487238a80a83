// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A TUN device from a node's options.
#include "core/device/frame_buffers.hpp"
#include "core/device/open_device.hpp"
#include "core/device/tun_device.hpp"
#include "core/device/tun_interface.hpp"

namespace kiriko {

Result<std::unique_ptr<DeviceFunction>> open_tun(const DeviceSetup& setup) {
  const TunInterface wanted{.name = setup.options.get<std::string>("interface"),
                            .addresses = setup.options.list<std::string>("addresses"),
                            .mtu = static_cast<std::uint32_t>(setup.options.get<std::int64_t>("mtu"))};
  auto pool = ReceivePool::create(setup.packets, wanted.mtu + ethernet_header);
  if (!pool) return fail(pool.error());
  const auto descriptor = make_tun_interface(wanted);
  if (!descriptor) return fail(descriptor.error());
  return std::make_unique<DeviceFunction>(
      std::make_unique<TunDevice>(*descriptor, wanted.mtu, std::move(*pool)),
      DeviceTraits{wanted.mtu, std::nullopt});
}

}  // namespace kiriko
