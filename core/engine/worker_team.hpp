// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// WorkerTeam: one thread a part; each part goes as far as the others' progress lets it.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "core/engine/part.hpp"

namespace kiriko {

/// Each thread has a part of its own, the caller's part 0, and takes another's where its thread does not: one that
/// the kernel has put aside holds up nobody, unless in the middle of a part. Who runs a part changes no result.
/// Threads spin while they wait (for microseconds) and yield when the caller is away between two runs.
class WorkerTeam {
 public:
  /// Has all parts' claims from now on, but while it runs them.
  explicit WorkerTeam(std::vector<Part*> parts);
  ~WorkerTeam();
  WorkerTeam(const WorkerTeam&) = delete;
  WorkerTeam& operator=(const WorkerTeam&) = delete;

  /// Returns when every part has run every event before `bound`.
  void run_until(ModelTime bound) noexcept;

 private:
  void wait_for_runs(std::size_t own) noexcept;
  void work(std::size_t own) noexcept;
  bool run_part(std::size_t part) noexcept;
  bool run_other(std::size_t own) noexcept;
  bool skip_idle_time() noexcept;
  bool done() const noexcept;

  std::vector<Part*> parts_;
  std::vector<std::thread> threads_;
  alignas(RTE_CACHE_LINE_SIZE) std::atomic<std::uint64_t> run_{0};
  std::atomic<std::int64_t> bound_{0};
  std::atomic<bool> stop_{false};
};

}  // namespace kiriko
