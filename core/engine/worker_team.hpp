// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// WorkerTeam: one thread a part, in step: every part runs up to the horizon, then mailboxes change hands.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "core/engine/part.hpp"

namespace kiriko {

/// Each thread has a part of its own, the caller's part 0, and takes another's where its thread does not: one that
/// the kernel has put aside holds up nobody, unless in the middle of a part. Who runs a part changes no result.
/// Threads spin between steps (a step is microseconds) and yield when the caller is away between two runs.
class WorkerTeam {
 public:
  explicit WorkerTeam(std::vector<Part*> parts);
  ~WorkerTeam();
  WorkerTeam(const WorkerTeam&) = delete;
  WorkerTeam& operator=(const WorkerTeam&) = delete;

  /// Returns when every part has run every event before `horizon`.
  void run_step(ModelTime horizon) noexcept;

 private:
  /// The number of the step for which a part was last taken.
  struct alignas(64) Claim {
    std::atomic<std::uint64_t> step{0};
  };
  void work(std::size_t own) noexcept;
  /// `patience`: how long it is worth waiting for the others, as the last step has shown.
  void run_parts(std::size_t own, std::uint64_t step, std::uint32_t& patience) noexcept;
  bool run_part(std::size_t part, std::uint64_t step) noexcept;

  std::vector<Part*> parts_;
  std::vector<Claim> claims_;
  std::uint32_t patience_{};
  std::vector<std::thread> threads_;
  alignas(64) std::atomic<std::uint64_t> step_{0};
  alignas(64) std::atomic<std::uint32_t> remaining_{0};
  ModelTime horizon_{};
  std::atomic<bool> stop_{false};
};

}  // namespace kiriko
