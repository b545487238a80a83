// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Stamping what a device receives, bounding what it sends, counting both.
#include "core/device/device_function.hpp"

#include <immintrin.h>
#include <rte_ether.h>

#include "core/device/frame_buffers.hpp"

namespace kiriko {
namespace {

constexpr std::uint64_t owner_flags = RTE_MBUF_F_INDIRECT | RTE_MBUF_F_EXTERNAL;

bool tagged(const Packet* packet) noexcept {
  if (size_of(packet) < ethernet_header) return false;
  const std::uint8_t* bytes = bytes_of(packet);
  return (bytes[12] == 0x81 && bytes[13] == 0x00) || (bytes[12] == 0x88 && bytes[13] == 0xa8);
}

}  // namespace

DeviceFunction::DeviceFunction(std::unique_ptr<PacketDevice> device, const DeviceTraits& traits)
    : device_(std::move(device)), traits_(traits) {}

// The kernel refuses a frame beyond the MTU, a VLAN tag apart, and its AF_PACKET ring then stands still.
bool DeviceFunction::fits(const Packet* packet) const noexcept {
  return traits_.mtu == 0 ||
         size_of(packet) <= traits_.mtu + ethernet_header + (tagged(packet) ? vlan_tag : 0);
}

std::uint32_t DeviceFunction::poll(const RealClock& clock, ModelTime attended, Exits& exits) noexcept {
  Packet* packets[burst_capacity];
  const std::uint16_t count = device_->receive(packets);
  const ModelTime seen = clock.now();
  arrivals_.polled(seen, count, attended);
  if (count == 0) return 0;
  exits.count_created(count);
  received_ += count;
  std::uint16_t entered = 0;
  for (std::uint16_t i = 0; i < count; ++i) {
    Packet* packet = packets[i];
    metadata_of(packet) = PacketMetadata{};
    metadata_of(packet).time = seen;
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
      packets[entered++] = packet;
    }
  }
  // They enter the model now: what it took to look at them is not for the links to answer for. A clock is read before the
  // loads in front of it have come, unless it is told to wait.
  _mm_lfence();
  const ModelTime now = clock.now();
  for (std::uint16_t i = 0; i < entered; ++i) {
    PacketMetadata& metadata = metadata_of(packets[i]);
    metadata.time = metadata.birth = now;
  }
  exits.emit(PortId{0}, {packets, entered});
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
  if (count != 0) sent_ += device_->send(packets, count, exits);
}

void DeviceFunction::report(Report& report) const {
  const auto add = [&](const char* name, double value) { report.metrics.emplace_back(name, value); };
  add("received", static_cast<double>(received_));
  add("sent", static_cast<double>(sent_));
  add("chained_frames", static_cast<double>(chained_));
  add("oversized_frames", static_cast<double>(oversized_));
  device_->report(report);
  add("unseen_p99_us", static_cast<double>(unseen().quantile(0.99)) * 1e-3);
  add("unseen_max_us", static_cast<double>(unseen().maximum()) * 1e-3);
}

}  // namespace kiriko
