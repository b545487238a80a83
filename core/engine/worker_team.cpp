// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Waiting for others' progress, and doing without those that make none.
#include "core/engine/worker_team.hpp"

#include <rte_lcore.h>
#include <rte_pause.h>

namespace kiriko {
namespace {

constexpr std::uint32_t spins_before_yield = 2000;
/// Pauses: another thread sees progress within a few.
constexpr std::uint32_t pauses_before_skip = 8;
/// About 2 us.
constexpr std::uint32_t pauses_before_help = 64;

void rest(std::uint32_t idle) noexcept {
  if (idle < spins_before_yield)
    rte_pause();
  else
    std::this_thread::yield();
}

}  // namespace

WorkerTeam::WorkerTeam(std::vector<Part*> parts) : parts_(std::move(parts)) {
  for (std::size_t i = 1; i < parts_.size(); ++i) threads_.emplace_back([this, i] { wait_for_runs(i); });
}

WorkerTeam::~WorkerTeam() {
  stop_.store(true);
  run_.fetch_add(1, std::memory_order_release);
  for (auto& thread : threads_) thread.join();
}

void WorkerTeam::run_until(ModelTime bound) noexcept {
  bound_.store(bound.ns, std::memory_order_relaxed);
  for (Part* part : parts_) part->release();
  run_.fetch_add(1, std::memory_order_release);
  work(0);
  for (Part* part : parts_)
    for (std::uint32_t idle = 0; !part->try_claim(); ++idle) rest(idle);
}

void WorkerTeam::work(std::size_t own) noexcept {
  for (std::uint32_t idle = 0; !done();) {
    if (run_part(own)) {
      idle = 0;
      continue;
    }
    ++idle;
    if ((idle % pauses_before_skip == 0 && skip_idle_time()) ||
        (idle % pauses_before_help == 0 && run_other(own)))
      continue;
    rest(idle);
  }
}

// Who comes late finds everything done.
bool WorkerTeam::run_part(std::size_t part) noexcept {
  if (!parts_[part]->try_claim()) return false;
  const bool further = parts_[part]->advance(ModelTime{bound_.load(std::memory_order_relaxed)});
  parts_[part]->release();
  return further;
}

bool WorkerTeam::run_other(std::size_t own) noexcept {
  for (std::size_t i = 1; i < parts_.size(); ++i)
    if (run_part((own + i) % parts_.size())) return true;
  return false;
}

// Where no part has anything to do, they would go on by their lookaheads alone, in many small steps.
bool WorkerTeam::skip_idle_time() noexcept {
  std::size_t claimed = 0;
  while (claimed < parts_.size() && parts_[claimed]->try_claim()) ++claimed;
  bool further = false;
  if (claimed == parts_.size()) {
    const ModelTime bound{bound_.load(std::memory_order_relaxed)};
    ModelTime earliest = bound;
    for (Part* part : parts_) {
      part->take_crossing();
      earliest = std::min(earliest, part->earliest());
    }
    for (Part* part : parts_) part->skip_to(earliest, bound);
    further = true;
  }
  while (claimed > 0) parts_[--claimed]->release();
  return further;
}

bool WorkerTeam::done() const noexcept {
  const std::int64_t bound = bound_.load(std::memory_order_relaxed);
  for (const Part* part : parts_)
    if (part->reached().ns < bound) return false;
  return true;
}

void WorkerTeam::wait_for_runs(std::size_t own) noexcept {
  // Registered threads get their own mempool cache.
  rte_thread_register();
  std::uint64_t seen = 0, run = 0;
  for (;;) {
    for (std::uint32_t idle = 0; (run = run_.load(std::memory_order_acquire)) == seen; ++idle) rest(idle);
    seen = run;
    if (stop_.load()) break;
    work(own);
  }
  rte_thread_unregister();
}

}  // namespace kiriko
