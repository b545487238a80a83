// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The step barrier.
#include "core/engine/worker_team.hpp"

#include <rte_lcore.h>
#include <rte_pause.h>

namespace kiriko {
namespace {

constexpr int spins_before_yield = 2000;
/// Pauses, about 2 us: another thread sees a new step within a fraction of one.
constexpr std::uint32_t most_patience = 64;

}  // namespace

WorkerTeam::WorkerTeam(std::vector<Part*> parts) : parts_(std::move(parts)), claims_(parts_.size()) {
  for (std::size_t i = 1; i < parts_.size(); ++i) threads_.emplace_back([this, i] { work(i); });
}

WorkerTeam::~WorkerTeam() {
  stop_.store(true);
  step_.fetch_add(1, std::memory_order_release);
  for (auto& thread : threads_) thread.join();
}

void WorkerTeam::run_step(ModelTime horizon) noexcept {
  horizon_ = horizon;
  remaining_.store(static_cast<std::uint32_t>(parts_.size()), std::memory_order_relaxed);
  const std::uint64_t step = step_.fetch_add(1, std::memory_order_release) + 1;
  run_parts(0, step, patience_);
  for (int spins = 0; remaining_.load(std::memory_order_acquire) != 0; ++spins) {
    if (spins < spins_before_yield)
      rte_pause();
    else
      std::this_thread::yield();
  }
}

void WorkerTeam::run_parts(std::size_t own, std::uint64_t step, std::uint32_t& patience) noexcept {
  run_part(own, step);
  for (std::size_t i = 1; i < parts_.size(); ++i) {
    const std::size_t part = (own + i) % parts_.size();
    for (std::uint32_t waited = 0;
         waited < patience && claims_[part].step.load(std::memory_order_relaxed) < step; ++waited)
      rte_pause();
    patience = run_part(part, step) ? 0 : most_patience;
  }
}

// Who comes late finds the step taken, and perhaps the next ones too.
bool WorkerTeam::run_part(std::size_t part, std::uint64_t step) noexcept {
  std::uint64_t before = step - 1;
  if (!claims_[part].step.compare_exchange_strong(before, step, std::memory_order_acq_rel)) return false;
  parts_[part]->run(horizon_);
  remaining_.fetch_sub(1, std::memory_order_release);
  return true;
}

void WorkerTeam::work(std::size_t own) noexcept {
  // Registered threads get their own mempool cache.
  rte_thread_register();
  std::uint64_t done = 0, step = 0;
  std::uint32_t patience = most_patience;
  for (;;) {
    for (int spins = 0; (step = step_.load(std::memory_order_acquire)) == done; ++spins) {
      if (spins < spins_before_yield)
        rte_pause();
      else
        std::this_thread::yield();
    }
    done = step;
    if (stop_.load()) break;
    run_parts(own, step, patience);
  }
  rte_thread_unregister();
}

}  // namespace kiriko
