// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Receiving and sending through an ethdev.
#include "core/device/device_function.hpp"

#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_ethdev.h>
#include <rte_ether.h>

#include <vector>

#include "core/device/frame_buffers.hpp"

namespace kiriko {
namespace {

constexpr std::uint16_t queue_zero = 0;
constexpr int send_attempts = 4;
constexpr std::uint64_t owner_flags = RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;

bool tagged(const Packet* packet) noexcept {
  if (size_of(packet) < ethernet_header) return false;
  const std::uint8_t* bytes = bytes_of(packet);
  return (bytes[12] == 0x81 && bytes[13] == 0x00) || (bytes[12] == 0x88 && bytes[13] == 0xa8);
}

// A frame of one device may still wait in another's transmit ring, so pools go with the last device.
struct PoolsInUse {
  unsigned ports{};
  std::vector<PacketPool> of_closed_ports{};
};

PoolsInUse& pools_in_use() {
  static PoolsInUse pools;
  return pools;
}

}  // namespace

OpenPort::OpenPort(std::uint16_t ethdev, std::string vdev, PacketPool pool, bool promiscuous,
                   int receive_socket)
    : ethdev_(ethdev),
      vdev_(std::move(vdev)),
      pool_(std::move(pool)),
      promiscuous_(promiscuous),
      receive_socket_(receive_socket) {
  ++pools_in_use().ports;
}

OpenPort::~OpenPort() {
  if (promiscuous_) rte_eth_promiscuous_disable(ethdev_);
  rte_eth_dev_stop(ethdev_);
  rte_eth_dev_close(ethdev_);
  if (!vdev_.empty()) rte_eal_hotplug_remove("vdev", vdev_.c_str());
  PoolsInUse& pools = pools_in_use();
  pools.of_closed_ports.push_back(std::move(pool_));
  if (--pools.ports == 0) pools.of_closed_ports.clear();
}

DeviceFunction::DeviceFunction(std::unique_ptr<OpenPort> port, std::uint32_t mtu)
    : port_(std::move(port)), ethdev_(port_->ethdev()), mtu_(mtu) {}

// The kernel refuses a frame beyond the MTU, a VLAN tag apart, and its AF_PACKET ring then stands still.
bool DeviceFunction::fits(const Packet* packet) const noexcept {
  return mtu_ == 0 || size_of(packet) <= mtu_ + ethernet_header + (tagged(packet) ? vlan_tag : 0);
}

std::uint32_t DeviceFunction::poll(const RealClock& clock, Exits& exits) noexcept {
  Packet* packets[burst_capacity];
  const std::uint16_t count = rte_eth_rx_burst(ethdev_, queue_zero, packets, burst_capacity);
  const ModelTime now = clock.now();
  if (count != 0) {
    unseen_.record((now - last_poll_).ns, count);
    exits.count_created(count);
    received_ += count;
  }
  last_poll_ = now;
  for (std::uint16_t i = 0; i < count; ++i) {
    Packet*& packet = packets[i];
    PacketMetadata& metadata = metadata_of(packet);
    metadata = PacketMetadata{};
    metadata.time = metadata.birth = now;
    // The tag belongs to the frame, wherever the driver put it.
    const bool whole = (packet->ol_flags & RTE_MBUF_F_RX_VLAN_STRIPPED) == 0 || rte_vlan_insert(&packet) == 0;
    packet->ol_flags &= owner_flags;
    if (packet->nb_segs != 1) {
      ++chained_;
      exits.drop(packet, DropReason::too_big);
    } else if (!whole || !fits(packet)) {
      ++oversized_;
      exits.drop(packet, DropReason::too_big);
    } else {
      exits.emit(PortId{0}, packet);
    }
  }
  return count;
}

void DeviceFunction::process(Burst& burst, Exits& exits) noexcept {
  Packet* packets[burst_capacity];
  std::uint16_t count = 0;
  for (Packet* packet : burst) {
    if (fits(packet))
      packets[count++] = packet;
    else
      exits.drop(packet, DropReason::too_big);
  }
  std::uint16_t sent = 0;
  for (int attempt = 0; attempt < send_attempts && sent < count; ++attempt)
    sent = static_cast<std::uint16_t>(sent + rte_eth_tx_burst(ethdev_, queue_zero, packets + sent,
                                                              static_cast<std::uint16_t>(count - sent)));
  exits.count_consumed(sent);
  sent_ += sent;
  for (std::uint16_t i = sent; i < count; ++i) exits.drop(packets[i], DropReason::device_queue_full);
}

void DeviceFunction::report(Report& report) const {
  const auto add = [&](const char* name, double value) { report.metrics.emplace_back(name, value); };
  add("received", static_cast<double>(received_));
  add("sent", static_cast<double>(sent_));
  add("chained_frames", static_cast<double>(chained_));
  add("oversized_frames", static_cast<double>(oversized_));
  rte_eth_stats stats{};
  if (rte_eth_stats_get(ethdev_, &stats) == 0) {
    add("driver_missed", static_cast<double>(stats.imissed + stats.rx_nombuf));
    add("driver_refused", static_cast<double>(stats.oerrors));
  }
  add("unseen_p99_us", static_cast<double>(unseen_.quantile(0.99)) * 1e-3);
  add("unseen_max_us", static_cast<double>(unseen_.maximum()) * 1e-3);
}

}  // namespace kiriko
