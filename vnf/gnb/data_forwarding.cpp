// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Who leaves and who arrives, and what waits for an end marker.
#include "vnf/gnb/data_forwarding.hpp"

#include <algorithm>

namespace kiriko {

const ForwardingTunnel* DataForwarding::tunnel_of(UeIndex ue) const noexcept {
  for (const Leaving& each : leaving_)
    if (each.ue == ue) return &each.to;
  return nullptr;
}

std::optional<UeIndex> DataForwarding::find(Teid tunnel) const noexcept {
  for (const Arriving& each : arriving_)
    if (each.tunnel == tunnel) return each.ue;
  return std::nullopt;
}

bool DataForwarding::waits(UeIndex ue) const noexcept {
  return std::any_of(arriving_.begin(), arriving_.end(),
                     [ue](const Arriving& each) { return each.ue == ue; });
}

bool DataForwarding::hold(UeIndex ue, Packet* packet, std::uint32_t octets, std::uint64_t most) {
  for (Arriving& each : arriving_) {
    if (each.ue != ue) continue;
    if (each.octets + octets > most) return false;
    each.octets += octets;
    each.waiting.push_back({ue, packet, octets});
    return true;
  }
  return false;
}

void DataForwarding::end(UeIndex ue, std::vector<Released>& released) {
  for (const Arriving& each : arriving_)
    if (each.ue == ue) released.insert(released.end(), each.waiting.begin(), each.waiting.end());
  std::erase_if(arriving_, [ue](const Arriving& each) { return each.ue == ue; });
}

void DataForwarding::detach(UeIndex ue, Exits& exits) noexcept {
  stop(ue);
  for (const Arriving& each : arriving_)
    if (each.ue == ue)
      for (const Released& waiting : each.waiting) exits.drop(waiting.packet, DropReason::radio_detached);
  std::erase_if(arriving_, [ue](const Arriving& each) { return each.ue == ue; });
}

ModelTime DataForwarding::next_time() const noexcept {
  ModelTime next = ModelTime::never();
  for (const Leaving& each : leaving_) next = std::min(next, each.until);
  for (const Arriving& each : arriving_) next = std::min(next, each.until);
  return next;
}

void DataForwarding::run(ModelTime now, std::vector<Released>& released, std::vector<UeIndex>& left) {
  for (const Arriving& each : arriving_)
    if (each.until <= now) released.insert(released.end(), each.waiting.begin(), each.waiting.end());
  std::erase_if(arriving_, [now](const Arriving& each) { return each.until <= now; });
  for (const Leaving& each : leaving_)
    if (each.until <= now) left.push_back(each.ue);
  std::erase_if(leaving_, [now](const Leaving& each) { return each.until <= now; });
}

std::uint64_t DataForwarding::held() const noexcept {
  std::uint64_t sum = 0;
  for (const Arriving& each : arriving_) sum += each.waiting.size();
  return sum;
}

}  // namespace kiriko
