// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// A function's forwarding rate: bursts of 32 from prepared frames, alternating over the ports that get any.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "bench/bench.hpp"
#include "bench/function_drive.hpp"
#include "bench/stopwatch.hpp"

namespace kiriko::bench {

class ForwardingBench final : public Bench {
 public:
  struct Stream {
    PortId ingress;
    PreparedFrames frames;
  };
  ForwardingBench(std::unique_ptr<FunctionDrive> drive, std::vector<Stream> streams)
      : drive_(std::move(drive)), streams_(std::move(streams)) {}

  Result<double> measure(Duration wall) override {
    constexpr Duration packet_spacing = nanoseconds(100);
    constexpr int bursts_between_looks = 256;
    if (!std::exchange(warm_, true)) warm_up(packet_spacing);
    std::uint64_t packets = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < bursts_between_looks; ++i)
        for (Stream& stream : streams_)
          if (drive_->offer(stream.frames, stream.ingress, packet_spacing)) packets += burst_size;
    } while (!watch.passed(wall));
    const double mpps = to_mpps(packets, watch.nanoseconds());
    if (auto delivered = drive_->check_delivery(); !delivered) return fail(delivered.error());
    return mpps;
  }

 private:
  /// Every frame once: a flow's or session's first packet may cost many times what the others do, and in a short
  /// measurement of a million sessions would be a good part of all.
  void warm_up(Duration packet_spacing) noexcept {
    for (Stream& stream : streams_)
      for (std::size_t i = 0; i < stream.frames.count(); i += burst_size)
        drive_->offer(stream.frames, stream.ingress, packet_spacing);
  }

  bool warm_{false};
  std::unique_ptr<FunctionDrive> drive_;
  std::vector<Stream> streams_;
};

}  // namespace kiriko::bench
