// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The measuring, one thing after the other, so that none disturbs another.
#include "tools/kiriko/doctor/measures.hpp"

#include <rte_cycles.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "core/engine/worker_team.hpp"
#include "tools/kiriko/doctor/kernel_text.hpp"

namespace kiriko::doctor {
namespace {

constexpr double light_packets_per_second = 8'000;
// A run must make good what it lost while the machine was away.
constexpr double loaded_share = 1.0 / 3;

struct Plan {
  Duration one_worker, two_workers, step, window;
  int light_windows, loaded_windows;

  Duration total() const {
    return one_worker + two_workers + step + window * (light_windows + loaded_windows);
  }
};

constexpr Plan full_plan{milliseconds(2500), milliseconds(1500), milliseconds(500), milliseconds(1000), 3, 2};
constexpr Plan quick_plan{milliseconds(500), milliseconds(350), milliseconds(100), milliseconds(250), 2, 1};

/// Time of the CPUs, ours included.
struct CpuUse {
  std::optional<CpuTimes> all{};
  double own_seconds{};
};

CpuUse cpu_use(const KernelFiles& files) {
  rusage own{};
  getrusage(RUSAGE_SELF, &own);
  const auto seconds_of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return {parse_cpu_times(files.read("proc/stat").value_or("")),
          seconds_of(own.ru_utime) + seconds_of(own.ru_stime)};
}

std::optional<Disturbance> disturbance(const CpuUse& before, const CpuUse& after, std::int64_t wall) {
  if (!before.all || !after.all || wall <= 0) return std::nullopt;
  const auto ticks = static_cast<double>(std::max(1L, sysconf(_SC_CLK_TCK)));
  const double seconds = static_cast<double>(wall) * 1e-9;
  const auto share = [&](std::uint64_t from, std::uint64_t to) {
    return to < from ? 0.0 : static_cast<double>(to - from) / ticks;
  };
  const double busy = share(before.all->busy, after.all->busy) - (after.own_seconds - before.own_seconds);
  return Disturbance{std::max(0.0, busy / seconds), share(before.all->stolen, after.all->stolen) / seconds};
}

StepCost measure_step(Duration wall) {
  StepCost cost;
  Part here({}), there({});
  WorkerTeam team({&here, &there});
  ModelTime reached;
  const double ns_per_cycle = 1e9 / static_cast<double>(rte_get_tsc_hz());
  const std::uint64_t begin = rte_rdtsc();
  for (std::uint64_t last = begin;
       static_cast<double>(last - begin) * ns_per_cycle < static_cast<double>(wall.ns);) {
    team.run_until(reached = reached + Duration{1});
    const std::uint64_t now = rte_rdtsc();
    cost.nanoseconds.record(static_cast<std::int64_t>(static_cast<double>(now - last) * ns_per_cycle));
    last = now;
  }
  return cost;
}

Result<RealTimeTrial> measure_real_time(double packets_per_second, Duration window, int windows) {
  RealTimeTrial out;
  for (int i = 0; i < windows; ++i) {
    const auto trial = run_trial({ClockKind::real_time, 1, packets_per_second, window});
    if (!trial) return fail(trial.error());
    out.packet_hops_per_second += trial->packet_hops_per_second / windows;
    out.lateness.merge(trial->lateness);
    out.worst_p99 = std::max(out.worst_p99, Duration{trial->lateness.quantile(0.99)});
  }
  return out;
}

}  // namespace

PacketRate packet_rate(const TrialResult& trial) {
  std::vector<double> rates = trial.rates;
  if (rates.empty()) return {trial.packet_hops_per_second, trial.packet_hops_per_second};
  std::sort(rates.begin(), rates.end());
  return {rates[rates.size() / 2], rates[rates.size() / 10]};
}

Result<Measures> measure(const KernelFiles& files, std::size_t cpus, bool quick,
                         const std::function<void(std::string_view, double)>& tell) {
  const Plan& plan = quick ? quick_plan : full_plan;
  Duration done{};
  const auto next = [&](std::string_view what, Duration length) {
    tell(what, done.seconds() / plan.total().seconds());
    done += length;
  };
  Measures out;
  const CpuUse before = cpu_use(files);
  const std::int64_t began = wall_ns();

  next("packet rate in virtual time, one worker", plan.one_worker);
  const auto one = run_trial({.wall = plan.one_worker});
  if (!one) return fail(one.error());
  out.one_worker = packet_rate(*one);
  if (cpus > 1) {
    next("packet rate in virtual time, two workers", plan.two_workers);
    const auto two = run_trial({.workers = 2, .wall = plan.two_workers});
    if (!two) return fail(two.error());
    out.two_workers = packet_rate(*two);
    next("step of two workers", plan.step);
    out.step = measure_step(plan.step);
  }
  next("lateness in real time, few packets", plan.window * plan.light_windows);
  const auto light = measure_real_time(light_packets_per_second, plan.window, plan.light_windows);
  if (!light) return fail(light.error());
  out.light = *light;
  next("lateness in real time, many packets", plan.window * plan.loaded_windows);
  const auto loaded = measure_real_time(out.one_worker.low * loaded_share / hops_per_packet, plan.window,
                                        plan.loaded_windows);
  if (!loaded) return fail(loaded.error());
  out.loaded = *loaded;

  out.disturbance = disturbance(before, cpu_use(files), wall_ns() - began);
  return out;
}

}  // namespace kiriko::doctor
