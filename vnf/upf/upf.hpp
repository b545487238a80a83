// SPDX-FileCopyrightText: Kiriko contributors
// SPDX-License-Identifier: Apache-2.0
// The user plane function (TS 23.501 clause 5.8): N3, N6 and N9 with PDR, QER, URR and FAR.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>

#include "core/function/descriptor.hpp"
#include "vnf/upf/decide.hpp"
#include "vnf/upf/encapsulation.hpp"
#include "vnf/upf/far_buffer.hpp"
#include "vnf/upf/port_roles.hpp"
#include "vnf/upf/read_arrival.hpp"
#include "vnf/upf/session_table.hpp"

namespace kiriko {
extern const Descriptor upf_descriptor;
}

namespace kiriko::upf {

/// Zero processing time: a packet leaves at the model time at which it came. Control calls (prepare,
/// commits, report) come between steps, never beside process().
class Upf final : public NetworkFunction {
 public:
  static Result<std::unique_ptr<NetworkFunction>> create(const FunctionSetup& setup);

  void process(Burst& burst, Exits& exits) noexcept override;
  void wake(ModelTime now, Exits& exits) noexcept override;
  Result<Commit> prepare(const Change& change) override;
  void report(Report& report) const override;

 private:
  struct Counters {
    std::array<std::uint64_t, 2> packets{},
        bytes{};  ///< by Direction: not dropped by QER or FAR; inner octets
    std::uint64_t local_switched{}, usage_reports{}, buffered{};
    std::uint64_t echo_requests{}, end_markers_sent{}, end_markers_received{};
    std::uint64_t error_indications_sent{}, error_indications_received{};
    std::array<std::uint64_t, drop_reason_count> dropped{};
  };
  /// What prepared changes will create or remove when they are committed: two changes of one set cannot
  /// both take a TEID.
  struct Reservations {
    std::set<std::uint64_t> establishing, releasing;
    std::set<std::uint32_t> teids, ue_addresses;
  };

  Upf(const FunctionSetup& setup, PortRoles roles);

  const FlatTable<std::uint32_t>& table(Origin origin) const noexcept {
    return origin == Origin::tunnel ? sessions_.by_teid() : sessions_.by_ue_address();
  }
  /// A packet of no usual shape, all steps.
  void handle_unusual(Packet* packet, Exits& exits) noexcept;
  void handle(Packet* packet, const Arrival& arrival, SessionIndex found, Exits& exits) noexcept;
  Verdict detect(Packet* packet, const Session& session, const Arrival& arrival) noexcept;
  void switch_locally(Packet* packet, const Arrival& uplink, Exits& exits) noexcept;
  bool route(Packet* packet, const Arrival& arrival, Exits& exits) noexcept;
  void act(Packet* packet, const FarEntry& far, std::uint16_t l3, std::uint16_t octets,
           Exits& exits) noexcept;
  /// Lets a packet out of a FAR's buffer: bare IPv4, already routed.
  void release(Packet* packet, const FarEntry& far, Exits& exits) noexcept;
  PortId tunnel_port(const FarEntry& far) const noexcept;
  PortId core_port(const std::uint8_t* l3) const noexcept {
    const Ipv4Address destination = reinterpret_cast<const Ipv4Header*>(l3)->destination();
    return roles_.direct(PortRole::n6, destination).value_or(roles_.current(PortRole::n6));
  }
  void drop(Packet* packet, DropReason reason, Exits& exits) noexcept;

  void answer_message(Packet* packet, const Arrival& arrival, Exits& exits) noexcept;
  void answer_echo(Packet* packet, Exits& exits) noexcept;
  void indicate_error(const Packet* packet, const Arrival& arrival, Exits& exits) noexcept;
  void send_end_marker(const FarEntry& old_tunnel, SliceId slice, ModelTime at, Exits& exits) noexcept;

  Result<Commit> prepare_establish(const EstablishPduSession& change);
  Result<Commit> prepare_modify(const ModifyPduSession& change);
  Result<Commit> prepare_release(const ReleasePduSession& change);
  Result<void> check_free(const PduSessionRules& rules) const;
  FarEntry far_entry(const ForwardingActionRule& rule);
  void commit_establish(const PduSessionRules& rules, ModelTime at);
  void commit_modify(const ModifyPduSession& change, ModelTime at, Exits& exits);
  void commit_release(Seid seid, Exits& exits);
  void replace_far(const Session& session, FarEntry& far, const ForwardingActionRule& rule, ModelTime at,
                   Exits& exits);

  std::string name_;
  Ipv4Address address_;  ///< N3 and N9
  MacAddress mac_;
  Duration mbr_burst_;
  PortRoles roles_;
  ArrivalReader reader_;
  Encapsulation encapsulation_;
  SessionTable sessions_;
  std::map<std::uint64_t, PduSessionRules> rules_;  ///< by SEID
  FarBuffers buffers_;
  Counters counters_;
  bool by_rules_lately_{};  ///< it is worth prefetching rules
  std::shared_ptr<Reservations> reserved_;
};

}  // namespace kiriko::upf
