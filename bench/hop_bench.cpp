// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The emulated hop: source, link with rate and delay, function, link, sink, through the engine in virtual time.
#include "bench/bench.hpp"
#include "bench/graph_maker.hpp"
#include "bench/hop_shape.hpp"
#include "bench/pdu_sessions.hpp"
#include "bench/relay.hpp"
#include "vnf/switch/switch.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::bench {
namespace {

/// What is between source and sink.
struct InFlight {
  std::uint64_t sent{}, received{}, most{};
};

/// A burst of packets a wake-up.
class Source final : public NetworkFunction {
 public:
  Source(rte_mempool* pool, PreparedFrames frames, const HopShape& shape, InFlight* in_flight)
      : pool_(pool), frames_(std::move(frames)), shape_(shape), in_flight_(in_flight) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) exits.consume(packet);
  }
  void wake(ModelTime now, Exits& exits) noexcept override {
    Packet* packets[HopShape::source_burst];
    exits.at(now + HopShape::packet_spacing * HopShape::source_burst);
    if (!make_burst(pool_, frames_, shape_, now, in_flight_->sent, packets)) return;
    exits.count_created(HopShape::source_burst);
    exits.emit(PortId{0}, packets);
    in_flight_->most = std::max(in_flight_->most, in_flight_->sent - in_flight_->received);
  }
  Result<Commit> prepare(const Change& change) override { return unsupported_change("source", change); }
  void report(Report&) const override {}

 private:
  rte_mempool* pool_;
  PreparedFrames frames_;
  HopShape shape_;
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
                                               PreparedFrames frames, const std::vector<Change>& changes,
                                               const HopShape& shape = {}) {
    static unsigned serial = 0;
    auto pool = PacketPool::create("hop" + std::to_string(serial++), shape.pool_packets, HopShape::data_room);
    if (!pool) return fail(pool.error());
    auto bench = std::unique_ptr<HopBench>(
        new HopBench(std::move(*pool), std::move(function), std::move(frames), shape));
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
  HopBench(PacketPool pool, std::unique_ptr<NetworkFunction> function, PreparedFrames frames,
           const HopShape& shape)
      : pool_(std::move(pool)) {
    GraphMaker maker;
    const auto source =
        maker.add(std::make_unique<Source>(pool_.raw(), std::move(frames), shape, &in_flight_), true);
    const auto middle = maker.add(std::move(function), false);
    const auto sink = maker.add(std::make_unique<Sink>(&in_flight_), false);
    std::vector<SliceShare> shares;
    for (std::uint16_t i = 0; i < shape.slices; ++i)
      shares.push_back({.slice = SliceId{i}, .guaranteed = BitsPerSecond{HopShape::rate.value / 4}});
    maker.link(source, middle,
               {.rate = HopShape::rate, .delay = shape.first_delay, .jitter = {.deviation = shape.jitter}},
               shares);
    maker.link(middle, sink, {.rate = HopShape::rate, .delay = shape.second_delay});
    emulation_ = std::make_unique<Emulation>(Emulation::Setup{.graph = maker.take(), .pool = &pool_});
  }

  PacketPool pool_;
  InFlight in_flight_;
  std::unique_ptr<Emulation> emulation_;
};

constexpr NodeId middle_node{1};
constexpr std::uint16_t payload = HopShape::payload;
constexpr std::uint32_t sessions = 1000;

Result<std::unique_ptr<Bench>> make_relay() {
  return HopBench::create(std::make_unique<Relay>(PortId{1}),
                          PreparedFrames::plain(session_endpoints(sessions), payload), {});
}

Result<std::unique_ptr<Bench>> make_upf(const HopShape& shape) {
  // Downlink: port 0 is towards the data network here.
  FunctionSetup setup = upf_setup();
  std::swap(setup.neighbours[0], setup.neighbours[1]);
  auto upf = upf_descriptor.create(setup);
  if (!upf) return fail(upf.error());
  const auto endpoints = session_endpoints(sessions);
  std::vector<Change> changes;
  for (std::uint32_t i = 0; i < endpoints.size(); ++i)
    changes.emplace_back(EstablishPduSession{middle_node, session_rules(i + 1, endpoints[i])});
  return HopBench::create(std::move(*upf), PreparedFrames::plain(endpoints, payload), changes, shape);
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
  return HopBench::create(std::move(*made), PreparedFrames::plain(session_endpoints(sessions), payload),
                          {all});
}

}  // namespace

Result<std::unique_ptr<Bench>> make_hop_bench(std::uint32_t in_flight) {
  HopShape shape{.slices = 2, .pool_packets = in_flight * 3 / 2 + 8'191};
  shape.first_delay = HopShape::packet_spacing * in_flight - shape.second_delay;
  if (shape.first_delay < microseconds(10)) {
    shape.first_delay = microseconds(60);
    shape.second_delay = microseconds(40);
  }
  return make_upf(shape);
}

void add_hop_benches(BenchList& list) {
  const BenchEntry::Target target{.at_least = 6.0};
  list.push_back(
      {.name = "hop",
       .sentence =
           "Emulated hop: source, 100 Gbit/s and 300 us, a function that sends on, link, sink; one worker",
       .target = target,
       .make = make_relay});
  list.push_back({.name = "hop_upf",
                  .sentence = "The same with a UPF of 1,000 sessions, downlink",
                  .target = target,
                  .make = [] { return make_upf({}); }});
  list.push_back(
      {.name = "hop_switch", .sentence = "The same with a switch", .target = target, .make = make_switch});
  for (const HopCase& hop : hop_cases)
    list.push_back(
        {.name = std::string("hop_") + hop.name,
         .sentence = std::string("With two slices and a UPF, ") + hop.sentence,
         .target = BenchEntry::Target{.at_least = hop.target, .of = BenchEntry::Target::Of::beside},
         .make = [shape = hop.shape] { return make_upf(shape); },
         .beside = std::string("loop_") + hop.name,
         .share_name = std::string("hop_") + hop.name + "_vs_loop"});
}

}  // namespace kiriko::bench
