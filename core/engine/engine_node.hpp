// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// EngineNode: a function in the engine: it merges its inputs by time and runs them up to a safe bound.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/engine/drop_account.hpp"
#include "core/engine/input_heads.hpp"
#include "core/engine/time_tournament.hpp"
#include "core/function/network_function.hpp"
#include "core/link/link_transmit_port.hpp"
#include "core/time/clock.hpp"

namespace kiriko {

/// What the part's loop needs of a node before its turn, without touching the node.
struct Seat {
  Duration in_delay{}, echo{};
  LinkTransmitPort* next_line{nullptr};  ///< which brings the next packet, as far as is known
  const NetworkFunction* function{nullptr};
};

class alignas(RTE_CACHE_LINE_SIZE) EngineNode final : public LineListener {
 public:
  EngineNode(NetworkFunction* function, bool wakes, Exits exits, std::vector<LinkTransmitPort*> inputs,
             std::vector<LinkTransmitPort*> outputs);
  EngineNode(const EngineNode&) = delete;
  EngineNode& operator=(const EngineNode&) = delete;

  /// The earliest packet, wake-up or queued departure.
  ModelTime pending() const noexcept { return pending_after(heads_.earliest()); }
  /// Processes what comes before `bound`, or as much of it as is good for one turn, and starts the queued
  /// departures before what is left.
  void run(ModelTime bound) noexcept;
  /// After a change from outside: finds the heads of all lines again.
  void refresh();
  /// Recomputes the lookahead from the links' present properties.
  void update_lookahead();

  void line_ready(std::uint32_t input, ModelTime head) noexcept override;
  void join(TimeTournament* order, Seat* seat, std::uint32_t index) noexcept {
    order_ = order;
    seat_ = seat;
    index_ = index;
  }
  /// Asks for the memory that run() touches first.
  void prefetch() const noexcept {
    rte_prefetch0(this);
    rte_prefetch0(reinterpret_cast<const std::byte*>(this) + RTE_CACHE_LINE_SIZE);
  }
  /// When that has come: what collecting reads before the lines.
  void prefetch_inputs() const noexcept {
    heads_.prefetch();
    rte_prefetch0(inputs_.data());
    exits_.prefetch();
  }
  /// What line_ready() for an input touches beside the node itself.
  const void* head_address(std::uint32_t input) const noexcept { return heads_.address_of(input); }
  /// pending(), and which line brings the next packet into its seat.
  ModelTime settle(Seat& seat) const noexcept {
    const ModelTime first = heads_.earliest();
    seat.next_line = line_of(first);
    return pending_after(first);
  }
  void name(NodeId id) noexcept { id_ = id; }
  NodeId id() const noexcept { return id_; }
  void set_running(bool running, ModelTime now) noexcept;
  bool running() const noexcept { return running_; }
  /// Records how late packets are taken, by a real clock; nullptr in virtual time.
  void measure_lateness(const RealClock* clock) {
    clock_ = clock;
    lateness_.resize(inputs_.size());
  }

  Exits& exits() noexcept { return exits_; }
  const Exits& exits() const noexcept { return exits_; }
  NetworkFunction& function() noexcept { return *function_; }
  const NetworkFunction& function() const noexcept { return *function_; }
  Duration in_delay() const noexcept { return in_delay_; }
  Duration echo() const noexcept { return echo_; }
  /// Its place in its part.
  std::uint32_t index() const noexcept { return index_; }
  const Histogram& lateness(std::size_t input) const noexcept { return lateness_[input]; }

 private:
  LinkTransmitPort* line_of(ModelTime first) const noexcept {
    return first == ModelTime::never() ? nullptr : inputs_[heads_.earliest_input(first)];
  }
  ModelTime pending_after(ModelTime first_packet) const noexcept {
    ModelTime t = first_packet;
    if (running_) t = std::min(t, exits_.wake_request());
    for (const LinkTransmitPort* link : scheduled_) t = std::min(t, link->next_start());
    return t;
  }
  void prefetch_packets() const noexcept;
  bool collect(ModelTime bound, Burst& burst) noexcept;
  bool collect_one_by_one(ModelTime bound, Burst& burst) noexcept;
  bool merge_lines(unsigned due, ModelTime bound, Burst& burst) noexcept;
  void take_all(std::uint32_t input, ModelTime bound, Burst& burst) noexcept;
  void collect_from(std::uint32_t input, ModelTime bound, Burst& burst) noexcept;
  void record_lateness(const Burst& burst) noexcept;
  void give(Burst& burst) noexcept;
  /// Both return how far they came: `bound`, or less where the turn was over.
  ModelTime run_in_bursts(ModelTime bound) noexcept;
  ModelTime run_with_wakes(ModelTime bound) noexcept;

  // What line_ready() needs lies in the first cache line, what every turn needs in the next ones.
  std::uint32_t index_{};
  bool wakes_;
  bool running_{true};
  TimeTournament* order_{nullptr};
  Seat* seat_{nullptr};
  std::vector<LinkTransmitPort*> inputs_;  ///< by port; nullptr where nothing comes in
  InputHeads heads_;                       ///< of the lines; one may be later than it is told here
  NetworkFunction* function_;
  std::vector<LinkTransmitPort*> scheduled_;  ///< outputs with a slice scheduler
  ModelTime reached_{};
  const RealClock* clock_{nullptr};
  Exits exits_;
  std::vector<LinkTransmitPort*> outputs_;
  Duration in_delay_{}, echo_{};
  NodeId id_{};
  std::vector<Histogram> lateness_;
};

}  // namespace kiriko
