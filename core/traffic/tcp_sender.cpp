// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// NewReno's reactions to acknowledgments and timeouts.
#include "core/traffic/tcp_sender.hpp"

#include <algorithm>
#include <limits>

#include "core/traffic/probe.hpp"

namespace kiriko {
namespace {

constexpr Duration largest_rto = seconds(60);  // RFC 6298 (2.5)
constexpr std::uint32_t duplicate_ack_threshold = 3;

}  // namespace

TcpSender::TcpSender(const FlowSpec& spec, const MacAddress& own_mac)
    : options_(spec.options),
      start_(spec.start),
      stop_(spec.stop),
      due_(spec.start),
      paused_(spec.scale <= 0.0),
      cwnd_(options_.initial_window),
      ssthresh_(std::numeric_limits<std::int64_t>::max() / 4),
      births_(options_.window_segments()),
      frame_(TcpFrame::forward(spec, own_mac)),
      meter_(spec) {
  rto_ = std::max(rto_, options_.minimum_rto);
}

void TcpSender::wake(ModelTime now, PortId port, Exits& exits) noexcept {
  if (now < due_) return;
  if (!started_) {
    started_ = true;
    due_ = ModelTime::never();
  } else if (una_ < highest_) {
    timeout(now, port, exits);
    return;
  } else {
    due_ = ModelTime::never();
  }
  fill(cwnd_, now, port, exits);
}

void TcpSender::set_scale(double scale, ModelTime now) noexcept {
  paused_ = scale <= 0.0;
  // With nothing on the way no acknowledgment will restart it: wake at once.
  if (!paused_ && started_ && una_ == highest_) due_ = now;
}

void TcpSender::acknowledge(std::uint64_t acknowledged, ModelTime now, PortId port, Exits& exits) noexcept {
  if (acknowledged > static_cast<std::uint64_t>(highest_))
    return;  // RFC 9293 3.10.7.4: something not yet sent
  const auto ack = static_cast<std::int64_t>(acknowledged);
  if (ack > una_)
    new_acknowledgment(ack, now, port, exits);
  else if (ack == una_ && una_ < highest_)
    duplicate_acknowledgment(now, port, exits);
}

void TcpSender::new_acknowledgment(std::int64_t ack, ModelTime now, PortId port, Exits& exits) noexcept {
  const std::int64_t acked = ack - una_;
  if (timed_end_ >= 0 && ack >= timed_end_) {
    measure_round_trip(now - timed_at_);
    timed_end_ = -1;
  }
  una_ = ack;
  nxt_ = std::max(nxt_, ack);
  backed_off_ = false;
  bool restart = true;

  if (in_recovery_ && ack < recover_) {  // RFC 6582 3.2 step 3, partial acknowledgment
    transmit(una_, now, port, exits);
    cwnd_ = std::max(cwnd_ - acked, std::int64_t{0});
    if (acked >= options_.mss) cwnd_ += options_.mss;
    cwnd_ = std::max(cwnd_, options_.mss);
    restart = !partial_ack_seen_;
    partial_ack_seen_ = true;
  } else if (in_recovery_) {  // full acknowledgment
    cwnd_ = std::min(ssthresh_, std::max(nxt_ - una_, options_.mss) + options_.mss);
    in_recovery_ = false;
    duplicate_acks_ = 0;
  } else {
    duplicate_acks_ = 0;
    if (cwnd_ < ssthresh_) {  // slow start, RFC 5681 equation 2
      cwnd_ += std::min(acked, options_.mss);
    } else {  // congestion avoidance: one segment each time a window's octets are acknowledged
      avoidance_credit_ += acked;
      if (avoidance_credit_ >= cwnd_) {
        avoidance_credit_ -= cwnd_;
        cwnd_ += options_.mss;
      }
    }
    cwnd_ = std::min(cwnd_, std::max(options_.receive_window, options_.initial_window));
  }
  if (una_ == highest_)
    due_ = ModelTime::never();
  else if (restart)
    restart_timer(now);
  fill(cwnd_, now, port, exits);
}

void TcpSender::duplicate_acknowledgment(ModelTime now, PortId port, Exits& exits) noexcept {
  ++duplicate_acks_;
  if (in_recovery_) {
    cwnd_ += options_.mss;
    fill(cwnd_, now, port, exits);
    return;
  }
  if (duplicate_acks_ == 1) flight_size_ = highest_ - una_;
  if (duplicate_acks_ < duplicate_ack_threshold) {  // limited transmit, RFC 3042
    if (nxt_ == highest_) fill(cwnd_ + duplicate_acks_ * options_.mss, now, port, exits);
    return;
  }
  if (duplicate_acks_ != duplicate_ack_threshold || una_ <= recover_) return;  // RFC 6582 3.2 step 2
  ++fast_retransmits_;
  ssthresh_ = std::max(flight_size_ / 2, 2 * options_.mss);
  recover_ = highest_;
  in_recovery_ = true;
  partial_ack_seen_ = false;
  avoidance_credit_ = 0;
  transmit(una_, now, port, exits);
  restart_timer(now);
  cwnd_ = ssthresh_ + duplicate_ack_threshold * options_.mss;
  fill(cwnd_, now, port, exits);
}

void TcpSender::timeout(ModelTime now, PortId port, Exits& exits) noexcept {
  ++timeouts_;
  if (!backed_off_) ssthresh_ = std::max((highest_ - una_) / 2, 2 * options_.mss);
  backed_off_ = true;
  cwnd_ = options_.mss;
  avoidance_credit_ = 0;
  recover_ = highest_;
  in_recovery_ = false;
  duplicate_acks_ = 0;
  timed_end_ = -1;
  rto_ = std::min(rto_ * 2, largest_rto);
  nxt_ = una_;
  due_ = ModelTime::never();
  fill(cwnd_, now, port, exits);
}

void TcpSender::fill(std::int64_t window, ModelTime now, PortId port, Exits& exits) noexcept {
  const std::int64_t limit = std::min(window, options_.receive_window);
  while (nxt_ < options_.total) {
    if (nxt_ >= highest_ && (paused_ || now >= stop_)) return;
    const std::int64_t size = options_.segment_size(nxt_);
    if (nxt_ - una_ + size > limit) return;
    const std::int64_t offset = nxt_;
    nxt_ += size;
    transmit(offset, now, port, exits);
  }
}

void TcpSender::transmit(std::int64_t offset, ModelTime now, PortId port, Exits& exits) noexcept {
  const std::int64_t size = options_.segment_size(offset);
  const auto segment = static_cast<std::uint64_t>(offset / options_.mss);
  ModelTime& birth = births_[segment & (births_.size() - 1)];
  const bool again = offset < highest_;
  if (again) {
    ++retransmissions_;
    if (timed_end_ > offset) timed_end_ = -1;
  } else {
    birth = now;
    highest_ = offset + size;
    meter_.sent(now, static_cast<std::uint32_t>(size));
    if (timed_end_ < 0) {
      timed_end_ = highest_;
      timed_at_ = now;
    }
  }
  if (due_ == ModelTime::never()) restart_timer(now);
  const bool last = offset + size == options_.total;
  const auto flags = static_cast<std::uint8_t>(tcp_flag::ack | (last ? tcp_flag::psh : 0));
  Packet* packet = frame_.build(static_cast<std::uint32_t>(offset), 0, flags,
                                static_cast<std::uint16_t>(size), birth, now, exits);
  if (packet == nullptr) return;
  PacketMetadata& metadata = metadata_of(packet);
  metadata.sequence = segment;
  metadata.application = static_cast<std::uint8_t>(application_mark::tcp_segment |
                                                   (again ? application_mark::tcp_retransmission : 0) |
                                                   (last ? application_mark::unit_end : 0));
  metadata.application_word = static_cast<std::uint64_t>(offset);
  exits.emit(port, packet);
}

void TcpSender::measure_round_trip(Duration sample) noexcept {
  if (!measured_) {
    measured_ = true;
    srtt_ = sample;
    rttvar_ = sample / 2;
  } else {
    const Duration error = sample < srtt_ ? srtt_ - sample : sample - srtt_;
    rttvar_ += (error - rttvar_) / 4;
    srtt_ += (sample - srtt_) / 8;
  }
  rto_ = std::clamp(srtt_ + rttvar_ * 4, options_.minimum_rto, largest_rto);
}

void TcpSender::restart_timer(ModelTime now) noexcept { due_ = now + rto_; }

}  // namespace kiriko
