// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DeviceFunction: a DPDK ethdev as a node: what it receives enters the graph, what comes to it is sent.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/options.hpp"
#include "core/base/result.hpp"
#include "core/function/network_function.hpp"
#include "core/function/polled_receiver.hpp"
#include "core/measure/histogram.hpp"
#include "core/packet/packet_pool.hpp"

namespace kiriko {

struct DeviceSetup {
  std::string name;         ///< the node's
  std::string kind;         ///< pci, tap, af_packet, af_xdp, memif, pcap, ring, null
  OptionValues options;     ///< by the kind's table
  std::uint32_t packets{};  ///< of its own receive pool
};

/// A started ethdev, closed on destruction. It owns the pool it receives into.
class OpenPort {
 public:
  OpenPort(std::uint16_t ethdev, std::string vdev, PacketPool pool, bool promiscuous, int receive_socket);
  OpenPort(const OpenPort&) = delete;
  OpenPort& operator=(const OpenPort&) = delete;
  ~OpenPort();
  std::uint16_t ethdev() const noexcept { return ethdev_; }
  /// The driver's own, for waiting; -1 where it has none.
  int receive_socket() const noexcept { return receive_socket_; }

 private:
  std::uint16_t ethdev_;
  std::string vdev_;  ///< its DPDK name; empty for a PCI device
  PacketPool pool_;
  bool promiscuous_;  ///< turned on here, so turned off here
  int receive_socket_;
};

/// Port 0 leads into the graph. Frames received get model time and birth "now"; frames that come by port 0
/// are sent when the horizon has passed their time. One receive and one transmit queue.
class DeviceFunction final : public NetworkFunction, public PolledReceiver {
 public:
  /// `mtu`: longer packets are dropped as too_big on their way in and out; 0 = the driver's business.
  DeviceFunction(std::unique_ptr<OpenPort> port, std::uint32_t mtu);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override { return unsupported_change("device", change); }
  void report(Report& report) const override;
  std::uint32_t poll(const RealClock& clock, Exits& exits) noexcept override;
  int wait_descriptor() const noexcept override { return port_->receive_socket(); }

 private:
  bool fits(const Packet* packet) const noexcept;

  std::unique_ptr<OpenPort> port_;
  std::uint16_t ethdev_;
  std::uint32_t mtu_;
  std::uint64_t received_{}, sent_{}, chained_{}, oversized_{};
  ModelTime last_poll_{};
  Histogram unseen_;  ///< how long a frame may have lain in the driver before the poll that found it
};

/// Creates and starts the ethdev. EAL must be up. The problem names the kernel interface, file or address
/// that could not be used.
Result<std::unique_ptr<DeviceFunction>> open_device(const DeviceSetup& setup);

}  // namespace kiriko
