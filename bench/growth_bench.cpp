// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// How the cost of a packet grows: with sessions and flows in a function, with packets in flight, nodes and links in the engine.
#include <fmt/format.h>

#include "bench/bench.hpp"
#include "bench/graph_maker.hpp"

namespace kiriko::bench {
namespace {

/// On average so many nodes, or links of the star, share one packet on its way.
constexpr std::uint32_t places_a_packet = 4;

/// Sends what comes in by port p out of port p + `step`; brings packets in at the start.
class Turntable final : public NetworkFunction {
 public:
  Turntable(std::uint16_t ports, std::uint16_t step, std::uint32_t packets, std::uint64_t* hops)
      : ports_(ports), step_(step), packets_(packets), hops_(hops) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) {
      PacketMetadata& metadata = metadata_of(packet);
      metadata.hops = 0;
      exits.emit(PortId{static_cast<std::uint16_t>((metadata.ingress.value + step_) % ports_)}, packet);
    }
    *hops_ += burst.size();
  }
  void wake(ModelTime now, Exits& exits) noexcept override {
    for (std::uint32_t i = 0; i < packets_; ++i) {
      Packet* packet = exits.create();
      if (packet == nullptr) return;
      rte_pktmbuf_append(packet, 64);
      metadata_of(packet).time = now;
      exits.emit(PortId{static_cast<std::uint16_t>(i * places_a_packet % ports_)}, packet);
    }
    packets_ = 0;
  }
  Result<Commit> prepare(const Change& change) override { return unsupported_change("turntable", change); }
  void report(Report&) const override {}

 private:
  std::uint16_t ports_, step_;
  std::uint32_t packets_;
  std::uint64_t* hops_;
};

class EngineBench final : public Bench {
 public:
  enum class Shape : std::uint8_t { ring, star };
  static Result<std::unique_ptr<Bench>> create(Shape shape, std::uint32_t size) {
    static unsigned serial = 0;
    auto pool = PacketPool::create("growth" + std::to_string(serial++), 16'383, 256);
    if (!pool) return fail(pool.error());
    return std::unique_ptr<Bench>(new EngineBench(std::move(*pool), shape, size));
  }
  /// Millions of packet-hops a second.
  Result<double> measure(Duration wall) override {
    const std::uint64_t before = hops_;
    const double ns = run_for(*emulation_, microseconds(200), wall);
    return to_mpps(hops_ - before, ns);
  }

 private:
  EngineBench(PacketPool pool, Shape shape, std::uint32_t size) : pool_(std::move(pool)) {
    GraphMaker maker;
    const LinkProperties link{.rate = BitsPerSecond{10'000'000'000}, .delay = microseconds(10)};
    if (shape == Shape::ring) {
      // In by one port, out by the other; each fourth node brings a packet in.
      for (std::uint32_t i = 0; i < size; ++i)
        maker.add(std::make_unique<Turntable>(2, 1, i % places_a_packet == 0 ? 1 : 0, &hops_), true);
      for (std::uint32_t i = 0; i < size; ++i) maker.link(i, (i + 1) % size, link);
    } else {
      maker.add(
          std::make_unique<Turntable>(static_cast<std::uint16_t>(size), 1, size / places_a_packet, &hops_),
          true);
      for (std::uint32_t i = 1; i <= size; ++i) {
        maker.add(std::make_unique<Turntable>(1, 0, 0, &hops_), true);
        maker.link(0, i, link);
      }
    }
    emulation_ = std::make_unique<Emulation>(Emulation::Setup{.graph = maker.take(), .pool = &pool_});
  }

  PacketPool pool_;
  std::uint64_t hops_{};
  std::unique_ptr<Emulation> emulation_;
};

template <class Make>
void add_curve(BenchList& list, const std::string& what, const std::string& sentence,
               std::initializer_list<std::uint32_t> sizes, Make make) {
  for (const std::uint32_t size : sizes)
    list.push_back({.name = fmt::format("growth_{}_{}", what, size),
                    .sentence = fmt::format("{}: {}", sentence, size),
                    .make = [make, size] { return make(size); },
                    .grows_with = what,
                    .size = size});
}

}  // namespace

void add_growth_benches(BenchList& list) {
  add_curve(list, "sessions", "UPF, both directions by turns, random sessions",
            {100, 1'000, 10'000, 100'000, 1'000'000},
            [](std::uint32_t size) { return make_upf_bench(size, true, true); });
  add_curve(list, "flows", "switch, an entry and a flow to each", {10, 100, 1'000, 10'000, 65'536},
            [](std::uint32_t size) { return make_switch_bench(size); });
  add_curve(list, "in_flight", "emulated hop with two slices and a UPF, packets on their way",
            {1'000, 7'000, 60'000, 240'000}, [](std::uint32_t size) { return make_hop_bench(size); });
  add_curve(list, "nodes", "ring, a packet for each fourth node; packet-hops", {8, 64, 512, 4'096},
            [](std::uint32_t size) { return EngineBench::create(EngineBench::Shape::ring, size); });
  add_curve(list, "links", "star, a packet for each fourth link; packet-hops", {8, 64, 512, 4'096},
            [](std::uint32_t size) { return EngineBench::create(EngineBench::Shape::star, size); });
}

}  // namespace kiriko::bench
