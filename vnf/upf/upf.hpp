// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The user plane function (TS 23.501 clause 5.8): N3, N6 and N9 with PDR, QER, URR, FAR and BAR.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/function/descriptor.hpp"
#include "vnf/upf/encapsulation.hpp"
#include "vnf/upf/ethernet_table.hpp"
#include "vnf/upf/far_buffer.hpp"
#include "vnf/upf/path_monitor.hpp"
#include "vnf/upf/pdr_index.hpp"
#include "vnf/upf/port_roles.hpp"
#include "vnf/upf/read_arrival.hpp"
#include "vnf/upf/session_table.hpp"
#include "vnf/upf/session_timers.hpp"
#include "vnf/upf/usage_meter.hpp"

namespace kiriko {
extern const Descriptor upf_descriptor;
}

namespace kiriko::upf {

class N4Server;

/// What becomes of a packet: dropped for `reason`, or `far` is to be carried out.
struct Verdict {
  DropReason reason{DropReason::count_};  ///< count_: not dropped
  Direction direction{};
  std::uint8_t qfi{};        ///< to mark; 0: unknown
  std::uint8_t qfi_flags{};  ///< RQI
  const PdrEntry* pdr{};
  FarEntry* far{};

  bool dropped() const noexcept { return reason != DropReason::count_; }
};

/// Zero processing time: a packet leaves at the model time at which it came. Control calls (prepare,
/// commits, report, take_reports) come between steps, never beside process().
class Upf final : public NetworkFunction {
 public:
  static Result<std::unique_ptr<NetworkFunction>> create(const FunctionSetup& setup);
  ~Upf() override;

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime now, Exits& exits) noexcept override;
  Result<Commit> prepare(const Change& change) override;
  void report(Report& report) const override;

  /// What is to be told to the SMF since the last call, in order of time. The final usage reports of a session or URR
  /// that a change removed, and those that a modification asked for, are there once its Commit has run.
  std::vector<UserPlaneReport> take_reports() { return reports_.take(); }
  /// The rules of a session as they are now; nothing when there is no such session.
  std::optional<PduSessionRules> rules(Seid seid) const;

 private:
  struct Counters {
    std::array<std::uint64_t, 2> packets{},
        bytes{};  ///< by Direction: not dropped by QER or FAR; octets of the users' packets
    std::uint64_t local_switched{}, buffered{}, duplicated{}, fragmented{}, too_big_answers{};
    std::uint64_t echo_requests{}, echo_requests_sent{}, end_markers_sent{}, end_markers_received{};
    std::uint64_t error_indications_sent{}, error_indications_received{}, extension_notices_sent{};
    std::array<std::uint64_t, drop_reason_count> dropped{};
  };
  /// What prepared changes will create, change or remove when they are committed: two changes of one set cannot
  /// both take a TEID, and each starts from what those before it leave.
  struct Reservations {
    std::set<std::uint64_t> releasing;
    std::map<std::uint64_t, std::shared_ptr<const PduSessionRules>> pending;  ///< by SEID
    std::multiset<std::uint32_t> teids, ue_addresses;
    std::multiset<std::uint64_t> ue_prefixes;
  };

  Upf(const FunctionSetup& setup, PortRoles roles, std::map<std::string, std::uint8_t> instances,
      std::vector<PortId> instance_ports);

