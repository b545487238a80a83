// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The hop as one loop written by hand: the same steps without an engine, as fast as we know how to write it.
#include <array>
#include <vector>

#include "bench/bench.hpp"
#include "bench/hop_shape.hpp"
#include "bench/pdu_sessions.hpp"
#include "bench/stopwatch.hpp"
#include "core/base/random.hpp"
#include "core/time/time_queue.hpp"
#include "vnf/upf/upf.hpp"

namespace kiriko::bench {
namespace {

constexpr std::uint32_t prefetch_ahead = 8;
constexpr PortId n6_here{0};

struct Flying {
  std::int64_t at;
  Packet* packet;
};

/// First in, first out; of a power of two of places.
class Ring {
 public:
  explicit Ring(std::size_t places) : entries_(std::bit_ceil(places)), mask_(entries_.size() - 1) {}
  void push(Flying entry) noexcept { entries_[tail_++ & mask_] = entry; }
  bool due(std::int64_t now) const noexcept { return head_ != tail_ && entries_[head_ & mask_].at <= now; }
  Flying pop() noexcept { return entries_[head_++ & mask_]; }
  void prefetch() const noexcept {
    Packet* packet = entries_[(head_ + prefetch_ahead) & mask_].packet;
    if (packet == nullptr) return;
    __builtin_prefetch(packet, 1);
    __builtin_prefetch(rte_mbuf_to_priv(packet), 1);
  }

 private:
  std::vector<Flying> entries_;
  std::size_t mask_, head_{}, tail_{};
};

/// Rate and constant delay; jitter has a queue of its own.
class Wire {
 public:
  Wire(Duration delay, Duration jitter, std::size_t places)
      : delay_(delay.ns), jitter_(jitter.ns), ring_(jitter.ns == 0 ? places : 1) {}
  void send(Packet* packet, std::int64_t now) noexcept {
    free_ = std::max(free_, now) + ns_on_wire(packet);
    if (jitter_ == 0) return ring_.push({free_ + delay_, packet});
    random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
    const auto offset = static_cast<std::int64_t>((random_ >> 33) % static_cast<std::uint64_t>(2 * jitter_));
    queue_.push(ModelTime{free_ + delay_ - jitter_ + offset}, packet);
  }
  /// Fills `burst` with what has come by `now`.
  void receive(std::int64_t now, Burst& burst, PortId ingress) noexcept {
    const auto take = [&](Packet* packet, std::int64_t at) {
      PacketMetadata& metadata = metadata_of(packet);
      metadata.time = ModelTime{at};
      metadata.ingress = ingress;
      ++metadata.hops;
      burst.push(packet);
    };
    if (jitter_ == 0) {
      while (burst.size() < HopShape::source_burst && ring_.due(now)) {
        ring_.prefetch();
        const Flying entry = ring_.pop();
        take(entry.packet, entry.at);
      }
      return;
    }
    while (burst.size() < HopShape::source_burst && !queue_.empty()) {
      const ModelTime at = queue_.next_time();
      if (at.ns > now) break;
      take(queue_.pop(), at.ns);
    }
  }

 private:
  static std::int64_t ns_on_wire(const Packet* packet) noexcept {
    return static_cast<std::int64_t>((packet->pkt_len + 24) * 8'000'000'000ULL /
                                     static_cast<std::uint64_t>(HopShape::rate.value));
  }
  std::int64_t delay_, jitter_, free_{};
  Ring ring_;
  TimeQueue<Packet*> queue_;
  std::uint64_t random_{1};
};

/// A queue a slice, served by turns.
class Slices {
 public:
  void push(Packet* packet) noexcept { queues_[metadata_of(packet).slice.value].push({0, packet}); }
  Packet* pop() noexcept {
    for (std::size_t i = 0; i < queues_.size(); ++i)
      if (Ring& queue = queues_[turn_++ % queues_.size()]; queue.due(0)) return queue.pop().packet;
    return nullptr;
  }

