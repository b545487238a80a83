// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Processors, memory, priority and what measuring showed.
#include "tools/kiriko/doctor/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/device/eal.hpp"
#include "scenarios/report/figure_text.hpp"

namespace kiriko::doctor {
namespace {

constexpr double giga = 1e9;
// Of a CPU, over the time of the measuring; and of all CPUs of the machine.
constexpr double much_for_others = 0.15;
constexpr double much_of_machine = 0.05;
constexpr double much_stolen = 0.02;
// What run.packets is unless a scenario says otherwise.
constexpr std::uint32_t usual_packets = 131'072;

std::string gigabytes(std::uint64_t bytes) {
  return fmt::format("{:.3g} GB", static_cast<double>(bytes) / giga);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Finding processor(const MachineFacts& facts) {
  Finding out{.name = "processor", .text = facts.processor.value_or("unknown model")};
  if (facts.virtual_machine) out.text += ", virtual machine";
  if (!facts.missing_features) {
    out.mark = Mark::unknown;
    out.text += "; its features are unknown";
  } else if (!facts.missing_features->empty()) {
    out.mark = Mark::bad;
    out.text += "; lacks " + joined(*facts.missing_features) + " (x86-64-v3)";
    out.hint =
        "this build needs an x86-64-v3 CPU (Haswell, Zen or later); in a virtual machine, let the CPU model "
        "through (host-passthrough)";
  } else {
    out.text += facts.avx512 ? "; AVX2 and AVX-512" : "; AVX2, no AVX-512";
  }
  return out;
}

Finding cores(const MachineFacts& facts) {
  const std::size_t count = facts.usable.size();
  Finding out{.name = "CPUs", .text = fmt::format("{} usable ({})", count, cpu_list_text(facts.usable))};
  if (count < 2) {
    out.mark = Mark::fair;
    out.hint = "with one CPU usable, runs have one worker, and everything else takes time from it";
  }
  if (facts.cpu_quota && *facts.cpu_quota < static_cast<double>(count)) {
    out.mark = Mark::fair;
    out.text += fmt::format("; the control group allows the time of {:.3g}", *facts.cpu_quota);
    out.hint =
        "a quota of CPU time stops a run for milliseconds when it is used up: lift it for real time "
        "(cpu.max, docker --cpus)";
  }
  if (!facts.shared_cores.empty()) {
    out.mark = Mark::fair;
    std::string alone = cpu_list_text(facts.shared_cores.front());
    out.text +=
        "; " + alone +
        (facts.shared_cores.size() > 1 ? fmt::format(" and {} more sets", facts.shared_cores.size() - 1)
                                       : std::string()) +
        " share a core";
    out.hint = "two busy threads of one core slow each other: use one CPU of each core (taskset -c)";
  } else if (count > 1) {
    out.text += ", each a core of its own as far as the kernel knows";
  }
  return out;
}

Finding isolation(const MachineFacts& facts) {
  Finding out{.name = "isolation"};
  if (!facts.isolated) {
    out.mark = Mark::unknown;
    out.text = "unknown";
    return out;
  }
  if (!facts.isolated->empty()) {
    out.text = "CPUs " + cpu_list_text(*facts.isolated) + " are kept from other programs";
    out.text += facts.tickless && !facts.tickless->empty()
                    ? ", without ticks on " + cpu_list_text(*facts.tickless)
                    : "";
    out.hint = "for real time: taskset -c " + std::to_string(facts.isolated->front()) + " kiriko run …";
    return out;
  }
  out.mark = Mark::fair;
  out.text = "none: any program may come onto any CPU";
  if (facts.usable.size() > 1)
    out.hint = fmt::format(
        "for real time: boot with isolcpus={0} nohz_full={0}, then taskset -c {0} kiriko run …: nobody else "
        "gets that CPU",
        facts.usable.back());
  return out;
}

Finding clock(const MachineFacts& facts) {
  Finding out{.name = "clock"};
  const std::string source = facts.clock_source.value_or("unknown");
  if (!facts.invariant_tsc) {
    out.mark = Mark::unknown;
    out.text = "whether the TSC is invariant is unknown; the kernel's clock source is " + source;
  } else if (!*facts.invariant_tsc) {
    out.mark = Mark::bad;
    out.text = "the TSC is not invariant; the kernel's clock source is " + source;
    out.hint =
        "virtual time is not touched by this; real time would run wrong: use a machine with constant_tsc and "
        "nonstop_tsc (a virtual machine may have to be told to show them)";
  } else {
    out.text = "invariant TSC; the kernel's clock source is " + source;
    if (source == "unknown")
      out.mark = Mark::unknown;
    else if (source != "tsc" && source != "kvm-clock" && source != "hyperv_clocksource_tsc_page") {
      out.mark = Mark::fair;
      out.hint =
          "the kernel does not trust the TSC (dmesg says why); Kiriko reads it: compare a long real-time run "
          "with another clock";
    }
  }
  if (facts.governor) out.text += "; governor " + *facts.governor;
  if (facts.governor && *facts.governor != "performance" && out.hint.empty()) {
    out.mark = Mark::fair;
    out.hint =
        "for real time, as root: cpupower frequency-set -g performance: no waiting for the frequency to rise";
  }
  return out;
}

}  // namespace

std::string_view name_of(Mark mark) {
  switch (mark) {
    case Mark::good: return "good";
    case Mark::fair: return "fair";
    case Mark::bad: return "bad";
    case Mark::unknown: break;
  }
  return "unknown";
}

std::vector<Finding> processor_findings(const MachineFacts& facts) {
  return {processor(facts), cores(facts), isolation(facts), clock(facts)};
}

std::vector<Finding> memory_findings(const MachineFacts& facts, const Permissions& permissions) {
  Finding memory{.name = "memory"};
  const std::uint64_t needed = std::uint64_t{eal_memory_for(usual_packets)} << 20;
  if (!facts.memory_available) {
    memory.mark = Mark::unknown;
    memory.text = "unknown";
  } else {
    memory.text = gigabytes(*facts.memory_available) + " available";
    if (facts.memory_total) memory.text += " of " + gigabytes(*facts.memory_total);
  }
  if (facts.memory_limit) memory.text += "; the control group allows " + gigabytes(*facts.memory_limit);
  if (permissions.address_space)
    memory.text += "; address space at most " + gigabytes(*permissions.address_space);
  memory.text += fmt::format("; a run of {} packets takes {}", usual_packets, gigabytes(needed));
  std::uint64_t least = facts.memory_available.value_or(UINT64_MAX);
  for (const auto& limit : {facts.memory_limit, permissions.address_space})
    least = std::min(least, limit.value_or(UINT64_MAX));
  if (least < needed * 2) {
    memory.mark = least < needed ? Mark::bad : Mark::fair;
    memory.hint = "memory is short: set run.packets lower (16384 packets take 0.17 GB), or lift the limit";
  }

  Finding pages{.name = "hugepages"};
  if (!facts.hugepages) {
    pages.mark = Mark::unknown;
    pages.text = "unknown";
    return {memory, pages};
  }
  for (const HugepageFacts& size : *facts.hugepages)
    if (size.total > 0)
      pages.text += fmt::format("{}{} of {} free, {} MB each", pages.text.empty() ? "" : "; ", size.free,
                                size.total, size.page_bytes >> 20);
  if (pages.text.empty()) pages.text = "none";
  pages.text += "; `kiriko run` does without, the benches and other DPDK programs are quicker with them";
  return {memory, pages};
}

std::vector<Finding> priority_findings(const Permissions& permissions) {
  Finding out{.name = "priority"};
  out.text =
      fmt::format("nice {} now, may go down to {}; real-time priority {}", permissions.nice,
                  permissions.best_nice, permissions.real_time_priority == 0 ? "not allowed" : "allowed");
  if (permissions.best_nice <= -15) {
    if (permissions.nice > -15)
      out.hint =
          "for real time beside other programs: nice -n -15 kiriko run … (not SCHED_FIFO, which the kernel "
          "may stop for 50 ms of every second)";
  } else {
    out.mark = Mark::fair;
    out.hint =
        "for real time beside other programs: as root, nice -n -15; or allow it to a user in "
        "/etc/security/limits.conf: USER - nice -15";
  }
  return {out};
}

std::vector<Finding> measured_findings(const MachineFacts& facts, const Measures& measures,
                                       const Advice& advice) {
  std::vector<Finding> out;
  Finding& load = out.emplace_back(Finding{.name = "load"});
  if (facts.load) load.text = fmt::format("{:.2f} programs wanted a CPU over the last minute", *facts.load);
  if (!measures.disturbance) {
    load.mark = Mark::unknown;
    load.text += std::string(load.text.empty() ? "" : "; ") + "who used the CPUs meanwhile is unknown";
  } else {
    const auto& [others, stolen] = *measures.disturbance;
    const std::size_t cpus = facts.online ? facts.online->size() : facts.usable.size();
    load.text += fmt::format("{}while this was measured others took the time of {:.2f} of {} CPUs",
                             load.text.empty() ? "" : "; ", others, cpus);
    if (facts.virtual_machine) load.text += fmt::format(", the machine below the time of {:.2f}", stolen);
    if (others > std::max(much_for_others, much_of_machine * static_cast<double>(cpus))) {
      load.mark = Mark::fair;
      load.hint =
          "other programs took CPU time meanwhile: these figures are those of a busy machine; stop them, or "
          "run again when it is quiet";
    }
    if (stolen > much_stolen) {
      load.mark = Mark::fair;
      load.hint += std::string(load.hint.empty() ? "" : "; ") +
                   "the host takes CPU time from this virtual machine: nothing inside helps; give it CPUs of "
                   "its own for real time";
    }
  }
  if (measures.two_workers && advice.workers == 1)
    out.push_back({"workers", Mark::fair,
                   fmt::format("two workers reach {:.2f} of what one does",
                               measures.two_workers->median / std::max(1.0, measures.one_worker.median)),
                   "stay with --workers 1: two need two CPUs to themselves, and a scenario large enough to "
                   "be cut in parts"});
  if (!advice.real_rate_is_tried)
    out.push_back({"real time", Mark::fair,
                   fmt::format("with {:.3g} k packet-hops a second p99 lateness grew to {}",
                               measures.loaded.packet_hops_per_second / 1e3,
                               delay_text(static_cast<double>(measures.loaded.worst_p99.ns))),
                   "keep real-time scenarios small here"});
  return out;
}

}  // namespace kiriko::doctor