  const FlatTable<std::uint32_t>& table(Origin origin) const noexcept {
    return origin == Origin::tunnel ? sessions_.by_teid() : sessions_.by_ue_address();
  }
  /// What the first stages find of a burst's packets.
  struct Sightings;
  /// Carries packets that no timer comes between, or the first of them: returns how many. process() goes on.
  std::uint32_t carry(Packet** packets, std::uint32_t count, Exits& exits) noexcept;
  /// Finds the keys of the packets from `i` on that came by one port; returns where they end.
  template <bool tunnels, bool n6>
  std::uint32_t sight(Packet* const* packets, std::uint32_t i, std::uint32_t count,
                      Sightings& sightings) const noexcept;
  void find_lanes(std::uint32_t count, Sightings& sightings) const noexcept;
  /// Carries the packets of one direction from `i` on whose lanes do without their rules; returns where they end.
  template <Direction direction, bool by_destination>
  std::uint32_t carry_by_lanes(Packet** packets, std::uint32_t i, const Sightings& sightings,
                               Exits& exits) noexcept;
  struct Passed {
    std::size_t packets{};
    std::uint64_t octets{};
  };
  /// Those of them that leave by `port`.
  template <Direction direction, bool by_destination>
  Passed pass(Packet* const* packets, Lane* const* lanes, PortId port) noexcept;
  /// By which a packet of the lane leaves that has not left its tunnel yet.
  template <Direction direction, bool by_destination>
  PortId port_of(const Lane& lane, const Packet* packet) const noexcept;
  /// Lets everything happen that is due before `time`.
  void run_timers(ModelTime time, Exits& exits) noexcept;
  void set_timer(const Session& session) noexcept;
  /// Of path_timer_; after those of all sessions at the same time.
  static constexpr SessionTimers::Owner path_owner = ~SessionTimers::Owner{0};

  /// A packet of no usual shape, all steps.
  void handle_unusual(Packet* packet, Exits& exits) noexcept;
  void handle(Packet* packet, Arrival arrival, SessionIndex found, Exits& exits) noexcept;
  Verdict detect(Packet* packet, SessionIndex index, const Arrival& arrival) noexcept;
  Verdict decide(Packet* packet, const Session& session, const Arrival& arrival) noexcept;
  /// Carries out the verdict's FAR.
  void forward(Packet* packet, SessionIndex index, const Verdict& verdict, const Arrival& arrival,
               Exits& exits) noexcept;
  void switch_locally(Packet* packet, const Arrival& uplink, Exits& exits) noexcept;
  void switch_ethernet(Packet* packet, const Arrival& arrival, Exits& exits) noexcept;
  SessionIndex find_session(const Arrival& arrival, const std::uint8_t* l3) const noexcept;
  bool route(Packet* packet, const Arrival& arrival, Exits& exits) noexcept;
  void buffer(Packet* packet, const Session& session, const Verdict& verdict, const Arrival& arrival,
              Exits& exits) noexcept;
  void duplicate(const Packet* packet, const Session& session, const Verdict& verdict, const Arrival& arrival,
                 Exits& exits) noexcept;
  /// Into a tunnel or out to N6.
  void send(Packet* packet, const FarEntry& far, std::uint8_t qfi_flags, const Arrival& arrival,
            Exits& exits) noexcept;
  /// What does not fit the next link in fragments, or an ICMP error to its sender.
  void send_too_big(Packet* packet, const FarEntry& far, std::uint8_t qfi_flags, const Arrival& arrival,
                    std::uint16_t mtu, Exits& exits) noexcept;
  void answer_too_big(Packet* packet, const Arrival& arrival, std::uint16_t mtu, Exits& exits) noexcept;
  /// Lets a packet out of a FAR's buffer: the user's packet alone, already routed.
  void release(Packet* packet, SessionIndex index, const FarEntry& far, ModelTime at, Exits& exits) noexcept;
  PortId tunnel_port(const FarEntry& far) const noexcept;
  PortId core_port(const std::uint8_t* l3) const noexcept {
    const Ipv4Address destination = reinterpret_cast<const Ipv4Header*>(l3)->destination();
    return roles_.direct(PortRole::n6, destination).value_or(roles_.current(PortRole::n6));
  }
  void drop(Packet* packet, DropReason reason, Exits& exits) noexcept;

