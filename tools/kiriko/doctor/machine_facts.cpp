// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Where the kernel keeps its facts.
#include "tools/kiriko/doctor/machine_facts.hpp"

#include <algorithm>
#include <array>

namespace kiriko::doctor {
namespace {

// What -march=x86-64-v3 lets the compiler use, in the words of /proc/cpuinfo (abm stands for lzcnt, xsave for OSXSAVE).
constexpr std::array<const char*, 9> needed_features{"avx", "avx2", "bmi1",  "bmi2", "f16c",
                                                     "fma", "abm",  "movbe", "xsave"};

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void read_features(const KernelFiles& files, MachineFacts& facts) {
  const std::string text = files.read("proc/cpuinfo").value_or("");
  facts.processor = value_of(text, "model name");
  const auto flags = value_of(text, "flags");
  if (!flags) return;
  const auto words = words_of(*flags);
  facts.missing_features.emplace();
  for (const char* feature : needed_features)
    if (!has(words, feature)) facts.missing_features->emplace_back(feature);
  facts.avx512 = has(words, "avx512f") && has(words, "avx512bw");
  facts.virtual_machine = has(words, "hypervisor");
  facts.invariant_tsc = has(words, "constant_tsc") && has(words, "nonstop_tsc");
}

std::optional<CpuList> read_cpus(const KernelFiles& files, const std::string& path) {
  const auto text = files.read(path);
  return text ? parse_cpu_list(*text) : std::nullopt;
}

std::vector<CpuList> read_shared_cores(const KernelFiles& files, const CpuList& usable) {
  std::vector<CpuList> shared;
  for (const std::uint32_t cpu : usable) {
    const auto siblings = read_cpus(
        files, "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list");
    if (!siblings) continue;
    CpuList both;
    std::set_intersection(siblings->begin(), siblings->end(), usable.begin(), usable.end(),
                          std::back_inserter(both));
    if (both.size() > 1 && both.front() == cpu) shared.push_back(both);
  }
  return shared;
}

/// The files of a control group and of those above it, whose limits hold as well.
template <class Read>
void walk_up(std::string path, const Read& read) {
  for (;;) {
    read(path);
    if (path.empty()) return;
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

void read_group_limits(const KernelFiles& files, MachineFacts& facts) {
  const std::string groups = files.read("proc/self/cgroup").value_or("");
  const auto memory = [&](const std::optional<std::string>& text) {
    const auto limit = text ? parse_number(*text) : std::nullopt;
    if (limit && *limit < facts.memory_limit.value_or(facts.memory_total.value_or(0)))
      facts.memory_limit = limit;
  };
  const auto quota = [&](std::optional<double> cpus) {
    if (cpus && *cpus < facts.cpu_quota.value_or(1e9)) facts.cpu_quota = cpus;
  };
  const auto path_of = [&](const char* controller) {
    auto path = parse_group_path(groups, controller).value_or("");
    while (path.ends_with('/')) path.pop_back();
    return path;
  };
  walk_up(path_of(""), [&](const std::string& path) {
    memory(files.read("sys/fs/cgroup" + path + "/memory.max"));
    quota(parse_cpu_quota(files.read("sys/fs/cgroup" + path + "/cpu.max").value_or("")));
  });
  walk_up(path_of("memory"), [&](const std::string& path) {
    memory(files.read("sys/fs/cgroup/memory" + path + "/memory.limit_in_bytes"));
  });
  walk_up(path_of("cpu"), [&](const std::string& path) {
    const std::string folder = "sys/fs/cgroup/cpu" + path;
    quota(parse_cpu_quota(files.read(folder + "/cpu.cfs_quota_us").value_or("") + " " +
                          files.read(folder + "/cpu.cfs_period_us").value_or("")));
  });
}

std::optional<std::vector<HugepageFacts>> read_hugepages(const KernelFiles& files) {
  const std::string folder = "sys/kernel/mm/hugepages";
  if (!files.exists(folder)) return std::nullopt;
  std::vector<HugepageFacts> sizes;
  for (const std::string& name : files.list(folder)) {
    constexpr std::string_view before = "hugepages-", after = "kB";
    if (!name.starts_with(before) || !name.ends_with(after)) continue;
    const auto kilobytes = parse_number(
        std::string_view(name).substr(before.size(), name.size() - before.size() - after.size()));
    if (!kilobytes || *kilobytes > UINT64_MAX / 1024) continue;
    const auto count = [&](const char* file) {
      return parse_number(files.read(folder + "/" + name + "/" + file).value_or("")).value_or(0);
    };
    sizes.push_back({*kilobytes * 1024, count("nr_hugepages"), count("free_hugepages")});
  }
  return sizes;
}

}  // namespace

MachineFacts read_machine_facts(const KernelFiles& files, CpuList usable) {
  MachineFacts facts;
  facts.usable = std::move(usable);
  read_features(files, facts);
  const std::string cpus = "sys/devices/system/cpu/";
  facts.online = read_cpus(files, cpus + "online");
  facts.isolated = read_cpus(files, cpus + "isolated");
  facts.tickless = read_cpus(files, cpus + "nohz_full");
  facts.shared_cores = read_shared_cores(files, facts.usable);
  if (!facts.usable.empty())
    facts.governor =
        first_word(files.read(cpus + "cpu" + std::to_string(facts.usable[0]) + "/cpufreq/scaling_governor")
                       .value_or(""));
  facts.clock_source =
      first_word(files.read("sys/devices/system/clocksource/clocksource0/current_clocksource").value_or(""));
  const std::string memory = files.read("proc/meminfo").value_or("");
  facts.memory_total = bytes_of(memory, "MemTotal");
  facts.memory_available = bytes_of(memory, "MemAvailable");
  facts.hugepages = read_hugepages(files);
  read_group_limits(files, facts);
  facts.load = parse_load(files.read("proc/loadavg").value_or(""));
  facts.cpu_times = parse_cpu_times(files.read("proc/stat").value_or(""));
  return facts;
}

}  // namespace kiriko::doctor
