// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// Smf: PDU session procedures over N4 with any standard UPF, without sockets or a clock (TS 23.502, TS 29.244).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "controller/apps/session_rules.hpp"
#include "controller/smf/access_request.hpp"
#include "controller/smf/n4_client.hpp"
#include "controller/smf/slice_admission.hpp"
#include "controller/smf/smf_event.hpp"
#include "core/fiveg/ue_address_pool.hpp"

namespace kiriko::smf {

/// A data network and the addresses of its UEs (TS 23.501 clause 5.8.2.2).
struct DataNetwork {
  Dnn dnn{};
  std::optional<Ipv4Prefix> ipv4_pool{};
  std::optional<Ipv6Prefix> ipv6_pool{};
  std::string network_instance{};  ///< of N6 at the UPF; empty: not told
};

struct SmfOptions {
  N4Options n4{};
  Ipv4Address address{};                 ///< in its F-SEIDs
  Duration access_timeout{seconds(10)};  ///< for an answer of the access network, paging included
  bool revert{true};                     ///< sessions go back to a UPF they wish more, once it is there again
  std::uint16_t suggested_buffering_packets{64};
};

struct PduSessionModification {
  std::vector<DedicatedFlow> add{};
  std::vector<Qfi> remove{};
  std::optional<Ambr> session_ambr{};
};

/// Calls and datagrams go in with the time; datagrams, requests to the access network and events come out of the
/// take_…() functions. Procedures of one PDU session run one after the other, those of several side by side.
class Smf {
 public:
  explicit Smf(SmfOptions options);
  Smf(const Smf&) = delete;
  Smf& operator=(const Smf&) = delete;

  /// A Problem for a DNN that is there already, or an IPv6 pool longer than /64.
  Result<void> add_data_network(const DataNetwork& network);
  void add_upf(const UpfDescription& upf, ModelTime now);
  /// Moves its sessions elsewhere, then releases the association.
  void release_upf(NodeId upf, ModelTime now);
  SliceAdmission& slice_admission() noexcept { return slice_admission_; }
  const N4Client& n4() const noexcept { return n4_; }
  /// Tells which UE addresses a UPF reaches by itself; asked whenever rules are planned.
  void set_local_switching(std::function<const LocalSwitching&()> source) {
    local_switching_ = std::move(source);
  }

  // Procedures; each ends with one of SmfEvent's.
  SmContextRef establish(PduSessionRequest request, ModelTime now);  ///< TS 23.502 clause 4.3.2.2.1
  void modify(SmContextRef session, PduSessionModification modification, ModelTime now);     ///< 4.3.3.2
  void release(SmContextRef session, ModelTime now);                                         ///< 4.3.4.2
  void switch_path(SmContextRef session, const OuterHeaderCreation& target, ModelTime now);  ///< 4.9.1.2.2
  void deactivate(SmContextRef session, ModelTime now);  ///< 4.2.6, AN release

  void receive(pfcp::OctetView datagram, const pfcp::PeerAddress& from, ModelTime now);
  void access_answered(AccessToken token, AccessAnswer answer, ModelTime now);
  void on_time(ModelTime now);
  ModelTime next_due() const;

  std::vector<pfcp::OutDatagram> take_datagrams() { return n4_.take_output(); }
  std::vector<AccessRequest> take_access_requests() { return std::exchange(access_requests_, {}); }
  std::vector<SmfEvent> take_events() { return std::exchange(events_, {}); }

  /// nullptr: not there (any more).
  const SmContext* find(SmContextRef session) const;
  std::size_t session_count() const noexcept { return contexts_.size(); }

 private:
  using Whole = ProcedureList::Whole;
  struct Addresses {
    DataNetwork network{};
    std::optional<Ipv4AddressPool> ipv4{};
    std::optional<Ipv6PrefixPool> ipv6{};
  };
  struct AwaitedAccess {
    Reply<AccessAnswer> reply;
    ModelTime due{};
  };

  /// Refused, the UPF has its old rules; unanswered, nobody knows, but what the access network did stays true.
  enum class N4Outcome : std::uint8_t { accepted, refused, unanswered };

  // The procedures, each in a file of its own name.
  Whole pdu_session_establishment(SmContextPtr context);
  Whole pdu_session_modification(SmContextPtr context, PduSessionModification modification);
  Whole pdu_session_release(SmContextPtr context);
  Whole path_switch(SmContextPtr context, OuterHeaderCreation target);
  Whole an_release(SmContextPtr context);
  Whole network_triggered_service_request(SmContextPtr context, PageUe paging);
  Whole change_of_upf(SmContextPtr context, NodeId from);
  Whole release_of_upf(NodeId upf);
  /// Deletes what a procedure had to leave in a UPF: at once where that can be reached, else when it is there again.
  void leave_behind(NodeId upf, Seid up_seid);
  Whole deletion_of_stale_sessions(NodeId upf, std::vector<Seid> up_seids);

  // Parts of them (n4_steps.cpp).
  /// N4 session establishment at the first UPF of the candidates that accepts; false: none.
  Procedure<bool> establish_n4(SmContextPtr context, std::vector<NodeId> candidates, bool restoration);
  /// N4 session modification to the rules as they are to be planned by now; the context has them once they are accepted.
  Procedure<N4Outcome> modify_n4(SmContextPtr context, bool send_end_marker);
  /// The change of UPF itself, whose caller has the turn, or has it awaited.
  Procedure<bool> move(SmContextPtr context, NodeId from);
  Procedure<bool> move_in_turn(SmContextPtr context, NodeId from);
  Reply<AccessAnswer> ask_access(const SmContext& context, decltype(AccessRequest::what) what);

  // Decisions without waiting (sm_decisions.cpp).
  PduSessionRules plan(const SmContext& context) const;
  std::optional<Refusal> admit(SmContext& context);
  std::optional<Refusal> allocate_addresses(SmContext& context);
  void free_resources(SmContext& context);
  std::vector<NodeId> candidates(const SmContext& context) const;

  void start(Whole procedure);
  void run() { ready_.run(); }
  void tell(SmContextRef session, decltype(SmfEvent::what) what) {
    events_.push_back({now_, session, std::move(what)});
  }
  void handle(std::vector<N4Event> events);
  void on_report(SessionReported& reported);
  void on_upf_lost(NodeId upf, ModelTime since);
  void on_upf_there(NodeId upf);

  SmfOptions options_;
  ModelTime now_{};
  ReadyQueue ready_{};
  N4Client n4_;
  SliceAdmission slice_admission_{};
  std::function<const LocalSwitching&()> local_switching_{};
  std::map<Dnn, Addresses> data_networks_{};
  std::map<SmContextRef, SmContextPtr> contexts_{};
  std::map<std::pair<std::string, PduSessionId>, SmContextRef> by_ue_{};
  std::map<NodeId, std::vector<Seid>> stale_{};  ///< left in UPFs that cannot be reached, by the UPF's SEID
  std::map<AccessToken, AwaitedAccess> awaited_access_{};
  std::vector<AccessRequest> access_requests_{};
  std::vector<SmfEvent> events_{};
  std::uint64_t next_ref_{1};
  std::uint64_t next_access_token_{1};
  ProcedureList procedures_;  ///< goes first, while what its procedures hold is still there
};

}  // namespace kiriko::smf
