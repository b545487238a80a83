// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Receiving and sending through an ethdev.
#include "core/device/device_function.hpp"

#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_ethdev.h>

namespace kiriko {
namespace {

constexpr std::uint16_t queue_zero = 0;
constexpr int send_attempts = 4;

}  // namespace

DeviceFunction::DeviceFunction(std::uint16_t ethdev, std::string vdev, PacketPool pool)
    : ethdev_(ethdev), vdev_(std::move(vdev)), pool_(std::move(pool)) {}

DeviceFunction::~DeviceFunction() {
  rte_eth_dev_stop(ethdev_);
  rte_eth_dev_close(ethdev_);
  if (!vdev_.empty()) rte_eal_hotplug_remove("vdev", vdev_.c_str());
}

std::uint32_t DeviceFunction::poll(ModelTime now, Exits& exits) noexcept {
  Packet* packets[burst_capacity];
  const std::uint16_t count = rte_eth_rx_burst(ethdev_, queue_zero, packets, burst_capacity);
  if (count == 0) return 0;
  exits.count_created(count);
  received_ += count;
  for (std::uint16_t i = 0; i < count; ++i) {
    PacketMetadata& metadata = metadata_of(packets[i]);
    metadata = PacketMetadata{};
    metadata.time = metadata.birth = now;
    if (packets[i]->nb_segs != 1) {
      ++chained_;
      exits.drop(packets[i], DropReason::too_big);
    } else {
      exits.emit(PortId{0}, packets[i]);
    }
  }
  return count;
}

void DeviceFunction::process(Burst& burst, Exits& exits) noexcept {
  const auto count = static_cast<std::uint16_t>(burst.size());
  std::uint16_t sent = 0;
  for (int attempt = 0; attempt < send_attempts && sent < count; ++attempt)
    sent = static_cast<std::uint16_t>(sent + rte_eth_tx_burst(ethdev_, queue_zero, burst.data() + sent, static_cast<std::uint16_t>(count - sent)));
  exits.count_consumed(sent);
  sent_ += sent;
  for (std::uint32_t i = sent; i < burst.size(); ++i) exits.drop(burst[i], DropReason::device_queue_full);
}

void DeviceFunction::report(Report& report) const {
  report.metrics.emplace_back("received", static_cast<double>(received_));
  report.metrics.emplace_back("sent", static_cast<double>(sent_));
  report.metrics.emplace_back("chained_frames", static_cast<double>(chained_));
}

}  // namespace kiriko
