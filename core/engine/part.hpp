// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Part: nodes that one worker runs, and the safe-burst rule by which it runs them.
#pragma once

#include <algorithm>
#include <atomic>
#include <vector>

#include "core/engine/engine_node.hpp"
#include "core/engine/time_tournament.hpp"

namespace kiriko {

/// Nodes that are due together run in a round, in any order: each takes what comes before the first of all plus the shortest
/// way into it. A node that is due alone, or where no delay separates nodes the earliest one, takes everything that nothing
/// can precede any more: packets earlier than the next node's pending time plus the shortest way into it, and earlier than
/// the echo of its own.
///
/// Parts wait for no common step. Each promises the others before which time nothing arrives from it any more, and goes on
/// until its first event is at the earliest that others have promised, the horizon. Only nodes where links from other parts
/// end stop there; the others may go as far beyond it as the shortest way into them.
class Part {
 public:
  explicit Part(std::vector<EngineNode*> nodes);
  /// A link between nodes of two parts.
  struct Crossing {
    LinkTransmitPort* link;
    const EngineNode *from, *to;
  };
  /// Links from another part's nodes to this one's, and the queue by which their packets come.
  void receive_from(Part& sender, CrossingQueue& queue, const std::vector<Crossing>& links);

  /// The earliest event here.
  ModelTime earliest() const noexcept { return order_.top_time(); }
  /// Runs every event before `horizon`. Nothing may arrive from outside before it.
  void run(ModelTime horizon) noexcept;
  /// Runs events before `bound` as far as the others' progress lets it; true if it came further. Its claim is needed.
  bool advance(ModelTime bound) noexcept;
  /// Puts on their lines what others have sent.
  void take_crossing();
  /// In no part is any event before `time`, which may be `bound`: progress without a look at the others.
  void skip_to(ModelTime time, ModelTime bound) noexcept;
  /// Every event before it has run: the last bound that advance() got to.
  ModelTime reached() const noexcept { return ModelTime{reached_.load(std::memory_order_acquire)}; }

  /// Who has the claim may run the part.
  bool try_claim() noexcept {
    return !claimed_.load(std::memory_order_relaxed) && !claimed_.exchange(true, std::memory_order_acquire);
  }
  void release() noexcept { claimed_.store(false, std::memory_order_release); }

  void refresh();
  std::uint64_t runs() const noexcept { return runs_; }

 private:
  struct Sender {
    std::uint32_t node;
    const LinkTransmitPort* link;
    Duration lookahead;
  };
  struct Outgoing {
    CrossingQueue* queue;
    std::vector<Sender> senders;
    Duration lookahead;  ///< the shortest of theirs
  };
  void run_some() noexcept;
  void run_first(const TimeTournament::Entry& second) noexcept;
  void run_round(ModelTime limit) noexcept;
  void look_at_others() noexcept;
  void publish() noexcept;
  void set_window() noexcept;
  void prefetch(std::uint32_t index) const noexcept;

  std::vector<EngineNode*> nodes_;
  std::vector<Seat> seats_;              ///< by node
  std::vector<std::uint8_t> is_border_;  ///< by node: packets come in from other parts
  TimeTournament order_;                 ///< nodes by earliest pending time
  Duration window_{};
  std::vector<CrossingQueue*> incoming_;
  std::vector<Outgoing> outgoing_;
  ModelTime bound_{};
  /// Progress is shown as often as makes others wait little: what two cores write and read goes from one cache to the other.
  Duration publish_interval_{};
  ModelTime published_at_{};
  ModelTime horizon_{};  ///< up to which nothing comes from others any more, when last looked at
  std::uint64_t runs_{};
  // What the others look at.
  alignas(RTE_CACHE_LINE_SIZE) std::atomic<std::int64_t> reached_{0};
  std::atomic<bool> claimed_{true};
};

}  // namespace kiriko
