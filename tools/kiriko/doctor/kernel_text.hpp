// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The kernel's texts in /proc and /sys, parsed: any text is taken, one that means nothing gives nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiriko::doctor {

using CpuList = std::vector<std::uint32_t>;

/// "0-3,8": ascending, each once. An empty text is an empty list; CPUs beyond 65535 do not exist.
std::optional<CpuList> parse_cpu_list(std::string_view text);
/// The reverse: "0-3,8".
std::string cpu_list_text(const CpuList& cpus);

/// A whole number with nothing but white space around it.
std::optional<std::uint64_t> parse_number(std::string_view text, int base = 10);

/// What stands behind "key:" in the first line that begins with it (cpuinfo, meminfo, status); without white space around.
std::optional<std::string> value_of(std::string_view text, std::string_view key);
/// "MemTotal:  24684092 kB" in bytes.
std::optional<std::uint64_t> bytes_of(std::string_view text, std::string_view key);
std::vector<std::string> words_of(std::string_view text);

/// The chosen of several: "powersave [performance]"; else the first word.
std::optional<std::string> first_word(std::string_view text);

/// /proc/stat's first line, in ticks of all CPUs together.
struct CpuTimes {
  std::uint64_t busy{};    ///< user, nice, system, interrupts
  std::uint64_t stolen{};  ///< by the machine below a virtual one
  std::uint64_t total{};
  friend bool operator==(const CpuTimes&, const CpuTimes&) = default;
};
std::optional<CpuTimes> parse_cpu_times(std::string_view text);

/// /proc/loadavg: programs that ran or waited for a CPU, averaged over a minute.
std::optional<double> parse_load(std::string_view text);

/// /proc/self/cgroup: the path of `controller`'s group, or of the one group of version 2 where `controller` is "".
std::optional<std::string> parse_group_path(std::string_view text, std::string_view controller);

/// cpu.max: "50000 100000" is 0.5 CPUs; "max 100000" is no limit and absent.
std::optional<double> parse_cpu_quota(std::string_view text);

}  // namespace kiriko::doctor