  void answer_message(Packet* packet, const Arrival& arrival, Exits& exits) noexcept;
  void answer_echo(Packet* packet, Exits& exits) noexcept;
  void note_error(const Packet* packet) noexcept;
  void note_answer(const Packet* packet) noexcept;
  void watch_paths(ModelTime now, Exits& exits) noexcept;
  void send_echo(const PathMonitor::Request& request, ModelTime now, Exits& exits) noexcept;
  /// The session's tunnels are used from now on, or no more.
  void use_paths(const Session& session, bool used, ModelTime now);
  void indicate_error(const Packet* packet, const Arrival& arrival, Exits& exits) noexcept;
  void tell_extensions(const Packet* packet, Exits& exits) noexcept;
  /// A message to where `cause` came from, of the same time; its octets behind UDP, or nullptr.
  std::uint8_t* message_back(const Packet* cause, std::size_t size, std::uint16_t port, Exits& exits,
                             Packet*& message) noexcept;
  void send_end_marker(const FarEntry& old_tunnel, SliceId slice, ModelTime at, Exits& exits) noexcept;

  // N4 (n4_glue.cpp): only where the option asks for it.
  static Result<std::unique_ptr<N4Server>> make_n4(const FunctionSetup& setup);
  Commit deliver(ControlMessage message);
  void set_n4_running(bool running, ModelTime at, Exits& exits);
  void tell_reports(ModelTime now, Exits& exits);
  void run_n4_timers(ModelTime now, Exits& exits);
  void send_n4(ModelTime at, Exits& exits);
  void report_n4(Report& report) const;

  Result<Commit> prepare_establish(const EstablishPduSession& change);
  Result<Commit> prepare_modify(const ModifyPduSession& change);
  Result<Commit> prepare_release(const ReleasePduSession& change);
  /// No other session has a TEID or UE address of the rules.
  Result<void> check_free(const PduSessionRules& rules) const;
  std::shared_ptr<void> reserve(std::shared_ptr<const PduSessionRules> rules);
  FarEntry far_entry(const ForwardingActionRule& rule) const;
  FarBuffers::Terms terms_of(const PduSessionRules& rules, const ForwardingActionRule& far) const;
  void build(const Session& session, const PduSessionRules& rules, ModelTime at);
  void commit_establish(const PduSessionRules& rules, ModelTime at, Exits& exits);
  void commit_modify(const PduSessionRules& rules, const PduSessionUpdate& update, ModelTime at,
                     Exits& exits);
  void commit_release(Seid seid, ModelTime at, Exits& exits);
  /// After a session was built: buffers, index, timer, lanes, and the ways to it.
  void open(SessionIndex index, const PduSessionRules& rules, ModelTime at, Exits& exits);

  std::string name_;
  Ipv4Address address_;  ///< N3 and N9
  MacAddress mac_;
  Duration mbr_burst_;
  std::size_t buffer_packets_;
  bool always_end_marker_;
  std::uint16_t n3_mtu_, n6_mtu_;                    ///< 0: any size fits
  std::uint16_t largest_uplink_, largest_downlink_;  ///< user's packets that a lane carries
  PortRoles roles_;
  std::map<std::string, std::uint8_t> instances_;  ///< number of each named network instance, from 1
  std::vector<PortId> instance_ports_;             ///< by number - 1
  std::vector<std::uint8_t> instance_of_port_;     ///< by PortId; 0: none
  ArrivalReader reader_;
  Encapsulation encapsulation_;
  SessionTable sessions_;
  FarBuffers buffers_;
  PdrIndexes indexes_;
  EthernetTable ethernet_;
  ReportQueue reports_;
  UsageMeter meter_;
  SessionTimers timers_;
  PathMonitor paths_;
  SessionTimers::Slot path_timer_;
  Counters counters_;
  bool by_rules_lately_{};          ///< it is worth prefetching rules
  std::uint16_t identification_{};  ///< of fragmented packets that had none
  std::shared_ptr<Reservations> reserved_;
  std::unique_ptr<N4Server> n4_;
  bool n4_silent_{};      ///< the node has failed
  ModelTime n4_since_{};  ///< when it came back
};

}  // namespace kiriko::upf
