// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Part: nodes that one worker runs, and the safe-burst rule by which it runs them.
#pragma once

#include <algorithm>
#include <vector>

#include "core/engine/engine_node.hpp"
#include "core/engine/time_tournament.hpp"

namespace kiriko {

/// Nodes that are due together run in a round, in any order: each takes what comes before the first of all plus the shortest
/// way into it. A node that is due alone, or where no delay separates nodes the earliest one, takes everything that nothing
/// can precede any more: packets earlier than the next node's pending time plus the shortest way into it, and earlier than
/// the echo of its own.
class Part {
 public:
  explicit Part(std::vector<EngineNode*> nodes);
  /// A link whose receiver is here and whose sender is in another part.
  void receive_from(LinkTransmitPort* crossing) { incoming_.push_back(crossing); }
  /// The other way round.
  void send_to(LinkTransmitPort* crossing) { outgoing_.push_back(crossing); }

  /// The earliest event here, or of what this part's last step sent to others.
  ModelTime earliest() const noexcept { return std::min(order_.top_time(), sent_); }
  /// Runs every event before `horizon`. Nothing may arrive from outside before it.
  void run(ModelTime horizon) noexcept;
  void refresh();
  /// Nothing that was sent is on its way to another part any more.
  void forget_sent() noexcept { sent_ = ModelTime::never(); }
  std::uint64_t runs() const noexcept { return runs_; }

 private:
  void run_first(const TimeTournament::Entry& second, ModelTime horizon) noexcept;
  void run_round(ModelTime limit, ModelTime horizon) noexcept;
  void set_window() noexcept;
  void prefetch(std::uint32_t index) const noexcept;

  std::vector<EngineNode*> nodes_;
  std::vector<Seat> seats_;  ///< by node
  TimeTournament order_;     ///< nodes by earliest pending time
  Duration window_{};
  std::vector<LinkTransmitPort*> incoming_, outgoing_;
  ModelTime sent_{ModelTime::never()};
  std::uint64_t runs_{};
};

}  // namespace kiriko