 private:
  std::array<Ring, 2> queues_{Ring{64}, Ring{64}};
  std::size_t turn_{};
};

class SecondWire final : public PortOutput {
 public:
  explicit SecondWire(Wire* wire) : wire_(wire) {}
  void transmit(Burst& burst) noexcept override {
    for (Packet* packet : burst) wire_->send(packet, metadata_of(packet).time.ns);
  }

 private:
  Wire* wire_;
};

class LoopBench final : public Bench {
 public:
  static Result<std::unique_ptr<Bench>> create(const HopShape& shape) {
    static unsigned serial = 0;
    auto pool =
        PacketPool::create("loop" + std::to_string(serial++), shape.pool_packets, HopShape::data_room);
    if (!pool) return fail(pool.error());
    FunctionSetup setup = upf_setup();
    std::swap(setup.neighbours[0], setup.neighbours[1]);
    auto upf = upf_descriptor.create(setup);
    if (!upf) return fail(upf.error());
    auto bench = std::unique_ptr<LoopBench>(new LoopBench(std::move(*pool), std::move(*upf), shape));
    if (auto established = bench->establish(); !established) return fail(established.error());
    return bench;
  }

  Result<double> measure(Duration wall) override {
    const std::uint64_t before = received_;
    const Stopwatch watch;
    do {
      for (int i = 0; i < 256; ++i) step();
    } while (!watch.passed(wall));
    const double mpps = to_mpps(received_ - before, watch.nanoseconds());
    if (exits_.ledger().dropped_total() != 0) return fail({.message = "packets were dropped on the way"});
    return mpps;
  }

 private:
  LoopBench(PacketPool pool, std::unique_ptr<NetworkFunction> upf, const HopShape& shape)
      : shape_(shape),
        pool_(std::move(pool)),
        frames_(PreparedFrames::plain(session_endpoints(sessions), HopShape::payload)),
        upf_(std::move(upf)),
        first_(shape.first_delay, shape.jitter, shape.pool_packets),
        second_(shape.second_delay, {}, shape.pool_packets),
        output_(&second_),
        exits_(&pool_, {&output_, &output_}) {}

  Result<void> establish() {
    const auto endpoints = session_endpoints(sessions);
    for (std::uint32_t i = 0; i < sessions; ++i) {
      auto commit = upf_->prepare(EstablishPduSession{NodeId{}, session_rules(i + 1, endpoints[i])});
      if (!commit) return fail(commit.error());
      (*commit)(ModelTime{}, exits_);
    }
    return {};
  }

  void step() noexcept {
    Packet* packets[HopShape::source_burst];
    if (make_burst(pool_.raw(), frames_, shape_, ModelTime{now_}, sent_, packets)) {
      for (Packet* packet : packets) slices_.push(packet);
      for (std::int64_t at = now_; Packet* packet = slices_.pop(); at += HopShape::packet_spacing.ns)
        first_.send(packet, at);
    }
    now_ += HopShape::packet_spacing.ns * HopShape::source_burst;
    Burst burst;
    for (first_.receive(now_, burst, n6_here); !burst.empty(); first_.receive(now_, burst, n6_here)) {
      exits_.ledger().in += burst.size();
      upf_->process(burst, exits_);
      exits_.flush_all();
    }
    for (second_.receive(now_, burst, PortId{0}); !burst.empty(); second_.receive(now_, burst, PortId{0})) {
      received_ += burst.size();
      rte_pktmbuf_free_bulk(burst.data(), burst.size());
      burst.clear();
    }
  }

  static constexpr std::uint32_t sessions = 1000;
  HopShape shape_;
  PacketPool pool_;
  PreparedFrames frames_;
  std::unique_ptr<NetworkFunction> upf_;
  Slices slices_;
  Wire first_, second_;
  SecondWire output_;
  Exits exits_;
  std::int64_t now_{};
  std::uint64_t sent_{}, received_{};
};

}  // namespace

void add_loop_benches(BenchList& list) {
  for (const HopCase& hop : hop_cases)
    list.push_back(
        {.name = std::string("loop_") + hop.name,
         .sentence = "The reference of hop_" + std::string(hop.name) + ": its steps as a loop by hand",
         .make = [shape = hop.shape] { return LoopBench::create(shape); }});
}

}  // namespace kiriko::bench
