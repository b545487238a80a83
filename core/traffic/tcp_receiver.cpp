// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Reassembly by segment number, and acknowledgments.
#include "core/traffic/tcp_receiver.hpp"

#include <algorithm>

#include "core/traffic/probe.hpp"

namespace kiriko {

TcpReceiver::TcpReceiver(const FlowSpec& spec, const MacAddress& own_mac)
    : options_(spec.options),
      seen_(std::max<std::size_t>(options_.window_segments() / 64, 1)),
      window_(seen_.size() * 64),
      frame_(TcpFrame::backward(spec, own_mac)),
      meter_(spec) {}

std::int64_t TcpReceiver::in_order() const noexcept {
  return std::min(static_cast<std::int64_t>(next_) * options_.mss, options_.total);
}

bool TcpReceiver::mark(std::uint64_t segment) noexcept {
  std::uint64_t& word = seen_[segment % window_ / 64];
  const std::uint64_t bit = std::uint64_t{1} << (segment % 64);
  if ((word & bit) != 0) return false;
  word |= bit;
  return true;
}

void TcpReceiver::receive(Packet* packet, std::size_t payload_bytes, PortId port, Exits& exits) noexcept {
  const PacketMetadata metadata = metadata_of(packet);
  const std::uint64_t segment = metadata.sequence;
  const auto offset = static_cast<std::int64_t>(metadata.application_word);
  const bool fits =
      static_cast<std::uint64_t>(offset) == segment * static_cast<std::uint64_t>(options_.mss) &&
      offset < options_.total && segment < next_ + window_ &&
      payload_bytes == static_cast<std::size_t>(options_.segment_size(offset));
  if (!fits) {
    exits.drop(packet, DropReason::malformed);
    return;
  }
  if (segment < next_ || !mark(segment)) {
    meter_.duplicate(metadata.birth);
    exits.drop(packet, DropReason::tcp_duplicate);
  } else {
    const bool again = (metadata.application & application_mark::tcp_retransmission) != 0;
    meter_.received({.sequence = segment,
                     .birth = metadata.birth,
                     .time = metadata.time,
                     .payload_bytes = static_cast<std::uint32_t>(payload_bytes),
                     .reordered = segment < highest_ && !again});
    highest_ = std::max(highest_, segment + 1);
    for (; (seen_[next_ % window_ / 64] >> (next_ % 64) & 1U) != 0; ++next_)
      seen_[next_ % window_ / 64] &= ~(std::uint64_t{1} << (next_ % 64));
    exits.consume(packet);
  }
  acknowledge(metadata.time, port, exits);
}

void TcpReceiver::acknowledge(ModelTime now, PortId port, Exits& exits) noexcept {
  Packet* packet = frame_.build(0, static_cast<std::uint32_t>(in_order()), tcp_flag::ack, 0, now, now, exits);
  if (packet == nullptr) return;
  PacketMetadata& metadata = metadata_of(packet);
  metadata.sequence = acks_++;
  metadata.application = application_mark::tcp_acknowledgment;
  metadata.application_word = static_cast<std::uint64_t>(in_order());
  exits.emit(port, packet);
}

}  // namespace kiriko
