// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// N4Sessions: the PDU sessions of a view by way of an SMF and PFCP over the control channel (TS 23.502, TS 29.244).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controller/apps/sessions.hpp"
#include "controller/loop/scheduled_change_set.hpp"
#include "controller/smf/smf.hpp"
#include "core/control/datapath_control.hpp"

namespace kiriko {

struct N4SessionsOptions {
  Duration channel_delay{milliseconds(1)};  ///< one way, N4 and N2; none at model time 0
  Duration heartbeat{seconds(10)};
  Duration t1{seconds(3)};
  unsigned n1{3};
  bool revert{true};
};

/// In place of the direct changes of apps/sessions: UPFs get DeliverControlMessage and answer by ControlMessageEvent;
/// a UPF's failure is noticed by missing heartbeats, not by its NodeStateEvent. UEs and gNBs are told as before, as N1
/// and N2 are not modelled: each way takes the channel's delay.
///
/// Sets without a cause are the messages themselves: they are carried out and not told.
class N4Sessions {
 public:
  explicit N4Sessions(const N4SessionsOptions& options);
  N4Sessions(const N4Sessions&) = delete;
  N4Sessions& operator=(const N4Sessions&) = delete;

  /// Sets up associations; sessions follow when every running UPF has answered, or after T1 · N1.
  std::vector<ScheduledChangeSet> start(const NetworkView& view);
  /// `view`: as it is now. A handover, or a node that runs again.
  std::vector<ScheduledChangeSet> on_event(const NetworkEvent& event, const NetworkView& view);
  std::vector<ScheduledChangeSet> on_message(ModelTime now, NodeId from, const ControlMessage& message);
  std::vector<ScheduledChangeSet> on_time(ModelTime now);
  ModelTime next_due() const;

  /// Where sessions are, or go now: by session index. Routes follow it.
  const SessionAnchors& anchors() const { return anchors_; }
  /// Once after each change of anchors().
  bool take_anchors_changed() { return std::exchange(anchors_changed_, false); }
  /// The last one seen.
  const NetworkView& view() const { return view_; }
  std::size_t session_count() const { return smf_.session_count(); }

 private:
  using Sets = std::vector<ScheduledChangeSet>;
  /// Sessions of a UPF that failed, until the last of them is elsewhere.
  struct Move {
    std::size_t left{};
    std::size_t lost{};
    Duration without_upf{};
    std::map<NodeId, std::size_t> to{};
  };

  Duration delay(ModelTime now) const { return now == ModelTime{} ? Duration{} : options_.channel_delay; }
  void establish(std::size_t session, ModelTime now);
  void establish_all(ModelTime now);
  Sets hand_over(const HandoverEvent& handover, ModelTime now);
  Sets attach_again(NodeId gnb, ModelTime now);
  std::optional<OuterHeaderCreation> tunnel_of(const SessionPlacement& placement) const;
  Sets collect(ModelTime now);
  void answer(const smf::AccessRequest& request, ModelTime now, Sets& sets);
  void on_smf_event(const smf::SmfEvent& event, ModelTime now, Sets& sets);
  void on_established(std::size_t session, Sets& sets);
  void on_upf_answered(NodeId upf, ModelTime now);
  void on_upf_failed(const smf::UpfFailed& failed, Sets& sets);
  void on_moved(NodeId from, NodeId to, Duration without_upf, Sets& sets);
  void note(std::string text, Sets& sets) const;
  std::string name_of(NodeId node) const;
  std::optional<std::size_t> session_of(smf::SmContextRef ref) const;
  const LocalSwitching& local_switching();

  N4SessionsOptions options_;
  smf::Smf smf_;
  NetworkView view_{};
  SessionsState state_{};
  std::map<NodeId, pfcp::PeerAddress> upfs_{};
  std::map<pfcp::IpAddress, NodeId> upf_at_{};
  std::vector<smf::PduSessionId> ids_{};   ///< by session index
  std::vector<smf::SmContextRef> refs_{};  ///< by session index; 0: not established
  std::map<smf::SmContextRef, std::size_t> session_of_{};
  std::multimap<ModelTime, std::pair<smf::AccessToken, smf::AccessAnswer>> answers_{};
  bool starting_{true};
  std::set<NodeId> awaited_{};  ///< running UPFs whose association is yet to come, at the start
  ModelTime start_by_{ModelTime::never()};
  std::set<std::size_t> establishing_{};
  std::map<NodeId, Move> moves_{};
  SessionAnchors anchors_{};
  bool anchors_changed_{};
  std::vector<bool> usable_{};  ///< UPFs, when `anchors_` was made
  LocalSwitching local_switching_{};
};

}  // namespace kiriko
