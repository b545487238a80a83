// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Receiving, sending and closing of a DPDK port.
#include "core/device/ethdev.hpp"

#include <rte_bus_vdev.h>
#include <rte_dev.h>
#include <rte_ethdev.h>

namespace kiriko {
namespace {

constexpr std::uint16_t queue_zero = 0;
constexpr int send_attempts = 4;

}  // namespace

Ethdev::Ethdev(Setup setup, ReceivePool pool) : setup_(std::move(setup)), pool_(std::move(pool)) {}

Ethdev::~Ethdev() {
  if (setup_.promiscuous) rte_eth_promiscuous_disable(setup_.port);
  rte_eth_dev_stop(setup_.port);
  rte_eth_dev_close(setup_.port);
  if (!setup_.vdev.empty()) rte_eal_hotplug_remove("vdev", setup_.vdev.c_str());
}

std::uint16_t Ethdev::receive(Packet** packets) noexcept {
  return rte_eth_rx_burst(setup_.port, queue_zero, packets, burst_capacity);
}

std::uint16_t Ethdev::send(Packet** packets, std::uint16_t count, Exits& exits) noexcept {
  std::uint16_t sent = 0;
  for (int attempt = 0; attempt < send_attempts && sent < count; ++attempt)
    sent = static_cast<std::uint16_t>(sent + rte_eth_tx_burst(setup_.port, queue_zero, packets + sent,
                                                              static_cast<std::uint16_t>(count - sent)));
  exits.count_consumed(sent);
  for (std::uint16_t i = sent; i < count; ++i) exits.drop(packets[i], DropReason::device_queue_full);
  return sent;
}

std::uint64_t Ethdev::missed() const noexcept {
  rte_eth_stats stats{};
  return rte_eth_stats_get(setup_.port, &stats) == 0 ? stats.imissed + stats.rx_nombuf : 0;
}

void Ethdev::report(Report& report) const {
  rte_eth_stats stats{};
  if (rte_eth_stats_get(setup_.port, &stats) != 0) return;
  report.metrics.emplace_back("driver_missed", static_cast<double>(missed()));
  report.metrics.emplace_back("driver_refused", static_cast<double>(stats.oerrors));
}

}  // namespace kiriko
