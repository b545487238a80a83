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

/// The caller's thread runs part 0. Threads spin between steps (a step is microseconds) and yield when the
/// caller is away between two runs.
class WorkerTeam {
 public:
  explicit WorkerTeam(std::vector<Part*> parts);
  ~WorkerTeam();
  WorkerTeam(const WorkerTeam&) = delete;
  WorkerTeam& operator=(const WorkerTeam&) = delete;

  /// Returns when every part has run every event before `horizon`.
  void run_step(ModelTime horizon) noexcept;

 private:
  void work(std::size_t part) noexcept;

  std::vector<Part*> parts_;
  std::vector<std::thread> threads_;
  alignas(64) std::atomic<std::uint64_t> step_{0};
  alignas(64) std::atomic<std::uint32_t> remaining_{0};
  ModelTime horizon_{};
  std::atomic<bool> stop_{false};
};

}  // namespace kiriko
