// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// DeviceFunction: a device as a node: what it receives enters the graph, what comes to it is sent.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/device/arrival_watch.hpp"
#include "core/device/packet_device.hpp"
#include "core/function/network_function.hpp"
#include "core/function/polled_receiver.hpp"
#include "core/net/mac_address.hpp"

namespace kiriko {

/// What others ask of a device that is open.
struct DeviceTraits {
  std::uint32_t mtu{};  ///< longer packets are dropped as too_big on their way in and out; 0: unbounded here
  std::optional<MacAddress> mac{};  ///< its own; absent where frames' addresses mean nothing
};

/// Port 0 leads into the graph. Frames received get model time and birth "now"; frames that come by port 0
/// are sent when the horizon has passed their time.
class DeviceFunction final : public NetworkFunction, public PolledReceiver {
 public:
  DeviceFunction(std::unique_ptr<PacketDevice> device, const DeviceTraits& traits);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override { return unsupported_change("device", change); }
  void report(Report& report) const override;
  std::uint32_t poll(const RealClock& clock, ModelTime attended, Exits& exits) noexcept override;
  int wait_descriptor() const noexcept override { return device_->wait_descriptor(); }
  const Histogram& unseen() const noexcept override { return arrivals_.unseen(); }
  std::uint64_t missed() const noexcept override { return device_->missed(); }
  const std::optional<MacAddress>& mac() const noexcept { return traits_.mac; }

 private:
  bool fits(const Packet* packet) const noexcept;

  std::unique_ptr<PacketDevice> device_;
  DeviceTraits traits_;
  std::uint64_t received_{}, sent_{}, chained_{}, oversized_{};
  ArrivalWatch arrivals_;
};

}  // namespace kiriko
