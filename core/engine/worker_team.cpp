// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The step barrier.
#include "core/engine/worker_team.hpp"

#include <rte_lcore.h>
#include <rte_pause.h>

namespace kiriko {
namespace {

constexpr int spins_before_yield = 2000;

}  // namespace

WorkerTeam::WorkerTeam(std::vector<Part*> parts) : parts_(std::move(parts)) {
  for (std::size_t i = 1; i < parts_.size(); ++i) threads_.emplace_back([this, i] { work(i); });
}

WorkerTeam::~WorkerTeam() {
  stop_.store(true);
  step_.fetch_add(1, std::memory_order_release);
  for (auto& thread : threads_) thread.join();
}

void WorkerTeam::run_step(ModelTime horizon) noexcept {
  horizon_ = horizon;
  remaining_.store(static_cast<std::uint32_t>(threads_.size()), std::memory_order_relaxed);
  step_.fetch_add(1, std::memory_order_release);
  parts_[0]->run(horizon);
  for (int spins = 0; remaining_.load(std::memory_order_acquire) != 0; ++spins) {
    if (spins < spins_before_yield)
      rte_pause();
    else
      std::this_thread::yield();
  }
}

void WorkerTeam::work(std::size_t part) noexcept {
  // Registered threads get their own mempool cache.
  rte_thread_register();
  std::uint64_t done = 0;
  for (;;) {
    for (int spins = 0; step_.load(std::memory_order_acquire) == done; ++spins) {
      if (spins < spins_before_yield)
        rte_pause();
      else
        std::this_thread::yield();
    }
    ++done;
    if (stop_.load()) break;
    parts_[part]->run(horizon_);
    remaining_.fetch_sub(1, std::memory_order_release);
  }
  rte_thread_unregister();
}

}  // namespace kiriko
