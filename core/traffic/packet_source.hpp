// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// PacketSource: turns an open-loop model's emissions into UDP packets, at a scale that may change.
#pragma once

#include <cstdint>
#include <memory>

#include "core/function/exits.hpp"
#include "core/traffic/flow_meter.hpp"
#include "core/traffic/traffic_model.hpp"
#include "core/traffic/udp_frame.hpp"

namespace kiriko {

class PacketSource {
 public:
  PacketSource(const FlowSpec& spec, std::unique_ptr<TrafficModel> model, const MacAddress& own_mac);

  /// When emit() is next wanted; never() when silent or done.
  ModelTime due() const noexcept { return due_; }
  /// Sends what is due. A source that was kept from sending in time goes on from `now`, without a backlog.
  void emit(ModelTime now, PortId port, Exits& exits) noexcept;
  /// Rate × scale from `now` on: the rest of the pending gap stretches with it. 0 is silence.
  void set_scale(double scale, ModelTime now) noexcept;

  const FlowEndMeasure& measure() const noexcept { return meter_.measure(); }

 private:
  void pull(ModelTime from) noexcept;
  void schedule() noexcept;
  void send(ModelTime now, std::uint32_t payload_bytes, bool unit_end, PortId port, Exits& exits) noexcept;

  ModelTime due_{ModelTime::never()};
  ModelTime counted_from_;  ///< `remaining_` is left at this time
  Duration remaining_{};    ///< of the pending gap, at scale 1
  double scale_;
  Emission pending_{};
  std::uint64_t sequence_{};
  std::uint64_t unit_{};  ///< frame, file or message number
  bool done_{false};
  FlowId flow_;
  SliceId slice_;
  std::uint8_t qfi_;
  ModelTime stop_;
  UdpFrame frame_;
  std::unique_ptr<TrafficModel> model_;
  SentMeter meter_;
};

}  // namespace kiriko
