// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Scaling of gaps and building of UDP packets.
#include "core/traffic/packet_source.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/traffic/probe.hpp"

namespace kiriko {

PacketSource::PacketSource(const FlowSpec& spec, std::unique_ptr<TrafficModel> model,
                           const MacAddress& own_mac)
    : counted_from_(spec.start),
      scale_(spec.scale),
      flow_(spec.id),
      slice_(spec.slice),
      qfi_(spec.qfi),
      stop_(spec.stop),
      frame_(spec, own_mac),
      model_(std::move(model)),
      meter_(spec) {
  pull(spec.start);
}

void PacketSource::pull(ModelTime from) noexcept {
  counted_from_ = from;
  done_ = !model_->next(pending_);
  remaining_ = done_ ? Duration{0} : pending_.gap;
  schedule();
}

void PacketSource::schedule() noexcept {
  due_ = ModelTime::never();
  if (done_ || scale_ <= 0.0) return;
  std::int64_t wait = remaining_.ns;
  if (scale_ != 1.0) {
    const double scaled = static_cast<double>(wait) / scale_;
    if (scaled >= static_cast<double>(ModelTime::never().ns)) return;
    // A gap never vanishes by scaling, or a high scale could stop model time.
    wait = std::max<std::int64_t>(std::llround(scaled), wait > 0 ? 1 : 0);
  }
  if (wait >= (stop_ - counted_from_).ns) return;
  due_ = counted_from_ + Duration{wait};
}

void PacketSource::set_scale(double scale, ModelTime now) noexcept {
  if (now > counted_from_) {
    const double passed = static_cast<double>((now - counted_from_).ns) * scale_;
    const auto left = static_cast<double>(remaining_.ns) - passed;
    remaining_ = Duration{left > 0.0 ? std::llround(left) : 0};
    counted_from_ = now;
  }
  scale_ = scale;
  schedule();
}

void PacketSource::emit(ModelTime now, PortId port, Exits& exits) noexcept {
  if (now < due_) return;
  std::uint32_t left = pending_.payload_bytes;
  while (left > UdpFrame::largest_payload) {
    send(now, UdpFrame::largest_payload, false, port, exits);
    left -= UdpFrame::largest_payload;
  }
  send(now, left, pending_.unit_end, port, exits);
  pull(now);
}

void PacketSource::send(ModelTime now, std::uint32_t payload_bytes, bool unit_end, PortId port,
                        Exits& exits) noexcept {
  const std::uint64_t sequence = sequence_++;
  const std::uint64_t unit = unit_;
  if (unit_end) ++unit_;
  meter_.sent(now, payload_bytes);

  Packet* packet = exits.create();
  if (packet == nullptr) return meter_.unmade(now);
  const std::uint32_t used = UdpFrame::headers + payload_bytes;
  const std::uint32_t size = std::max(used, static_cast<std::uint32_t>(ethernet_minimum_frame_size));
  auto* at = reinterpret_cast<std::uint8_t*>(rte_pktmbuf_append(packet, static_cast<std::uint16_t>(size)));
  if (at == nullptr) {
    exits.drop(packet, DropReason::too_big);
    return;
  }
  frame_.write(at, payload_bytes);
  if (payload_bytes >= probe_header_size) write_probe(at + UdpFrame::headers, flow_, sequence, now);
  if (size > used) std::memset(at + used, 0, size - used);
  PacketMetadata& metadata = metadata_of(packet);
  metadata.time = now;
  metadata.birth = now;
  metadata.sequence = sequence;
  metadata.flow = flow_;
  metadata.slice = slice_;
  metadata.qfi = qfi_;
  metadata.application = unit_end ? application_mark::unit_end : std::uint8_t{0};
  metadata.application_word = unit;
  metadata.device = pending_.device;
  exits.emit(port, packet);
}

}  // namespace kiriko
