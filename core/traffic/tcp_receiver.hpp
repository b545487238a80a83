// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// TcpReceiver: the receiving end of a bulk transfer: acknowledges every segment at once, cumulatively.
#pragma once

#include <cstdint>
#include <vector>

#include "core/function/exits.hpp"
#include "core/traffic/flow_meter.hpp"
#include "core/traffic/tcp_frame.hpp"
#include "core/traffic/tcp_options.hpp"

namespace kiriko {

class TcpReceiver {
 public:
  TcpReceiver(const FlowSpec& spec, const MacAddress& own_mac);

  /// Consumes a segment of `payload_bytes`, or drops a second copy as tcp_duplicate; then acknowledges.
  void receive(Packet* packet, std::size_t payload_bytes, PortId port, Exits& exits) noexcept;

  const FlowEndMeasure& measure() const noexcept { return meter_.measure(); }
  /// Octets received without a hole.
  std::int64_t in_order() const noexcept;

 private:
  bool mark(std::uint64_t segment) noexcept;
  void acknowledge(ModelTime now, PortId port, Exits& exits) noexcept;

  TcpOptions options_;
  std::uint64_t next_{0};            ///< the lowest segment that is missing
  std::uint64_t highest_{0};         ///< one past the highest segment seen
  std::vector<std::uint64_t> seen_;  ///< bits of the segments from next_ on, by number modulo the window
  std::uint64_t window_;
  std::uint64_t acks_{0};
  TcpFrame frame_;
  ReceivedMeter meter_;
};

}  // namespace kiriko
