// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// From a device node's options to a started DPDK port.
#include <bpf/libbpf.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <spdlog/fmt/fmt.h>
#include <sys/socket.h>
#include <xdp/libxdp.h>

#include <atomic>

#include "core/device/ethdev.hpp"
#include "core/device/frame_buffers.hpp"
#include "core/device/kernel_interface.hpp"
#include "core/device/open_device.hpp"
#include "core/device/open_sockets.hpp"

namespace kiriko {
namespace {

constexpr std::uint16_t descriptors = 1024;

std::string text(const OptionValues& options, std::string_view key) {
  return options.has(key) ? options.get<std::string>(key) : std::string{};
}

std::int64_t number(const OptionValues& options, std::string_view key) {
  return options.has(key) ? options.get<std::int64_t>(key) : 0;
}

struct Vdev {
  std::string name;
  std::string arguments;
};

Vdev vdev_of(const DeviceSetup& setup, std::uint32_t mtu) {
  static std::atomic<unsigned> serial{0};
  const std::string name = fmt::format("net_{}{}", setup.kind, serial++);
  const OptionValues& o = setup.options;
  if (setup.kind == "af_packet") {
    const std::uint32_t slot = tpacket_slot(mtu);
    return {name, fmt::format("iface={},framesz={},blocksz={},framecnt=1024", text(o, "interface"), slot,
                              std::max(slot, 65536U))};
  }
  if (setup.kind == "af_xdp")
    return {name,
            // Without busy polling: by it an empty look at the device is a system call.
            fmt::format("iface={},start_queue={},queue_count=1,busy_budget=0", text(o, "interface"),
                        number(o, "queue"))};
  if (setup.kind == "tap") {
    const std::string mac = text(o, "mac");
    return {name, fmt::format("iface={}{}", text(o, "interface"), mac.empty() ? "" : ",mac=" + mac)};
  }
  if (setup.kind == "memif")
    return {name, fmt::format("role={},id={},socket={},socket-abstract=no", text(o, "role"), number(o, "id"),
                              text(o, "socket"))};
  if (setup.kind == "pcap") {
    std::string arguments;
    if (const auto file = text(o, "receive"); !file.empty()) arguments += "rx_pcap=" + file;
    if (const auto file = text(o, "transmit"); !file.empty())
      arguments += (arguments.empty() ? "tx_pcap=" : ",tx_pcap=") + file;
    return {name, arguments};
  }
  if (setup.kind == "null") return {name, "no-rx=1"};
  return {name, ""};
}

Result<void> start_port(std::uint16_t port, const ReceivePool& pool) {
  const auto failed = [](const char* step, int error) {
    return fail({.message = std::string("the device could not be ") + step,
                 .found = rte_strerror(error < 0 ? -error : error)});
  };
  rte_eth_conf configuration{};
  std::uint16_t rx = descriptors;
  std::uint16_t tx = descriptors;
  if (int e = rte_eth_dev_configure(port, 1, 1, &configuration); e != 0) return failed("configured", e);
  if (int e = rte_eth_dev_adjust_nb_rx_tx_desc(port, &rx, &tx); e != 0) return failed("sized", e);
  const auto socket = static_cast<unsigned>(rte_eth_dev_socket_id(port));
  if (int e = rte_eth_rx_queue_setup(port, 0, rx, socket, nullptr, pool.raw()); e != 0)
    return failed("given a receive queue", e);
  if (int e = rte_eth_tx_queue_setup(port, 0, tx, socket, nullptr); e != 0)
    return failed("given a transmit queue", e);
  if (int e = rte_eth_dev_start(port); e != 0) return failed("started", e);
  return {};
}

// The interface of an af_packet or af_xdp device; for other kinds MTU 0: their drivers bound frames themselves.
Result<KernelInterface> interface_of(const DeviceSetup& setup) {
  if (setup.kind != "af_packet" && setup.kind != "af_xdp") return KernelInterface{};
  auto interface = read_kernel_interface(text(setup.options, "interface"));
  if (interface && setup.kind == "af_xdp" && interface->mtu > xdp_largest_mtu)
    return fail({.message = "the interface's MTU is too large for af_xdp",
                 .found = std::to_string(interface->mtu),
                 .allowed = "at most " + std::to_string(xdp_largest_mtu),
                 .hint = "lower the MTU, or use af_packet"});
  return interface;
}

MacAddress mac_of_port(std::uint16_t port) {
  rte_ether_addr address{};
  MacAddress mac;
  if (rte_eth_macaddr_get(port, &address) == 0) std::copy_n(address.addr_bytes, 6, mac.octets.begin());
  return mac;
}

}  // namespace

Result<std::unique_ptr<DeviceFunction>> open_ethdev(const DeviceSetup& setup) {
  // These tell every user what only their authors want to know; what goes wrong comes back as an error.
  libbpf_set_print(nullptr);
  libxdp_set_print(nullptr);
  const auto interface = interface_of(setup);
  if (!interface) return fail(interface.error());
  auto pool =
      ReceivePool::create(setup.packets, setup.kind == "af_packet" ? tpacket_slot(interface->mtu) : 0);
  if (!pool) return fail(pool.error());
  const OpenSockets sockets_before;
  std::uint16_t ethdev = 0;
  Vdev vdev;
  if (setup.kind == "pci") {
    if (rte_eth_dev_get_port_by_name(text(setup.options, "pci").c_str(), &ethdev) != 0)
      return fail({.message = "no DPDK driver took the PCI device",
                   .hint = "bind it to vfio-pci: dpdk-devbind.py -b vfio-pci ADDRESS"});
  } else {
    vdev = vdev_of(setup, interface->mtu);
    if (int e = rte_eal_hotplug_add("vdev", vdev.name.c_str(), vdev.arguments.c_str()); e != 0)
      return fail({.message = "the device could not be opened", .found = rte_strerror(-e)});
    if (rte_eth_dev_get_port_by_name(vdev.name.c_str(), &ethdev) != 0)
      return fail({.message = "the device did not appear"});
  }
  auto started = start_port(ethdev, *pool);
  if (!started) {
    if (!vdev.name.empty()) rte_eal_hotplug_remove("vdev", vdev.name.c_str());
    return fail(started.error());
  }
  const bool promiscuous = !interface->promiscuous && rte_eth_promiscuous_enable(ethdev) == 0;
  const int family = setup.kind == "af_packet" ? AF_PACKET : setup.kind == "af_xdp" ? AF_XDP : AF_UNSPEC;
  return std::make_unique<DeviceFunction>(
      std::make_unique<Ethdev>(Ethdev::Setup{ethdev, vdev.name, promiscuous, sockets_before.added(family)},
                               std::move(*pool)),
      DeviceTraits{interface->mtu, mac_of_port(ethdev)});
}

}  // namespace kiriko
