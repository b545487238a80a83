// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Timers: insertion and expiry with a million pending, at a constant distance and at a random one.
#include "bench/bench.hpp"
#include "bench/stopwatch.hpp"
#include "core/base/random.hpp"
#include "core/link/delay_line.hpp"
#include "core/time/time_queue.hpp"

namespace kiriko::bench {
namespace {

constexpr std::uint32_t pending = 1'000'000;
constexpr Duration distance = milliseconds(40);
constexpr std::uint32_t batch = 32;

/// Distances drawn beforehand: constant, or uniform from half to one and a half times as long.
std::vector<std::int64_t> distances(bool jittered) {
  std::vector<std::int64_t> out(1U << 16, distance.ns);
  RandomStream random(1, "timers", "distance");
  if (jittered)
    for (auto& d : out) d = random.between(distance.ns / 2, distance.ns * 3 / 2);
  return out;
}

struct QueueOfTimers {
  TimeQueue<Packet*> timers;
  ModelTime next_time() { return timers.next_time(); }
  void push(ModelTime at) { timers.push(at, nullptr); }
  void pop() { timers.pop(); }
};
struct LineOfTimers {
  DelayLine timers;
  Packet none{};  ///< a line's packets are never nullptr
  ModelTime next_time() const { return timers.first_time(); }
  void push(ModelTime at) { timers.push({at, &none}); }
  void pop() { timers.pop(); }
};

/// Keeps `pending` timers: the earliest ones expire and as many are set anew.
template <class Timers>
class TimerBench final : public Bench {
 public:
  explicit TimerBench(bool jittered) : distances_(distances(jittered)) {
    const Duration step = distance / pending;
    for (std::uint32_t i = 0; i < pending; ++i) set(ModelTime{} + step * i);
  }
  Result<double> measure(Duration wall) override {
    constexpr int batches_between_looks = 256;
    std::uint64_t expired = 0;
    const Stopwatch watch;
    do {
      for (int i = 0; i < batches_between_looks; ++i) {
        const ModelTime now = timers_.next_time();
        for (std::uint32_t k = 0; k < batch; ++k) timers_.pop();
        // In order where the distance is constant, as a link's arrivals are.
        for (std::uint32_t k = 0; k < batch; ++k) set(now + nanoseconds(k));
      }
      expired += batch * batches_between_looks;
    } while (!watch.passed(wall));
    if (timers_.timers.size() != pending) return fail({.message = "timers were lost"});
    return watch.nanoseconds() / static_cast<double>(expired);
  }

 private:
  void set(ModelTime now) { timers_.push(now + Duration{distances_[next_++ % distances_.size()]}); }

  Timers timers_;
  std::vector<std::int64_t> distances_;
  std::size_t next_{};
};

template <class Timers>
BenchEntry entry(const char* name, const char* sentence, bool jittered) {
  return {.name = name,
          .sentence = sentence,
          .unit = Unit::nanoseconds,
          .make = [jittered]() -> Result<std::unique_ptr<Bench>> {
            return std::make_unique<TimerBench<Timers>>(jittered);
          }};
}

}  // namespace

void add_timer_benches(BenchList& list) {
  list.push_back(
      entry<QueueOfTimers>("time_queue", "TimeQueue, 1 M pending: insert and expire, constant delay", false));
  list.push_back(entry<QueueOfTimers>("time_queue_jitter",
                                      "TimeQueue, 1 M pending: insert and expire, delay +-50 %", true));
  list.push_back(
      entry<LineOfTimers>("delay_line", "DelayLine, 1 M pending: insert and expire, constant delay", false));
  list.push_back(entry<LineOfTimers>("delay_line_jitter",
                                     "DelayLine, 1 M pending: insert and expire, delay +-50 %", true));
}

}  // namespace kiriko::bench
