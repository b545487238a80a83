// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// What the engine itself costs: a node's run for one packet, a step of two workers with nothing to do; how far apart two cores are.
#include <rte_pause.h>

#include <atomic>
#include <thread>

#include "bench/bench.hpp"
#include "bench/graph_maker.hpp"
#include "bench/machine.hpp"
#include "bench/relay.hpp"

namespace kiriko::bench {
namespace {

constexpr std::uint32_t ring_nodes = 8;

/// Sends its packet round the ring; a node marked `first` brings it in.
class RingNode final : public NetworkFunction {
 public:
  RingNode(bool first, std::uint64_t* runs) : out_(first ? 0 : 1), first_(first), runs_(runs) {}
  void process(Burst& burst, Exits& exits) noexcept override {
    for (Packet* packet : burst) {
      metadata_of(packet).hops = 0;
      exits.emit(PortId{out_}, packet);
    }
    ++*runs_;
  }
  void wake(ModelTime now, Exits& exits) noexcept override {
    Packet* packet = first_ ? exits.create() : nullptr;
    if (packet == nullptr) return;
    rte_pktmbuf_append(packet, 64);
    metadata_of(packet).time = now;
    exits.emit(PortId{out_}, packet);
  }
  Result<Commit> prepare(const Change& change) override { return unsupported_change("ring node", change); }
  void report(Report&) const override {}

 private:
  std::uint16_t out_;
  bool first_;
  std::uint64_t* runs_;
};

/// One packet going round: every run of a node has a burst of one. The emulation lasts for one measurement, because its
/// workers spin as long as there is one.
class RingBench final : public Bench {
 public:
  explicit RingBench(PacketPool pool, std::uint32_t workers) : pool_(std::move(pool)), workers_(workers) {}
  static Result<std::unique_ptr<Bench>> create(std::uint32_t workers) {
    if (workers > usable_cpu_count()) return fail({.message = "needs " + std::to_string(workers) + " cores"});
    auto pool = PacketPool::create("ring" + std::to_string(workers), 127);
    if (!pool) return fail(pool.error());
    return std::make_unique<RingBench>(std::move(*pool), workers);
  }
  Result<double> measure(Duration wall) override {
    std::vector<Count> counts(ring_nodes);
    GraphMaker maker;
    for (std::uint32_t i = 0; i < ring_nodes; ++i)
      maker.add(std::make_unique<RingNode>(i == 0, &counts[i].runs), i == 0);
    for (std::uint32_t i = 0; i < ring_nodes; ++i)
      maker.link(i, (i + 1) % ring_nodes, {.rate = BitsPerSecond{10'000'000'000}, .delay = microseconds(10)});
    Emulation emulation({.graph = maker.take(), .pool = &pool_, .workers = workers_});
    const double ns = run_for(emulation, milliseconds(5), wall);
    std::uint64_t runs = 0;
    for (const Count& count : counts) runs += count.runs;
    return ns / static_cast<double>(runs);
  }

 private:
  /// Each by itself, as workers write them side by side.
  struct alignas(64) Count {
    std::uint64_t runs{};
  };

  PacketPool pool_;
  std::uint32_t workers_;
};

class EmptyStepBench final : public Bench {
 public:
  Result<double> measure(Duration wall) override {
    Part here({}), there({});
    WorkerTeam team({&here, &there});
    ModelTime now;
    constexpr int steps_between_looks = 256;
    std::uint64_t steps = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < steps_between_looks; ++i) {
        now = now + Duration{1};
        team.run_until(now);
      }
      steps += steps_between_looks;
    } while (!watch.passed(wall));
    return watch.nanoseconds() / static_cast<double>(steps);
  }
};

/// A cache line that two threads write by turns: its way from one core to the other. What two workers gain depends on it, and a
/// virtual machine's host may move the cores.
class LineBench final : public Bench {
 public:
  Result<double> measure(Duration wall) override {
    constexpr std::uint64_t last = ~std::uint64_t{0};
    constexpr int turns_between_looks = 64;
    turn_.store(0);
    std::thread other([this] {
      for (std::uint64_t next = 1;; next += 2) {
        if (wait_for(next) == last) return;
        turn_.store(next + 1, std::memory_order_release);
      }
    });
    std::uint64_t turn = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < turns_between_looks; ++i) {
        turn_.store(turn + 1, std::memory_order_release);
        turn = wait_for(turn + 2);
      }
    } while (!watch.passed(wall));
    const double ns = watch.nanoseconds();
    turn_.store(last, std::memory_order_release);
    other.join();
    return ns / static_cast<double>(turn);
  }

 private:
  /// Until the line says `next`, or more.
  std::uint64_t wait_for(std::uint64_t next) const noexcept {
    constexpr unsigned spins_before_yield = 2000;
    std::uint64_t seen = 0;
    for (unsigned spins = 0; (seen = turn_.load(std::memory_order_acquire)) < next; ++spins) {
      if (spins < spins_before_yield)
        rte_pause();
      else
        std::this_thread::yield();
    }
    return seen;
  }

  alignas(RTE_CACHE_LINE_SIZE) std::atomic<std::uint64_t> turn_{0};
};

}  // namespace

void add_step_benches(BenchList& list) {
  list.push_back({.name = "node_run",
                  .sentence = "One run of a node for one packet: heap, merge, process, link; ring of 8 nodes",
                  .unit = Unit::nanoseconds,
                  .make = [] { return RingBench::create(1); }});
  list.push_back({.name = "node_run_2_workers",
                  .sentence = "The same where every hop crosses to the other worker",
                  .unit = Unit::nanoseconds,
                  .make = [] { return RingBench::create(2); }});
  list.push_back({.name = "empty_step_2_workers",
                  .sentence = "One run of two workers with nothing to do",
                  .unit = Unit::nanoseconds,
                  .make = []() -> Result<std::unique_ptr<Bench>> {
                    if (usable_cpu_count() < 2) return fail({.message = "needs 2 cores"});
                    return std::make_unique<EmptyStepBench>();
                  }});
  list.push_back({.name = "line_between_cores",
                  .sentence = "A cache line's way from one core to the other",
                  .unit = Unit::nanoseconds,
                  .make = []() -> Result<std::unique_ptr<Bench>> {
                    if (usable_cpu_count() < 2) return fail({.message = "needs 2 cores"});
                    return std::make_unique<LineBench>();
                  }});
}

}  // namespace kiriko::bench
