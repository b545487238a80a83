// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Emulation: a graph that runs under a clock, and the DatapathControl by which it is seen and changed.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "core/control/datapath_control.hpp"
#include "core/engine/engine_node.hpp"
#include "core/engine/graph.hpp"
#include "core/engine/part.hpp"
#include "core/engine/partition.hpp"
#include "core/engine/rehearsal.hpp"
#include "core/engine/worker_team.hpp"
#include "core/packet/packet_pool.hpp"
#include "core/time/run_queue_wait.hpp"

namespace kiriko {

/// What happens between steps at set model times: timeline events, the controller. It never sees a packet.
class Schedule {
 public:
  virtual ~Schedule() = default;
  virtual ModelTime next_due() = 0;
  /// Everything due at or before `now`. Under the real clock it is called at every look, whether next_due() has come or not.
  virtual void run_due(ModelTime now) = 0;
  /// Under the real clock: turns readable when something comes for run_due() that next_due() did not foresee; -1: only
  /// a look tells.
  virtual int wait_descriptor() const { return -1; }
};

struct Conservation {
  Ledger total;
  std::uint64_t held{};
  std::uint64_t pool_in_use{};
  bool pool_counts{true};         ///< false with devices, whose drivers keep packets of their own
  std::vector<Problem> problems;  ///< a node or link whose ledger does not balance
};

class Emulation final : public DatapathControl {
 public:
  struct Setup {
    Graph graph;
    PacketPool* pool{};
    ClockKind clock{ClockKind::virtual_time};
    std::uint32_t workers{1};
    /// With devices under the real clock: how long after the last frame came the loop still spins.
    Duration spin_window{milliseconds(100)};
    /// What a function tells its controller is published before model time passes this much more: no longer than the
    /// shortest way of a message between the two.
    Duration control_lookahead{milliseconds(1)};
  };
  explicit Emulation(Setup setup);
  ~Emulation() override;

  /// Runs until `until` or until `stop` turns true; returns the model time reached. `progress` is called
  /// about ten times a second of wall time.
  ModelTime run(ModelTime until, Schedule& schedule, const std::atomic<bool>& stop,
                const std::function<void(ModelTime)>& progress);

  // DatapathControl
  Result<void> validate(const ChangeSet& set) const override;
  Result<ApplyReport> apply(const ChangeSet& set) override;
  NetworkView read() override;
  void subscribe(std::function<void(ModelTime, const NetworkEvent&)> listener) override {
    listeners_.push_back(std::move(listener));
  }
  /// Tells subscribers of something no change brings about (a UE that measured a better cell).
  void publish(const NetworkEvent& event) const;

  /// Balances every ledger and the pool. Call between runs.
  Conservation check_conservation() const;

  ModelTime now() const noexcept { return now_; }
  const Graph& graph() const noexcept { return graph_; }
  const EngineNode& node(NodeId id) const { return *nodes_[id.value]; }
  /// Between steps; of a gNB.
  std::optional<CellUse> cell_use(NodeId id) const { return nodes_[id.value]->function().cell_use(); }
  EngineNode& node(NodeId id) { return *nodes_[id.value]; }
  const LinkTransmitPort& transmit_port(LinkId link, LinkDirection direction) const;
  const DropAccount& node_drops(NodeId id) const { return *node_drops_[id.value]; }
  const DropAccount& link_drops(LinkId link, LinkDirection direction) const {
    return *link_drops_[link.value * 2 + static_cast<std::size_t>(direction)];
  }
  /// How late packets left this link direction by the real clock.
  const Histogram& lateness(LinkId link, LinkDirection direction) const;
  /// When the loop was furthest behind the real clock with something due, and by how much.
  struct Lag {
    ModelTime at{};
    Duration by{};
  };
  Lag worst_lag() const noexcept { return worst_lag_; }
  std::uint64_t packet_hops() const noexcept;
  std::uint32_t workers() const noexcept { return partition_.parts; }

 private:
  using Action = std::function<void()>;
  /// How the loop's thread waits for the real clock.
  struct Rest {
    Rest(const Emulation& emulation, const Schedule& schedule);
    void look_at_errors() noexcept;

    PreciseSleep timer;
    RunQueueWait run_queue;
    std::vector<pollfd> wakers;  ///< the devices' and the schedule's
    Duration longest;            ///< until the schedule has to be looked at
    bool devices_wake;           ///< every one of them
  };
  Result<Action> prepare(const Change& change) const;
  Result<Action> prepare_link_properties(const SetLinkProperties& change) const;
  Result<Action> prepare_slice_shares(const SetSliceShares& change) const;
  Result<Action> prepare_link_state(const SetLinkState& change) const;
  Result<Action> prepare_node_state(const SetNodeState& change) const;
  Result<Action> prepare_function(NodeId node, const Change& change) const;
  Result<void> check_link(LinkId link) const;
  Result<void> check_node(NodeId node) const;
  void build_links();
  void build_nodes();
  void run_until(ModelTime bound);
  ModelTime run_real(ModelTime due, const std::atomic<bool>& stop, Rest& rest);
  void rest_for(Duration idle, Rest& rest) noexcept;
  void note_lag(ModelTime clock_now) noexcept;
  bool poll_next_device() noexcept;
  void rehearse(ModelTime now) noexcept;
  Duration idle_time(ModelTime now, ModelTime due, const Rest& rest) const noexcept;
  void refresh();
  Duration longest_look() const noexcept;
  void connect_parts();
  void hand_over_all();
  void publish_told();
  std::uint64_t drops() const noexcept;
  LinkTransmitPort& port(LinkId link, LinkDirection direction) const {
    return *links_[link.value * 2 + static_cast<std::size_t>(direction)];
  }

  Graph graph_;
  PacketPool* pool_;
  ClockKind clock_kind_;
  RealClock clock_;
  Partition partition_;
  std::vector<std::unique_ptr<DropAccount>> node_drops_, link_drops_;
  std::vector<std::unique_ptr<LinkTransmitPort>> links_;  ///< 2 × LinkId + direction
  std::vector<bool> link_up_;
  std::vector<std::unique_ptr<EngineNode>> nodes_;
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<std::unique_ptr<CrossingQueue>> crossing_;  ///< one a pair of parts with links between them
  std::unique_ptr<WorkerTeam> team_;
  std::vector<std::function<void(ModelTime, const NetworkEvent&)>> listeners_;
  std::vector<std::pair<PolledReceiver*, EngineNode*>> devices_;
  std::size_t next_device_{};         ///< to be polled
  std::vector<pollfd> wakers_;        ///< of the devices that have one
  std::vector<EngineNode*> tellers_;  ///< nodes that may speak to a controller, by NodeId
  Duration spin_window_, control_lookahead_;
  ModelTime last_received_{};
  std::unique_ptr<Rehearsal> rehearsal_;  ///< with devices
  ModelTime last_rehearsal_{};
  ModelTime attended_{};  ///< until when a frame would have ended the rest at once
  Lag worst_lag_{};
  ModelTime now_{};
  ModelTime last_read_{};
  std::vector<CellView> last_cells_;
};

}  // namespace kiriko
