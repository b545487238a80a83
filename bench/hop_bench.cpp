// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The emulated hop: source, link with rate and delay, function, link, sink, through the engine in virtual time.
#include "bench/bench.hpp"
#include "bench/graph_maker.hpp"
#include "bench/pdu_sessions.hpp"
#include "bench/relay.hpp"
#include "vnf/switch/switch.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::bench {
namespace {

constexpr Duration packet_spacing = nanoseconds(100);
constexpr std::uint32_t pool_packets = 16'383;
constexpr std::uint32_t source_burst = 32;
constexpr std::uint16_t payload = 36;

/// What is between source and sink.
struct InFlight {
  std::uint64_t sent{}, received{}, most{};
};

/// Sends `source_burst` packets a wake-up, `packet_spacing` apart.
class Source final : public NetworkFunction {
 public:
  Source(rte_mempool* pool, PreparedFrames frames, InFlight* in_flight)
      : pool_(pool), frames_(std::move(frames)), in_flight_(in_flight) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) exits.consume(packet);
  }
  void wake(ModelTime now, Exits& exits) noexcept override {
    Packet* packets[source_burst];
    exits.at(now + packet_spacing * source_burst);
    if (rte_pktmbuf_alloc_bulk(pool_, packets, source_burst) != 0) return;
    exits.count_created(source_burst);
    // As a driver's receive does: a packet's memory was last used thousands of packets ago.
    for (Packet* packet : packets) {
      __builtin_prefetch(packet, 1);
      __builtin_prefetch(rte_mbuf_to_priv(packet), 1);
    }
    for (Packet* packet : packets) {
      __builtin_prefetch(bytes_of(packet), 1);
      __builtin_prefetch(bytes_of(packet) + RTE_CACHE_LINE_SIZE, 1);
    }
    for (Packet* packet : packets) {
      PacketMetadata& metadata = metadata_of(packet);
      metadata = PacketMetadata{};
      metadata.time = metadata.birth = now;
      metadata.sequence = in_flight_->sent++;
      now += packet_spacing;
      frames_.write(packet);
      exits.emit(PortId{0}, packet);
    }
    in_flight_->most = std::max(in_flight_->most, in_flight_->sent - in_flight_->received);
  }
  Result<Commit> prepare(const Change& change) override { return unsupported_change("source", change); }
  void report(Report&) const override {}

 private:
  rte_mempool* pool_;
  PreparedFrames frames_;
  InFlight* in_flight_;
};

class Sink final : public NetworkFunction {
 public:
  explicit Sink(InFlight* in_flight) : in_flight_(in_flight) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    in_flight_->received += burst.size();
    exits.count_consumed(burst.size());
    rte_pktmbuf_free_bulk(burst.data(), burst.size());
  }
  void wake(ModelTime, Exits&) noexcept override {}
  Result<Commit> prepare(const Change& change) override { return unsupported_change("sink", change); }
  void report(Report&) const override {}

 private:
  InFlight* in_flight_;
};

class HopBench final : public Bench {
 public:
  static Result<std::unique_ptr<Bench>> create(std::unique_ptr<NetworkFunction> function,
                                               PreparedFrames frames, const std::vector<Change>& changes) {
    static unsigned serial = 0;
    auto pool = PacketPool::create("hop" + std::to_string(serial++), pool_packets);
    if (!pool) return fail(pool.error());
    auto bench =
        std::unique_ptr<HopBench>(new HopBench(std::move(*pool), std::move(function), std::move(frames)));
    for (const Change& change : changes)
      if (auto applied = bench->emulation_->apply({"set-up", "bench", {change}}); !applied)
        return fail(applied.error());
    return bench;
  }

  Result<double> measure(Duration wall) override {
    const std::uint64_t before = in_flight_.received;
    const double ns = run_for(*emulation_, milliseconds(2), wall);
    const auto conservation = emulation_->check_conservation();
    if (!conservation.problems.empty()) return fail(conservation.problems.front());
    if (conservation.total.dropped_total() != 0) return fail({.message = "packets were dropped on the way"});
    return to_mpps(in_flight_.received - before, ns);
  }
  std::string note() const override {
    return "at most " + std::to_string(in_flight_.most) + " packets in flight";
  }

 private:
  HopBench(PacketPool pool, std::unique_ptr<NetworkFunction> function, PreparedFrames frames)
      : pool_(std::move(pool)) {
    GraphMaker maker;
    const auto source =
        maker.add(std::make_unique<Source>(pool_.raw(), std::move(frames), &in_flight_), true);
    const auto middle = maker.add(std::move(function), false);
    const auto sink = maker.add(std::make_unique<Sink>(&in_flight_), false);
    // At 10 Mpps 4,000 packets are on the way in model time; the source runs ahead of them by what is safe.
    maker.link(source, middle, {.rate = BitsPerSecond{100'000'000'000}, .delay = microseconds(300)});
    maker.link(middle, sink, {.rate = BitsPerSecond{100'000'000'000}, .delay = microseconds(100)});
    emulation_ = std::make_unique<Emulation>(Emulation::Setup{.graph = maker.take(), .pool = &pool_});
  }

  PacketPool pool_;
  InFlight in_flight_;
  std::unique_ptr<Emulation> emulation_;
};

constexpr NodeId middle_node{1};

Result<std::unique_ptr<Bench>> make_relay() {
  return HopBench::create(std::make_unique<Relay>(PortId{1}),
                          PreparedFrames::plain(session_endpoints(1000), payload), {});
}

Result<std::unique_ptr<Bench>> make_upf() {
  // Downlink: port 0 is towards the data network here.
  FunctionSetup setup = upf_setup();
  std::swap(setup.neighbours[0], setup.neighbours[1]);
  auto upf = upf_descriptor.create(setup);
  if (!upf) return fail(upf.error());
  const auto endpoints = session_endpoints(1000);
  std::vector<Change> changes;
  for (std::uint32_t i = 0; i < endpoints.size(); ++i)
    changes.emplace_back(EstablishPduSession{middle_node, session_rules(i + 1, endpoints[i])});
  return HopBench::create(std::move(*upf), PreparedFrames::plain(endpoints, payload), changes);
}

Result<std::unique_ptr<Bench>> make_switch() {
  FunctionSetup setup;
  setup.name = "switch";
  setup.options = OptionValues::defaults(switch_descriptor.options);
  setup.ports.resize(2);
  auto made = switch_descriptor.create(setup);
  if (!made) return fail(made.error());
  const SetForwarding all{.node = middle_node,
                          .set = {{.destination = Ipv4Prefix{Ipv4Address{}, 0}, .ports = {PortId{1}}}},
                          .remove = {}};
  return HopBench::create(std::move(*made), PreparedFrames::plain(session_endpoints(1000), payload), {all});
}

}  // namespace

void add_hop_benches(BenchList& list) {
  const BenchEntry::Target target{.at_least = 6.0, .of_ratio = false};
  list.push_back(
      {.name = "hop",
       .sentence =
           "Emulated hop: source, 100 Gbit/s and 300 us, a function that sends on, link, sink; one worker",
       .target = target,
       .make = make_relay});
  list.push_back({.name = "hop_upf",
                  .sentence = "The same with a UPF of 1,000 sessions, downlink",
                  .target = target,
                  .make = make_upf});
  list.push_back(
      {.name = "hop_switch", .sentence = "The same with a switch", .target = target, .make = make_switch});
}

}  // namespace kiriko::bench
