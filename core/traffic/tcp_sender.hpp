// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TcpSender: the sending end of a bulk transfer: NewReno (RFC 5681, RFC 6582), timeouts by RFC 6298.
#pragma once

#include <cstdint>
#include <vector>

#include "core/function/exits.hpp"
#include "core/traffic/flow_meter.hpp"
#include "core/traffic/tcp_frame.hpp"
#include "core/traffic/tcp_options.hpp"

namespace kiriko {

/// The connection stands from the start: no handshake, no FIN. Byte numbers are 64 bits wide here and in
/// `application_word`; the header carries their low 32 bits. Segments start at multiples of the MSS.
class TcpSender {
 public:
  TcpSender(const FlowSpec& spec, const MacAddress& own_mac);

  /// The flow's start, then the retransmission timeout; never() when neither is pending.
  ModelTime due() const noexcept { return due_; }
  void wake(ModelTime now, PortId port, Exits& exits) noexcept;
  /// A cumulative acknowledgment: the receiver has all octets below `acknowledged`.
  void acknowledge(std::uint64_t acknowledged, ModelTime now, PortId port, Exits& exits) noexcept;
  /// 0 stops new data (what was sent is still made good); anything else goes on.
  void set_scale(double scale, ModelTime now) noexcept;

  const FlowEndMeasure& measure() const noexcept { return meter_.measure(); }
  std::uint64_t retransmissions() const noexcept { return retransmissions_; }
  std::uint64_t timeouts() const noexcept { return timeouts_; }
  std::uint64_t fast_retransmits() const noexcept { return fast_retransmits_; }
  std::int64_t congestion_window() const noexcept { return cwnd_; }
  std::int64_t slow_start_threshold() const noexcept { return ssthresh_; }
  Duration retransmission_timeout() const noexcept { return rto_; }
  bool complete() const noexcept { return una_ >= options_.total; }

 private:
  void new_acknowledgment(std::int64_t acknowledged, ModelTime now, PortId port, Exits& exits) noexcept;
  void duplicate_acknowledgment(ModelTime now, PortId port, Exits& exits) noexcept;
  void timeout(ModelTime now, PortId port, Exits& exits) noexcept;
  /// Sends while the smaller of `window` and the receive window allows.
  void fill(std::int64_t window, ModelTime now, PortId port, Exits& exits) noexcept;
  void transmit(std::int64_t offset, ModelTime now, PortId port, Exits& exits) noexcept;
  void measure_round_trip(Duration sample) noexcept;
  void restart_timer(ModelTime now) noexcept;

  TcpOptions options_;
  ModelTime start_, stop_;
  ModelTime due_;
  bool paused_;
  bool started_{false};

  // RFC 9293 and RFC 5681 names, in octets since the start.
  std::int64_t una_{0};      ///< SND.UNA
  std::int64_t nxt_{0};      ///< SND.NXT; falls back to una_ on a timeout
  std::int64_t highest_{0};  ///< end of what was ever sent
  std::int64_t cwnd_;
  std::int64_t ssthresh_;
  std::int64_t avoidance_credit_{0};  ///< octets acknowledged since the last increase in congestion avoidance
  std::int64_t recover_{-1};          ///< RFC 6582: end of what had been sent when the last recovery began
  std::uint32_t duplicate_acks_{0};
  std::int64_t flight_size_{0};  ///< at the first duplicate: without limited transmit (RFC 5681 3.2 step 2)
  bool in_recovery_{false};
  bool partial_ack_seen_{false};
  bool backed_off_{false};  ///< a timeout has already halved ssthresh for this outstanding data

  // RFC 6298.
  Duration rto_{seconds(1)};
  Duration srtt_{};
  Duration rttvar_{};
  bool measured_{false};
  std::int64_t timed_end_{-1};  ///< end of the segment being timed; negative: none (Karn's rule)
  ModelTime timed_at_{};

  std::uint64_t retransmissions_{0}, timeouts_{0}, fast_retransmits_{0};
  std::vector<ModelTime> births_;  ///< of the segments in the window, by segment number modulo its size
  TcpFrame frame_;
  SentMeter meter_;
};

}  // namespace kiriko
