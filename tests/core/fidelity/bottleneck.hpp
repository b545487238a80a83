// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Bottleneck: random sources that share one link to a sink, run by the engine and watched packet by packet.
#pragma once

#include <catch2/catch.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/core/engine/engine_bed.hpp"
#include "tests/core/fidelity/sizes.hpp"

namespace kiriko::test {

/// Batches of packets whose distances are exponentially distributed.
struct Stream {
  Sizes sizes;
  double mean_gap_ns;  ///< between batches
  SliceId slice{no_slice};
  double mean_batch{1};  ///< packets at one instant: 1, or geometrically distributed
};

class StreamSource final : public NetworkFunction {
 public:
  StreamSource(Stream stream, std::uint64_t seed, std::uint32_t number)
      : stream_(std::move(stream)),
        gaps_(seed, number, stream_key("gaps")),
        sizes_(seed, number, stream_key("sizes")),
        batches_(seed, number, stream_key("batches")) {
    step();
  }
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) exits.consume(packet);
  }
  void wake(ModelTime now, Exits& exits) noexcept override {
    for (; next_ <= now; step()) {
      do {
        send(now, exits);
      } while (stream_.mean_batch > 1 && !batches_.chance(1 / stream_.mean_batch));
    }
    exits.at(next_);
  }
  Result<Commit> prepare(const Change& change) override { return unsupported_change("test source", change); }
  void report(Report&) const override {}

  std::int64_t octets{};

 private:
  void step() noexcept {
    exact_ns_ += gaps_.exponential(stream_.mean_gap_ns);
    next_ = ModelTime{static_cast<std::int64_t>(exact_ns_)};
  }
  void send(ModelTime now, Exits& exits) noexcept {
    Packet* packet = exits.create();
    if (packet == nullptr) return;
    const std::uint32_t size = stream_.sizes.draw(sizes_);
    rte_pktmbuf_append(packet, static_cast<std::uint16_t>(size));
    octets += size;
    PacketMetadata& metadata = metadata_of(packet);
    metadata.time = metadata.birth = now;
    metadata.slice = stream_.slice;
    exits.emit(PortId{0}, packet);
  }

  Stream stream_;
  RandomStream gaps_, sizes_, batches_;
  double exact_ns_{};
  ModelTime next_;
};

/// Sends what comes from the sources on to the bottleneck, its last port.
class Junction final : public NetworkFunction {
 public:
  using Watch = std::function<void(Packet*)>;
  Junction(std::uint16_t sources, Watch watch) : out_{sources}, watch_(std::move(watch)) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) {
      if (watch_) watch_(packet);
      exits.emit(out_, packet);
    }
  }
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override {
    return unsupported_change("test junction", change);
  }
  void report(Report&) const override {}

 private:
  PortId out_;
  Watch watch_;
};

class StreamSink final : public NetworkFunction {
 public:
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) {
      octets[metadata_of(packet).slice.value] += size_of(packet);
      exits.consume(packet);
    }
  }
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override { return unsupported_change("test sink", change); }
  void report(Report&) const override {}

  std::map<std::uint16_t, std::int64_t> octets;
};

/// Told of each packet when it starts on the wire.
class StartWatch final : public LinkTap {
 public:
  using Started = std::function<void(const Packet*, ModelTime start, Duration queued)>;
  explicit StartWatch(Started started) : started_(std::move(started)) {}
  void sent(const Packet* packet, ModelTime at, Duration queued, Duration) noexcept override {
    started_(packet, at, queued);
  }
  void dropped(const Packet*, ModelTime, DropReason) noexcept override {}
  void replanned(std::size_t, ModelTime, Duration) noexcept override {}

 private:
  Started started_;
};

struct Bottleneck {
  std::uint64_t seed{1};
  std::vector<Stream> streams{};
  BitsPerSecond rate{};
  Duration delay{milliseconds(1)};  ///< of every link
  std::vector<SliceShare> shares{};
  Junction::Watch arrived{};      ///< in order of arrival at the queue
  StartWatch::Started started{};  ///< in order of service

  // After run(), by stream and by slice.
  std::vector<std::int64_t> offered{};
  std::map<std::uint16_t, std::int64_t> carried{};

  void run(Duration length) {
    PacketPool pool = make_pool();
    GraphMaker maker;
    const auto count = static_cast<std::uint16_t>(streams.size());
    std::vector<StreamSource*> sources;
    for (std::uint16_t i = 0; i < count; ++i)
      sources.push_back(
          maker.add("source" + std::to_string(i), std::make_unique<StreamSource>(streams[i], seed, i), true));
    maker.add("junction", std::make_unique<Junction>(count, arrived), false);
    auto* sink = maker.add("sink", std::make_unique<StreamSink>(), false);
    for (std::uint16_t i = 0; i < count; ++i) maker.link(i, count, {.delay = delay});
    maker.link(count, count + 1U, {.rate = rate, .delay = delay, .limit_packets = 0, .frame_overhead = 0},
               shares);
    StartWatch watch(started ? started : [](const Packet*, ModelTime, Duration) {});
    maker.graph.links.back().taps.forward = &watch;
    Emulation emulation({std::move(maker.graph), &pool});
    test::run(emulation, ModelTime{} + length);
    const Conservation conservation = emulation.check_conservation();
    for (const Problem& problem : conservation.problems) FAIL(to_string(problem));
    for (const StreamSource* source : sources) offered.push_back(source->octets);
    carried = sink->octets;
  }
};

}  // namespace kiriko::test
